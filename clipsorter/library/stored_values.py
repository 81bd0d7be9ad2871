"""How Python values are written into columns, and back."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - camera time has no zone
LARGEST = 2**63 - 1  # of an SQLite integer


def digest_bytes(digest: str) -> bytes:
    """16 bytes of 32 hex digits; ValueError for anything else."""
    blob = bytes.fromhex(digest)
    if len(blob) != 16:
        raise ValueError(f"a digest has 32 hex digits, not {digest!r}")
    return blob


def content_digests(digests: Sequence[bytes]) -> bytes:
    """Stored digests, joined; ValueError or TypeError where one of them is none."""
    if digests and set(map(len, digests)) != {16}:
        raise ValueError("a stored digest has not 16 bytes")
    return b"".join(digests)


def folder_bytes(folder: str) -> bytes:
    """A folder with its closing separator, in the file system's own bytes."""
    return os.fsencode(folder if folder.endswith(os.sep) else folder + os.sep)


def path_parts(path: Path) -> tuple[bytes, bytes]:
    """Folder (with closing separator) and name of a file."""
    folder, name = os.path.split(path)
    return folder_bytes(folder), os.fsencode(name)


def range_below(folder: Path) -> tuple[bytes, bytes]:
    """First and past-the-last value of all stored folders that are ``folder`` or below it."""
    first = folder_bytes(str(folder))
    return first, first[:-1] + bytes([first[-1] + 1])


def wide(number: int) -> int | str:
    """An integer of any size for an ``ANY`` column."""
    return number if -LARGEST <= number <= LARGEST else str(number)


def microseconds(moment: datetime | None) -> int | None:
    """Camera time as microseconds since 1970."""
    return None if moment is None else (moment - EPOCH) // timedelta(microseconds=1)


def position(latitude: float | None, longitude: float | None) -> tuple[float | None, float | None]:
    """A place on the earth; what lies elsewhere is none."""
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None, None
    return latitude, longitude


def moment(microseconds: int | None) -> datetime | None:
    """The camera time of ``microseconds``."""
    return None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)
