"""Photos that look alike: more like these, exact copies, and near-duplicates such as bursts, re-saves and crops."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.ordering import order_best_first
from clipsorter.ranking.similarity import refuse_unusable
from clipsorter.values import Embeddings

_SKETCH = 32  # dimensions of the quick first look
_BLOCK = 2048


def find_similar(embeddings: Embeddings, rows: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """All other photos, most similar to these first, and their cosines [N] to the mean of these.

    Raises ValueError when ``rows`` is empty or an embedding is zero or not finite.
    """
    chosen = np.asarray(rows, np.intp)
    if len(chosen) == 0:
        raise ValueError("Similar to nothing is not a question.")
    direction = embeddings[chosen].mean(axis=0)
    cosine = embeddings @ (direction / np.linalg.norm(direction))
    refuse_unusable(embeddings, cosine[:, None])
    others = np.ones(len(embeddings), np.bool_)
    others[chosen] = False
    return order_best_first(cosine, np.flatnonzero(others)), cosine


def group_copies(digests: Sequence[str]) -> tuple[NDArray[np.intp], ...]:
    """Rows of photos with the same content, in groups of at least two."""
    places: dict[str, list[int]] = {}
    for row, digest in enumerate(digests):
        places.setdefault(digest, []).append(row)
    return tuple(np.array(rows, np.intp) for rows in places.values() if len(rows) > 1)


def find_near_pairs(embeddings: Embeddings, *, near: float) -> Iterator[NDArray[np.intp]]:
    """All pairs [P, 2] of photos whose cosine is at least ``near``, block by block: each step is short.

    Exact, though the first look is at a projection on 32 of D dimensions: a projection never lengthens a difference,
    so a pair that is farther apart there than sqrt(2 - 2 near) is farther apart everywhere. The dimensions are those
    in which the photos differ most, and nearly all pairs end there.
    """
    if len(embeddings) < 2:
        return
    sample = embeddings[:: max(1, len(embeddings) // _BLOCK)]
    centre = sample.mean(axis=0)
    _, axes = np.linalg.eigh((sample - centre).T @ (sample - centre))
    sketch = (embeddings - centre) @ axes[:, -_SKETCH:]
    half = 0.5 * (sketch**2).sum(axis=1)
    # |a - b|^2 / 2 <= 1 - near, with room for float32.
    limit = np.float32(1 - near + 1e-4)
    for first in range(0, len(embeddings), _BLOCK):
        found = [np.zeros((0, 2), np.intp)]
        for second in range(first, len(embeddings), _BLOCK):
            one, other = slice(first, first + _BLOCK), slice(second, second + _BLOCK)
            apart = sketch[one] @ -sketch[other].T
            apart += half[one, None]
            apart += half[other]
            left, right = np.nonzero(apart <= limit)
            left, right = left + first, right + second
            left, right = left[left < right], right[left < right]
            close = np.einsum("pd,pd->p", embeddings[left], embeddings[right]) >= near
            found.append(np.stack([left[close], right[close]], axis=1))
        yield np.concatenate(found)


def nearest_of(pairs: NDArray[np.intp], embeddings: Embeddings, count: int) -> NDArray[np.intp]:
    """Of these pairs [P, 2] those in which one row is among the ``count`` most similar partners of the other."""
    if len(pairs) == 0:
        return pairs
    cosine = np.concatenate(
        [
            np.einsum("pd,pd->p", embeddings[block[:, 0]], embeddings[block[:, 1]])
            for block in np.array_split(pairs, len(pairs) // _BLOCK + 1)
        ]
    )
    rows = np.concatenate([pairs[:, 0], pairs[:, 1]])
    order = np.lexsort((-np.concatenate([cosine, cosine]), rows))
    rows = rows[order]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)  # among the partners of its row
    kept = np.zeros(len(pairs), np.bool_)
    kept[order[place < count] % len(pairs)] = True
    return pairs[kept]


def group_pairs(pairs: Iterable[NDArray[np.intp]]) -> tuple[NDArray[np.intp], ...]:
    """Pairs joined into groups: rows that are connected by any chain, ascending, groups by their first row."""
    leader: dict[int, int] = {}

    def find(row: int) -> int:
        while leader.setdefault(row, row) != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    for block in pairs:
        for left, right in block.tolist():
            low, high = sorted((find(left), find(right)))
            leader[high] = low
    groups: dict[int, list[int]] = {}
    for row in sorted(leader):
        groups.setdefault(find(row), []).append(row)
    return tuple(np.array(rows, np.intp) for rows in groups.values())


def propose_keeper(
    rows: NDArray[np.intp], pixels: NDArray[np.integer], sharpness: NDArray[np.floating] | None = None
) -> int:
    """The row worth keeping of a group: most pixels [N], then sharpest [N], then the first."""
    sharp = np.zeros(len(rows)) if sharpness is None else np.asarray(sharpness)[rows]
    return int(rows[np.lexsort((rows, -sharp, -pixels[rows].astype(np.int64)))[0]])
