"""Photos and embeddings for the tests of this room."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.library.records import CachedPhoto
from clipsorter.values import Photo, PhotoFacts

ENCODER = "tiny/1"
DIMENSION = 16


def photo(path: str | Path, *, size: int = 1000, mtime_ns: int = 1, inode: int = 1) -> Photo:
    return Photo(Path(path), size, mtime_ns, inode)


def digest(number: int) -> str:
    return f"{number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128:032x}"


def cached(
    path: str | Path, number: int, *, facts: PhotoFacts | None = None, thumbnail: bytes = b"jpeg", size: int = 1000
) -> CachedPhoto:
    return CachedPhoto(photo(path, size=size), digest(number), facts or PhotoFacts(40, 30), thumbnail)


def unit(rows: int, *, seed: int = 0, dimension: int = DIMENSION) -> NDArray[np.float32]:
    random = np.random.default_rng(seed).standard_normal((rows, dimension), dtype=np.float32)
    return random / np.linalg.norm(random, axis=1, keepdims=True)
