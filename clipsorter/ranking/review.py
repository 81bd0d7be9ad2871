"""Which photos a person should look at, most useful question first."""

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.similarity import Ranking

CLOSE = 0.1  # of probability between the two best candidates


def choose_review(
    photo_ids: NDArray[np.int64],
    ranking: Ranking,
    cutoffs: NDArray[np.float32],
    home: NDArray[np.intp],
    decided: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Photo ids that stand between two bins or at a cut-off and were not decided, the closest first.

    ``home`` [N] is the bin of each photo, -1 for Unsorted.
    """
    rows = np.flatnonzero((ranking.margin < CLOSE) & ~decided & (home >= 0))
    return photo_ids[rows[np.lexsort((photo_ids[rows], ranking.margin[rows]))]]
