"""The probe for a batch size, on devices that are only described."""

from collections.abc import Callable

import pytest

from clipsorter.encoders.batches import LONGEST_STEP, ON_CPU, SIZES, batch_on_cpu, find_batch_size


class Device:
    """Takes ``fixed`` seconds for a call and ``each`` for a photo; holds ``room`` photos."""

    def __init__(self, fixed: float, each: float, room: int = 10_000) -> None:
        self.fixed, self.each, self.room = fixed, each, room
        self.now = 0.0
        self.sizes: list[int] = []

    def encode(self, count: int) -> bool:
        self.sizes.append(count)
        self.now += self.fixed + self.each * count
        return count <= self.room

    def probe(self) -> int:
        return find_batch_size(self.encode, clock=lambda: self.now)


@pytest.mark.parametrize(
    ("device", "size"),
    [
        (lambda: Device(0.010, 0.0002), 256),  # a fast card: most of a small batch is waiting
        (lambda: Device(0.010, 0.0010), 64),
        (lambda: Device(0.0, 0.005), 8),  # no gain from more
        (lambda: Device(0.010, 0.0002, room=64), 64),
        (lambda: Device(0.010, 0.0002, room=8), 8),
        (lambda: Device(0.010, 0.0002, room=4), 1),
    ],
)
def test_the_fastest_batch_that_fits_is_chosen(device: Callable[[], Device], size: int) -> None:
    assert device().probe() == size


def test_a_slow_device_still_answers_a_person_soon() -> None:
    device = Device(0.2, 0.02)
    size = device.probe()
    assert 0.2 + 0.02 * size <= LONGEST_STEP
    assert device.now < 4


def test_a_probe_never_takes_long() -> None:
    device = Device(3.0, 0.0)
    assert device.probe() == SIZES[0]
    assert device.sizes == [SIZES[0], SIZES[0]]


def test_a_processor_is_not_probed() -> None:
    device = Device(0.0, 0.1)
    assert find_batch_size(device.encode, is_cpu=True) == ON_CPU
    assert not device.sizes


@pytest.mark.parametrize(("threads", "size"), [(1, 8), (2, 8), (4, 8), (5, 10), (16, 32)])
def test_every_thread_gets_two_photos_and_nobody_fewer_than_eight_in_all(threads: int, size: int) -> None:
    assert batch_on_cpu(threads) == size
