"""What is grouped as one picture, straight from a cache."""

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image

from clipsorter.engine.duplicates import find_duplicates
from clipsorter.library.cache import Cache
from clipsorter.values import PhotoFacts
from tests.library.builders import ENCODER, cached, unit


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache.open(tmp_path / "cache.db")) as cache:
        yield cache


def thumbnail(name: str, side: int) -> bytes:
    file = io.BytesIO()
    picture = Image.open(Path(skimage.data_dir) / name).convert("RGB")
    picture.resize((side, side * picture.height // picture.width)).save(file, "JPEG", quality=90)
    return file.getvalue()


def near_groups(cache: Cache, files: dict[str, bytes]) -> list[tuple[str, ...]]:
    facts = PhotoFacts(400, 300)
    photos = [
        cached(f"/p/{name}", row, facts=facts, thumbnail=picture, size=row)
        for row, (name, picture) in enumerate(files.items(), 1)
    ]
    cache.put(photos, ENCODER, unit(1).repeat(len(photos), axis=0))
    steps = find_duplicates(cache.collection(Path("/p"), ENCODER), cache)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return [group.files for group in end.value.near]


def test_a_video_and_a_still_of_its_frame_are_two_things(cache: Cache) -> None:
    cat, other = thumbnail("chelsea.png", 256), thumbnail("coffee.png", 256)
    small = thumbnail("chelsea.png", 200)
    files = {"a.mp4": cat, "b.jpg": small, "c.MOV": small, "d.jpg": cat, "e.jpg": other}
    assert near_groups(cache, files) == [("a.mp4", "c.MOV"), ("b.jpg", "d.jpg")]


def test_every_picture_is_looked_at_once_however_many_pairs_it_is_in(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    cat = thumbnail("chelsea.png", 256)
    read: list[str] = []
    monkeypatch.setattr(
        Cache, "thumbnail", lambda self, digest, one=Cache.thumbnail: (read.append(digest), one(self, digest))[1]
    )
    files = {f"{row}.jpg": cat + bytes([row]) for row in range(6)}
    assert near_groups(cache, files) == [tuple(files)]
    # Once for its sketch, once to be compared, once for its sharpness.
    assert max(map(read.count, read)) == 3
    assert np.unique(read).size == 6
