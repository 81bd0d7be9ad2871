"""Small worlds with known geometry for the ranking tests."""

from collections.abc import Generator, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from clipsorter.columns import Digests
from clipsorter.ranking.prompts import CategoryWeights, unit_rows

Result = TypeVar("Result")


def finish(steps: Generator[object, None, Result]) -> Result:
    """What long work gives at its end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result


def digest(number: int) -> str:
    """The digest of the photo with this number."""
    return f"{number:032x}"


def make_digests(numbers: Iterable[int]) -> Digests:
    """The digests of these photos."""
    return Digests.of(map(digest, numbers))


def make_weights(
    rows: NDArray[np.floating],
    *,
    names: Sequence[str] = (),
    background: NDArray[np.floating] | None = None,
    exclusions: Sequence[NDArray[np.floating]] = (),
    reference: NDArray[np.floating] | None = None,
) -> CategoryWeights:
    """Category weights from plain rows; names default to c0, c1..."""
    empty = np.zeros((0, rows.shape[1]), np.float32)
    return CategoryWeights(
        names=tuple(names) or tuple(f"c{number}" for number in range(len(rows))),
        weights=unit_rows(rows) if len(rows) else empty,
        background=empty if background is None else unit_rows(background),
        exclusions=tuple(unit_rows(one) for one in exclusions) or (empty,) * len(rows),
        reference=empty if reference is None else unit_rows(reference),
    )


def random_rows(seed: int, count: int, dimension: int = 16) -> NDArray[np.float32]:
    """Unit rows in all directions."""
    if count == 0:
        return np.zeros((0, dimension), np.float32)
    return unit_rows(np.random.default_rng(seed).normal(size=(count, dimension)))


def crowd(seed: int, centres: NDArray[np.float32], each: int, noise: float = 0.15) -> NDArray[np.float32]:
    """``each`` unit rows around every centre."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(centres, each, axis=0)
    return unit_rows(rows + noise * rng.normal(size=rows.shape))
