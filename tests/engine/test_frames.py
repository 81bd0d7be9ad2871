"""One embedding per photo, also where a video has several pictures."""

from pathlib import Path

import numpy as np
import pytest

from clipsorter.engine.frames import frames_alone, join_frames, stack_frames
from clipsorter.photos.prepared import PreparedPhoto
from clipsorter.values import Embeddings, Photo, PhotoFacts


def prepared(name: str, frames: int | None) -> PreparedPhoto:
    shape = (4, 4, 3) if frames is None else (frames, 4, 4, 3)
    photo = Photo(Path(name), 1, 1, 1)
    return PreparedPhoto(photo, "0", np.zeros(shape, np.uint8), b"", b"", PhotoFacts(4, 4))


def rows(count: int) -> Embeddings:
    random = np.random.default_rng(2).normal(size=(count, 8)).astype(np.float32)
    return np.asarray(random / np.linalg.norm(random, axis=1, keepdims=True), np.float32)


def test_photos_alone_pass_untouched() -> None:
    photos = [prepared("a.jpg", None), prepared("b.jpg", None)]
    assert stack_frames(photos).shape == (2, 4, 4, 3)
    embeddings = rows(2)
    assert join_frames(photos, embeddings) is embeddings


def test_a_video_among_photos_gets_the_mean_of_its_frames() -> None:
    batch = [prepared("a.jpg", None), prepared("b.mp4", 3), prepared("c.jpg", None), prepared("d.mp4", 1)]
    assert stack_frames(batch).shape == (6, 4, 4, 3)
    embeddings = rows(6)
    joined = join_frames(batch, embeddings)
    assert joined.dtype == np.float32
    mean = embeddings[1:4].mean(axis=0)
    np.testing.assert_allclose(joined[1], mean / np.linalg.norm(mean), atol=1e-6)
    assert np.array_equal(joined[[0, 2, 3]], embeddings[[0, 4, 5]])


@pytest.mark.parametrize("counts", [[1], [4], [4, 4], [None, 2, None]])
def test_every_row_is_of_length_one(counts: list[int | None]) -> None:
    batch = [prepared("x", count) for count in counts]
    joined = join_frames(batch, rows(sum(count or 1 for count in counts)))
    np.testing.assert_allclose(np.linalg.norm(joined, axis=1), 1, atol=1e-6)


def test_only_videos_of_several_pictures_have_frames_of_their_own() -> None:
    batch = [prepared("a.jpg", None), prepared("b.mp4", 3), prepared("c.mp4", 1), prepared("d.mp4", 2)]
    embeddings = rows(7)
    alone = frames_alone(batch, embeddings)
    assert list(alone) == [1, 3]
    assert np.array_equal(alone[1], embeddings[1:4])
    assert np.array_equal(alone[3], embeddings[5:])
    assert frames_alone(batch[:1], embeddings[:1]) == {}
