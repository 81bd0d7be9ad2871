"""A picture at 16 x 16 places, 256 bytes: enough to tell which of many pictures are worth comparing closely."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipsorter.photos.framing import THUMBNAIL_SIDE

PLACES = 16  # per side
BYTES = PLACES * PLACES

_REACH = 2  # places on each side that count as the surroundings of a place
_LARGEST = 2 * THUMBNAIL_SIDE
_DRAFT = 64  # px; a JPEG of 256 px is decoded at a quarter of its sides, in a third of the time


def sketch(picture: Image.Image) -> bytes:
    """The brightness of a picture at its places, row by row, whatever its shape."""
    return picture.convert("L").resize((PLACES, PLACES), Image.Resampling.BOX).tobytes()


@contextmanager
def opened_thumbnail(thumbnail: bytes) -> Iterator[Image.Image]:
    """The picture of a JPEG thumbnail, not yet decoded; OSError, SyntaxError or ValueError for anything else."""
    with Image.open(io.BytesIO(thumbnail), formats=("JPEG",)) as picture:
        if max(picture.size) > _LARGEST:
            raise ValueError("too large for a thumbnail")
        yield picture


def sketch_thumbnail(thumbnail: bytes) -> bytes:
    """The sketch of a JPEG thumbnail."""
    with opened_thumbnail(thumbnail) as picture:
        picture.draft("L", (_DRAFT, _DRAFT))
        return sketch(picture)


def outline(sketches: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What stands out from its surroundings in sketches [N, 256]: float32 [N, 256], rows of length 1.

    A row is zeros where a picture has nothing but noise (below one step of brightness).
    """
    bright = sketches.reshape(-1, PLACES, PLACES).astype(np.float32)
    wide = np.pad(bright, ((0, 0), (_REACH, _REACH), (_REACH, _REACH)), mode="edge")
    span = 2 * _REACH + 1
    across = np.add.reduce([wide[:, :, start : start + PLACES] for start in range(span)])
    around = np.add.reduce([across[:, start : start + PLACES] for start in range(span)])
    beyond: NDArray[np.float32] = (bright - around / np.float32(span**2)).reshape(-1, BYTES)
    length = np.linalg.norm(beyond, axis=1, keepdims=True)
    beyond[length[:, 0] < PLACES * 0.5] = 0
    beyond /= np.maximum(length, np.float32(PLACES * 0.5))
    return beyond
