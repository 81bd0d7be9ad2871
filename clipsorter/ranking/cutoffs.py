"""The similarity from which a photo belongs to a category, set from the person's own photos.

A flat number cannot work: published ones reach from 0.15 to 0.36, because cosines differ between encoders and between
categories.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.examples import NO_EXAMPLES, Examples
from clipsorter.ranking.similarity import Ranking


def choose_cutoffs(
    ranking: Ranking,
    strictness: float,
    *,
    overrides: Sequence[float | None] = (),
    examples: Examples = NO_EXAMPLES,
) -> NDArray[np.float32]:
    """One cut-off per category, [K], on the cosine: a photo at or above it belongs.

    ``strictness`` in [0, 1] holds for all categories, ``overrides`` (aligned with them, None: the common one) for
    single ones; 0 gives minus infinity, so nothing goes to Unsorted.
    """
    wanted = [strictness] * len(ranking.names)
    for column, override in enumerate(overrides):
        if override is not None:
            wanted[column] = override
    if any(not 0 <= one <= 1 for one in wanted):
        raise ValueError("Strictness lies between 0 and 1.")
    cutoffs = np.full(len(wanted), -np.inf, np.float32)
    for column, one in enumerate(wanted):
        if one > 0 and len(ranking):
            cutoffs[column] = np.median(ranking.background) + 0.04 * (one - 0.5)
    return cutoffs
