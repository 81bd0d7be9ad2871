"""The similarity from which a photo belongs to a category, set from the person's own photos.

A flat number cannot work: published ones reach from 0.15 to 0.36, because cosines differ between encoders. Four steps
make one that can be explained in a sentence:

1. Chance: cosines of the person's photos with phrases that describe few of them show what "no match" looks like, a
   level and a spread (``similarity.measure_chance``).
2. The cut-off lies a number of spreads above that level: more for a stricter person, and a little more with every
   doubling of the categories, because a photo that belongs nowhere gets that many chances to fit one by luck.
3. What a background phrase or an everyday word describes much better stays out even above the cut-off (``clear``).
4. Photos that a person confirmed or rejected pull the cut-off of their category: it moves to where it separates them.

What is said of a photo in percent counts Unsorted, too (``weigh_unsorted``).

The numbers below hold for any encoder. One that was calibrated brings its own (``values.Calibration``).

Measured against alternatives: the spread of a category's own column breaks down when the
category fills the library, and subtracting each photo's nearest background phrase separates worse than plain cosine.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.examples import NO_EXAMPLES, Examples
from clipsorter.ranking.similarity import Chance, Ranking
from clipsorter.values import Calibration

# Spreads above chance at strictness 0.5, per doubling of the categories, and from one end of the scale to the other.
# From 1.5 to 2.1 the mean of "kept" and "strays sent to Unsorted" is level within two points, on 7,515 photos of 104
# kinds with two encoders of different cosine ranges (1, 5 and 20 categories; none, a third or four fifths strays). The
# lower end was taken: a plain horse in Unsorted costs more trust than a stray among the last photos of a bin.
COMMON = 1.55
PER_DOUBLING = 0.125
RANGE = 3.2
# How far one example may pull: widths of the logistic curve and of the prior around the computed cut-off, in spreads.
SOFTNESS = 0.25
PRIOR = 0.5
_NEWTON_STEPS = 12
# Logits by which the nearest background phrase may beat a category: one in five between the two. On 626 photos of 104
# kinds and 3, 5 and 10 categories it sends 2 to 4 points more strays to Unsorted and 0 to 1.4 points more members.
BACKGROUND_ROOM = 1.386
# Where everyday words were asked, spreads by which they have to be better still than a category that is none of them,
# and than one that a person has confirmed photos of.
FURTHER = 2.5
TOLD = 1.0
ANY_ENCODER = Calibration(background=(), common=COMMON, per_doubling=PER_DOUBLING, room=BACKGROUND_ROOM)


def choose_cutoffs(
    ranking: Ranking,
    strictness: float,
    *,
    overrides: Sequence[float | None] = (),
    examples: Examples = NO_EXAMPLES,
) -> NDArray[np.float32]:
    """One cut-off per category, [K], on the cosine: a photo at or above it belongs.

    ``strictness`` in [0, 1] holds for all categories, ``overrides`` (aligned with them, None: the common one) for
    single ones; 0 gives minus infinity, so nothing goes to Unsorted. ``examples`` are the person's decisions on these
    photos. Raises ValueError for a strictness out of range.
    """
    wanted = [strictness] * len(ranking.names)
    for column, override in enumerate(overrides):
        if override is not None:
            wanted[column] = override
    if not all(0 <= one <= 1 for one in wanted):
        raise ValueError("Strictness lies between 0 and 1.")
    cutoffs = np.full(len(wanted), -np.inf, np.float32)
    for column, one in enumerate(wanted):
        if one > 0:
            start = chance_cutoff(ranking.chance, one, len(wanted), ranking.calibration)
            cutoffs[column] = _separate(start, ranking, column, examples)
    return cutoffs


def clear(ranking: Ranking, column: int, cutoff: float, examples: Examples) -> NDArray[np.bool_]:
    """Which photos [N] belong to a category: at or above its cut-off, and not plainly nothing in particular.

    A photo that a background phrase ("an object", "a place") or an everyday word (``elsewhere``) describes much better
    than the category stays out even above the cut-off: nobody understands a face in *dog* at 1 %. Without a cut-off
    only the cosine counts. Where a person has confirmed photos they have said what belongs: phrases count no longer,
    and words have to be ``TOLD`` spreads better still.
    """
    cosine = ranking.cosine[:, column]
    belongs: NDArray[np.bool_] = cosine >= cutoff
    told = bool((examples.accepted & (examples.bins == column)).any())
    if np.isfinite(cutoff) and not (told and ranking.named is None):
        room = (ranking.calibration or ANY_ENCODER).room / ranking.logit_scale
        if ranking.named is not None:
            room += ((not ranking.named[column]) * FURTHER + told * TOLD) * ranking.chance.spread
        belongs &= cosine >= ranking.background - np.float32(room)
    return belongs


def weigh_unsorted(ranking: Ranking, cutoffs: NDArray[np.float32]) -> Ranking:
    """The same ranking in which Unsorted is one more candidate, as probable as a category would be at its cut-off.

    A softmax over the categories alone says how they share a photo, not whether it belongs to any: the only category
    has nearly everything. With Unsorted beside them a photo at the cut-off is at most half sure. A sigmoid model, and a
    photo whose best category has no cut-off [K], stay as they are.
    """
    if ranking.logit_bias is not None or not ranking.names:
        return ranking
    limit = np.where((ranking.best >= 0) & np.isfinite(cutoffs[ranking.best]), cutoffs[ranking.best], -np.inf)
    log_total = np.logaddexp(ranking.log_total, np.float32(ranking.logit_scale) * limit)
    return replace(ranking, log_total=log_total.astype(np.float32))


def chance_cutoff(chance: Chance, strictness: float, categories: int, calibration: Calibration | None = None) -> float:
    """The cosine that a photo which belongs nowhere rarely reaches with any of so many categories."""
    fitted = calibration or ANY_ENCODER
    spreads = fitted.common + fitted.per_doubling * np.log2(categories) + RANGE * (strictness - 0.5)
    return chance.level + float(spreads) * chance.spread


def _separate(start: float, ranking: Ranking, column: int, examples: Examples) -> float:
    """The cut-off of greatest posterior probability: logistic likelihood of the examples, normal prior at ``start``."""
    here = examples.bins == column
    # "None of these" says no to every category.
    told = here | ((examples.bins < 0) & examples.accepted)
    if not told.any():
        return start
    belongs = here[told] & examples.accepted[told]
    cosine = ranking.cosine[examples.rows[told], column].astype(np.float64)
    width = SOFTNESS * ranking.chance.spread
    prior = (PRIOR * ranking.chance.spread) ** -2
    cutoff = start
    for _ in range(_NEWTON_STEPS):
        chance = 0.5 * (1 + np.tanh(0.5 * (cosine - cutoff) / width))
        slope = (belongs - chance).sum() / width + prior * (cutoff - start)
        curvature = (chance * (1 - chance)).sum() / width**2 + prior
        step = slope / curvature
        cutoff -= float(np.clip(step, -width, width))  # a full step may overshoot where the curve is flat
    return cutoff
