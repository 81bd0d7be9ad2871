"""What can be computed again turns out to be damaged while it is used."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from clipsorter.engine.duplicates import Duplicates
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Indexed, Recalled
from clipsorter.errors import CacheDamagedError
from clipsorter.values import Decision


def spoil(data: Path, sql: str) -> None:
    with closing(sqlite3.connect(data / "cache.db", isolation_level=None)) as connection:
        connection.execute(sql)


def looked_at(engine: Engine, album: Path) -> Indexed:
    *_, indexed = engine.index(album)
    assert isinstance(indexed, Indexed)
    return indexed


def test_an_index_run_over_a_damaged_cache_begins_anew_and_decisions_stay(
    engine: Engine, album: Path, tmp_path: Path
) -> None:
    assert looked_at(engine, album).embedded == 9
    *_, recalled = engine.recall(album)
    assert isinstance(recalled, Recalled)
    list(engine.decide([Decision(recalled.collection.digests[0], "red")]))
    decisions = recalled.collection.digests[0]
    spoil(tmp_path / "data", "UPDATE files SET mtime_ns = 'abc' WHERE photo_id = 3")
    assert looked_at(engine, album).embedded == 9
    *_, again = engine.recall(album)
    assert isinstance(again, Recalled)
    assert sorted(again.collection.digests) == sorted(recalled.collection.digests)
    assert again.decisions.keys() == {decisions}


def test_a_question_over_a_damaged_cache_says_so_and_the_next_run_heals(
    engine: Engine, album: Path, tmp_path: Path
) -> None:
    looked_at(engine, album)
    spoil(tmp_path / "data", "UPDATE photos SET digest = x'01' WHERE content = 3")
    with pytest.raises(CacheDamagedError, match="computed anew"):
        list(engine.recall(album))
    assert looked_at(engine, album).embedded == 9
    assert looked_at(engine, album).unchanged == 9


def test_duplicates_are_found_among_thumbnails_that_a_disk_spoilt(
    engine: Engine, paint: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "pairs"
    for number in range(4):
        paint(folder / f"{number}.png", "red", number)
    looked_at(engine, folder)
    spoil(tmp_path / "data", "UPDATE thumbnails SET jpeg = substr(jpeg, 1, length(jpeg) / 2) WHERE content = 1")
    spoil(tmp_path / "data", "UPDATE thumbnails SET jpeg = x'ffd8ff' WHERE content = 2")
    spoil(tmp_path / "data", "DELETE FROM sketches")
    *_, found = engine.find_duplicates(folder)
    assert isinstance(found, Duplicates)
