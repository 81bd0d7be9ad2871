"""A video is as near to anything as its nearest frame is; a photo has one picture and stands for itself.

Several tries have more luck than one, so half of what the nearest frame gains on phrases that have nothing to do with
the video is taken off. Measured with ``tests.benchmarks.clips`` on clips of four frames made from photos, starter
model, means of 12 draws of about 236 clips, 150 with captions (docs/measurements.md):

* one frame shows something else than the other three: in the bin of one of both in 80 %, by the frames' mean in 54 %;
  found by a caption of that one frame among the best ten of 150 in 50 %, by the mean in 17 %
* what shows none of the categories stays in Unsorted in 59 %, by the mean in 74 %; clips of one scene 67 and 72 %
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clipsorter.values import Embeddings, Frames

# Share of the luck that is taken off. In a library of half clips and half photos captions find a photo among the best
# ten of 300 in 53, 56 and 59 % with none, half and all of it, and a clip in 58, 54 and 50 %: half treats both alike.
LUCK = 0.5


def weigh_luck(embeddings: Embeddings, frames: Frames, phrases: NDArray[np.float32]) -> Frames:
    """The frames with what is taken off their cosines, told by unrelated phrases [R, D]; without any it is nothing."""
    if not (len(frames.rows) and len(phrases)):
        return frames
    first = _first(frames.rows)
    owners = frames.rows[first]
    nearest = np.maximum.reduceat(frames.embeddings @ phrases.T, first)
    luck = LUCK * np.maximum((nearest - embeddings[owners] @ phrases.T).mean(axis=1), 0)
    return replace(frames, luck=np.repeat(luck, np.diff(first, append=len(frames.rows))))


def compare(
    embeddings: Embeddings, directions: NDArray[np.float32], frames: Frames, rows: slice
) -> NDArray[np.float32]:
    """Cosines of some photos, ``rows`` of ``embeddings`` [N, D], with ``directions`` [D, K] or [D]: [B, K] or [B]."""
    cosine = cosines(embeddings[rows], directions)
    begin, end = np.searchsorted(frames.rows, (rows.start, rows.stop))
    if begin < end:
        owners = frames.rows[begin:end]
        shown = cosines(frames.embeddings[begin:end], directions)
        shown -= frames.luck[begin:end].reshape(-1, *[1] * (shown.ndim - 1))
        first = _first(owners)
        cosine[owners[first] - rows.start] = np.maximum.reduceat(shown, first)
    return cosine


def cosines(pictures: Embeddings, directions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Those of ``pictures`` [B, D] with ``directions`` [D, K] or [D]: [B, K] or [B].

    For one direction a product row by row reads memory as fast as it can be read; BLAS, as a matrix times a vector,
    takes 1.6 to 2 times as long (OpenBLAS on Zen 3, 100,000 and 400,000 x 512 in blocks of 2,048).
    """
    found: NDArray[np.float32] = np.vecdot(pictures, directions) if directions.ndim == 1 else pictures @ directions
    return found


def nearest_picture(
    row: int, direction: NDArray[np.floating[Any]], embeddings: Embeddings, frames: Frames
) -> NDArray[np.float32]:
    """The embedding [D] of the picture that ``compare`` takes for this photo and direction [D]."""
    begin, end = np.searchsorted(frames.rows, (row, row + 1))
    pictures = frames.embeddings[begin:end] if begin < end else embeddings[row : row + 1]
    picture: NDArray[np.float32] = pictures[int(np.argmax(pictures @ direction))]
    return picture


def _first(owners: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where the frames of each video begin."""
    return np.flatnonzero(np.diff(owners, prepend=-1))
