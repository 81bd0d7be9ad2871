"""What a person needs to say when something does not work: versions, device, model, places, and the log.

``examine`` looks at everything once; ``write_report`` puts what was found beside the logs into one archive that a
person can attach to a report. Nothing of it names a photo, a folder or the account (clipsorter.redaction).
"""

import json
import os
import platform
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from clipsorter import __version__
from clipsorter.encoders.runtimes import has_torch
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import EncoderReady
from clipsorter.errors import ClipSorterError, FolderError
from clipsorter.library.log import read_logs
from clipsorter.redaction import redact

PACKAGES = ("numpy", "Pillow", "PySide6_Essentials", "sqlite-utils", "onnxruntime", "tokenizers")
FOR_OTHER_MODELS = ("torch", "open_clip_torch", "transformers")  # and for graphics cards; the bundle leaves them out


@dataclass(frozen=True, slots=True)
class Findings:
    """Facts by name, in reading order, and what is wrong, as sentences."""

    facts: dict[str, str]
    problems: tuple[str, ...]


def examine(engine: Engine, data_folder: Path) -> Findings:
    """Look at everything once; the model is really started, so this takes some seconds. Engine thread."""
    facts = versions() | {"data folder": str(data_folder)}
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


def versions() -> dict[str, str]:
    """What runs here, by name. Starts nothing and imports none of the packages."""
    return {
        "ClipSorter": __version__,
        "Python": f"{platform.python_version()} at {sys.executable}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores",
        **{name: _installed(name) for name in PACKAGES},
        **{name: _installed(name) if has_torch() else "left out: other models need it" for name in FOR_OTHER_MODELS},
    }


def write_report(path: Path, data_folder: Path, facts: Mapping[str, str], problems: Sequence[str]) -> None:
    """Write a new archive with ``report.json`` and the logs, every text redacted.

    Raises FolderError where something stands at ``path`` already or it cannot be written; then nothing is left there.
    """
    told = {
        "facts": {name: redact(fact) for name, fact in facts.items()},
        "problems": [redact(one) for one in problems],
    }
    try:
        with path.open("xb") as file:
            try:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                    archive.writestr("report.json", json.dumps(told, indent=2, ensure_ascii=False) + "\n")
                    for name, text in read_logs(data_folder).items():
                        archive.writestr(f"logs/{name}", redact(text))
            except BaseException:
                path.unlink(missing_ok=True)  # ours: "x" made it
                raise
    except FileExistsError as error:
        raise FolderError(path, f"“{path}” exists already; please choose another name for the report.") from error
    except OSError as error:
        raise FolderError(path, f"The report cannot be written to “{path}”: {error.strerror}.") from error


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
