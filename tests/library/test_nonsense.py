"""Rows that no ClipSorter wrote, in files that SQLite finds nothing wrong with: from elsewhere, or from a bad disk."""

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clipsorter.errors import CacheDamagedError, StoreDamagedError
from clipsorter.library.cache import Cache
from clipsorter.library.library import Library
from clipsorter.library.snapshots import newest_sound_snapshot, restore_snapshot, snapshots
from clipsorter.values import Category, CategorySet, Decision, EncoderSpec, InputShape, PhotoFacts
from tests.library.builders import DIMENSION, ENCODER, cached, digest, unit

SPEC = EncoderSpec(ENCODER, "Tiny", DIMENSION, InputShape(32), (0.0,) * 3, (1.0,) * 3, 20.0)
BAD_TEXT = "CAST(x'ff80fe' AS TEXT)"


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA foreign_keys = OFF; {sql}")


def definition(content: str) -> str:
    return f"UPDATE categories SET definition = '{content}' WHERE position = 0"


IN_LIBRARY = {
    "a category that is no JSON": definition("{{{"),
    "a category that is a list": definition("[1]"),
    "a category nested deeply": f"UPDATE categories SET definition = '{'[' * 100_000}'",
    "phrases that are a number": definition('{"phrases": 5}'),
    "phrases that are one text": definition('{"phrases": "abc"}'),
    "a phrase that is a number": definition('{"phrases": [1]}'),
    "a context that is a list": definition('{"context": [1]}'),
    "a parent that is a number": definition('{"parent": 7}'),
    "a colour that is a style": definition('{"colour": "red; } * { x"}'),
    "a template without a place": definition('{"templates": [["en", "{0.x}"]]}'),
    "a template of one half": definition('{"templates": [["en"]]}'),
    "a cut-off beyond all": definition('{"cutoff": 1e308}'),
    "a phrase of two megabytes": definition(json.dumps({"phrases": ["x" * (2 << 20)]})),
    "ten thousand categories": "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
    "INSERT INTO bins SELECT i, 'c' || i FROM n; INSERT INTO categories SELECT bin, bin, '{}' FROM bins WHERE bin > 9",
    "a category without a name": "UPDATE bins SET name = NULL WHERE bin = 1",
    "a name that is no text": f"UPDATE bins SET name = {BAD_TEXT} WHERE bin = 1",
    "a name of ten megabytes": "UPDATE bins SET name = hex(zeroblob(5000000)) WHERE bin = 1",
    "none of these with a name": "UPDATE bins SET name = 'none' WHERE bin = 0",
    "no bins": "DELETE FROM bins WHERE bin > 0",
    "negative numbers": "UPDATE categories SET bin = -bin; UPDATE bins SET bin = -bin; UPDATE decisions SET bin = -bin",
    "the last number is taken": "INSERT INTO batches VALUES (9223372036854775807, 'x')",
    "a counter that is text": "UPDATE sqlite_sequence SET seq = 'abc'",
    "a short digest": "UPDATE decisions SET digest = x'01' WHERE bin = 1",
    "a digest of ten megabytes": "UPDATE decisions SET digest = zeroblob(10000000) WHERE bin = 1",
    "a decision about no bin": "UPDATE decisions SET bin = 77",
    "a verdict of seven": "UPDATE decisions SET yes = 7",
    "not none of these": "INSERT INTO decisions VALUES (zeroblob(16), 0, 0)",
    "a log of no bin": "UPDATE changes SET bin = 99",
    "a log of short digests": "UPDATE changes SET digest = x'00'",
    "a set that is no JSON": "UPDATE category_sets SET content = 'x'",
    "a set of nulls": "UPDATE category_sets SET content = 'null'",
    "a set with a strictness of text": "UPDATE category_sets SET content = "
    '\'{"strictness": "high", "encoder": "", "categories": []}\'',
    "a set with an endless strictness": "UPDATE category_sets SET content = "
    '\'{"strictness": 1e999, "encoder": "", "categories": []}\'',
    "a relative folder": "UPDATE folders SET path = CAST('..' AS BLOB)",
    "a folder with a NUL": "UPDATE folders SET path = x'2f6100'",
    "two tables exchanged": "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = (SELECT sum(rootpage) "
    "FROM sqlite_master WHERE name IN ('folders', 'batches')) - rootpage WHERE name IN ('folders', 'batches')",
    "an index of another table": "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = (SELECT rootpage "
    "FROM sqlite_master WHERE name = 'sqlite_autoindex_folders_1') WHERE name = 'sqlite_autoindex_bins_1'",
}  # fmt: skip


