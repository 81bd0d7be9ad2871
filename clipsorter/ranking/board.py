"""The board: every photo in exactly one bin, best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.examples import NOWHERE, Examples, find_examples
from clipsorter.ranking.review import choose_review
from clipsorter.ranking.similarity import Ranking
from clipsorter.values import Decision


@dataclass(frozen=True, slots=True, eq=False)
class Bin:
    """One column of the board. All arrays are aligned, [n], ranked best first."""

    name: str | None  # None: Unsorted
    photo_ids: NDArray[np.int64]
    similarity: NDArray[np.float32]  # cosine to this bin's category; in Unsorted to the best category
    probability: NDArray[np.float32]  # of this bin's category (Unsorted: of the best), in [0, 1]
    margin: NDArray[np.float32]  # best minus runner-up probability, in [0, 1]
    decided: NDArray[np.bool_]  # True where a person put it here

    def __len__(self) -> int:
        return len(self.photo_ids)


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """All bins: the categories in the person's order, then Unsorted. Each photo id stands in exactly one bin."""

    bins: tuple[Bin, ...]
    review: NDArray[np.int64]  # photo ids close between two bins or at a cut-off, most useful question first
    hits: int | None = None  # photos shown when a search filters the board; None without a search

    @property
    def unsorted(self) -> Bin:
        """The last bin: photos that clear no cut-off."""
        return self.bins[-1]


def build_board(
    photo_ids: NDArray[np.int64],
    digests: Sequence[str],
    ranking: Ranking,
    cutoffs: NDArray[np.float32],
    decisions: Mapping[str, Sequence[Decision]],
    *,
    examples: Examples | None = None,
) -> Board:
    """Put every photo into exactly one bin: the categories in the person's order, then Unsorted.

    ``photo_ids``, ``digests`` and ``ranking`` are aligned, N photos; ``cutoffs`` [K] on the cosine; ``decisions`` by
    digest. A person's "yes" always wins ("none of these" means Unsorted), a "no" keeps the photo out of that bin, and
    decisions on categories that are not in the list are ignored. All others go to the nearest category whose cut-off
    they clear, or to Unsorted. Ties are broken by photo id, so the same input gives the same board. ``examples`` may
    pass in what ``find_examples`` found before.
    """
    if examples is None:
        examples = find_examples(digests, ranking.names, decisions)
    home, decided = _assign(ranking, cutoffs, examples)
    column = np.where(home >= 0, home, ranking.best)
    similarity = ranking.similarity.copy()
    probability = np.zeros(len(ranking), np.float32)
    rows = np.flatnonzero(column >= 0)
    similarity[rows] = ranking.cosine[rows, column[rows]]
    probability[rows] = ranking.probability_at(rows, column[rows])
    order = np.lexsort((photo_ids, -similarity, home))
    ends = np.searchsorted(home[order], np.arange(NOWHERE, len(ranking.names) + 1))
    names: tuple[str | None, ...] = (None, *ranking.names)
    bins = [
        Bin(
            name,
            photo_ids[members],
            similarity[members],
            probability[members],
            ranking.margin[members],
            decided[members],
        )
        for name, start, end in zip(names, ends[:-1], ends[1:], strict=True)
        for members in (order[start:end],)
    ]
    review = choose_review(photo_ids, ranking, cutoffs, home, decided)
    return Board((*bins[1:], bins[0]), review)


def _assign(
    ranking: Ranking, cutoffs: NDArray[np.float32], examples: Examples
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The bin of every photo, [N] (NOWHERE: Unsorted), and whether a person put it there."""
    photos, categories = ranking.cosine.shape
    home = np.full(photos, NOWHERE, np.intp)
    decided = np.zeros(photos, np.bool_)
    if categories:
        refused = examples.rows[~examples.accepted], examples.bins[~examples.accepted]
        possible = ranking.cosine >= cutoffs
        if ranking.excluded is not None:
            possible &= ~ranking.excluded
        possible[refused] = False
        home[:] = np.where(possible, ranking.cosine, -np.inf).argmax(axis=1)
        home[~possible.any(axis=1)] = NOWHERE
    accepted = examples.accepted
    home[examples.rows[accepted]] = examples.bins[accepted]
    decided[examples.rows[accepted]] = True
    return home, decided
