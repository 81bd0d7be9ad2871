"""What a history may talk about: photos of its folder, places below its target, and nothing else on the machine.

A data folder can come from somebody else. Its journals and tag logs are read as plan files are: whatever they say,
undo, recovery and untag can only touch photos, and what travels with photos, where ClipSorter itself would.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from clipsorter.errors import FilingError
from clipsorter.filing.kinds import may_travel, suffix

LONGEST_PATH = 32_767  # characters, as Windows counts; other systems allow less


def plain_path(text: Any) -> Path:
    """A full path that means itself, without a way up; ValueError or TypeError for anything else."""
    if len(text) > LONGEST_PATH:
        raise ValueError("no path that a disk could have")
    path = Path(os.fsdecode(os.fsencode(text)))  # ValueError, too
    if not path.is_absolute() or ".." in path.parts or "\0" in text or str(path) != text:
        raise ValueError("no full and plain path")
    return path


def root_folder(text: Any) -> Path:
    """A plain path that is not the root of the disk, below which would be everything."""
    path = plain_path(text)
    if path == path.parent and os.name != "nt":  # a stick may be "E:\\" as a whole
        raise ValueError("the root of the disk")
    return path


def check_act(source: Path, place: Path, *, folder: Path, target: Path) -> None:
    """ValueError unless this act files a photo, or what travels with one, of ``folder`` to a place below ``target``."""
    if not (source.is_relative_to(folder) or source.is_relative_to(target)) or not _is_below(place, target):
        raise ValueError("reaches out of its folders")
    if not may_travel(source) or place.suffix != source.suffix:
        raise ValueError("is no photo and travels with none")


def check_folder_of_run(path: Path, roots: Iterable[Path]) -> None:
    """ValueError unless a run over these roots may have changed this folder: they, below them, or just above."""
    if not any(path.is_relative_to(root) or path == root.parent for root in roots):
        raise ValueError("reaches out of its folders")


def is_behind_link(path: Path, folder: Path) -> bool:
    """Whether a folder on the way from ``folder`` down to ``path`` is a link now, so that ``path`` lies elsewhere."""
    way = path.parent.relative_to(folder).parts
    return any(folder.joinpath(*way[: step + 1]).is_symlink() for step in range(len(way)))


def check_way(path: Path, folder: Path) -> None:
    """FilingError where ``path``, meant to be below ``folder``, lies behind a link now."""
    if is_behind_link(path, folder):
        raise FilingError(f"“{path.name}” stands behind a link that was not there before.")


def sidecar_path(text: Any) -> Path:
    """A plain path to a file that ClipSorter could have tagged: an .xmp sidecar or a photo."""
    path = plain_path(text)
    if not (suffix(path) == "xmp" or may_travel(path)):
        raise ValueError("neither a sidecar nor a photo")
    return path


def _is_below(path: Path, folder: Path) -> bool:
    return path != folder and path.is_relative_to(folder)
