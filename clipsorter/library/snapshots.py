"""Copies of the library, so that damage costs a day at most."""

import logging
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from clipsorter.errors import StoreError
from clipsorter.library.database import create_private, is_sound, store_errors
from clipsorter.library.library_schema import LIBRARY_SCHEMA

KEPT = 3
log = logging.getLogger(__name__)


def snapshots(path: Path) -> list[Path]:
    """The snapshots of the library at ``path``, newest first.

    One from the future was taken while the clock was wrong, so it is older than all that came after it was set right.
    Raises StoreError where they cannot be listed.
    """
    now = f"{path.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.db"
    try:
        found = list(_folder(path).glob(f"{path.stem}-*.db"))
    except OSError as error:
        raise StoreError(
            f"The copies of “{path}” cannot be listed ({error.strerror}); please check the disk."
        ) from error
    return sorted(found, key=lambda one: (one.name <= now, one.name), reverse=True)


def take_snapshot(connection: sqlite3.Connection, path: Path) -> Path:
    """Copy the open library at ``path`` beside it and keep the newest three; returns the copy's path.

    The copy appears under its name only when it is complete. Raises StoreError when the disk does not let us.
    """
    now = datetime.now(UTC)
    target = _folder(path) / f"{path.stem}-{now:%Y%m%d-%H%M%S-%f}.db"
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        for left_over in target.parent.glob("*.part"):
            left_over.unlink()
        create_private(part)
        with store_errors(part), closing(sqlite3.connect(part, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, readable without its companions
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
        for older in snapshots(path)[KEPT:]:
            older.unlink()
    except OSError as error:
        raise StoreError(f"No copy of “{path}” could be kept ({error.strerror}); please check the disk.") from error
    return target


def take_daily_snapshot(connection: sqlite3.Connection, path: Path) -> None:
    """Take a snapshot unless there is one of today. A failure is logged: the library itself is well."""
    today = f"{path.stem}-{datetime.now(UTC):%Y%m%d}-"
    try:
        if not any(snapshot.name.startswith(today) for snapshot in snapshots(path)):
            take_snapshot(connection, path)
    except StoreError as error:
        log.warning("%s", error)


def newest_sound_snapshot(path: Path) -> Path | None:
    """The newest snapshot that can be used as it is."""
    return next((snapshot for snapshot in snapshots(path) if is_sound(snapshot, LIBRARY_SCHEMA)), None)


def restore_snapshot(path: Path) -> Path:
    """Put the newest sound snapshot in the place of the library at ``path``, which must not be open.

    What stood there is set aside as ``<name>.damaged-<time>`` and never deleted. Returns the snapshot used; raises
    StoreError when there is none.
    """
    snapshot = newest_sound_snapshot(path)
    if snapshot is None:
        raise StoreError(f"There is no readable copy of “{path}” to go back to.")
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    part = path.with_name(f"{path.name}.part")
    try:
        create_private(part)
        part.write_bytes(snapshot.read_bytes())
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        for suffix in ("-wal", "-shm", ""):  # a log left behind would be played into the copy
            file_of_library = path.with_name(path.name + suffix)
            if file_of_library.exists():
                file_of_library.replace(path.with_name(f"{path.name}.damaged-{stamp}{suffix}"))
        part.replace(path)
    except OSError as error:
        raise StoreError(f"“{path}” could not be restored ({error.strerror}); nothing was lost.") from error
    return snapshot


def _folder(path: Path) -> Path:
    return path.with_name("snapshots")
