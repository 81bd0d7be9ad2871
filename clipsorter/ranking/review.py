"""Which photos a person should look at, most useful question first."""

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.ordering import order_best_first
from clipsorter.ranking.similarity import Ranking

# In spreads of chance (similarity.Chance). With 15 of 104 kinds as categories and a quarter strays this asks about 9 %
# of the photos, of which 53 % stand wrong, and 8 % of all others do (4 seeds); half a spread asks
# about 15 % and is right less often.
DOUBT = 0.3


def choose_review(
    photo_ids: NDArray[np.int64],
    ranking: Ranking,
    cutoffs: NDArray[np.float32],
    home: NDArray[np.integer],
    decided: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Photo ids that stand between two bins or at a cut-off and were not decided, the most useful question first.

    ``home`` [N] is the bin of each photo, -1 for Unsorted. A photo's doubt is the smaller of two distances on the
    cosine: to the next-best category that it could be in instead, and to the cut-off that it clears or misses. The
    smallest doubt comes first (margin sampling: Scheffer et al., "Active Hidden Markov Models", 2001).
    """
    doubt = np.full(len(ranking), np.inf, np.float32)
    rival = np.full(len(ranking), -np.inf, np.float32)
    own = np.full(len(ranking), -np.inf, np.float32)
    for column, cutoff in enumerate(cutoffs):
        cosine = ranking.cosine[:, column]
        here = home == column
        np.copyto(own, cosine, where=here)
        np.maximum(rival, cosine, out=rival, where=(cosine >= cutoff) & ~here)
        if cutoff > -np.inf:
            np.minimum(doubt, np.abs(cosine - cutoff), out=doubt, where=here | (home < 0))
    between = (own > -np.inf) & (rival > -np.inf)
    np.minimum(doubt, np.abs(np.where(between, own, 0) - np.where(between, rival, 0)), out=doubt, where=between)
    asked = np.flatnonzero((doubt < DOUBT * ranking.chance.spread) & ~decided)
    asked = asked[np.argsort(photo_ids[asked], kind="stable")]
    return photo_ids[order_best_first(-doubt, asked)]
