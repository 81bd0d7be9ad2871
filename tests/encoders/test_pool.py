"""Several devices, one queue: two children share an index run, and one of them may go."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from clipsorter.encoders.colour import SIDE, ColourEncoder
from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.pool import ALL, EncoderPool
from clipsorter.encoders.process import EncoderProcess
from clipsorter.encoders.sources import find_model
from clipsorter.errors import EncoderDiedError, ModelError
from clipsorter.values import Pixels


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[EncoderPool]:
    both = EncoderPool(find_model("colour", tmp_path), ["cpu", "cpu"], threads=2)
    both.start()
    yield both
    both.close()


@pytest.fixture
def photos() -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (5, SIDE, SIDE, 3), np.uint8)


def wait_for_all(pool: EncoderPool) -> list[EncoderProcess]:
    children = list(pool._children)
    assert all(child.ready(60) for child in children)
    return children


def test_two_devices_share_the_photos_and_every_row_comes_back_in_its_place(pool: EncoderPool, photos: Pixels) -> None:
    first, second = wait_for_all(pool)
    assert pool.device == "2 × CPU"
    assert pool.depth == first.depth + second.depth
    assert pool.batch_size == ColourEncoder.batch_size
    shifted = [np.roll(photos, number, axis=0) for number in range(6)]
    for child in (first, second):
        os.kill(child.pid or 0, signal.SIGSTOP)  # no answer may come before everything is shared out
    waiting = [pool.submit_images(batch) for batch in shifted]
    assert (first.under_way, second.under_way) == (3, 3)
    for child in (first, second):
        os.kill(child.pid or 0, signal.SIGCONT)
    for wait, batch in zip(waiting, shifted, strict=True):
        np.testing.assert_array_equal(wait(), ColourEncoder().encode_images(batch))


def test_the_faster_of_uneven_devices_gets_more_to_do(pool: EncoderPool, photos: Pixels) -> None:
    slow, fast = wait_for_all(pool)
    expected = ColourEncoder().encode_images(photos)
    os.kill(slow.pid or 0, signal.SIGSTOP)
    first = pool.submit_images(photos)
    assert slow.under_way == 1
    for _ in range(6):
        wait = pool.submit_images(photos)
        assert (slow.under_way, fast.under_way) == (1, 1)
        np.testing.assert_array_equal(wait(), expected)
    os.kill(slow.pid or 0, signal.SIGCONT)
    np.testing.assert_array_equal(first(), expected)


def test_it_works_before_the_second_device_is_there(pool: EncoderPool, photos: Pixels) -> None:
    first, second = pool._children
    assert first.ready(60)
    os.kill(second.pid or 0, signal.SIGSTOP)  # it will not be loaded for now
    assert len(pool.encode_images(photos)) == 5
    assert len(pool.encode_texts(["red"])) == 1
    os.kill(second.pid or 0, signal.SIGCONT)


def test_photos_of_a_child_that_cannot_work_go_to_the_other(
    pool: EncoderPool, photos: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = wait_for_all(pool)

    def refuse(pixels: Pixels) -> object:
        def wait() -> object:
            raise ModelError("There is not enough memory for this model.")

        return wait

    monkeypatch.setattr(first, "submit_images", refuse)
    expected = ColourEncoder().encode_images(photos)
    waiting = [pool.submit_images(photos) for _ in range(4)]
    for wait in waiting:
        np.testing.assert_array_equal(wait(), expected)
    assert pool._children == [second]
    monkeypatch.setattr(second, "submit_images", refuse)
    with pytest.raises(ModelError, match="not enough memory"):
        pool.encode_images(photos)


def test_a_killed_child_loses_no_photo(pool: EncoderPool, photos: Pixels) -> None:
    first, second = wait_for_all(pool)
    for child in (first, second):
        os.kill(child.pid or 0, signal.SIGSTOP)
    waiting = [pool.submit_images(photos) for _ in range(4)]
    os.kill(first.pid or 0, signal.SIGKILL)
    os.kill(second.pid or 0, signal.SIGCONT)
    expected = ColourEncoder().encode_images(photos)
    for wait in waiting:
        np.testing.assert_array_equal(wait(), expected)


def test_photos_that_end_every_process_are_given_up_and_the_children_stay(
    pool: EncoderPool, photos: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = wait_for_all(pool)
    asked: list[EncoderProcess] = []
    for child in children:

        def die(pixels: Pixels, child: EncoderProcess = child) -> object:
            def wait() -> object:
                asked.append(child)
                raise EncoderDiedError("The model's process ended twice while working on the same photos.")

            return wait

        monkeypatch.setattr(child, "submit_images", die)
    with pytest.raises(EncoderDiedError):
        pool.encode_images(photos)
    assert len(asked) == 2
    assert set(map(id, asked)) == set(map(id, children))
    assert pool._children == children


def test_a_device_that_is_not_there_is_left_out_as_long_as_another_is(tmp_path: Path, tiny_folder: Path) -> None:
    source = find_model(str(tiny_folder), tmp_path)
    pool = EncoderPool(source, ["quantum", "cpu"], threads=1)
    try:
        assert pool.encode_images(np.zeros((2, 32, 32, 3), np.uint8)).shape == (2, 16)
        assert pool.device.startswith("CPU")
    finally:
        pool.close()


def test_commas_and_all_make_a_pool(tmp_path: Path, tiny_folder: Path) -> None:
    source = find_model(str(tiny_folder), tmp_path)
    for device, pooled in (("cpu, cpu", True), (ALL, True), ("cpu", False), ("auto", False)):
        encoder = open_encoder(source, device, threads=1)
        encoder.close()
        assert isinstance(encoder, EncoderPool) is pooled
