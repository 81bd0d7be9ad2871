"""What the decode workers answer: one frozen value per photo."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.values import Photo, PhotoFacts


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPhoto:
    """Everything that one reading of a file yields."""

    photo: Photo
    digest: str  # xxh3_128 of the content, 32 hex digits
    pixels: NDArray[np.uint8]  # [S, S, 3], upright sRGB, S = InputShape.side; of a video [F, S, S, 3]
    thumbnail: bytes  # JPEG, upright sRGB, long side at most 256 px
    sketch: bytes  # of the same picture, 256 bytes, see ``photos.sketch``
    facts: PhotoFacts

    @property
    def frames(self) -> NDArray[np.uint8]:
        """The pictures that stand for it: [1, S, S, 3] of a photo, [F, S, S, 3] of a video."""
        return self.pixels if self.pixels.ndim == 4 else self.pixels[None]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A photo that yields nothing, and why."""

    photo: Photo
    reason: str  # a sentence for the person
    refused: bool  # True: over a limit, or it broke its reader; False: damaged or gone
    digest: str | None  # None where the content could not be read to its end


@dataclass(frozen=True, slots=True)
class Digested:
    """The content digest of a photo that was not decoded."""

    photo: Photo
    digest: str  # as PreparedPhoto.digest
