"""Opening an SQLite file so that it is surely ours, and the one border where SQLite's errors become ours.

A file is looked at before it is written to: its application id, its version and its whole schema have to be what our
own migrations would have made, so a planted trigger or view never runs.
"""

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlite_utils import Database, Migrations

from clipsorter.errors import StoreBusyError, StoreDamagedError, StoreError, StoreTooNewError

log = logging.getLogger(__name__)

BUSY_SECONDS = 5.0  # our own readers are done within milliseconds; a virus scanner may take longer
FULL_BYTES = 1 << 16  # free, where SQLite needs 32 KB to begin a log's index
# No statement of ours breaks a rule of its own tables: an index that has lost its way does.
CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT})
# What the index of a write-ahead log fails with where files cannot be mapped into shared memory: some network disks.
NO_SHARED_MEMORY = frozenset({sqlite3.SQLITE_IOERR_SHMMAP, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMLOCK})
NO_LOCKS = frozenset(
    {sqlite3.SQLITE_IOERR_LOCK, sqlite3.SQLITE_IOERR_RDLOCK, sqlite3.SQLITE_IOERR_UNLOCK,
     sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK}
)  # fmt: skip
COMPANIONS = ("-wal", "-shm", "-journal")  # what SQLite puts beside a file
SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk that holds “{path}” is full; please free some space and try again.",
    sqlite3.SQLITE_READONLY: "“{path}” is read-only; please check the permissions of ClipSorter's data folder.",
    sqlite3.SQLITE_PERM: "“{path}” may not be opened; please check the permissions of ClipSorter's data folder.",
    sqlite3.SQLITE_CANTOPEN: "“{path}” cannot be opened; please check ClipSorter's data folder.",
    sqlite3.SQLITE_IOERR: "The disk that holds “{path}” reports an error; please check the disk.",
    sqlite3.SQLITE_NOLFS: "The disk that holds “{path}” cannot hold files this large; please move the data folder.",
}


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database file of ours is like. The version of a file is the number of migrations it has seen."""

    application_id: int  # four letters at offset 68 of the file
    migrations: Migrations
    synchronous: Literal["NORMAL", "FULL"]
    page_size: int  # bytes
    thorough: bool  # read the whole file at open to find damage: only for small files
    makes_sense: Callable[[sqlite3.Connection], bool] = lambda _: True  # whether the rows of a thorough file do

    @property
    def steps(self) -> list[str]:
        """The names of all migrations, in their order."""
        with Database(memory=True, execute_plugins=False) as db:
            return [step.name for step in self.migrations.pending(db)]

    @property
    def version(self) -> int:
        """Number of migrations that exist."""
        return len(self.steps)


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Map what SQLite can raise about the file at ``path`` to StoreError; a mistake in our own SQL stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        detailed = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        code = detailed & 0xFF
        if str(error).startswith("Could not decode to UTF-8"):  # says Python, with no code of SQLite's
            code = sqlite3.SQLITE_CORRUPT
        if code in CORRUPT:
            raise damaged(path) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusyError(f"Another program is using “{path}”; please close it and try again.") from error
        if code == sqlite3.SQLITE_IOERR and _disk_is_full(path):  # what a log that cannot grow ends in
            code = sqlite3.SQLITE_FULL
        if detailed in NO_LOCKS:
            raise StoreError(cannot_lock(path)) from error
        if code in SENTENCES:
            raise StoreError(SENTENCES[code].format(path=path)) from error
        raise


def cannot_lock(path: Path) -> str:
    """The sentence about a disk whose files cannot be locked, so that two programs would spoil them."""
    return f"The disk of “{path}” cannot lock files; please choose a data folder on another disk."


def _disk_is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < FULL_BYTES
    except OSError:
        return False


def damaged(path: Path) -> StoreDamagedError:
    """The error for a file that cannot be read as ours."""
    return StoreDamagedError(f"“{path}” is damaged or was not written by ClipSorter.")


def open_database(
    path: Path, schema: Schema, *, before_migration: Callable[[sqlite3.Connection], None] | None = None
) -> Database:
    """Open or create the file at ``path`` at the newest version.

    ``before_migration`` is called with an intact older file before it is changed. Raises StoreTooNewError,
    StoreDamagedError (foreign, truncated, tampered with) or StoreError. The connection belongs to this thread.
    """
    if path.is_symlink() or (path.exists() and not (path.is_file() or path.is_dir())):
        raise damaged(path)  # a pipe, a device, or a link that would make us write elsewhere
    for own in (path, *(path.with_name(path.name + suffix) for suffix in COMPANIONS)):
        if own.exists() and not own.is_file():
            raise StoreError(f"“{own}” stands where ClipSorter keeps a file of its own; please move it away.")
    with store_errors(path):
        create_private(path)
        try:
            return _opened(path, schema, before_migration, shared_memory=True)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) not in NO_SHARED_MEMORY or _disk_is_full(path):
                raise
        log.warning("The disk of %s cannot share memory: changes are stored by a rollback journal, more slowly.", path)
        return _opened(path, schema, before_migration, shared_memory=False)


def _opened(
    path: Path, schema: Schema, before_migration: Callable[[sqlite3.Connection], None] | None, *, shared_memory: bool
) -> Database:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        db = Database(connection, recursive_triggers=False, execute_plugins=False)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        if not shared_memory:  # whoever has a file alone can read its write-ahead log without
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            version = _checked_version(db, path, schema)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # a header no SQLite of ours writes
                raise damaged(path) from error
            raise
        connection.execute(f"PRAGMA page_size = {schema.page_size}")  # only an empty file takes it
        connection.execute(f"PRAGMA journal_mode = {'WAL' if shared_memory else 'DELETE'}")
        connection.execute("PRAGMA locking_mode = NORMAL")
        connection.execute(f"PRAGMA synchronous = {schema.synchronous}")
        connection.execute("PRAGMA journal_size_limit = 67108864")  # bytes the log may keep after a checkpoint
        _check_length(connection, path)
        if version and not _is_whole(connection, schema):
            raise damaged(path)
        if version < schema.version:
            if version and before_migration is not None:
                before_migration(connection)
            _migrate(db, schema)
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return db


def create_private(path: Path) -> None:
    """Make an empty file that only its owner may read, unless it is there; SQLite gives its log the same mode."""
    with suppress(OSError):  # the words for whatever is wrong come from SQLite
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _checked_version(db: Database, path: Path, schema: Schema) -> int:
    """The version of a file that is surely ours; 0 for a new one. Writes nothing."""
    connection = db.conn
    application_id = _pragma(connection, "application_id")
    version = _pragma(connection, "user_version")
    objects = _objects(connection)
    if application_id == 0 and version == 0 and not objects:
        return 0
    if application_id != schema.application_id:
        raise damaged(path)
    if version > schema.version:
        raise StoreTooNewError(f"“{path}” was written by a newer ClipSorter; please update ClipSorter to use it.")
    if version < 1 or objects != _expected_objects(schema, version):
        raise damaged(path)
    # What a file claims to have seen is a table in it: it has to fit the version, or steps would be left out.
    if [step.name for step in schema.migrations.pending(db)] != schema.steps[version:]:
        raise damaged(path)
    return version


def is_sound(path: Path, schema: Schema) -> bool:
    """Whether the closed file at ``path`` could take its place in use, as it is; nothing is written, nor beside it."""
    if path.is_symlink() or not path.is_file():  # SQLite would wait for the other end of a pipe
        return False
    try:
        with (
            store_errors(path),
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection,
        ):
            connection.execute("PRAGMA trusted_schema = OFF")
            db = Database(connection, recursive_triggers=False, execute_plugins=False)
            return _checked_version(db, path, schema) > 0 and _is_whole(connection, schema)
    except (StoreError, sqlite3.DatabaseError):
        return False


def _is_whole(connection: sqlite3.Connection, schema: Schema) -> bool:
    """Where that is affordable: whether every page can be read and every row makes sense."""
    if not schema.thorough:
        return True
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchall()
    return verdict == [("ok",)] and schema.makes_sense(connection)


def _check_length(connection: sqlite3.Connection, path: Path) -> None:
    """Find a truncated file at any size."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    expected = _pragma(connection, "page_count") * _pragma(connection, "page_size")
    if not busy and path.stat().st_size < expected:
        raise damaged(path)


