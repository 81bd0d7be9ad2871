"""Embeddings are stored whole, kept apart by encoder, and found out when they are not what was stored."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clipsorter.library.cache import Cache
from clipsorter.values import Calibration, EncoderSpec, InputShape
from tests.library.builders import DIMENSION, ENCODER, cached, digest, unit

SPEC = EncoderSpec(
    ENCODER, "Tiny", DIMENSION, InputShape(8, "squash"), (0.1, 0.2, 0.3), (1.0, 1.0, 1.0), 100.0, -10.0, ("zh", "en")
)


@pytest.mark.parametrize("spoil", ["nan", "zero", "long", "width", "rows"])
def test_impossible_embeddings_are_refused_and_nothing_is_stored(cache: Cache, spoil: str) -> None:
    cache.put_encoder_spec(SPEC)
    embeddings = unit(2)
    match spoil:
        case "nan":
            embeddings[1, 3] = np.nan
        case "zero":
            embeddings[1] = 0
        case "long":
            embeddings[1] *= 1.5
        case "width":
            embeddings = unit(2, dimension=DIMENSION + 1)
        case "rows":
            embeddings = unit(3)
    with pytest.raises(ValueError, match="embeddings"):
        cache.put([cached("/p/a.jpg", 1), cached("/p/b.jpg", 2)], ENCODER, embeddings)
    assert cache.files_below(Path("/p")) == {}


@pytest.mark.parametrize("blob", [b"", b"\x00" * 2 * DIMENSION, b"\x00\x7e" * DIMENSION, b"\x3c\x00" * 3])
def test_a_damaged_row_is_left_out_and_embedded_again(cache: Cache, blob: bytes) -> None:
    embeddings = unit(2)
    cache.put([cached("/p/a.jpg", 1), cached("/p/b.jpg", 2)], ENCODER, embeddings)
    cache._db.execute("UPDATE embeddings SET embedding = ? WHERE content = 1", [blob])
    assert tuple(cache.collection(Path("/p"), ENCODER).files) == ("b.jpg",)
    assert cache.embedded([digest(1), digest(2)], ENCODER) == {digest(2)}
    cache.put([cached("/p/a.jpg", 1)], ENCODER, embeddings[:1])
    np.testing.assert_allclose(cache.collection(Path("/p"), ENCODER).embeddings, embeddings, atol=1e-3)


def test_the_first_embedding_of_a_content_stays_unless_it_is_damaged(cache: Cache) -> None:
    cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    cache.put([cached("/p/b.jpg", 1)], ENCODER, unit(1, seed=5))
    np.testing.assert_allclose(cache.collection(Path("/p"), ENCODER).embeddings, unit(1).repeat(2, axis=0), atol=1e-3)
    cache._db.execute("UPDATE embeddings SET embedding = zeroblob(32)")
    cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1, seed=5))
    np.testing.assert_allclose(
        cache.collection(Path("/p"), ENCODER).embeddings, unit(1, seed=5).repeat(2, axis=0), atol=1e-3
    )


def test_a_second_model_leaves_the_first_ones_work_alone(cache: Cache) -> None:
    photos = [cached("/p/a.jpg", 1), cached("/p/b.jpg", 2)]
    ids = cache.put(photos, ENCODER, unit(2))
    assert cache.embedded(map(digest, range(5)), "big/1") == set()
    assert cache.put(photos, "big/1", unit(2, seed=1, dimension=40)).tolist() == ids.tolist()
    assert cache.collection(Path("/p"), "big/1").embeddings.shape == (2, 40)
    np.testing.assert_allclose(cache.collection(Path("/p"), ENCODER).embeddings, unit(2), atol=1e-3)
    cache.forget_encoder("big/1")
    assert cache.embedded([digest(1)], "big/1") == set()
    assert cache.embedded([digest(1)], ENCODER) == {digest(1)}
    assert len(cache.collection(Path("/p"), ENCODER)) == 2


@pytest.mark.parametrize("asked", [3, 3000])
def test_embedded_answers_alike_for_few_and_for_many(cache: Cache, asked: int) -> None:
    cache.put([cached(f"/p/{n}.jpg", n) for n in range(0, 40, 2)], ENCODER, unit(20))
    assert cache.embedded(map(digest, range(asked)), ENCODER) == {digest(n) for n in range(0, min(asked, 40), 2)}


def test_the_collection_of_an_unknown_encoder_or_folder_is_empty(cache: Cache) -> None:
    assert len(cache.collection(Path("/p"), "never heard of")) == 0
    cache.put_encoder_spec(SPEC)
    assert cache.collection(Path("/p"), ENCODER).embeddings.shape == (0, DIMENSION)


def test_a_collection_cannot_be_changed_by_who_gets_it(cache: Cache) -> None:
    cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    collection = cache.collection(Path("/p"), ENCODER)
    assert cache.collection(Path("/p"), ENCODER) is collection
    with pytest.raises(ValueError, match="read-only"):
        collection.embeddings[0] = 0
    cache.put([cached("/p/b.jpg", 2)], ENCODER, unit(1))
    assert len(cache.collection(Path("/p"), ENCODER)) == 2
    assert len(collection) == 1


def test_new_words_change_no_collection_but_that_of_an_unknown_encoder(cache: Cache) -> None:
    assert cache.collection(Path("/p"), ENCODER).embeddings.shape == (0, 0)
    cache.put_text_embeddings(ENCODER, ["dog"], unit(1))
    assert cache.collection(Path("/p"), ENCODER).embeddings.shape == (0, DIMENSION)
    cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    collection = cache.collection(Path("/p"), ENCODER)
    cache.put_text_embeddings(ENCODER, ["cat"], unit(1))
    assert cache.collection(Path("/p"), ENCODER) is collection


def test_prompts_are_remembered_per_encoder(cache: Cache) -> None:
    prompts = ["a photo of a dog", "一张狗的照片", "", "half \ud83d"]
    cache.put_text_embeddings(ENCODER, prompts, unit(4))
    found = cache.text_embeddings(ENCODER, [*prompts, "unknown"])
    assert list(found) == prompts
    np.testing.assert_array_equal(found[prompts[1]], unit(4)[1])
    assert cache.text_embeddings("other", prompts) == {}
    with pytest.raises(ValueError, match="unit length"):
        cache.put_text_embeddings(ENCODER, ["x"], np.zeros((1, DIMENSION), dtype=np.float32))


def test_an_encoder_is_remembered_in_full(cache: Cache) -> None:
    assert cache.encoder_spec(ENCODER) is None
    cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    assert cache.encoder_spec(ENCODER) is None
    cache.put_encoder_spec(SPEC)
    assert cache.encoder_spec(ENCODER) == SPEC
    calibrated = replace(SPEC, calibration=Calibration(("a thing", "a place"), 1.5, 0.125, 1.25))
    cache.put_encoder_spec(calibrated)
    assert cache.encoder_spec(ENCODER) == calibrated
    cache._db.execute("UPDATE encoders SET spec = '{\"id\": 1}'")
    assert cache.encoder_spec(ENCODER) is None


def test_the_frames_of_a_video_are_kept_beside_its_row(tmp_path: Path) -> None:
    frames = unit(4, seed=5)
    photos = [cached("/p/a.jpg", 0), cached("/p/b.mp4", 1), cached("/p/c.jpg", 2), cached("/p/copy of b.mp4", 1)]
    with Cache.open(tmp_path / "cache.db") as cache:
        assert len(cache.collection(Path("/p"), ENCODER).frames.rows) == 0
        cache.put(photos, ENCODER, unit(3)[[0, 1, 2, 1]], {1: frames, 3: frames})
    with Cache.open(tmp_path / "cache.db") as cache:
        collection = cache.collection(Path("/p"), ENCODER)
        assert [collection.files[row] for row in collection.frames.rows] == ["b.mp4"] * 4 + ["copy of b.mp4"] * 4
        np.testing.assert_allclose(collection.frames.embeddings, np.concatenate([frames, frames]), atol=1e-3)
        np.testing.assert_allclose(np.linalg.norm(collection.frames.embeddings, axis=1), 1, atol=1e-6)
        assert collection.frames.luck.tolist() == [0] * 8
        assert len(cache.collection(Path("/p"), "another").frames.rows) == 0
        with pytest.raises(ValueError, match="unit length"):
            cache.put(photos[1:2], ENCODER, unit(1), {0: 2 * frames})
        cache.forget_encoder(ENCODER)
        cache.put(photos, ENCODER, unit(3)[[0, 1, 2, 1]])
        assert len(cache.collection(Path("/p"), ENCODER).frames.rows) == 0


@pytest.mark.parametrize(
    "bytes_", ["x'00'", "zeroblob(3200)", "zeroblob(99999)", "zeroblob(32) || substr(embeddings, 33)"]
)
def test_a_clip_with_damaged_frames_is_embedded_again(tmp_path: Path, bytes_: str) -> None:
    frames = {0: unit(4, seed=5)}
    photos = [cached("/p/b.mp4", 1), cached("/p/c.jpg", 2), cached("/p/d.mp4", 3)]
    with Cache.open(tmp_path / "cache.db") as cache:
        cache.put(photos, ENCODER, unit(3), frames | {2: unit(3, seed=6)})
        cache._db.execute(f"UPDATE frames SET embeddings = CAST({bytes_} AS BLOB) WHERE content = 1")
        collection = cache.collection(Path("/p"), ENCODER)
        assert tuple(collection.files) == ("c.jpg", "d.mp4")
        assert collection.frames.rows.tolist() == [1, 1, 1]
        assert cache.embedded([digest(n) for n in range(4)], ENCODER) == {digest(2), digest(3)}
        cache.put(photos[:1], ENCODER, unit(1), frames)
        assert cache.collection(Path("/p"), ENCODER).frames.rows.tolist() == [0] * 4 + [2] * 3


@pytest.mark.parametrize("table", ["embeddings", "frames", "text_embeddings"])
@pytest.mark.parametrize("damage", ["flip", "exchange", "other seal"])
def test_what_is_another_plausible_number_is_found_by_its_seal(tmp_path: Path, table: str, damage: str) -> None:
    column = "embeddings" if table == "frames" else "embedding"
    key = "prompt" if table == "text_embeddings" else "content"
    with Cache.open(tmp_path / "cache.db") as cache:
        photos = [cached("/p/b.mp4", 1), cached("/p/c.mp4", 2)]
        cache.put(photos, ENCODER, unit(2), {0: unit(4, seed=5), 1: unit(4, seed=6)})
        cache.put_text_embeddings(ENCODER, ["dog", "cat"], unit(2))
        (first, blob), (second, other) = cache._db.execute(f"SELECT {key}, {column} FROM {table}").fetchall()
        changed = bytearray(blob)
        changed[-1 if damage == "other seal" else 3 if table == "text_embeddings" else 1] ^= 0x80  # a sign
        statement = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"
        if damage == "exchange":
            cache._db.conn.executemany(statement, [(other, first), (blob, second)])
        else:
            cache._db.execute(statement, [bytes(changed), first])
        left = 0 if damage == "exchange" else 1
        if table == "text_embeddings":
            assert len(cache.text_embeddings(ENCODER, ["dog", "cat"])) == left
        else:
            assert len(cache.collection(Path("/p"), ENCODER)) == left


def test_rows_without_a_seal_are_still_read(tmp_path: Path) -> None:
    with Cache.open(tmp_path / "cache.db") as cache:
        cache.put([cached("/p/b.mp4", 1), cached("/p/c.jpg", 2)], ENCODER, unit(2), {0: unit(4, seed=5)})
        cache.put_text_embeddings(ENCODER, ["dog"], unit(1))
        for table, column, length in (
            ("embeddings", "embedding", 2 * DIMENSION),
            ("frames", "embeddings", 2 * DIMENSION * 4),
            ("text_embeddings", "embedding", 4 * DIMENSION),
        ):
            cache._db.execute(f"UPDATE {table} SET {column} = substr({column}, 1, {length})")
        collection = cache.collection(Path("/p"), ENCODER)
        np.testing.assert_allclose(collection.embeddings, unit(2), atol=1e-3)
        assert len(collection.frames.rows) == 4
        assert cache.text_embeddings(ENCODER, ["dog"]).keys() == {"dog"}


def test_rows_that_change_or_go_begin_another_epoch_and_new_ones_do_not(cache: Cache) -> None:
    """A mirror is believed as long as the epoch is its own."""
    cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    table = cache._embeddings
    (number, _), content = table.encoder(ENCODER), 1
    first = table.epoch(number)
    cache.put([cached("/p/b.jpg", 2)], ENCODER, unit(1, seed=1))
    assert table.epoch(number) == first
    with cache._db.atomic():
        cache._db.execute("UPDATE embeddings SET embedding = zeroblob(4) WHERE content = ?", [content])
    cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    second = table.epoch(number)
    assert second != first
    with cache._db.atomic():
        table.drop(number, [content])
    assert table.epoch(number) not in {first, second}
