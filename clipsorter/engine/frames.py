"""A photo has one picture, a video several: between what was prepared and its embeddings."""

from collections.abc import Sequence

import numpy as np

from clipsorter.photos.prepared import PreparedPhoto
from clipsorter.values import Embeddings, Pixels


def stack_frames(prepared: Sequence[PreparedPhoto]) -> Pixels:
    """All pictures of all photos, uint8 [F, S, S, 3], those of one video behind each other."""
    return np.concatenate([photo.frames for photo in prepared])


def join_frames(prepared: Sequence[PreparedPhoto], rows: Embeddings) -> Embeddings:
    """One L2-normalised embedding per photo, [len(prepared), D], of those of its pictures [F, D].

    That of a video is the mean of its frames', which needs no training (the parameter-free pooling of CLIP4Clip,
    https://arxiv.org/abs/2104.08860): it stands for the video where photos are compared with each other, that is in
    look-alikes, duplicates and teaching. With words each frame is compared (``frames_alone``). A photo's own row stays.
    """
    return join_rows([len(photo.frames) for photo in prepared], rows)


def frames_alone(prepared: Sequence[PreparedPhoto], rows: Embeddings) -> dict[int, Embeddings]:
    """Of those of the photos that have several pictures, by their place, the rows of each [F, D]."""
    ends = np.cumsum([len(photo.frames) for photo in prepared])
    parts = np.split(rows, ends[:-1])
    return {place: part for place, part in enumerate(parts) if len(part) > 1}


def join_rows(counts: Sequence[int], rows: Embeddings) -> Embeddings:
    """As ``join_frames``, by the number of pictures of each photo, at least 1."""
    if len(rows) == len(counts):
        return rows
    starts = np.cumsum([0, *counts[:-1]])
    joined = np.add.reduceat(rows, starts, axis=0)  # a mean of any length, before it is normalised
    joined /= np.maximum(np.linalg.norm(joined, axis=1, keepdims=True), 1e-12)
    alone = np.array(counts) == 1
    joined[alone] = rows[starts[alone]]  # to the bit what it would be without a video in the batch
    return np.asarray(joined, np.float32)
