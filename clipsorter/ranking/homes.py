"""Several homes: in Tag mode a photo belongs to every category it clears; a child's photo counts for its parent."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.board import Board
from clipsorter.ranking.cutoffs import clear
from clipsorter.ranking.examples import NO_EXAMPLES, NOWHERE, Examples
from clipsorter.ranking.similarity import Ranking
from clipsorter.values import Category


def find_homes(
    ranking: Ranking, cutoffs: NDArray[np.float32], *, examples: Examples = NO_EXAMPLES
) -> NDArray[np.bool_]:
    """Which categories each photo belongs to, [N, K].

    A photo belongs where its cosine reaches the cut-off; where there is no cut-off (minus infinity) only its best
    category counts, for else every photo would belong everywhere. A person's word on a photo and a category always
    wins, and "none of these" takes all categories away.
    """
    homes = np.zeros(ranking.cosine.shape, np.bool_)
    for column, cutoff in enumerate(cutoffs):
        if np.isfinite(cutoff):
            homes[:, column] = clear(ranking, column, cutoff, examples)
    nearest = np.flatnonzero(ranking.best >= 0)
    nearest = nearest[cutoffs[ranking.best[nearest]] == -np.inf]
    homes[nearest, ranking.best[nearest]] = True
    if ranking.excluded is not None:
        homes &= ~ranking.excluded
    homes[examples.rows[examples.bins == NOWHERE]] = False
    told = examples.bins != NOWHERE
    homes[examples.rows[told], examples.bins[told]] = examples.accepted[told]
    return homes


def count_with_children(board: Board, categories: Sequence[Category]) -> Mapping[str, int]:
    """Photos per category of a board, those of its children, their children and so on included."""
    counts = dict.fromkeys((category.name for category in categories), 0)
    for column in board.bins:
        if column.name in counts:
            for name in (column.name, *ancestors(column.name, categories)):
                if name in counts:
                    counts[name] += len(column)
    return counts


def ancestors(name: str, categories: Sequence[Category]) -> tuple[str, ...]:
    """The categories above one, nearest first; a circle ends where it closes."""
    parents = {category.name: category.parent for category in categories}
    above: list[str] = []
    while (name := parents.get(name, "")) and name not in above:
        above.append(name)
    return tuple(above)
