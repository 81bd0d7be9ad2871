"""Photos that look alike: more like these, exact copies, and near-duplicates such as bursts, re-saves and crops."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.ordering import order_best_first
from clipsorter.ranking.similarity import refuse_unusable
from clipsorter.values import Embeddings


def find_similar(embeddings: Embeddings, rows: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """All other photos, most similar to these first, and their cosines [N] to the mean of these.

    Raises ValueError when ``rows`` is empty or an embedding is zero or not finite.
    """
    chosen = np.asarray(rows, np.intp)
    if len(chosen) == 0:
        raise ValueError("Similar to nothing is not a question.")
    direction = embeddings[chosen].mean(axis=0)
    cosine = embeddings @ (direction / np.linalg.norm(direction))
    refuse_unusable(embeddings, cosine[:, None])
    others = np.ones(len(embeddings), np.bool_)
    others[chosen] = False
    return order_best_first(cosine, np.flatnonzero(others)), cosine


def group_copies(digests: Sequence[str]) -> tuple[NDArray[np.intp], ...]:
    """Rows of photos with the same content, in groups of at least two."""
    places: dict[str, list[int]] = {}
    for row, digest in enumerate(digests):
        places.setdefault(digest, []).append(row)
    return tuple(np.array(rows, np.intp) for rows in places.values() if len(rows) > 1)


def propose_keeper(
    rows: NDArray[np.intp], pixels: NDArray[np.integer], sharpness: NDArray[np.floating] | None = None
) -> int:
    """The row worth keeping of a group: most pixels [N], then sharpest [N], then the first."""
    sharp = np.zeros(len(rows)) if sharpness is None else np.asarray(sharpness)[rows]
    return int(rows[np.lexsort((rows, -sharp, -pixels[rows].astype(np.int64)))[0]])
