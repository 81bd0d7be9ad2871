"""The board: every photo in exactly one bin, best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.columns import Digests
from clipsorter.ranking.cutoffs import clear
from clipsorter.ranking.examples import NOWHERE, Examples, find_examples
from clipsorter.ranking.ordering import order_groups
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
    decided: NDArray[np.bool_]  # True where a person put it here

    def __len__(self) -> int:
        return len(self.photo_ids)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Bin":
        """The bin with only these of its photos, in this order."""
        return Bin(self.name, self.photo_ids[rows], self.similarity[rows], self.probability[rows], self.decided[rows])

    def join(self, other: "Bin") -> "Bin":
        """The bin with another one's photos behind its own."""
        return Bin(
            self.name,
            np.concatenate([self.photo_ids, other.photo_ids]),
            np.concatenate([self.similarity, other.similarity]),
            np.concatenate([self.probability, other.probability]),
            np.concatenate([self.decided, other.decided]),
        )

    def home(self, row: int) -> str | None:
        """The name of the bin that a photo stands in; None is Unsorted."""
        return self.name

    def homes_of(self, rows: NDArray[np.intp]) -> tuple[str | None, ...]:
        """The names of all bins that these photos stand in, each once."""
        return (self.name,) if len(rows) else ()


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """All bins: the categories in the person's order, then Unsorted. Each photo id stands in exactly one bin."""

    bins: tuple[Bin, ...]
    review: NDArray[np.int64]  # photo ids that could as well stand elsewhere, most useful question first
    hits: int | None = None  # photos shown when a search filters the board; None without a search
    narrowed: bool = False  # to some of the photos, by something else than a search

    @property
    def unsorted(self) -> Bin:
        """The last bin: photos that clear no cut-off."""
        return self.bins[-1]


def build_board(
    photo_ids: NDArray[np.int64],
    digests: Digests,
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
    home, decided = assign(ranking, cutoffs, examples)
    compared = np.where(home >= 0, home, ranking.best)
    similarity, probability = ranking.similarity_to(compared), ranking.probability_to(compared)
    by_id = np.argsort(photo_ids, kind="stable")
    order = by_id[order_groups(home[by_id], similarity[by_id])]
    columns = (photo_ids[order], similarity[order], probability[order], decided[order])
    # Unsorted is counted as the place before the first, and its photos come last.
    ends = np.roll(np.bincount(home + 1, minlength=len(ranking.names) + 1), -1).cumsum()
    parts = zip(*(np.split(column, ends[:-1]) for column in columns), strict=True)
    bins = tuple(Bin(name, *part) for name, part in zip((*ranking.names, None), parts, strict=True))
    return Board(bins, choose_review(photo_ids, ranking, cutoffs, home, decided))


def assign(
    ranking: Ranking, cutoffs: NDArray[np.float32], examples: Examples
) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """The bin of every photo, [N] (NOWHERE: Unsorted), and whether a person put it there."""
    home = np.full(len(ranking), NOWHERE, np.int16)
    decided = np.zeros(len(ranking), np.bool_)
    nearest = np.full(len(ranking), -np.inf, np.float32)
    for column in range(len(ranking.names)):
        cosine = ranking.cosine[:, column]
        closer = (cosine > nearest) & clear(ranking, column, cutoffs[column], examples)
        if ranking.excluded is not None:
            closer &= ~ranking.excluded[:, column]
        closer[examples.rows[(examples.bins == column) & ~examples.accepted]] = False
        home[closer] = column
        np.copyto(nearest, cosine, where=closer)
    accepted = examples.accepted
    home[examples.rows[accepted]] = examples.bins[accepted]
    decided[examples.rows[accepted]] = True
    return home, decided


def percent(probability: float) -> str:
    """As people read it, rounded down: only what is certain is 100 %, only what is impossible 0 %."""
    if 0 < probability < 0.01:
        return "<1%"
    return f"{int(probability * 100 + 1e-4)}%"
