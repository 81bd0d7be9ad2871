"""A kill, a full disk or an I/O error at any statement of a migration and its snapshot: the old library or the new."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database, Migrations

from clipsorter.errors import StoreError
from clipsorter.library.cache import Cache
from clipsorter.library.cache_schema import CACHE_SCHEMA
from clipsorter.library.database import Schema, open_database
from clipsorter.library.library import Library
from clipsorter.library.library_schema import LIBRARY_SCHEMA, first_tables
from clipsorter.values import Category, Decision
from tests.library.builders import digest

FIRST = Migrations(LIBRARY_SCHEMA.migrations.name)
FIRST()(first_tables)


def make_old_library(path: Path) -> None:
    """A library as the first version wrote it, with a category that has its own cut-off and two decisions."""
    db = open_database(path, replace(LIBRARY_SCHEMA, migrations=FIRST))
    with db.atomic():
        db.execute("INSERT INTO bins VALUES (1, 'beach')")
        db.execute("""INSERT INTO categories VALUES (1, 0, '{"cutoff": 0.7}')""")
        for number in range(2):
            db.execute("INSERT INTO decisions VALUES (?, 1, 1)", [bytes.fromhex(digest(number))])
        db.execute("INSERT INTO settings VALUES ('strictness', '0.25')")
    db.close()


def check(path: Path) -> None:
    """Nothing is missing, and the newest tables are there."""
    with Library.open(path) as library:
        library.use_encoder("any")
        assert library.categories() == (Category("beach", cutoff=0.7),)
        assert library.strictness() == 0.25
        assert library.decisions() == {digest(n): (Decision(digest(n), "beach"),) for n in range(2)}
        library.decide([Decision(digest(5), "beach")])


class Counted(sqlite3.Connection):
    """Calls ``Counted.before`` before every statement, a snapshot's included."""

    before: Callable[[str], None] = staticmethod(lambda sql: None)

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        Counted.before(sql)
        return super().execute(sql, *parameters)

    def backup(self, target: sqlite3.Connection, **options: Any) -> None:
        Counted.before("BACKUP")
        super().backup(target, **options)
        Counted.before("AFTER BACKUP")


@contextmanager
def before_each(monkeypatch: pytest.MonkeyPatch, act: Callable[[str], None]) -> Iterator[None]:
    connect = sqlite3.connect
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **{"factory": Counted} | k))
        patched.setattr(Counted, "before", staticmethod(act))
        yield


def test_a_kill_before_any_statement_leaves_the_old_library_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data" / "library.db"
    path.parent.mkdir()
    make_old_library(path)
    states: list[str] = []

    def photograph(sql: str) -> None:
        shutil.copytree(path.parent, tmp_path / f"killed-{len(states)}")  # what the disk holds now
        states.append(sql)

    with before_each(monkeypatch, photograph):
        Library.open(path).close()
    assert "BACKUP" in states
    assert sum("CREATE TABLE" in sql for sql in states) >= 3  # the migration itself is among them
    for number in range(len(states)):
        check(tmp_path / f"killed-{number}" / "library.db")


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR])
def test_an_error_at_any_statement_is_a_sentence_and_the_next_start_has_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    refused = 0
    for fault in range(10_000):
        path = tmp_path / str(fault) / "library.db"
        path.parent.mkdir()
        make_old_library(path)
        count = 0

        def fail(sql: str, fault: int = fault) -> None:
            nonlocal count
            count += 1
            if count == fault + 1:
                error = sqlite3.OperationalError("fault")
                error.sqlite_errorcode = code
                raise error

        with before_each(monkeypatch, fail):
            try:
                Library.open(path).close()
            except StoreError:
                refused += 1
        check(path)
        if count <= fault:  # the last statement has had its turn
            break
    assert refused > 20


@pytest.mark.parametrize(("open_store", "schema"), [(Library.open, LIBRARY_SCHEMA), (Cache.open, CACHE_SCHEMA)])
def test_every_version_there_ever_was_is_understood(
    tmp_path: Path, open_store: Callable[[Path], Library | Cache], schema: Schema
) -> None:
    for version in range(1, schema.version + 1):
        path = tmp_path / str(version) / "store.db"
        path.parent.mkdir()
        db = open_database(path, replace(schema, migrations=first_steps(schema, version)))
        db.execute("INSERT INTO folders (path) VALUES (?)", [b"/photos/"])
        db.close()
        with open_store(path) as store:
            assert store._db.execute("SELECT path FROM folders").fetchall() == [(b"/photos/",)]
            assert store._db.execute("PRAGMA user_version").fetchone() == (schema.version,)
        assert not list(path.parent.glob("*.damaged-*"))


def first_steps(schema: Schema, version: int) -> Migrations:
    """The migrations as they were when there were so many."""
    with Database(memory=True) as db:
        steps = schema.migrations.pending(db)[:version]
    older = Migrations(schema.migrations.name)
    for step in steps:
        older(name=step.name)(step.fn)
    return older
