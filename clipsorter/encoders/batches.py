"""How many photos at once: a short probe on the device that will do the work. No torch here."""

from collections.abc import Callable
from time import monotonic

ON_CPU = 8  # for one thread, and at least: more gains nothing there (design, section 8)
FOR_EACH_THREAD = 2  # ViT-B-32: 99.8 ms per photo alone, 89.8 in fours, 88.7 in eights
SIZES = (8, 16, 32, 64, 128, 256)
GAIN = 1.1  # a larger batch has to be this much faster to be worth its memory
LONGEST_STEP = 0.5  # seconds: a person who pauses or searches waits for one batch at most
LONGEST_PROBE = 2.0  # seconds for the whole probe


def batch_on_cpu(threads: int) -> int:
    """Photos at once where every one of ``threads`` threads takes its own piece of the batch."""
    return max(ON_CPU, FOR_EACH_THREAD * threads)


def find_batch_size(
    encode: Callable[[int], bool], *, is_cpu: bool = False, clock: Callable[[], float] = monotonic
) -> int:
    """The batch size with the best rate that is still quick; ``encode(count)`` works once and is False out of memory.

    The largest size tried fits into memory with room to spare, because the next one was tried too or was not needed.
    """
    if is_cpu:
        return ON_CPU
    begun = clock()
    if not encode(SIZES[0]):  # the first call also warms the device up, so its time says nothing
        return 1
    best, best_rate = 1, 0.0
    for size in SIZES:
        started = clock()
        if not encode(size):
            break
        ended = clock()
        rate = size / max(ended - started, 1e-9)
        if rate < GAIN * best_rate or (ended - started > LONGEST_STEP and best_rate):
            break
        best, best_rate = size, rate
        if ended - begun > LONGEST_PROBE:
            break
    return best
