"""Photos times category weights: cosine similarities and probabilities.

Only the cosines [N, K] and three numbers per photo are kept; probabilities and margins follow from them when somebody
asks, so a ranking of 100,000 photos and 20 categories stays below 10 MB.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.blocks import in_blocks
from clipsorter.ranking.frames import compare, weigh_luck
from clipsorter.ranking.prompts import CategoryWeights
from clipsorter.values import NO_FRAMES, Calibration, Embeddings, Frames

# Photos from which the level of "no match" is read: with 32 phrases its error is far below one percent of its spread.
SAMPLE = 2048


@dataclass(frozen=True, slots=True)
class Chance:
    """The cosines of photos with phrases that do not describe them: what a match has to stand out from."""

    level: float  # median
    spread: float  # robust standard deviation, 1.4826 x median absolute deviation; positive


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """What N photos show beside K categories, as ``elsewhere`` measures it."""

    background: NDArray[np.float32]  # [N], cosine to the nearest background phrase, or everyday word less a handicap
    named: NDArray[np.bool_]  # [K], categories that are everyday words themselves


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """N photos against K categories. ``best`` is -1 where no category is possible (none given, or all excluded)."""

    names: tuple[str, ...]  # K
    cosine: NDArray[np.float32]  # [N, K], in [-1, 1]; each column lies together in memory
    background: NDArray[np.float32]  # [N], cosine to what speaks against all categories; minus infinity without any
    excluded: NDArray[np.bool_] | None  # [N, K], nearer to an exclusion than to the category; None: no exclusions
    log_total: NDArray[np.float32]  # [N], log of the softmax denominator; zeros for sigmoid models
    best: NDArray[np.int16]  # [N], in [-1, K)
    chance: Chance
    logit_scale: float
    logit_bias: float | None
    calibration: Calibration | None = None  # of the encoder; None: what holds for any
    named: NDArray[np.bool_] | None = None  # [K], categories that are everyday words; None: no word was asked

    def __len__(self) -> int:
        return len(self.best)

    @property
    def similarity(self) -> NDArray[np.float32]:
        """[N], cosine to the best category; 0 where there is none. Computed anew at each call, as all that follows."""
        return self.similarity_to(self.best)

    @property
    def probability(self) -> NDArray[np.float32]:
        """[N, K]: rows sum to at most 1 for softmax models, the background has the rest."""
        result = self._probability_of(self.cosine, self.log_total[:, None])
        if self.excluded is not None:
            result[self.excluded] = 0
        return result

    @property
    def margin(self) -> NDArray[np.float32]:
        """[N], in [0, 1]: the best probability minus the strongest other candidate's; 0 where there is no best.

        The background is a candidate, so a margin has a meaning with a single category too.
        """
        rest = self.cosine.copy()
        if self.excluded is not None:
            rest[self.excluded] = -np.inf
        rows = np.flatnonzero(self.best >= 0)
        rest[rows, self.best[rows]] = -np.inf
        others = np.maximum(rest.max(axis=1, initial=-np.inf), self.background)
        margin = self.probability_to(self.best)
        margin -= self._probability_of(others, self.log_total)
        return np.maximum(margin, 0, out=margin)

    def similarity_to(self, columns: NDArray[np.integer]) -> NDArray[np.float32]:
        """[N]: the cosine of each photo to the category of ``columns`` [N]; 0 where that is negative."""
        if not self.names:
            return np.zeros(len(self), np.float32)
        found: NDArray[np.float32] = self.cosine[np.arange(len(self)), columns]
        return np.where(columns >= 0, found, np.float32(0))

    def probability_to(self, columns: NDArray[np.integer]) -> NDArray[np.float32]:
        """[N]: the probability of the category of ``columns`` [N] for each photo; 0 where that is negative."""
        if not self.names:
            return np.zeros(len(self), np.float32)
        return np.where(columns >= 0, self.probability_at(np.arange(len(self)), columns), np.float32(0))

    def probability_at(self, rows: NDArray[np.intp], column: int | NDArray[np.integer]) -> NDArray[np.float32]:
        """Probabilities [len(rows)] of single entries, without the whole table."""
        result = self._probability_of(self.cosine[rows, column], self.log_total[rows])
        if self.excluded is not None:
            result[self.excluded[rows, column]] = 0
        return result

    def _probability_of(self, cosine: NDArray[np.float32], log_total: NDArray[np.float32]) -> NDArray[np.float32]:
        logits: NDArray[np.float32] = np.float32(self.logit_scale) * cosine
        if self.logit_bias is None:
            logits -= log_total
            np.minimum(logits, 0, out=logits)
            return np.exp(logits, out=logits)
        logits += np.float32(self.logit_bias)
        logits *= np.float32(0.5)
        np.tanh(logits, out=logits)  # the logistic function by way of tanh, which cannot overflow
        logits += 1
        logits *= np.float32(0.5)
        return logits


def rank(
    embeddings: Embeddings,
    weights: CategoryWeights,
    *,
    logit_scale: float,
    logit_bias: float | None = None,
    calibration: Calibration | None = None,
    frames: Frames = NO_FRAMES,
    backdrop: Backdrop | None = None,
) -> Ranking:
    """Compare photos with categories; of a photo that has ``frames`` the nearest one counts, for each category anew.

    ``embeddings`` [N, D] float32 with L2-normalised rows, N and K may be 0; ``logit_scale`` is the multiplier (about
    100), never its logarithm. Without ``logit_bias`` the probability is a softmax over the categories and the
    background phrases (CLIP), with it a sigmoid per category (SigLIP). ``calibration`` is handed on to ``cutoffs``.

    ``backdrop`` was measured before; without one the background is the nearest phrase.

    Every example moves every category a little (``teaching``), so after a decision all cosines are computed again.

    Raises ValueError when an embedding is zero or not finite.
    """
    photos, categories = len(embeddings), len(weights)
    ranking = Ranking(
        names=weights.names,
        cosine=np.empty((categories, photos), np.float32).T,
        background=np.full(photos, -np.inf, np.float32) if backdrop is None else backdrop.background,
        excluded=np.zeros((categories, photos), np.bool_).T if any(map(len, weights.exclusions)) else None,
        log_total=np.zeros(photos, np.float32),
        best=np.full(photos, -1, np.int16),
        chance=measure_chance(embeddings, weights.reference),
        logit_scale=logit_scale,
        logit_bias=logit_bias,
        calibration=calibration,
        named=None if backdrop is None else backdrop.named,
    )
    both = np.concatenate([weights.weights, weights.background]).T
    frames = weigh_luck(embeddings, frames, weights.reference)

    def fill(rows: slice) -> None:
        cosine = compare(embeddings, both, frames, rows)
        refuse_unusable(embeddings[rows], cosine)
        cosine = np.ascontiguousarray(cosine.T)
        ranking.cosine[rows] = cosine[:categories].T
        if ranking.excluded is not None:
            for column, away in enumerate(weights.exclusions):
                if len(away):
                    nearest = compare(embeddings, away.T, frames, rows).max(axis=1)
                    ranking.excluded[rows, column] = nearest > cosine[column]
        if backdrop is None and len(weights.background):
            ranking.background[rows] = cosine[categories:].max(axis=0)
        _fill(ranking, rows, cosine, categories)

    in_blocks(fill, photos)
    return ranking


def measure_chance(embeddings: Embeddings, phrases: NDArray[np.float32]) -> Chance:
    """Read the level of "no match" from the cosines of photos [N, D] with phrases [R, D], most of them unrelated.

    A median and a median deviation do not move when some of the phrases do describe some of the photos. Above
    ``SAMPLE`` photos an even selection is taken. Without photos or phrases the result is Chance(0, 0.1).
    """
    sample = embeddings[:: max(1, -(-len(embeddings) // SAMPLE))]
    if not (len(sample) and len(phrases)):
        return Chance(0.0, 0.1)
    cosine = sample @ phrases.T
    refuse_unusable(sample, cosine)
    level = float(np.median(cosine))
    spread = 1.4826 * float(np.median(np.abs(cosine - level)))
    return Chance(level, max(spread, 1e-4))


def _fill(
    ranking: Ranking,
    rows: slice,
    cosine: NDArray[np.float32],
    categories: int,
) -> None:
    """Write what follows for one block from ``cosine`` [K + M, B], which is overwritten, and ``ranking.excluded``.

    Reducing along the first axis is fast.
    """
    if categories == 0:
        return
    if ranking.excluded is not None:
        cosine[:categories][ranking.excluded[rows].T] = -np.inf
    top = cosine[:categories].max(axis=0)
    best = np.full(len(top), -1, np.int16)
    for column in range(categories - 1, -1, -1):  # the first of equals wins; argmax takes longer along this axis
        best[cosine[column] == top] = column
    best[top == -np.inf] = -1
    ranking.best[rows] = best
    if ranking.logit_bias is None:
        ranking.log_total[rows] = _log_total(cosine, ranking.logit_scale)


def _log_total(cosine: NDArray[np.float32], logit_scale: float) -> NDArray[np.float32]:
    """log(sum(exp(scale * cosine))) per column, overwriting ``cosine``; 0 where all are minus infinity."""
    peak = cosine.max(axis=0)
    peak[peak == -np.inf] = 0
    cosine -= peak
    cosine *= np.float32(logit_scale)
    np.exp(cosine, out=cosine)  # exponents <= 0: no overflow
    total = cosine.sum(axis=0)
    result: NDArray[np.float32] = np.float32(logit_scale) * peak + np.log(np.where(total > 0, total, 1))
    return result


def refuse_unusable(embeddings: Embeddings, cosine: NDArray[np.float32]) -> None:
    """Raise ValueError for photos whose embedding is zero or not finite, looking only at their cosines first."""
    if cosine.shape[1] == 0:
        return
    if not np.isfinite(cosine).all():
        raise ValueError("The embedding of a photo is not finite.")
    suspects = np.flatnonzero(cosine[:, 0] == 0)
    if len(suspects) and not embeddings[suspects].any(axis=1).all():
        raise ValueError("The embedding of a photo is zero.")
