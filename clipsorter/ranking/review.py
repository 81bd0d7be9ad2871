"""Which photos a person should look at, most useful question first."""

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.similarity import Ranking

# Half a standard deviation of "no match" (see similarity.Chance): nearer than that, chance decides.
DOUBT = 0.5


def choose_review(
    photo_ids: NDArray[np.int64],
    ranking: Ranking,
    cutoffs: NDArray[np.float32],
    home: NDArray[np.intp],
    decided: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Photo ids that stand between two bins or at a cut-off and were not decided, the most useful question first.

    ``home`` [N] is the bin of each photo, -1 for Unsorted. A photo's doubt is the smaller of two distances on the
    cosine: to the next-best category that it could be in instead, and to the cut-off that it clears or misses. The
    smallest doubt comes first (margin sampling: Scheffer et al., "Active Hidden Markov Models", 2001).
    """
    photos, categories = ranking.cosine.shape
    if categories == 0:
        return photo_ids[:0]
    doubt = np.full(photos, np.inf, np.float32)
    with np.errstate(invalid="ignore"):
        for column in range(categories):
            distance = np.abs(ranking.cosine[:, column] - cutoffs[column])
            np.minimum(doubt, np.where((home == column) | (home < 0), distance, np.inf), out=doubt)
    if categories > 1:
        rows = np.flatnonzero(home >= 0)
        rivals = np.where(ranking.cosine[rows] >= cutoffs, ranking.cosine[rows], -np.inf)
        rivals[np.arange(len(rows)), home[rows]] = -np.inf
        behind = ranking.cosine[rows, home[rows]] - rivals.max(axis=1)
        doubt[rows] = np.minimum(doubt[rows], np.abs(behind))
    open_rows = np.flatnonzero((doubt < DOUBT * ranking.chance.spread) & ~decided)
    return photo_ids[open_rows[np.lexsort((photo_ids[open_rows], doubt[open_rows]))]]
