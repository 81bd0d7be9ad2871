"""Models that were downloaded or added: each a folder with a manifest that says what must be in it.

The manifest is written once, when every file has been verified, so a folder without one is not a model. Its hashes are
what the files are compared with ever after: those the catalogue pins, those the hub said at the download, or, for a
folder a person added, those it had then.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from clipsorter.encoders.catalogue import CatalogueEntry, Library
from clipsorter.encoders.file_hashes import hash_file
from clipsorter.encoders.weight_files import INDEX_NAME, read_weights_header
from clipsorter.errors import ModelFilesError, UnknownModelError
from clipsorter.json_text import parse_json

MANIFEST_NAME = "manifest.json"
MANIFEST_VERSION = 1
PARTIAL_SUFFIX = ".partial"  # of a folder that is being filled
REMOVED_SUFFIX = ".removed"  # of a folder that is being deleted; its name begins with a dot
ADDING_PREFIX = ".adding-"  # of a folder that is being filled from this machine
MODEL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")  # the name of a folder, nothing that leads out of one


@dataclass(frozen=True, slots=True)
class InstalledFile:
    """One file of a model, as it was when it was verified."""

    path: str  # below the model's folder, with "/"
    size: int  # bytes
    sha256: str  # 64 hex digits
    vouched_by: str  # "catalogue", "hub" or "first use": whose word the hash is


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this machine."""

    entry: CatalogueEntry
    folder: Path
    files: tuple[InstalledFile, ...]
    origin: str  # address of the hub or mirror, or the folder or archive it was added from
    commits: Mapping[str, str] = field(default_factory=dict)  # hub repository -> commit
    added: str = ""  # ISO 8601, UTC

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.size for file in self.files)

    @property
    def weights(self) -> Path:
        """The one .safetensors file, or the index of several."""
        if any(file.path == INDEX_NAME for file in self.files):
            return self.folder / INDEX_NAME
        return next(self.folder / file.path for file in self.files if file.path.endswith(".safetensors"))


def list_installed(models_folder: Path) -> tuple[InstalledModel, ...]:
    """Every model with a readable manifest, by id. What cannot be read is left out; ``read_manifest`` says why."""
    found = []
    for manifest in sorted(models_folder.glob(f"*/{MANIFEST_NAME}")):
        if not manifest.parent.name.startswith(".") and not manifest.parent.name.endswith(PARTIAL_SUFFIX):
            try:
                found.append(read_manifest(manifest.parent))
            except ModelFilesError:
                continue
    return tuple(found)


def find_installed(model_id: str, models_folder: Path) -> InstalledModel | None:
    """The installed model of exactly this id; raises ModelFilesError when its manifest is damaged."""
    folder = models_folder / model_id
    return read_manifest(folder) if (folder / MANIFEST_NAME).is_file() else None


def read_manifest(folder: Path) -> InstalledModel:
    """The model in ``folder``, its files not looked at yet; raises ModelFilesError."""
    try:
        manifest = parse_json((folder / MANIFEST_NAME).read_text("utf-8"))
        if manifest["version"] != MANIFEST_VERSION:
            raise ModelFilesError(f'"{folder.name}" was added by another version of ClipSorter; add it again.')
        model = InstalledModel(
            entry=_read_entry(manifest["entry"]),
            folder=folder,
            files=tuple(InstalledFile(**one) for one in manifest["files"]),
            origin=str(manifest["origin"]),
            commits={str(name): str(commit) for name, commit in manifest["commits"].items()},
            added=str(manifest["added"]),
        )
        if not any(file.path.endswith(".safetensors") for file in model.files):
            raise ValueError("no weights")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFilesError(
            f'The manifest of "{folder.name}" is damaged; remove the model and add it again.'
        ) from error
    for file in model.files:
        check_relative(file.path)
    return model


def _read_entry(facts: Mapping[str, Any]) -> CatalogueEntry:
    """A manifest may be anybody's: its id must be a folder's name, every fact of its kind; raises ValueError."""
    known = {one.name: one for one in fields(CatalogueEntry)}
    entry = CatalogueEntry(
        **{**{name: value for name, value in facts.items() if name in known}, "languages": tuple(facts["languages"])}
    )
    for name, one in known.items():
        kind = str if one.default is MISSING else type(one.default)
        if not isinstance(getattr(entry, name), (int, float) if kind is float else kind):
            raise ValueError(f"{name} is of another kind")
    if not MODEL_ID.fullmatch(entry.id) or entry.id.endswith(PARTIAL_SUFFIX) or entry.library not in get_args(Library):
        raise ValueError("no entry")
    return entry