def _migrate(db: Database, schema: Schema) -> None:
    """All steps, the id and the version in one transaction: a kill leaves the file as it was."""
    with db.atomic():
        db.execute(f"PRAGMA application_id = {schema.application_id}")
        schema.migrations.apply(db)
        db.execute(f"PRAGMA user_version = {schema.version}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


_SQLITES_OWN = frozenset({"sqlite_sequence", "sqlite_stat1", "sqlite_stat2", "sqlite_stat3", "sqlite_stat4"})


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str, str]]:
    """Every table, index, trigger and view, with its SQL where that is ours."""
    rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
    return {
        # sqlite-utils words its own table; another release may word it differently
        (kind, name, table, "" if kind == "table" and name == Migrations.migrations_table else " ".join(sql.split()))
        for kind, name, table, sql in rows
        if kind != "table" or name not in _SQLITES_OWN
    }


def _expected_objects(schema: Schema, version: int) -> set[tuple[str, str, str, str]]:
    """What the first ``version`` migrations make."""
    with Database(memory=True, recursive_triggers=False, execute_plugins=False) as db:
        schema.migrations.apply(db, stop_before=schema.steps[version : version + 1])
        return _objects(db.conn)


def sqlite_version() -> str:
    """The version of the SQLite library that Python uses."""
    return sqlite3.sqlite_version
