"""What a folder is about: the categories that hold for enough of its photos."""

import numpy as np
from numpy.typing import NDArray

# Ours: a third of an album is what a person would mention of it; five is what anybody reads.
LEAST_SHARE = 1 / 3
MOST_NAMED = 5


def describe_albums(
    homes: NDArray[np.bool_], albums: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Which categories describe each album, from ``homes`` [N, K] and the album of each photo [N], in [0, A).

    Returns the share of an album's photos that belong to each category [A, K], in [0, 1], and which describe it
    [A, K]; see ``describe_counts``.
    """
    count = int(albums.max()) + 1 if len(albums) else 0
    photos = np.bincount(albums, minlength=count)
    held = np.zeros((count, homes.shape[1]), np.int64)
    np.add.at(held, albums, homes)
    return describe_counts(held, photos)


def describe_counts(
    held: NDArray[np.int64], photos: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """As ``describe_albums``, from the number of photos of each album in each category [A, K] and in all [A].

    An album is described by categories with at least ``LEAST_SHARE``, the strongest ``MOST_NAMED`` of them. One photo
    describes no album, unless it is alone in it.
    """
    shares = (held / np.maximum(photos, 1)[:, None]).astype(np.float32)
    described = (shares >= np.float32(LEAST_SHARE)) & (held >= np.minimum(photos, 2)[:, None])
    rank = np.argsort(np.argsort(-np.where(described, shares, -1), axis=1, kind="stable"), axis=1, kind="stable")
    return shares, described & (rank < MOST_NAMED)
