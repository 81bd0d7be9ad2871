"""A person's decisions move the category weights: the text is the prior, the examples are the evidence.

A regularised logistic probe that starts at the text weights. With photo x, category weight w_k and learned part d_k,
the logit of category k is s (x . w_k + (x - c) . d_k), and Unsorted is one more class at the cut-off s u. Minimised is

    sum of cross-entropies over the examples + PRIOR s / 2 sum_k |d_k|^2

so without examples nothing moves, one example moves a little, and 200 agreeing ones outweigh the text. The idea is
that of the linear probe initialised at the text weights (Huang et al., "LP++: A Surprisingly Strong Linear Probe for
Few-Shot CLIP", 2024); two things are our own. Photos share a common direction, and a plain probe with a weak prior
turns it into "everything belongs to the bins that were corrected"; taking all of it out (c = the mean photo) is as bad
when one bin fills the library. So c is half of what the photos of all bins have in common, every bin counting the same.
And s follows the spread of the encoder's own cosines: a step that is right for one encoder is too long for another.

Measured by tests/benchmarks/teaching.py (5, 10 and 30 categories, two encoders, 32 draws each): ahead of prototype
blending and of a Tip-Adapter-style cache where there is much to learn and level with them where there is little. Its
mean curves never fall below zero-shot; 11 of 192 single draws do, by six photos at most, where those lose up to seven
and eight.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.cutoffs import chance_cutoff
from clipsorter.ranking.prompts import CategoryWeights, unit_rows
from clipsorter.ranking.similarity import SAMPLE, measure_chance
from clipsorter.values import Embeddings

# The mildest setting that learned most: stronger priors learn less at every k, weaker ones fall below zero-shot.
SHARPNESS = 2.5  # s, in logits per spread of chance
PRIOR = 6.0
COMMON_SHARE = 0.5  # of the common direction that is taken out of the examples
STEPS = 40
ENOUGH = 20  # examples per bin that count in full; more share that weight, so that slips among thousands average out


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What E examples taught K categories."""

    weights: CategoryWeights  # taught; rows L2-normalised
    lengths: NDArray[np.float32]  # [K], of the taught rows before that
    coefficients: NDArray[np.float32]  # [E, K], how much of each example went into each category
    examples: NDArray[np.float32]  # [E, D], what they have beyond the common direction
    accepted: NDArray[np.bool_]  # [E], False where the person said no

    def pulls(self, photo: NDArray[np.float32]) -> NDArray[np.float32]:
        """How far each example moved the cosine of ``photo`` [D] to each category, [E, K].

        They add up to the cosine to the taught category, less that to the untaught one divided by ``lengths``.
        """
        pulls = self.coefficients * (self.examples @ photo)[:, None] / self.lengths
        return pulls.astype(np.float32)


def teach(
    weights: CategoryWeights,
    examples: Embeddings,
    bins: NDArray[np.integer],
    accepted: NDArray[np.bool_],
    *,
    library: Embeddings,
) -> CategoryWeights:
    """Move the weights so that the examples land where the person put them, as far as the prior lets them.

    ``examples`` [E, D] are the embeddings of decided photos, of this library or another one; ``bins`` [E] their
    categories (-1: none of these), ``accepted`` [E] False where the person said no. ``library`` [N, D] are all photos,
    of which an even selection is read. Rows of the result are L2-normalised; without examples it is ``weights``.

    Raises ValueError when an embedding is zero or not finite.
    """
    return learn(weights, examples, bins, accepted, library=library).weights


def learn(
    weights: CategoryWeights,
    examples: Embeddings,
    bins: NDArray[np.integer],
    accepted: NDArray[np.bool_],
    *,
    library: Embeddings,
) -> Lesson:
    """As ``teach``, with what went into it."""
    if not (len(examples) and len(weights)):
        nothing = np.zeros((len(examples), len(weights)), np.float32)
        return Lesson(weights, np.ones(len(weights), np.float32), nothing, examples, accepted)
    if not (np.isfinite(examples).all() and examples.any(axis=1).all()):
        raise ValueError("The embedding of an example is zero or not finite.")
    around = library if len(library) else examples
    sample = around[:: max(1, -(-len(around) // SAMPLE))]
    chance = measure_chance(sample, weights.reference)
    scale = np.float32(SHARPNESS / chance.spread)
    unsorted = chance_cutoff(chance, 0.5, len(weights))
    prior_logits = np.full((len(examples), len(weights) + 1), scale * np.float32(unsorted), np.float32)
    prior_logits[:, :-1] = scale * (examples @ weights.weights.T)
    beyond = examples - _centre(sample, weights.weights)
    coefficients = _fit(prior_logits, beyond, bins, accepted, scale)
    rows = weights.weights + coefficients.T @ beyond
    lengths = np.linalg.norm(rows, axis=1).astype(np.float32)
    return Lesson(replace(weights, weights=unit_rows(rows)), lengths, coefficients, beyond, accepted)


def _centre(photos: Embeddings, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half of what photos of all bins have in common, [D]: of the mean of the bins' means, whatever their sizes."""
    nearest = (photos @ weights.T).argmax(axis=1)
    members = np.zeros((len(weights), len(photos)), np.float32)
    members[nearest, np.arange(len(photos))] = 1
    sizes = members.sum(axis=1)
    means = (members[sizes > 0] @ photos) / sizes[sizes > 0, None]
    centre: NDArray[np.float32] = np.float32(COMMON_SHARE) * means.mean(axis=0)
    return centre


def _fit(
    prior_logits: NDArray[np.float32],
    photos: NDArray[np.float32],
    bins: NDArray[np.integer],
    accepted: NDArray[np.bool_],
    scale: np.float32,
) -> NDArray[np.float32]:
    """How much of each example to add to each category, [E, K], by accelerated gradient descent (Nesterov, 1983).

    What is learned is a sum of the examples at every step, so the descent can be told in their shares. The step is the
    one that the curvature allows.
    """
    count, classes = prior_logits.shape
    line, spoken = np.arange(count), np.where(bins < 0, classes - 1, bins)
    weight = np.minimum(1, ENOUGH / np.bincount(spoken, minlength=classes)[spoken]).astype(np.float32)
    step = 1 / (0.5 * scale**2 * _largest_eigenvalue(np.sqrt(weight)[:, None] * photos) + PRIOR * scale)
    learned = ahead = np.zeros((count, classes - 1), np.float32)
    momentum = 1.0
    for _ in range(STEPS):
        logits = prior_logits.copy()
        logits[:, :-1] += scale * (photos @ (photos.T @ ahead))
        error = _softmax(logits)
        # A yes wants all probability in its bin. A no wants none there and leaves the others as they stand to each
        # other: its gradient is p / (1 - p) times what a yes to the others would be.
        refused = np.minimum(error[line, spoken], 0.999)
        share = np.where(accepted, weight, -weight * refused / (1 - refused)).astype(np.float32)
        error[line, spoken] -= 1
        error *= share[:, None]
        following = ahead - step * scale * (error[:, :-1] + PRIOR * ahead)
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + np.float32((momentum - 1) / grown) * (following - learned)
        learned, momentum = following, grown
    return learned


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits


def _largest_eigenvalue(rows: NDArray[np.float32]) -> np.float32:
    """Of rows^T rows, from above: power iteration approaches from below, so five percent are added."""
    direction = rows.sum(axis=0) + rows[0]
    size = np.float32(0)
    for _ in range(10):
        length = np.linalg.norm(direction)
        if length == 0:
            break
        direction = rows.T @ (rows @ (direction / length))
        size = np.float32(np.linalg.norm(direction))
    return np.float32(1.05) * size
