"""Which of very many photos are near each other, in a time that grows with their number and not with its square.

Photos are split in half again and again by random directions, until a leaf holds few enough to compare all of them
with each other. Near photos mostly fall on the same side, and what one such tree tears apart another keeps together
(random projection trees: Dasgupta and Freund, 2008; forests of them as in Bernhardsson's Annoy). Every split is at the
median, so neither 5,000 frames of one scene nor one huge cluster make a leaf or the work larger.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from clipsorter.values import Embeddings

LEAF = 64  # photos, at least half of it
ALL_AT_ONCE = 512  # so few are compared directly
_LEAVES_AT_ONCE = 256

Pairs = NDArray[np.intp]  # [P, 2], rows, the smaller one first
NO_PAIRS: Pairs = np.zeros((0, 2), np.intp)


def find_near_pairs(embeddings: Embeddings, *, near: float, most: int, trees: int) -> Iterator[Pairs]:
    """Pairs of photos whose cosine is at least ``near``, a few leaves at a time; a pair may come again in a later tree.

    ``embeddings`` [N, D] are rows of length 1, or zeros, which are near nothing. A photo brings at most its ``most``
    nearest of a leaf. Up to ``ALL_AT_ONCE`` photos one leaf holds them all. The same input gives the same pairs. A step
    takes a tenth of a second or less.
    """
    photos, dimension = embeddings.shape
    if photos < 2:
        return
    random = np.random.default_rng(0)
    depth = 0 if photos <= ALL_AT_ONCE else int(np.ceil(np.log2(photos / LEAF)))
    for _ in range(trees if depth else 1):
        directions = random.standard_normal((dimension, depth), np.float32)
        leaves = _split(embeddings @ directions, random.permutation(photos))
        yield NO_PAIRS
        for start in range(0, len(leaves), _LEAVES_AT_ONCE):
            yield merge_pairs(_compare(embeddings, leaves[start : start + _LEAVES_AT_ONCE], near, most))


def merge_pairs(*blocks: Pairs) -> Pairs:
    """All pairs of these blocks once, in order."""
    codes = np.unique(_codes(np.concatenate(blocks)))
    return np.stack([codes >> 32, codes & 0xFFFFFFFF], axis=1).astype(np.intp)


def _codes(pairs: Pairs) -> NDArray[np.int64]:
    """One number for each pair: it sorts faster than two."""
    codes: NDArray[np.int64] = pairs[:, 0].astype(np.int64) << 32 | pairs[:, 1]
    return codes


def _split(places: NDArray[np.float32], order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Leaves [2**depth, n] of rows, by ``places`` [N, depth] along one direction per level; a few rows come twice."""
    depth = places.shape[1]
    size = -(-len(order) // 2**depth)
    leaves = np.resize(order, (1, size * 2**depth))
    for level in range(depth):
        half = leaves.shape[1] // 2
        halves = np.argpartition(places[leaves, level], half, axis=1)
        leaves = np.take_along_axis(leaves, halves, axis=1).reshape(-1, half)
    return leaves


def _compare(embeddings: Embeddings, leaves: NDArray[np.intp], near: float, most: int) -> Pairs:
    chosen = embeddings[leaves]
    cosine = chosen @ chosen.transpose(0, 2, 1)
    cosine[leaves[:, :, None] == leaves[:, None, :]] = -np.inf
    kept = min(most, leaves.shape[1] - 1)
    nearest = np.argpartition(-cosine, kept - 1, axis=2)[:, :, :kept]
    leaf, place, rank = np.nonzero(np.take_along_axis(cosine, nearest, axis=2) >= near)
    pairs = np.stack([leaves[leaf, place], leaves[leaf, nearest[leaf, place, rank]]], axis=1)
    return np.sort(pairs, axis=1)


def measure_pairs(vectors: NDArray[np.float32], pairs: Pairs) -> NDArray[np.float32]:
    """The products of the rows of each pair, [P]."""
    blocks = np.array_split(pairs, len(pairs) // 8192 + 1)
    return np.concatenate([np.einsum("pd,pd->p", vectors[one[:, 0]], vectors[one[:, 1]]) for one in blocks])


class NearestPairs:
    """Of all pairs that were added those in which one row is among the ``count`` most similar partners of the other."""

    def __init__(self, embeddings: Embeddings, count: int) -> None:
        self.pairs = NO_PAIRS
        self._cosine = np.zeros(0, np.float32)
        self._embeddings = embeddings
        self._count = count

    def add(self, *blocks: Pairs) -> None:
        """Take these pairs in, known or new."""
        pairs = merge_pairs(*blocks)
        pairs = pairs[~np.isin(_codes(pairs), _codes(self.pairs))]
        pairs, cosine = (
            np.concatenate([self.pairs, pairs]),
            np.concatenate([self._cosine, measure_pairs(self._embeddings, pairs)]),
        )
        # One number per row and partner that sorts by row and, within a row, the most similar partner first.
        bits = (np.float32(0) - cosine).view(np.uint32)
        descending = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31)).astype(np.uint64)
        rows = np.concatenate([pairs[:, 0], pairs[:, 1]]).astype(np.uint64)
        order = np.argsort(rows << np.uint64(32) | np.concatenate([descending, descending]), kind="stable")
        rows = rows[order]
        place = np.arange(len(rows)) - np.searchsorted(rows, rows)  # among the partners of its row
        kept = np.zeros(len(pairs), np.bool_)
        kept[order[place < self._count] % max(1, len(pairs))] = True
        self.pairs, self._cosine = pairs[kept], cosine[kept]


class Groups:
    """Rows that are connected by any chain of joined pairs."""

    def __init__(self) -> None:
        self._leader: dict[int, int] = {}

    def join(self, left: int, right: int) -> None:
        """Make one group of the groups of these rows."""
        low, high = sorted((self._find(left), self._find(right)))
        self._leader[high] = low

    def are_joined(self, left: int, right: int) -> bool:
        """Whether a chain connects these rows."""
        return self._find(left) == self._find(right)

    def groups(self) -> tuple[NDArray[np.intp], ...]:
        """All groups of at least two: rows ascending, groups by their first row."""
        members: dict[int, list[int]] = {}
        for row in sorted(self._leader):
            members.setdefault(self._find(row), []).append(row)
        return tuple(np.array(rows, np.intp) for rows in members.values() if len(rows) > 1)

    def _find(self, row: int) -> int:
        leader = self._leader
        while leader.setdefault(row, row) != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row
