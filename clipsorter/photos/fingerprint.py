"""A photo's coarse shape in 64 bits, so that bursts, re-saves and small crops can be told from mere likeness.

And its sharpness, so that the best of them can be proposed as the one to keep.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BITS = 64
ALIKE_BITS = 12  # of 64; see ``difference``

_SIDE = 8
_SHARP_SIDE = 160  # px; smaller than any thumbnail's long side, so that size does not pass for sharpness


def fingerprint(thumbnail: bytes) -> int:
    """The difference hash of a picture: for 8 x 8 places, whether it grows brighter towards the right.

    Krawetz, "Kind of Like That", The Hacker Factor Blog, 2013. Size, compression and brightness hardly change it.
    """
    grey = _grey(thumbnail, (_SIDE + 1, _SIDE))
    bits = (grey[:, 1:] > grey[:, :-1]).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def sharpness(thumbnail: bytes) -> float:
    """How much fine detail a thumbnail holds: the variance of its Laplacian, for comparing near-duplicates.

    Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative study", 2000.
    """
    grey = _grey(thumbnail, (_SHARP_SIDE, _SHARP_SIDE))
    inner = grey[1:-1, 1:-1]
    return float((grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner).var())


def difference(one: int, other: int) -> int:
    """How many of the 64 bits differ; unrelated photos differ in about 32, re-saves in fewer than ``ALIKE_BITS``."""
    return (one ^ other).bit_count()


def _grey(thumbnail: bytes, size: tuple[int, int]) -> NDArray[np.int16]:
    """Brightness [height, width] of a thumbnail, resized without regard to its shape."""
    with Image.open(io.BytesIO(thumbnail), formats=("JPEG",)) as picture:
        return np.asarray(picture.convert("L").resize(size, Image.Resampling.BOX), dtype=np.int16)
