"""What a person needs to say when something does not work: versions, device, model, places."""

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from clipsorter import __version__
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import EncoderReady
from clipsorter.errors import ClipSorterError

PACKAGES = ("torch", "open_clip_torch", "transformers", "numpy", "Pillow", "PySide6_Essentials", "sqlite-utils")


@dataclass(frozen=True, slots=True)
class Findings:
    """Facts by name, in reading order, and what is wrong, as sentences."""

    facts: dict[str, str]
    problems: tuple[str, ...]


def examine(engine: Engine, data_folder: Path) -> Findings:
    """Look at everything once; the model is really started, so this takes some seconds."""
    facts = {
        "ClipSorter": __version__,
        "Python": f"{platform.python_version()} at {sys.executable}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores",
        **{name: _installed(name) for name in PACKAGES},
        "data folder": str(data_folder),
    }
    problems: list[str] = []
    try:
        facts["SQLite"] = engine.sqlite_version
        for event in _start(engine):
            facts["model"] = event.name
            facts["device"] = event.device
    except ClipSorterError as error:
        problems.append(str(error))
    problems += [f"The package {name} is missing." for name in PACKAGES if facts[name] == "missing"]
    return Findings(facts, tuple(problems))


def _start(engine: Engine) -> Iterator[EncoderReady]:
    for _ in engine.open():
        pass
    for event in engine.start_model():
        if isinstance(event, EncoderReady):
            yield event


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
