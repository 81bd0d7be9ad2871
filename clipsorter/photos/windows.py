"""Where in one picture another may have been cut out, guessed for thousands of pairs at once from their sketches.

A window has a size (0: the smallest crop that is looked for, 1: as large as fits) and a place (0: left or top, 1: the
other side). Reading a window off a sketch is a matrix, and it depends on nothing but the shapes of the two pictures; so
all windows of all pairs with about the same shapes are one matrix product.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from clipsorter.photos.sketch import BYTES, PLACES

SMALLEST_CROP = 0.55  # of the side of the whole

Place = tuple[float, float, float]  # size, across, down; each in [0, 1]

_SIDE = 6  # places per side at which a window is compared
_SMOOTH = 0.8  # share of the surroundings that is taken away: what is left still agrees when a window is a bit off
# Sizes, and how many places per side for each: larger windows can be moved less.
_SIZES = ((0.0, 5), (0.2, 5), (0.4, 4), (0.6, 3), (0.8, 3), (1.0, 3))
_PLACES: tuple[Place, ...] = tuple(
    (size, float(across), float(down))
    for size, count in _SIZES
    for across in np.linspace(0, 1, count)
    for down in np.linspace(0, 1, count)
)
_SHAPE_STEP = 0.1  # of the logarithm of width over height, between two matrices
_MOST_STEPS = 8  # shapes farther apart are not a crop of at least SMALLEST_CROP on both sides, or hardly
_AT_ONCE = 512  # pairs


def window_box(place: Place, change: float) -> tuple[float, float, float, float]:
    """A window's left, top, width and height, in shares of the whole's sides.

    ``change`` is the logarithm of width over height of the part, less that of the whole.
    """
    size, across, down = (min(1.0, max(0.0, one)) for one in place)
    ratio = float(np.exp(change))
    share = SMALLEST_CROP + size * (1 - SMALLEST_CROP)
    width, height = min(1.0, ratio) * share, min(1.0, 1 / ratio) * share
    return across * (1 - width), down * (1 - height), width, height


def best_windows(
    sketches: NDArray[np.uint8], shapes: NDArray[np.floating], pairs: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float32], list[Place]]]:
    """How well the second picture of each pair fits its best window of the first.

    ``sketches`` [N, 256], ``shapes`` [N] are logarithms of width over height, ``pairs`` [P, 2] rows. Yields a few pairs
    at a time, by number, with correlations in [-1, 1] and places. Pairs whose shapes cannot fit are left out.
    """
    change = np.round((shapes[pairs[:, 1]] - shapes[pairs[:, 0]]) / _SHAPE_STEP).astype(np.intp)
    whole_part = _windows_of(0)[-1]
    for step in range(-_MOST_STEPS, _MOST_STEPS + 1):
        of_shape = np.flatnonzero(change == step)
        for start in range(0, len(of_shape), _AT_ONCE):
            block = of_shape[start : start + _AT_ONCE]
            wholes, parts = sketches[pairs[block].T].astype(np.float32)
            windows = (wholes @ _windows_of(step).reshape(-1, BYTES).T).reshape(len(block), len(_PLACES), -1)
            part = parts @ whole_part.T
            agreement = np.einsum("pwk,pk->pw", windows, part)
            agreement /= np.maximum(np.sqrt(np.einsum("pwk,pwk->pw", windows, windows)), _SIDE * 0.5)
            agreement /= np.maximum(np.linalg.norm(part, axis=1, keepdims=True), _SIDE * 0.5)
            best = agreement.argmax(axis=1)
            yield block, agreement[np.arange(len(block)), best], [_PLACES[one] for one in best.tolist()]


@lru_cache(maxsize=2 * _MOST_STEPS + 1)
def _windows_of(step: int) -> NDArray[np.float32]:
    """Matrices [windows, _SIDE**2, 256] from a sketch to what is compared; the last window is the largest."""
    return np.stack([_reading(window_box(place, step * _SHAPE_STEP)) for place in _PLACES]).astype(np.float32)


def _reading(box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    across, down = _shares(box[0], box[2]), _shares(box[1], box[3])
    bright = np.einsum("ay,bx->abyx", down, across)
    wide = np.pad(bright, ((1, 1), (1, 1), (0, 0), (0, 0)), mode="edge")
    around = np.mean([wide[row : row + _SIDE, left : left + _SIDE] for row in range(3) for left in range(3)], axis=0)
    sharpened: NDArray[np.float64] = bright - _SMOOTH * around
    reading: NDArray[np.float64] = (sharpened - sharpened.mean(axis=(0, 1))).reshape(-1, BYTES)
    return reading


def _shares(start: float, length: float) -> NDArray[np.float64]:
    """How much each of a sketch's places [PLACES] counts for each of _SIDE equal parts of an interval in [0, 1]."""
    edges = start + length * np.arange(_SIDE + 1)[:, None] / _SIDE
    places = np.arange(PLACES) / PLACES
    covered = np.minimum(edges[1:], places + 1 / PLACES) - np.maximum(edges[:-1], places)
    shares = np.clip(covered, 0, None)
    result: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return result
