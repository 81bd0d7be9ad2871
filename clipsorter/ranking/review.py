"""Which photos a person should look at, most useful question first.

The closest call is often an odd picture, and its answer teaches nothing about others. So the photos that could as well
stand elsewhere are grouped by what they resemble, and the one in the middle of each group is asked about, of the
largest group first (representative sampling: Xu et al., "Representative Sampling for Text Classification Using Support
Vector Machines", 2003). The closest calls follow.

With one category there is only nearer and farther, and the largest groups are the plain strays. There the questions
are spread evenly from the surest member to the plainest stray among the doubtful.
"""

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.blocks import in_blocks
from clipsorter.ranking.ordering import order_best_first
from clipsorter.ranking.similarity import Ranking

# In spreads of chance (similarity.Chance): a photo that near to another place is asked about in any case.
DOUBT = 0.3
# A photo that far from every other place is where it belongs. Cut-offs that are wrong are wrong by one or two spreads,
# so with a smaller number whole groups in Unsorted are never asked about.
CERTAIN = 3.0
GROUPS = 40  # at most, and one for every five doubtful photos; with 20 or with one for every ten less is learned
PER_GROUP = 5
CONSIDERED = 512  # doubtful photos, evenly drawn: as good as 1,024
_ROUNDS = 4  # of k-means


def choose_review(
    photo_ids: NDArray[np.int64],
    ranking: Ranking,
    cutoffs: NDArray[np.float32],
    home: NDArray[np.integer],
    decided: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Photo ids that could as well stand elsewhere and were not decided, the most useful question first.

    ``home`` [N] is the bin of each photo, -1 for Unsorted.
    """
    doubt = measure_doubt(ranking, cutoffs, home)
    open_rows = np.flatnonzero((doubt < CERTAIN * ranking.chance.spread) & ~decided)
    open_rows = open_rows[np.argsort(photo_ids[open_rows], kind="stable")]
    considered = open_rows[:: max(1, -(-len(open_rows) // CONSIDERED))]
    groups = min(GROUPS, -(-len(considered) // PER_GROUP))
    if len(ranking.names) == 1:
        middles = considered[spread_out(ranking.cosine[considered, 0])[:groups]]
    else:
        middles = considered[find_middles(ranking.cosine[considered], groups)]
    close = open_rows[doubt[open_rows] < DOUBT * ranking.chance.spread]
    close = order_best_first(-doubt, close[~np.isin(close, middles)])
    questions: NDArray[np.int64] = photo_ids[np.concatenate([middles, close])]
    return questions


def measure_doubt(ranking: Ranking, cutoffs: NDArray[np.float32], home: NDArray[np.integer]) -> NDArray[np.float32]:
    """How far each photo is from standing elsewhere, [N], on the cosine; infinite where nothing else is possible.

    That is the smaller of two distances: to the next-best category whose cut-off it clears, and to the cut-off of its
    own (in Unsorted: to the nearest one).
    """
    doubt = np.full(len(ranking), np.inf, np.float32)
    if not ranking.names:
        return doubt

    def measure(rows: slice) -> None:
        cosine, own = ranking.cosine[rows].T, home[rows]
        above = cosine - cutoffs[:, None]
        if ranking.excluded is not None:
            above[ranking.excluded[rows].T] = -np.inf
        inside = np.flatnonzero(own >= 0)
        place = own[inside], inside
        doubt[rows] = np.abs(above).min(axis=0)
        rivals = np.where(above >= 0, cosine, -np.inf)
        rivals[place] = -np.inf
        to_rival = np.abs(cosine[place] - rivals.max(axis=0)[inside])
        doubt[rows][inside] = np.minimum(to_rival, np.abs(above[place]))

    in_blocks(measure, len(ranking))
    return doubt


def find_middles(points: NDArray[np.float32], groups: int) -> NDArray[np.intp]:
    """The point nearest to the middle of each group of ``points`` [n, K], of the largest group first (k-means).

    At most ``groups``, which begin at evenly drawn points, so that the same input gives the same groups.
    """
    if len(points) == 0:
        return np.zeros(0, np.intp)
    middles = points[np.linspace(0, len(points) - 1, groups).astype(np.intp)]
    for _ in range(_ROUNDS):
        group = _distances(points, middles).argmin(axis=1)
        sums = np.zeros_like(middles)
        np.add.at(sums, group, points)
        sizes = np.bincount(group, minlength=groups)
        middles = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], middles).astype(np.float32)
    distances = _distances(points, middles)
    group = distances.argmin(axis=1)
    distances[np.arange(groups)[None, :] != group[:, None]] = np.inf
    sizes = np.bincount(group, minlength=groups)
    largest = np.argsort(-sizes, kind="stable")
    nearest: NDArray[np.intp] = distances.argmin(axis=0)[largest[sizes[largest] > 0]]
    return nearest


def spread_out(points: NDArray[np.float32]) -> NDArray[np.intp]:
    """All ``points`` [n] so that any first few are spread evenly over them: the middle one, then those of the halves...

    The order of van der Corput, 1935.
    """
    if len(points) == 0:
        return np.zeros(0, np.intp)
    bits = len(points).bit_length()
    numbers = np.arange(1, 2**bits + 1)
    shares = np.sum([(numbers >> bit & 1) / 2.0 ** (bit + 1) for bit in range(bits)], axis=0)
    places = (shares * len(points)).astype(np.intp)
    first = np.sort(np.unique(places, return_index=True)[1])
    order: NDArray[np.intp] = np.argsort(points, kind="stable")[places[first]]
    return order


def _distances(points: NDArray[np.float32], middles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Squared distances [n, groups], less what they have in common."""
    distances: NDArray[np.float32] = (middles**2).sum(axis=1) - 2 * points @ middles.T
    return distances
