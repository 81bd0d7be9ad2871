"""Files that are not as we left them."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from clipsorter.errors import StoreBusyError, StoreDamagedError, StoreError, StoreTooNewError
from clipsorter.library.cache import Cache
from clipsorter.library.cache_schema import CACHE_SCHEMA
from clipsorter.library.database import store_errors
from clipsorter.library.library import Library
from clipsorter.library.library_schema import LIBRARY_SCHEMA
from clipsorter.library.snapshots import restore_snapshot, snapshots
from clipsorter.values import Category, Decision
from tests.library.builders import ENCODER, cached, digest, unit

Spoil = Callable[[Path], None]


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


def overwrite(path: Path, start: int, content: bytes) -> None:
    with path.open("rb+") as file:
        file.seek(start)
        file.write(content)


def truncate(path: Path) -> None:
    with path.open("rb+") as file:
        file.truncate(path.stat().st_size // 2 + 100)


def drop_tables(path: Path, *names: str) -> None:
    change(path, "PRAGMA foreign_keys = OFF;" + "".join(f"DROP TABLE IF EXISTS {name};" for name in names if name))


DAMAGE: dict[str, Spoil] = {
    "truncated": truncate,
    "not a database": lambda path: overwrite(path, 0, b"x" * 200),
    "text": lambda path: path.write_text("hello") and None,
    "header page torn": lambda path: overwrite(path, 100, b"\xff" * 3000),
    "foreign": lambda path: change(path, "PRAGMA application_id = 1234"),
    "foreign without id": lambda path: change(path, "PRAGMA application_id = 0; PRAGMA user_version = 0"),
    "negative version": lambda path: change(path, "PRAGMA user_version = -1"),
    "planted trigger": lambda path: change(
        path, "CREATE TRIGGER t AFTER INSERT ON folders BEGIN DELETE FROM folders; END"
    ),
    "planted view": lambda path: change(path, "CREATE VIEW extra AS SELECT 1"),
    "table turned into a view": lambda path: change(
        path, "DROP TABLE _sqlite_migrations; CREATE VIEW _sqlite_migrations AS SELECT 1 AS name"
    ),
    "column added": lambda path: change(path, "ALTER TABLE folders ADD COLUMN extra TEXT"),
    "planted trigger under a name of SQLite's own": lambda path: change(
        path,
        "PRAGMA writable_schema = ON; INSERT INTO sqlite_master VALUES ('trigger', 'sqlite_stat9', 'folders', 0, "
        "'CREATE TRIGGER sqlite_stat9 AFTER INSERT ON folders BEGIN DELETE FROM folders; END')",
    ),
    "an older version that claims to be migrated": lambda path: (
        change(path, "PRAGMA user_version = 1")
        or drop_tables(
            path,
            "cutoffs",
            "category_sets",
            "encoders" if path.name == "library.db" else "",
            "frames",
            "sketches",
            "sidecars",
            "keywords_read",
            "photo_tags",
            "tags",
        )
    ),
    "a schema format that no SQLite knows": lambda path: overwrite(path, 44, b"\0\0\0\x63"),
    "index gone": lambda path: change(path, "DROP INDEX IF EXISTS missing_files; DROP INDEX IF EXISTS one_home"),
}


@pytest.fixture
def filled_cache(tmp_path: Path) -> Path:
    path = tmp_path / "cache.db"
    with Cache.open(path) as cache:
        cache.put([cached(f"/p/{n}.jpg", n, thumbnail=bytes(9000)) for n in range(40)], ENCODER, unit(40))
    return path


@pytest.fixture
def filled_library(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.save_categories([Category("beach"), Category("dog")], {})
        library.decide([Decision(digest(n), "beach") for n in range(300)])
    return path


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_cache_is_set_aside_and_begun_anew(filled_cache: Path, kind: str) -> None:
    DAMAGE[kind](filled_cache)
    spoilt = filled_cache.read_bytes()
    with Cache.open(filled_cache) as cache:
        assert cache.rebuilt
        assert cache.files_below(Path("/p")) == {}
        cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
        assert len(cache.collection(Path("/p"), ENCODER)) == 1
    (aside,) = filled_cache.parent.glob("cache.db.damaged-*")
    assert aside.read_bytes() == spoilt
    with Cache.open(filled_cache) as cache:
        assert not cache.rebuilt


def test_only_the_latest_damaged_cache_is_kept(filled_cache: Path) -> None:
    for _ in range(3):
        filled_cache.write_text("damaged")
        Cache.open(filled_cache).close()
    assert len(list(filled_cache.parent.glob("cache.db.damaged-*"))) == 1


def test_damage_found_while_working_sets_the_cache_aside_too(filled_cache: Path) -> None:
    size = filled_cache.stat().st_size
    for page in range(3, size // CACHE_SCHEMA.page_size):
        overwrite(filled_cache, page * CACHE_SCHEMA.page_size, b"\xee" * 4000)
    with Cache.open(filled_cache) as cache, pytest.raises(StoreDamagedError):
        cache.collection(Path("/p"), ENCODER)
    assert len(list(filled_cache.parent.glob("cache.db.damaged-*"))) == 1
    with Cache.open(filled_cache) as cache:
        assert cache.count(Path("/p"), ENCODER) == 0


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_library_stays_untouched_and_its_snapshot_can_be_restored(filled_library: Path, kind: str) -> None:
    with Library.open(filled_library) as library:  # the day's first opening of a library that holds something
        decisions = library.decisions()
    (snapshot,) = snapshots(filled_library)
    DAMAGE[kind](filled_library)
    spoilt = filled_library.read_bytes()
    with pytest.raises(StoreDamagedError, match=snapshot.name):
        Library.open(filled_library)
    assert filled_library.read_bytes() == spoilt
    assert restore_snapshot(filled_library) == snapshot
    with Library.open(filled_library) as library:
        assert library.decisions() == decisions
    (aside,) = filled_library.parent.glob("library.db.damaged-*")
    assert aside.read_bytes() == spoilt


def test_one_damaged_page_of_a_library_is_found_at_open(filled_library: Path) -> None:
    content = filled_library.read_bytes()
    start = content.rindex(bytes.fromhex(digest(150))) // LIBRARY_SCHEMA.page_size * LIBRARY_SCHEMA.page_size
    overwrite(filled_library, start, b"\xee" * 64)
    with pytest.raises(StoreDamagedError, match="there is no copy"):
        Library.open(filled_library)


@pytest.mark.parametrize(("open_store", "name"), [(Cache.open, "cache.db"), (Library.open, "library.db")])
def test_a_newer_file_is_refused_politely_and_left_alone(
    filled_cache: Path, filled_library: Path, open_store: Callable[[Path], Cache | Library], name: str
) -> None:
    path = filled_cache.with_name(name)
    change(
        path,
        "PRAGMA user_version = 99; CREATE TABLE novelty (x); DROP TABLE files"
        if name == "cache.db"
        else "PRAGMA user_version = 99",
    )
    before = path.read_bytes()
    with pytest.raises(StoreTooNewError, match="newer ClipSorter"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_foreign_database_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    change(path, "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x')")
    before = path.read_bytes()
    with pytest.raises(StoreDamagedError):
        Library.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["cache.db", "cache.db-wal", "cache.db-shm", "cache.db-journal"])
def test_a_folder_in_the_place_of_a_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(StoreError, match="stands where"):
        Cache.open(tmp_path / "cache.db")


def test_a_file_held_by_another_program_is_busy(filled_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clipsorter.library.database.BUSY_SECONDS", 0.05)
    with Cache.open(filled_cache) as cache, closing(sqlite3.connect(filled_cache, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="Another program"):
            cache.mark_missing([1])
        other.execute("ROLLBACK")
        cache.mark_missing([1])
        assert cache.count(Path("/p"), ENCODER) == 39


def test_a_full_disk_is_one_sentence_and_loses_nothing(filled_cache: Path) -> None:
    with Cache.open(filled_cache) as cache:
        pages = cache._db.execute("PRAGMA page_count").fetchone()[0]
        cache._db.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match="is full"):
            cache.put([cached(f"/q/{n}.jpg", 100 + n, thumbnail=bytes(9000)) for n in range(40)], ENCODER, unit(40))
        assert cache.files_below(Path("/q")) == {}
        assert cache.count(Path("/p"), ENCODER) == 40


def test_a_read_only_file_is_one_sentence(filled_cache: Path) -> None:
    with Cache.open(filled_cache) as cache:
        cache._db.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreError, match="read-only"):
            cache.mark_missing([1])


def test_a_mistake_in_our_own_sql_is_not_called_damage(filled_cache: Path) -> None:
    with (
        Cache.open(filled_cache) as cache,
        pytest.raises(sqlite3.OperationalError, match="no such table"),
        cache._reading(),
    ):
        cache._db.execute("SELECT * FROM nonsense")
    assert filled_cache.exists()


def test_a_library_that_is_gone_comes_back_from_its_snapshot(filled_library: Path) -> None:
    Library.open(filled_library).close()
    filled_library.unlink()
    with Library.open(filled_library) as library:
        assert library.restored is not None
        assert [category.name for category in library.categories()] == ["beach", "dog"]


def test_a_damaged_snapshot_is_passed_over(filled_library: Path) -> None:
    Library.open(filled_library).close()
    (bad,) = snapshots(filled_library)
    good = bad.with_name("library-20200101-000000-000000.db")
    shutil.copy(bad, good)
    truncate(bad)
    assert restore_snapshot(filled_library) == good
    good.unlink()
    with pytest.raises(StoreError, match="no readable copy"):
        restore_snapshot(filled_library)


def test_an_error_of_a_disk_without_space_is_called_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble = sqlite3.OperationalError("disk I/O error")
    trouble.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE  # what a log that cannot grow ends in
    with pytest.raises(StoreError, match="reports an error"), store_errors(tmp_path / "cache.db"):
        raise trouble
    monkeypatch.setattr(shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(100, 100, 0))
    with pytest.raises(StoreError, match="is full"), store_errors(tmp_path / "cache.db"):
        raise trouble


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes and links")
@pytest.mark.parametrize("kind", ["pipe", "link", "endless"])
def test_what_is_no_file_is_neither_read_nor_written_through(tmp_path: Path, kind: str) -> None:
    (tmp_path / "elsewhere").touch()  # an empty file would become a database
    for name in ("cache.db", "library.db"):
        if kind == "pipe":
            os.mkfifo(tmp_path / name)
        else:
            (tmp_path / name).symlink_to(tmp_path / "elsewhere" if kind == "link" else "/dev/zero")
    with Cache.open(tmp_path / "cache.db") as cache:
        assert cache.rebuilt
    with pytest.raises(StoreDamagedError, match="please move it away"):
        Library.open(tmp_path / "library.db")
    assert (tmp_path / "elsewhere").stat().st_size == 0


class NoSharedMemory(sqlite3.Connection):
    """SQLite on a disk whose files cannot be mapped: a write-ahead log is only for whoever has the file alone."""

    alone = False

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        self.alone = self.alone or sql == "PRAGMA locking_mode = EXCLUSIVE"
        (_, _, path) = super().execute("PRAGMA database_list").fetchone()
        has_log = bool(path) and Path(path).read_bytes()[18:19] == b"\2"
        if sql.endswith("= WAL") or (has_log and not self.alone and "application_id" in sql):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMMAP
            raise error
        return super().execute(sql, *parameters)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_disk_without_shared_memory_gets_a_rollback_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, is_new: bool
) -> None:
    path = tmp_path / "library.db"
    if not is_new:
        with Library.open(path) as library:
            library.save_categories([Category("beach")], {})
    connect = sqlite3.connect
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **{"factory": NoSharedMemory} | k))
        with Library.open(path) as library:
            assert [one.name for one in library.categories()] == ([] if is_new else ["beach"])
            library.save_categories([Category("dog")], {})
            assert library._db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
            with closing(connect(path)) as reader:  # a thumbnail thread may read meanwhile
                assert reader.execute("SELECT count(*) FROM categories").fetchone() == (1,)
    assert "cannot share memory" in caplog.text
    with Library.open(path) as library:
        assert [one.name for one in library.categories()] == ["dog"]
        assert library._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_disk_that_cannot_lock_is_called_so(tmp_path: Path) -> None:
    trouble = sqlite3.OperationalError("disk I/O error")
    trouble.sqlite_errorcode = sqlite3.SQLITE_IOERR_LOCK
    with pytest.raises(StoreError, match="cannot lock files"), store_errors(tmp_path / "cache.db"):
        raise trouble
