"""A report appears under its name whole or not at all, and never in the place of a photo."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from clipsorter.errors import FilingError
from clipsorter.filing.kinds import belongs_to_a_photo

_LOOKED_AT = 4096  # bytes of an existing file that are checked for being text


@contextmanager
def report(path: Path) -> Iterator[BinaryIO]:
    """Open a report for writing beside its place; leaving the block without an error puts it there.

    An older report of that name is replaced in one step. Raises FilingError, before anything is written, where a
    photo, a companion of one, a folder, or anything that is not text would be replaced; and when the disk refuses.
    """
    try:
        place = _place(path)
        _refuse_what_is_not_a_report(path, place)
        part = place.with_name(f".clipsorter-{secrets.token_hex(8)}.part")
        try:
            with part.open("xb") as file:  # not by tempfile, which would hide it from everybody else
                yield file
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileNotFoundError):
                part.chmod(stat.S_IMODE(place.stat().st_mode))
            part.replace(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FilingError(f"“{path}” cannot be written: {error.strerror or error}.") from error


def _place(path: Path) -> Path:
    """Where the bytes go: a link to an older report stays a link."""
    try:
        return path.resolve()
    except RuntimeError as error:  # a loop of links, before Python 3.13
        raise FilingError(f"“{path}” is a link that leads to itself; choose another name.") from error


def _refuse_what_is_not_a_report(asked: Path, place: Path) -> None:
    if belongs_to_a_photo(asked) or belongs_to_a_photo(place):
        raise FilingError(f"“{asked.name}” has the name of a photo or of a file beside one; choose another name.")
    try:
        found = place.stat()
    except FileNotFoundError:
        if not place.parent.is_dir():
            raise FilingError(f"The folder of “{asked}” does not exist; create it or choose another.") from None
        return
    if stat.S_ISDIR(found.st_mode):
        raise FilingError(f"“{asked}” is a folder; name a file in it.")
    if not stat.S_ISREG(found.st_mode):
        raise FilingError(f"“{asked}” is not an ordinary file; choose another name.")
    if _is_standard_stream(found):  # /dev/stdout > FILE: putting a report there would take the rest of the output away
        raise FilingError(f"“{asked}” is where the output of this very command goes; choose another name.")
    with place.open("rb") as file:
        if b"\0" in file.read(_LOOKED_AT):
            raise FilingError(f"“{asked}” exists and is not a report; choose another name.")


def _is_standard_stream(found: os.stat_result) -> bool:
    for number in (1, 2):
        try:
            if os.path.samestat(os.fstat(number), found):
                return True
        except OSError:  # closed by whoever started us
            continue
    return False
