"""Sorting and finding photos by number, fast enough to do both after every key press."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def order_best_first(similarity: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """``rows`` by descending ``similarity`` [N]; equal ones keep the order in which they are given.

    The bits of a float32, read as an integer, sort like the number itself once negative ones are turned over. Paired
    with the place in ``rows`` they make one integer per photo, and plain integers sort several times faster than a
    stable sort of indices. N is at most 2**32.
    """
    keys = (-similarity[rows]).astype(np.float32) + np.float32(0)  # minus zero becomes zero
    bits = keys.view(np.uint32)
    sortable = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31)).astype(np.uint64)
    sortable <<= np.uint64(32)
    sortable |= np.arange(len(rows), dtype=np.uint64)
    sortable.sort()
    ordered: NDArray[np.intp] = rows[(sortable & np.uint64(0xFFFFFFFF)).astype(np.intp)]
    return ordered


def locate(photo_ids: NDArray[np.int64]) -> Callable[[NDArray[np.int64]], NDArray[np.intp]]:
    """A function from photo ids to their positions in ``photo_ids`` [N], which are unique and in any order."""
    if len(photo_ids) == 0:
        return lambda ids: np.zeros(len(ids), np.intp)
    first, last = int(photo_ids.min()), int(photo_ids.max())
    if last - first < 8 * len(photo_ids) + 1024:  # dense enough for a plain table
        table = np.zeros(last - first + 1, np.intp)
        table[photo_ids - first] = np.arange(len(photo_ids))
        return lambda ids: table[ids - first]
    order = np.argsort(photo_ids, kind="stable")
    return lambda ids: order[np.searchsorted(photo_ids, ids, sorter=order)]
