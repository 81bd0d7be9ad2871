"""From where on a photo belongs: the numbers of ``values.Calibration``, fitted on photos that taught nothing.

A scenario is what a person has in front of them: a few categories, photos of them, and photos of other things, all of
labels or of sources the head was not trained on. The fit looks for the numbers under which photos find their bin and
strays find Unsorted; a member weighs as much as ``MEMBERS`` strays. It is judged on other photos with another head.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.cutoffs import chance_cutoff
from clipsorter.ranking.prompts import average, describe
from clipsorter.ranking.sentences import BACKGROUND, REFERENCE
from clipsorter.ranking.similarity import Chance, measure_chance
from clipsorter.values import Calibration

Floats = NDArray[np.float32]
ReadTexts = Callable[[list[str]], Floats]

COUNTS = (1, 2, 4, 8, 16)  # categories of a scenario
DRAWS = 12  # scenarios of each count
MOST = 40  # photos of one answer, so that none decides
# A plain horse in Unsorted costs a person's trust; a stray lies among the last photos of a bin. Our choice, the model
# card shows what other weights give.
MEMBERS = 2
KINDS = (
    *("an object", "an animal", "a plant", "a person", "a place", "a landscape"),
    *("a building", "a vehicle", "food", "a machine", "a tool", "a picture with text"),
)
PLAIN = ("a photo", "a picture", "a photo of something", "an object on a plain background", "a place", "a room")
BACKGROUNDS = (BACKGROUND["en"], PLAIN, KINDS, (*BACKGROUND["en"], *KINDS))
COMMON = tuple(np.arange(0.75, 2.71, 0.15).round(2).tolist())
PER_DOUBLING = (0.0, 0.125, 0.25)
WORDS = 3.5  # for Calibration.words; not fitted here, chosen with two encoders (docs/measurements.md)
ROOM = (0.0, 0.35, 0.7, 1.05, 1.386, 2.0, 4.0)
# Not fitted here: chosen on the same kept-back photos after the others, docs/measurements.md says what else was tried.


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """N photos before K categories."""

    best: NDArray[np.float32]  # [N], cosine to the nearest category
    right: NDArray[np.bool_]  # [N], the nearest is the true one
    stray: NDArray[np.bool_]  # [N], belongs to none
    background: Mapping[tuple[str, ...], Floats]  # phrases -> [N], cosine to the nearest of them
    chance: Chance
    categories: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Means over the scenarios, in [0, 1]; NaN never: every scenario has members and strays."""

    home: float  # members in their own bin
    strays_out: float  # recall of Unsorted
    precision: float  # of what is in Unsorted, how much belongs there

    @property
    def score(self) -> float:
        """In [0, 1]: the share of members counts ``MEMBERS`` times, that of strays once."""
        return (MEMBERS * self.home + self.strays_out) / (MEMBERS + 1)


def draw_scenarios(
    photos: Floats, labels: Sequence[frozenset[str]], names: Mapping[str, str], read: ReadTexts, *, seed: int = 0
) -> list[Scenario]:
    """``photos`` [N, D] with all labels that are true of each; ``names`` are what a person would call those that may be
    categories.

    A photo with none of a scenario's labels is a stray there. Prompts are the app's own.
    """
    rng = np.random.default_rng(seed)
    keys = np.array([" ".join(sorted(one)) for one in labels])
    kept = np.sort(np.concatenate([rng.permutation(np.flatnonzero(keys == one))[:MOST] for one in sorted(set(keys))]))
    photos = photos[kept]
    known = sorted(names)
    holds = np.array([[name in labels[row] for name in known] for row in kept.tolist()])
    words = np.stack([average(list(read(list(describe(names[one], ("en",)))))) for one in known])
    cosine = photos @ words.T
    background = {phrases: (photos @ read(list(phrases)).T).max(axis=1) for phrases in BACKGROUNDS}
    chance = measure_chance(photos, read(list(REFERENCE["en"])))
    scenarios = []
    for count, _ in product([one for one in COUNTS if one < len(known)], range(DRAWS)):
        chosen = rng.choice(len(known), count, replace=False)
        here = cosine[:, chosen]
        true = holds[:, chosen]
        stray = ~true.any(axis=1)
        if stray.all() or not stray.any():
            continue
        scenarios.append(
            Scenario(
                best=here.max(axis=1),
                right=true[np.arange(len(true)), here.argmax(axis=1)],
                stray=stray,
                background=background,
                chance=chance,
                categories=count,
            )
        )
    return scenarios


def try_out(scenarios: Sequence[Scenario], calibration: Calibration, logit_scale: float) -> Outcome:
    """What the app would do with these numbers at strictness 0.5."""
    rows = []
    for one in scenarios:
        nothing = one.background[calibration.background or BACKGROUND["en"]]
        enough = one.best >= chance_cutoff(one.chance, 0.5, one.categories, calibration)
        placed = enough & (one.best >= nothing - calibration.room / logit_scale)
        left = ~placed
        rows.append(
            [
                (placed & one.right)[~one.stray].mean(),
                left[one.stray].mean(),
                one.stray[left].mean() if left.any() else one.stray.mean(),
            ]
        )
    return Outcome(*(float(value) for value in np.mean(rows, axis=0)))


def average_outcomes(outcomes: Sequence[Outcome]) -> Outcome:
    """Their mean."""
    home, strays_out, precision = np.mean([[one.home, one.strays_out, one.precision] for one in outcomes], axis=0)
    return Outcome(float(home), float(strays_out), float(precision))


def fit_calibration(scenarios: Sequence[Scenario], logit_scale: float) -> Calibration:
    """The numbers of the best score; of nearly equal ones (half a point), those that keep the most members."""
    tried = []
    for background, common, per_doubling, room in product(BACKGROUNDS, COMMON, PER_DOUBLING, ROOM):
        calibration = Calibration(background, common, per_doubling, room, WORDS)
        tried.append((try_out(scenarios, calibration, logit_scale), calibration))
    best = max(outcome.score for outcome, _ in tried)
    near = [(outcome, calibration) for outcome, calibration in tried if outcome.score >= best - 0.005]
    return replace(max(near, key=lambda pair: (pair[0].home, pair[0].score))[1], words=WORDS)
