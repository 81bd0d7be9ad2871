"""What a photo shows instead of a category: everyday words that are far from every category.

A photo of a forest may be as near to "dog" as many a dog is, and no cut-off of "dog" can tell them apart; the word
"forest" can. So where a person has a category that the everyday words have too, the other words are asked as well, and
a photo that one of them describes much better belongs nowhere (``cutoffs.clear``). Words close to a category ("puppy",
"pet") say the same as the category and are not asked. A category that the words lack is often a general one: any word
for a kind of animal describes its photos better than "animal" does. There a word has to be much better still.

How much better was chosen on photos that the starter was not trained on; docs/measurements.md has the tables.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.blocks import in_blocks
from clipsorter.ranking.frames import compare, weigh_luck
from clipsorter.ranking.prompts import CategoryWeights
from clipsorter.ranking.similarity import Backdrop, measure_chance
from clipsorter.values import NO_FRAMES, Calibration, Embeddings, Frames

# How close two words are: 0 as far as any two everyday words (median), 1 the same. "dog" and "cat" are at 0.25, "sea"
# and "beach" at 0.45, "dog" and "puppy" at 0.65. From 0.2 to 0.4 the outcome is the same within a point.
NEAR = 0.3
SAME = 0.9
AT_ONCE = 32_768  # photos between two chances to cancel


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Of V everyday words and K categories."""

    asked: NDArray[np.bool_]  # [V], far from every category
    named: NDArray[np.bool_]  # [K], categories that are everyday words themselves


def choose_words(categories: NDArray[np.float32], words: NDArray[np.float32]) -> Chosen:
    """Which of the ``words`` [V, D] are far from all ``categories`` [K, D]; rows L2-normalised, at least two words."""
    among = words @ words.T
    unrelated = float(np.median(among[np.triu_indices(len(words), 1)]))
    closeness: NDArray[np.float32] = (categories @ words.T - unrelated) / max(1 - unrelated, 1e-6)
    asked, named = np.all(closeness < NEAR, axis=0), np.any(closeness >= SAME, axis=1)
    return Chosen(np.atleast_1d(asked), np.atleast_1d(named))


def handicap(spread: float, calibration: Calibration, logit_scale: float) -> float:
    """The cosine by which a word has to be better than a background phrase to say as much against a category."""
    return calibration.words * spread - calibration.room / logit_scale


def measure_backdrop(
    embeddings: Embeddings,
    weights: CategoryWeights,
    words: NDArray[np.float32],
    *,
    logit_scale: float,
    calibration: Calibration,
    frames: Frames = NO_FRAMES,
) -> Generator[None, None, Backdrop]:
    """Compare photos [N, D] with background phrases and with the ``words`` [V, D] that say something else.

    ``weights`` are untaught: which words are asked does not change with what a person shows. Yields after every
    ``AT_ONCE`` photos.
    """
    chosen = choose_words(weights.weights, words)
    less = handicap(measure_chance(embeddings, weights.reference).spread, calibration, logit_scale)
    background = np.full(len(embeddings), -np.inf, np.float32)
    asked = words[chosen.asked].T
    frames = weigh_luck(embeddings, frames, weights.reference)

    for first in range(0, len(embeddings), AT_ONCE):

        def measure(rows: slice, first: int = first) -> None:
            here = slice(first + rows.start, first + rows.stop)
            if len(weights.background):
                background[here] = compare(embeddings, weights.background.T, frames, here).max(axis=1)
            if asked.shape[1]:
                best = compare(embeddings, asked, frames, here).max(axis=1) - np.float32(less)
                np.maximum(background[here], best, out=background[here])

        in_blocks(measure, min(AT_ONCE, len(embeddings) - first))
        yield None
    return Backdrop(background, chosen.named)
