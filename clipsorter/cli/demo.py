"""A small folder to try ClipSorter on, unpacked from the pictures that ship with it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from clipsorter.errors import FolderError

# The pictures hold a butterfly and a piano too: what belongs nowhere should stay in Unsorted.
DEMO_CATEGORIES = "dog, cat, flower, boat, food, airplane, motorcycle"


@contextmanager
def unpack_demo(place: Path | None) -> Iterator[Path]:
    """The folder with the pictures; a temporary one, gone at the end, unless ``place`` names one to keep.

    Files that are there already are left alone. Raises FolderError when they cannot be written.
    """
    if place is None:
        with tempfile.TemporaryDirectory(prefix="clipsorter-demo-") as folder:
            yield _unpack(Path(folder).resolve())
    else:
        yield _unpack(place.absolute())


def _unpack(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for picture in files("clipsorter.resources").joinpath("demo").iterdir():
            target = folder / picture.name
            if target.suffix == ".webp" and not target.exists():
                target.write_bytes(picture.read_bytes())
    except OSError as error:
        raise FolderError(folder, f"The demo pictures cannot be put into {folder}: {error.strerror}.") from error
    return folder
