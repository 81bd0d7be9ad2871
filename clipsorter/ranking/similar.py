"""Photos that look alike: more like these, exact copies, and near-duplicates such as bursts, re-saves and crops."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.frames import cosines
from clipsorter.ranking.ordering import order_best_first
from clipsorter.ranking.similarity import refuse_unusable
from clipsorter.values import Embeddings

_GAP = re.compile(r"[\s(（_~-]+")  # between a name and what a file manager or a camera roll adds to it


def find_similar(embeddings: Embeddings, rows: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """All other photos, most similar to these first, and their cosines [N] to the mean of these.

    Raises ValueError when ``rows`` is empty or an embedding is zero or not finite.
    """
    chosen = np.asarray(rows, np.intp)
    if len(chosen) == 0:
        raise ValueError("Similar to nothing is not a question.")
    direction = embeddings[chosen].mean(axis=0)
    cosine = cosines(embeddings, direction / np.linalg.norm(direction))
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


def order_originals(files: Sequence[str]) -> list[str]:
    """Files whose name is another one's with something added ("IMG_1 (2).jpg", "Copy of IMG_1.jpg") last.

    Otherwise the order stays. Paths with "/".
    """
    stems = [file.rpartition("/")[2].rpartition(".")[0] for file in files]
    known = set(stems)
    return sorted(files, key=dict(zip(files, (_is_derived(stem, known) for stem in stems), strict=True)).__getitem__)


def _is_derived(stem: str, known: set[str]) -> bool:
    """Whether what stands before or after a gap in the name is a name of its own."""
    gaps = list(_GAP.finditer(stem))
    return any(stem[: gap.start()].rstrip() in known or stem[gap.end() :] in known for gap in gaps)


def propose_keeper(
    rows: NDArray[np.intp], pixels: NDArray[np.integer], sharpness: NDArray[np.floating] | None = None
) -> int:
    """The row worth keeping of a group: most pixels [N], then sharpest [N], then the first."""
    sharp = np.zeros(len(rows)) if sharpness is None else np.asarray(sharpness)[rows]
    return int(rows[np.lexsort((rows, -sharp, -pixels[rows].astype(np.int64)))[0]])