def write_manifest(model: InstalledModel) -> None:
    """Say that ``model`` is whole; its files must have been verified. Raises OSError."""
    text = json.dumps(
        {
            "version": MANIFEST_VERSION,
            "entry": asdict(model.entry),
            "origin": model.origin,
            "commits": dict(model.commits),
            "added": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": [asdict(file) for file in model.files],
        },
        indent=1,
        ensure_ascii=False,
    )
    beside = model.folder / f"{MANIFEST_NAME}.new"
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(model.folder / MANIFEST_NAME)


def check_relative(path: str) -> None:
    """Raise ModelFilesError unless ``path`` stays inside the folder it is relative to, on every system."""
    parts = path.split("/")
    if "\\" in path or ":" in path or "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise ModelFilesError(f'A file of the model has the name "{path[:80]}", which points elsewhere.')


def check_installed(model: InstalledModel, memory_folder: Path | None = None) -> Iterator[InstalledFile]:
    """Compare every file with the manifest, yielding each before it is looked at; raises ModelFilesError.

    With a ``memory_folder``, a file whose size, time and inode are those of its last check is not read again.
    """
    for file in model.files:
        yield file
        check_file(model, file, memory_folder)
    read_weights_header(model.weights)


def check_file(model: InstalledModel, file: InstalledFile, memory_folder: Path | None = None) -> None:
    """Compare one file with the manifest; raises ModelFilesError."""
    place = model.folder / file.path
    if not place.is_file() or place.is_symlink():
        raise ModelFilesError(
            f'"{file.path}" of {model.entry.name} is missing; remove the model and download it again.'
        )
    if place.stat().st_size != file.size or hash_file(place, memory_folder) != file.sha256:
        raise ModelFilesError(
            f'"{file.path}" of {model.entry.name} is not the file that was verified when the model was added '
            "(its SHA-256 is another one); it is damaged or was exchanged. Remove the model and download it again."
        )


def remove_installed(model_id: str, models_folder: Path) -> int:
    """Delete a downloaded model, or what an interrupted download left; returns the bytes freed.

    What an interrupted removal or addition left goes too. Raises UnknownModelError when nothing of that id is here,
    ModelFilesError when the disk refuses.
    """
    folders = (models_folder / model_id, models_folder / f"{model_id}{PARTIAL_SUFFIX}")
    found = any(_away(folder).is_dir() for folder in folders)
    freed = clear_leftovers(models_folder)
    for folder in folders:
        is_ours = folder.name.endswith(PARTIAL_SUFFIX) or (folder / MANIFEST_NAME).is_file()
        if folder.is_dir() and not folder.is_symlink() and is_ours:
            found = True
            freed += _remove(folder)
    if not found:
        raise UnknownModelError(f'"{model_id}" is not among the downloaded models.')
    return freed


def clear_leftovers(models_folder: Path) -> int:
    """Delete what a removal or an addition left that was killed in the middle; returns the bytes freed.

    Only for who holds the data folder: what another process is just filling looks the same.
    """
    left = [*models_folder.glob(f".*{REMOVED_SUFFIX}"), *models_folder.glob(f"{ADDING_PREFIX}*{PARTIAL_SUFFIX}")]
    freed = 0
    for folder in left:
        if folder.is_dir() and not folder.is_symlink():
            freed += _measure(folder)
            shutil.rmtree(folder, ignore_errors=True)
    return freed


def _away(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}{REMOVED_SUFFIX}")


def _measure(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _remove(folder: Path) -> int:
    size = _measure(folder)
    away = _away(folder)
    try:
        shutil.rmtree(away, ignore_errors=True)
        folder.rename(away)  # so that a half-deleted model is no model
        shutil.rmtree(away)
    except OSError as error:
        raise ModelFilesError(f'"{folder}" cannot be deleted ({error.strerror}).') from error
    return size
