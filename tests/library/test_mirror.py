import errno
import io
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from xxhash import xxh3_64_intdigest

from clipsorter.library import mirror as mirror_module
from clipsorter.library.cache import Cache
from clipsorter.library.mirror import HEADER, mirror_file
from tests.library.builders import DIMENSION, ENCODER, cached, unit

PHOTOS = 60


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror_module, "FEW", 0)
    monkeypatch.setattr(mirror_module, "BLOCK", 7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cache of 60 photos in two folders, whose mirror is written."""
    path = tmp_path / "cache.db"
    with Cache.open(path) as cache:
        photos = [cached(f"/p/{'ab'[n % 2]}/{n}.jpg", n) for n in range(PHOTOS)]
        cache.put(photos, ENCODER, unit(PHOTOS))
        cache.collection(Path("/p"), ENCODER)
    assert mirror_file(path, ENCODER).exists()
    return path


def collected(path: Path, folder: str = "/p") -> np.ndarray:
    with Cache.open(path) as cache:
        return cache.collection(Path(folder), ENCODER).embeddings


def falsify_row_in_mirror(path: Path, row: int = 0) -> None:
    """Exchange a row for another unit row, checksums included, to see who is read."""
    file = mirror_file(path, ENCODER)
    content = bytearray(file.read_bytes())
    magic, epoch, rows, dimension, _ = HEADER.unpack(content[: HEADER.size])
    start, size, block = len(content) - rows * DIMENSION * 4, DIMENSION * 4, row // mirror_module.BLOCK
    content[start + row * size : start + (row + 1) * size] = np.eye(1, DIMENSION, dtype=np.float32).tobytes()
    changed = content[start:][block * mirror_module.BLOCK * size : (block + 1) * mirror_module.BLOCK * size]
    struct.pack_into("<Q", content, HEADER.size + 24 * rows + 8 * block, xxh3_64_intdigest(bytes(changed)))
    keys = xxh3_64_intdigest(bytes(content[HEADER.size : start]))
    content[: HEADER.size] = HEADER.pack(magic, epoch, rows, dimension, keys)
    file.write_bytes(content)


def test_the_mirror_says_what_the_rows_say(path: Path) -> None:
    mirrored = collected(path)
    mirror_file(path, ENCODER).unlink()
    assert np.array_equal(mirrored, collected(path))
    np.testing.assert_allclose(mirrored, unit(PHOTOS), atol=1e-3)


def test_the_mirror_is_really_read(path: Path) -> None:
    falsify_row_in_mirror(path)
    assert collected(path)[0].tolist() == np.eye(1, DIMENSION)[0].tolist()


def test_a_mirror_made_before_a_row_changed_is_not_used(path: Path) -> None:
    falsify_row_in_mirror(path)
    with Cache.open(path) as cache:
        cache._db.execute("UPDATE embeddings SET embedding = zeroblob(3) WHERE content = 2")
        cache.put([cached("/p/b/1.jpg", 1)], ENCODER, unit(PHOTOS)[1:2])
    np.testing.assert_allclose(collected(path), unit(PHOTOS), atol=1e-3)


def test_a_mirror_of_another_cache_is_not_used_for_what_it_does_not_hold(tmp_path: Path, path: Path) -> None:
    other = tmp_path / "other" / "cache.db"
    other.parent.mkdir()
    with Cache.open(other) as cache:
        cache.put([cached(f"/p/{n}.jpg", n + 7) for n in range(PHOTOS)], ENCODER, unit(PHOTOS, seed=3))
        epoch = cache._embeddings.epoch(1)
    content = mirror_file(path, ENCODER).read_bytes()
    foreign = mirror_file(other, ENCODER)
    foreign.parent.mkdir()
    for stamp in (
        content[8:16],
        epoch,
    ):  # as it is; and as if even the epoch agreed: contents 1, 2... mean others there
        foreign.write_bytes(content[:8] + stamp + content[16:])
        np.testing.assert_allclose(collected(other), unit(PHOTOS, seed=3), atol=1e-3)


@pytest.mark.parametrize("length", [0, 5, HEADER.size, HEADER.size + 100, -1])
def test_a_truncated_mirror_is_not_used(path: Path, length: int) -> None:
    file = mirror_file(path, ENCODER)
    file.write_bytes(file.read_bytes()[:length])
    np.testing.assert_allclose(collected(path), unit(PHOTOS), atol=1e-3)


@pytest.mark.parametrize("filler", [b"\x00", b"\xff"])
def test_rows_a_power_cut_left_empty_are_read_from_the_cache(path: Path, filler: bytes) -> None:
    file = mirror_file(path, ENCODER)
    content = file.read_bytes()
    torn = len(content) - 20 * DIMENSION * 4 - 17  # in the middle of a row
    file.write_bytes(content[:torn] + filler * (len(content) - torn))
    np.testing.assert_allclose(collected(path), unit(PHOTOS), atol=1e-3)


def test_a_mirror_serves_folders_in_turn_without_being_written_each_time(path: Path) -> None:
    first = mirror_file(path, ENCODER).stat()
    for folder in ("/p/a", "/p/b", "/p/a"):
        assert len(collected(path, folder)) == PHOTOS // 2
    assert (
        mirror_file(path, ENCODER).stat() == first or mirror_file(path, ENCODER).stat().st_mtime_ns == first.st_mtime_ns
    )


def test_a_mirror_grows_with_another_folder_and_keeps_the_first(path: Path) -> None:
    with Cache.open(path) as cache:
        photos = [cached(f"/q/{n}.jpg", 1000 + n) for n in range(PHOTOS)]
        cache.put(photos, ENCODER, unit(PHOTOS, seed=2))
        cache.collection(Path("/q"), ENCODER)
    assert mirror_file(path, ENCODER).stat().st_size == HEADER.size + 2 * PHOTOS * (24 + 4 * DIMENSION) + 8 * 18
    falsify_row_in_mirror(path, PHOTOS)
    np.testing.assert_allclose(collected(path), unit(PHOTOS), atol=1e-3)
    assert collected(path, "/q")[0].tolist() == np.eye(1, DIMENSION)[0].tolist()


def test_a_mirror_that_cannot_be_written_is_done_without(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = mirror_file(path, ENCODER)
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("in the way")
    np.testing.assert_allclose(collected(path), unit(PHOTOS), atol=1e-3)
    assert "was not written" in caplog.text


def test_a_forgotten_encoder_takes_its_mirror_along(path: Path) -> None:
    with Cache.open(path) as cache:
        cache.forget_encoder(ENCODER)
    assert not mirror_file(path, ENCODER).exists()


def test_no_flipped_bit_of_a_mirror_is_ranked_by_and_the_mirror_is_written_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_module, "FEW", 10 * PHOTOS)  # the damage alone is why it is written
    file = mirror_file(path, ENCODER)
    sound, expected = file.read_bytes(), collected(path)
    for at in range(16, len(sound), 37):
        damaged = bytearray(sound)
        damaged[at] ^= 1 << at % 8
        file.write_bytes(damaged)
        assert np.array_equal(collected(path), expected), at
        if at > HEADER.size + PHOTOS * 24 + 8 * 9:
            assert file.read_bytes() == sound, at


def test_the_sound_rows_of_other_folders_outlive_a_damaged_block(path: Path) -> None:
    with Cache.open(path) as cache:
        cache.put([cached(f"/q/{n}.jpg", 1000 + n) for n in range(PHOTOS)], ENCODER, unit(PHOTOS, seed=2))
        cache.collection(Path("/q"), ENCODER)
    file = mirror_file(path, ENCODER)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1  # the last row of /q
    content[-PHOTOS * 2 * DIMENSION * 4] ^= 1  # the first row of /p
    file.write_bytes(content)
    np.testing.assert_allclose(collected(path, "/p"), unit(PHOTOS), atol=1e-3)
    assert HEADER.unpack(file.read_bytes()[: HEADER.size])[2] == 2 * PHOTOS - 120 % 7  # without the last block
    np.testing.assert_allclose(collected(path, "/q"), unit(PHOTOS, seed=2), atol=1e-3)


def test_a_mirror_that_its_disk_cannot_read_is_done_without(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    falsify_row_in_mirror(path)

    class Failing(io.FileIO):
        def readinto(self, buffer: Any) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, mode="r", *a, **k: Failing(self) if mode == "rb" else opened(self, mode, *a, **k)
    )
    np.testing.assert_allclose(collected(path), unit(PHOTOS), atol=1e-3)
    assert "cannot be read" in caplog.text
