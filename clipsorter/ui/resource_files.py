"""Where icons and translations lie."""

from importlib import import_module
from pathlib import Path

# A folder of the package; to ask importlib.resources for it would cost the first window 10 ms.
_FOLDER = Path(import_module("clipsorter.resources").__path__[0])


def resource_file(*parts: str) -> Path:
    """The path of a file in ``clipsorter.resources``, whether it exists or not."""
    return _FOLDER.joinpath(*parts)
