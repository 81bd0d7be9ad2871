"""Which categories a library asks for: a short list of everyday words that do not overlap, with counts and samples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.blocks import in_blocks
from clipsorter.ranking.cutoffs import chance_cutoff
from clipsorter.ranking.ordering import order_best_first
from clipsorter.ranking.similarity import measure_chance, refuse_unusable
from clipsorter.values import Embeddings

SAMPLES = 4
FEWEST = 3  # photos that make a category
# In spreads of chance: words this close to a photo's best word describe it as well as that one.
AS_GOOD = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """A word of the vocabulary that describes photos no earlier suggestion describes."""

    name: str
    count: int  # of those photos
    samples: NDArray[np.intp]  # rows of up to four of them, best first


def suggest(
    embeddings: Embeddings,
    names: Sequence[str],
    words: NDArray[np.float32],
    *,
    reference: NDArray[np.float32],
    present: NDArray[np.float32] | None = None,
    limit: int = 8,
) -> tuple[Suggestion, ...]:
    """Pick up to ``limit`` words that together describe most photos, the largest share first.

    ``words`` [V, D] are the weights of the V ``names``; ``reference`` [R, D] unrelated phrases
    (``CategoryWeights.reference``); ``present`` [K, D] the categories there already are, whose photos are left out.
    A photo is described by every word that clears chance and comes close to its best one; words are then taken
    greedily, each time the one that describes most photos still without (greedy maximum coverage, Nemhauser et al.,
    1978), so that "sea", "coast" and "beach" give one suggestion and not three.

    Raises ValueError when an embedding is zero or not finite.
    """
    chance = measure_chance(embeddings, reference)
    cutoff = np.float32(chance_cutoff(chance, 0.5, len(words))) if len(words) else np.float32(np.inf)
    taken = len(present) if present is not None else 0
    both = words if present is None else np.concatenate([words, present])
    described = np.zeros((len(words), len(embeddings)), np.bool_)
    best = np.zeros(len(embeddings), np.float32)

    def describe(rows: slice) -> None:
        cosine = both @ embeddings[rows].T
        refuse_unusable(embeddings[rows], cosine.T)
        best[rows] = cosine.max(axis=0)
        least = np.maximum(best[rows] - np.float32(AS_GOOD * chance.spread), cutoff)
        described[:, rows] = cosine[: len(words)] >= least
        if taken:
            described[:, rows] &= ~(cosine[len(words) :] >= least).any(axis=0)

    in_blocks(describe, len(embeddings) if len(words) else 0)
    chosen: list[Suggestion] = []
    while len(chosen) < limit and len(words):
        counts = described.sum(axis=1)
        word = int(counts.argmax())
        if counts[word] < FEWEST:
            break
        members = np.flatnonzero(described[word])
        closeness = (embeddings[members] @ words[word]).astype(np.float32)
        samples = members[order_best_first(closeness, np.arange(len(members)))[:SAMPLES]]
        chosen.append(Suggestion(names[word], int(counts[word]), samples))
        described[:, members] = False
    return tuple(chosen)