@pytest.fixture
def filled_library(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.remember_folder(tmp_path)
        library.use_encoder("tiny")
        library.save_categories([Category("red", cutoff=0.4), Category("blue")], {})
        library.save_category_set(CategorySet("holiday", (Category("beach"),), 0.3))
        library.decide([Decision(digest(1), "red"), Decision(digest(2), "blue", "no")])
    Library.open(path).close()  # the day's first of a library that holds something: it keeps a copy
    return path


@pytest.mark.parametrize("nonsense", IN_LIBRARY)
def test_a_library_with_a_row_that_nobody_wrote_is_a_damaged_one(filled_library: Path, nonsense: str) -> None:
    with Library.open(filled_library) as library:
        decisions = library.decisions()
    change(filled_library, IN_LIBRARY[nonsense])
    spoilt = filled_library.read_bytes()
    with pytest.raises(StoreDamagedError, match="can be restored"):
        Library.open(filled_library)
    assert filled_library.read_bytes() == spoilt
    restore_snapshot(filled_library)
    with Library.open(filled_library) as library:
        assert library.decisions() == decisions


@pytest.mark.parametrize("nonsense", [*IN_LIBRARY, "CREATE TRIGGER t AFTER INSERT ON bins BEGIN SELECT 1; END"])
def test_a_copy_that_could_not_be_used_is_passed_over(filled_library: Path, nonsense: str) -> None:
    (good,) = snapshots(filled_library)
    older = good.with_name("library-20200101-000000-000000.db")
    older.write_bytes(good.read_bytes())
    change(good, IN_LIBRARY.get(nonsense, nonsense))
    assert newest_sound_snapshot(filled_library) == older


def test_cutoffs_are_brought_into_their_range(filled_library: Path) -> None:
    change(filled_library, "UPDATE cutoffs SET strictness = 1e308; UPDATE encoders SET strictness = -1e999")
    with Library.open(filled_library) as library:
        library.use_encoder("tiny")
        assert library.cutoffs() == {"red": 1.0}
        assert library.strictness() == 0.0


IN_CACHE = {
    "a short digest": "UPDATE photos SET digest = x'0102' WHERE content = 1",
    "digests of the right length together": "UPDATE photos SET digest = zeroblob(8) WHERE content = 1; "
    "UPDATE photos SET digest = zeroblob(24) WHERE content = 2",
    "contents that are gone": "DELETE FROM photos WHERE content = 1",
    "a name with a folder": "UPDATE files SET name = CAST('../../etc/x.png' AS BLOB) WHERE photo_id = 1",
    "a name with a NUL": "UPDATE files SET name = x'610062' WHERE photo_id = 1",
    "no name": "UPDATE files SET name = x'' WHERE photo_id = 1",
    "a folder that leads up": "UPDATE folders SET path = CAST('/p/../../x/' AS BLOB)",
    "a folder with a NUL": "UPDATE folders SET path = x'2f702f002f'",
    "a time of letters": "UPDATE files SET mtime_ns = 'abc' WHERE photo_id = 1",
    "an endless time": "UPDATE files SET mtime_ns = 1e999 WHERE photo_id = 1",
    "an inode of bytes": "UPDATE files SET inode = x'00ff' WHERE photo_id = 1",
    "a reason that is no text": f"UPDATE files SET error = {BAD_TEXT}, content = NULL WHERE photo_id = 1",
    "a moment after all time": "UPDATE photos SET taken = 9223372036854775807",
    "no dimensions": "UPDATE encoders SET dimension = 0",
    "a million million dimensions": "UPDATE encoders SET dimension = 1099511627776",
    "two tables exchanged": "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = (SELECT sum(rootpage) "
    "FROM sqlite_master WHERE name IN ('files', 'photos')) - rootpage WHERE name IN ('files', 'photos')",
}  # fmt: skip


@pytest.fixture
def filled_cache(tmp_path: Path) -> Path:
    path = tmp_path / "cache.db"
    with Cache.open(path) as cache:
        cache.put_encoder_spec(SPEC)
        facts = PhotoFacts(40, 30, latitude=1.0, longitude=2.0)
        cache.put([cached(f"/p/{n}.jpg", n, facts=facts) for n in range(4)], ENCODER, unit(4))
        cache.put_text_embeddings(ENCODER, ["red", "blue"], unit(2))
    return path


def read_everything(cache: Cache) -> list[int]:
    cache.known_below(Path("/p"), ENCODER)
    cache.files_below(Path("/p"))
    collection = cache.collection(Path("/p"), ENCODER)
    assert np.allclose(np.linalg.norm(collection.embeddings, axis=1), 1, atol=1e-3)
    for photo_id in collection.photo_ids.tolist():
        cache.facts(photo_id)
    cache.sizes(collection.photo_ids)
    cache.taken(collection.photo_ids)
    return [int(one) for one in collection.photo_ids]


@pytest.mark.parametrize("nonsense", IN_CACHE)
def test_a_cache_with_a_row_that_nobody_wrote_is_begun_anew(filled_cache: Path, nonsense: str) -> None:
    change(filled_cache, IN_CACHE[nonsense])
    with Cache.open(filled_cache) as cache:
        with pytest.raises(CacheDamagedError, match="computed anew"):
            read_everything(cache)
        assert read_everything(cache) == []
        assert cache.rebuilt
        cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
        assert len(read_everything(cache)) == 1
    assert len(list(filled_cache.parent.glob("cache.db.damaged-*"))) == 1


NO_EMBEDDINGS = {
    "not a number": "007E", "endless": "007C", "huge": "FF7B", "zero": "0000",
}  # fmt: skip


@pytest.mark.parametrize("kind", [*NO_EMBEDDINGS, "short", "long"])
def test_numbers_that_are_no_embedding_are_left_out_and_made_again(filled_cache: Path, kind: str) -> None:
    length = {"short": 3, "long": 2 * DIMENSION}.get(kind, DIMENSION)
    blob = bytes.fromhex(NO_EMBEDDINGS.get(kind, "003C") * length)
    with closing(sqlite3.connect(filled_cache, isolation_level=None)) as connection:
        connection.execute("UPDATE embeddings SET embedding = ? WHERE content = 2", [blob])
        connection.execute("UPDATE text_embeddings SET embedding = ? WHERE prompt = CAST('red' AS BLOB)", [blob * 2])
    with Cache.open(filled_cache) as cache:
        assert read_everything(cache) == [1, 3, 4]
        assert cache.text_embeddings(ENCODER, ["red", "blue"]).keys() == {"blue"}
        assert cache.embedded([digest(n) for n in range(4)], ENCODER) == {digest(0), digest(2), digest(3)}


SPECS = {
    "of another encoder": {"id": "other"}, "of another dimension": {"dimension": 3}, "with a side of text":
    {"shape": {"side": "32"}}, "with a side of kilometres": {"shape": {"side": 10**8}}, "with a negative side":
    {"shape": {"side": -5}}, "with a resize nobody knows": {"shape": {"side": 32, "resize": "x"}}, "without a scale":
    {"logit_scale": "y"}, "with an endless scale": {"logit_scale": float("inf")}, "with two colours": {"mean": [1, 1]},
    "with a language of numbers": {"languages": [7]}, "without a name": {"name": None}, "with a bias of text":
    {"logit_bias": "b"}, "with a calibration of text":
    {"calibration": {"background": [1], "common": "x", "per_doubling": None, "room": -3}},
}  # fmt: skip


@pytest.mark.parametrize("kind", SPECS)
def test_what_is_said_of_an_encoder_is_believed_only_if_it_could_be_one(filled_cache: Path, kind: str) -> None:
    with closing(sqlite3.connect(filled_cache, isolation_level=None)) as connection:
        (spec,) = connection.execute("SELECT spec FROM encoders").fetchone()
        connection.execute("UPDATE encoders SET spec = ?", [json.dumps(json.loads(spec) | SPECS[kind])])
    with Cache.open(filled_cache) as cache:
        assert cache.encoder_spec(ENCODER) is None
        cache.put_encoder_spec(SPEC)
        assert cache.encoder_spec(ENCODER) == SPEC


def test_an_encoder_of_another_dimension_begins_anew(filled_cache: Path) -> None:
    change(filled_cache, f"UPDATE encoders SET dimension = {DIMENSION - 1}")
    with Cache.open(filled_cache) as cache:
        with pytest.raises(CacheDamagedError):
            cache.put_encoder_spec(SPEC)
        cache.put_encoder_spec(SPEC)
        assert cache.encoder_spec(ENCODER) == SPEC


def test_a_place_that_is_not_on_the_earth_is_none(filled_cache: Path) -> None:
    change(filled_cache, "UPDATE photos SET latitude = 1e308 WHERE content = 1")
    change(filled_cache, "UPDATE photos SET longitude = 1e999 WHERE content = 2")
    with Cache.open(filled_cache) as cache:
        assert [cache.facts(photo_id).latitude for photo_id in (1, 2, 3)] == [None, None, 1.0]


def test_an_index_that_lost_its_way_is_damage(filled_cache: Path) -> None:
    """What SQLite says then: a row that is not there stands in the way of one like it."""
    with Cache.open(filled_cache) as cache:
        with pytest.raises(CacheDamagedError), cache._writing():
            cache._db.execute("INSERT INTO encoders SELECT * FROM encoders")
        cache.put([cached("/p/new.jpg", 1)], ENCODER, unit(1))


def test_a_thumbnail_that_is_none_is_no_picture(filled_cache: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "JPEG")
    with Cache.open(filled_cache) as cache:
        cache.put([cached("/p/a.jpg", 9, thumbnail=picture.getvalue())], ENCODER, unit(1))
        assert cache.thumbnail(digest(9)) == picture.getvalue()
