import threading
from pathlib import Path

import pytest

from clipsorter.library.cache import Cache
from clipsorter.library.thumbnails import ThumbnailReader
from tests.library.builders import ENCODER, cached, digest, unit


def test_there_is_no_thumbnail_before_there_is_a_cache(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    reader = ThumbnailReader(path)
    assert reader.read(digest(1)) is None
    assert not path.exists()
    with Cache.open(path) as cache:
        assert reader.read(digest(1)) is None
        cache.put([cached("/p/a.jpg", 1, thumbnail=b"picture")], ENCODER, unit(1))
        assert reader.read(digest(1)) == b"picture"
    reader.close()
    reader.close()


def test_thumbnails_are_read_on_another_thread_while_the_engine_writes(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    seen: list[bytes | None] = []

    def look() -> None:
        reader = ThumbnailReader(path)
        for _ in range(200):
            seen.extend(reader.read(digest(n)) for n in range(5))
        reader.close()

    with Cache.open(path) as cache:
        cache.put([cached(f"/p/{n}.jpg", n, thumbnail=b"picture") for n in range(5)], ENCODER, unit(5))
        thread = threading.Thread(target=look)
        thread.start()
        for n in range(5, 60):
            cache.put([cached(f"/p/{n}.jpg", n, thumbnail=bytes(20000))], ENCODER, unit(1))
        thread.join()
    assert seen == [b"picture"] * 1000


def test_a_damaged_cache_shows_no_picture_and_its_successor_does(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    path.write_text("damaged" * 1000)
    reader = ThumbnailReader(path)
    assert reader.read(digest(1)) is None
    with Cache.open(path) as cache:
        assert cache.rebuilt
        cache.put([cached("/p/a.jpg", 1, thumbnail=b"picture")], ENCODER, unit(1))
        assert reader.read(digest(1)) == b"picture"
    reader.close()


def test_reading_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with Cache.open(path) as cache:
        cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    before = path.read_bytes()
    reader = ThumbnailReader(path)
    assert reader.read(digest(1)) == b"jpeg"
    reader.close()
    assert path.read_bytes() == before


def test_a_digest_that_is_none_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="digest"):
        ThumbnailReader(tmp_path / "cache.db").read("abcd")
