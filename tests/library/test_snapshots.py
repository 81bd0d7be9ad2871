import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from clipsorter.errors import StoreError
from clipsorter.library.database import Schema, open_database
from clipsorter.library.library import Library
from clipsorter.library.snapshots import newest_sound_snapshot, snapshots, take_snapshot
from clipsorter.values import Decision
from tests.library.builders import digest


def test_there_is_one_snapshot_a_day_and_none_of_an_empty_beginning(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Library.open(path).close()
    assert snapshots(path) == []
    for _ in range(3):
        Library.open(path).close()
    (snapshot,) = snapshots(path)
    assert f"{datetime.now(UTC):%Y}" in snapshot.name


def test_yesterdays_snapshot_does_not_stand_for_today_and_three_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Library.open(path).close()
    Library.open(path).close()
    (today,) = snapshots(path)
    for day in ("01", "02", "03"):
        today.with_name(f"library-200001{day}-000000-000000.db").write_bytes(today.read_bytes())
    today.unlink()
    Library.open(path).close()
    assert [snapshot.name[:16] for snapshot in snapshots(path)][1:] == ["library-20000103", "library-20000102"]
    assert len(snapshots(path)) == 3


def test_a_snapshot_of_an_open_library_holds_everything_in_one_file(library: Library) -> None:
    library.decide([Decision(digest(1), "dog")])
    snapshot = take_snapshot(library._db.conn, library.path)
    assert [file.name for file in snapshot.parent.iterdir()] == [snapshot.name]
    assert newest_sound_snapshot(library.path) == snapshot
    with closing(sqlite3.connect(snapshot)) as copy:
        assert copy.execute("SELECT count(*) FROM decisions").fetchone() == (1,)


def test_a_half_written_snapshot_is_no_snapshot_and_is_cleared_away(library: Library) -> None:
    folder = library.path.with_name("snapshots")
    folder.mkdir()
    (folder / "library-20000101-000000-000000.part").write_text("half")
    assert newest_sound_snapshot(library.path) is None
    snapshot = take_snapshot(library._db.conn, library.path)
    assert list(folder.iterdir()) == [snapshot]


def test_a_library_opens_even_when_no_snapshot_can_be_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "library.db"
    Library.open(path).close()
    path.with_name("snapshots").write_text("in the way")
    with Library.open(path) as library:
        assert library.categories() == ()
    assert "No copy" in caplog.text


def make_schema(steps: int, *, failing: bool = False) -> Schema:
    migrations = Migrations("test")

    @migrations()
    def first(db: Database) -> None:
        db.execute("CREATE TABLE words (word TEXT NOT NULL) STRICT")

    if steps > 1:

        @migrations()
        def second(db: Database) -> None:
            db.execute("ALTER TABLE words ADD COLUMN meaning TEXT")
            if failing:
                raise RuntimeError("a mistake in a migration")

    return Schema(0x54455354, migrations, "FULL", 4096, thorough=True)


def test_a_migration_is_preceded_by_a_snapshot_and_keeps_the_content(tmp_path: Path) -> None:
    path = tmp_path / "words.db"
    with open_database(path, make_schema(1)) as db:
        db.execute("INSERT INTO words VALUES ('sea')")
    kept: list[Path] = []
    with open_database(
        path, make_schema(2), before_migration=lambda connection: kept.append(take_snapshot(connection, path))
    ) as db:
        assert db.execute("SELECT word, meaning FROM words").fetchall() == [("sea", None)]
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
    with closing(sqlite3.connect(kept[0])) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT * FROM words").fetchall() == [("sea",)]
    with open_database(path, make_schema(2), before_migration=lambda _: pytest.fail("nothing to migrate")):
        pass


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "words.db"
    open_database(path, make_schema(1)).close()
    with pytest.raises(RuntimeError, match="a mistake"):
        open_database(path, make_schema(2, failing=True))
    open_database(path, make_schema(1)).close()


def test_no_migration_happens_without_its_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "words.db"
    open_database(path, make_schema(1)).close()
    path.with_name("snapshots").write_text("in the way")
    with pytest.raises(StoreError, match="No copy"):
        open_database(
            path, make_schema(2), before_migration=lambda connection: take_snapshot(connection, path) and None
        )
    open_database(path, make_schema(1)).close()


def test_a_clock_that_was_ahead_keeps_no_old_copy_in_the_place_of_new_ones(library: Library) -> None:
    folder = library.path.with_name("snapshots")
    first = take_snapshot(library._db.conn, library.path)
    for day in ("01", "02", "03"):
        (folder / f"library-209901{day}-000000-000000.db").write_bytes(first.read_bytes())
    library.decide([Decision(digest(1), "dog")])
    newest = take_snapshot(library._db.conn, library.path)
    assert newest_sound_snapshot(library.path) == newest
    assert len(snapshots(library.path)) == 3
    for _ in range(3):
        newest = take_snapshot(library._db.conn, library.path)
    assert snapshots(library.path)[0] == newest
    assert not any("2099" in snapshot.name for snapshot in snapshots(library.path))
