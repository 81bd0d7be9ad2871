"""How fast and how small the cache is at 100,000 photos: ``python -m tests.benchmarks.store [photos]``.

Prints numbers, asserts none: they depend on the machine. Ratios against the floor (what numpy or SQLite need for the
bare work) are what may be compared between machines.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import numpy as np

from clipsorter.library.cache import Cache
from clipsorter.library.library import Library
from clipsorter.library.mirror import mirror_file
from clipsorter.library.records import CachedPhoto
from clipsorter.library.thumbnails import ThumbnailReader
from clipsorter.values import Decision, Photo, PhotoFacts

DIMENSION = 512
BATCH = 64
PER_FOLDER = 400
ENCODER = "ViT-B-32/benchmark"
ROOT = Path("/photos")

Result = TypeVar("Result")


def timed(name: str, work: Callable[[], Result], *, repeat: int = 1) -> tuple[float, Result]:
    """Print and return the best of ``repeat`` durations in ms, and the last result."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        best = min(best, (time.perf_counter() - start) * 1000)
    print(f"{name:58s} {best:10.1f} ms")
    return best, result


def photo(number: int) -> CachedPhoto:
    """A photo as a camera might have left it."""
    path = ROOT / f"{2000 + number // PER_FOLDER // 12}" / f"{number // PER_FOLDER:04d} trip" / f"IMG_{number:06d}.JPG"
    facts = PhotoFacts(4032, 3024, datetime(2020, 1, 1, 12), 48.1, 11.6)  # noqa: DTZ001 - camera time
    return CachedPhoto(
        Photo(path, 3_000_000 + number, 1_600_000_000_000_000_000 + number, number + 1), digest(number), facts, b""
    )


def digest(number: int) -> str:
    """Spread like a hash, as the real ones are."""
    return f"{number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128:032x}"


def unit(rows: int) -> np.ndarray:
    """Random directions."""
    random = np.random.default_rng(0).standard_normal((rows, DIMENSION), dtype=np.float32)
    return random / np.linalg.norm(random, axis=1, keepdims=True)


def fill(cache: Cache, photos: int, embeddings: np.ndarray) -> None:
    """Store all photos in batches, as an index run does."""
    for start in range(0, photos, BATCH):
        numbers = range(start, min(start + BATCH, photos))
        cache.put([photo(number) for number in numbers], ENCODER, embeddings[start : start + BATCH])


def measure_cache(folder: Path, photos: int) -> None:
    """The engine's side: fill, scan against, collect."""
    path = folder / "cache.db"
    embeddings = unit(photos)
    with Cache.open(path) as cache:
        duration, _ = timed(f"put {photos} photos in batches of {BATCH}", lambda: fill(cache, photos, embeddings))
        print(f"{'':58s} {duration / photos * 1000:10.1f} us per photo")
    print(f"{'cache.db without thumbnails':58s} {path.stat().st_size / photos:10.0f} bytes per photo")
    _, cache = timed("open", lambda: Cache.open(path))
    with cache:
        _, records = timed("files_below", lambda: cache.files_below(ROOT), repeat=3)
        digests = [record.digest for record in records.values() if record.digest]
        timed("embedded, all digests", lambda: cache.embedded(digests, ENCODER), repeat=3)
        timed("embedded, 8 digests", lambda: cache.embedded(digests[:8], ENCODER), repeat=3)
        timed("known_sizes", cache.known_sizes, repeat=3)
        timed("count", lambda: cache.count(ROOT, ENCODER), repeat=3)
        one = ROOT / "2001"
        timed(f"files_below one year ({len(cache.files_below(one))})", lambda: cache.files_below(one), repeat=3)
    with Cache.open(path) as cache:
        rows, _ = timed("collection, first (from rows)", lambda: cache.collection(ROOT, ENCODER))
    with Cache.open(path) as cache:
        mirrored, collection = timed("collection, second (from the mirror)", lambda: cache.collection(ROOT, ENCODER))
        timed("collection, nothing changed", lambda: cache.collection(ROOT, ENCODER), repeat=3)
        floor, _ = timed("floor: numpy float32 copy of the matrix", collection.embeddings.copy, repeat=3)
        print(f"{'rows / mirror':58s} {rows / mirrored:10.1f} x")
        print(f"{'mirror / floor':58s} {mirrored / floor:10.1f} x")
        timed("taken", lambda: cache.taken(collection.photo_ids), repeat=3)
        print(f"{'mirror':58s} {mirror_file(path, ENCODER).stat().st_size / photos:10.0f} bytes per photo")


def measure_thumbnails(folder: Path) -> None:
    """The window's side: 1,000 thumbnails of 25 KiB."""
    path = folder / "thumbnails.db"
    with Cache.open(path) as cache:
        jpeg = bytes(25 * 1024)
        cached = [CachedPhoto(p.photo, p.digest, p.facts, jpeg) for p in map(photo, range(1000))]
        cache.put(cached, ENCODER, unit(1000))
        print(
            f"{'cache.db with 25 KiB thumbnails':58s} {path.stat().st_size / 1000:10.0f} bytes per photo (in the log)"
        )
    print(f"{'cache.db with 25 KiB thumbnails':58s} {path.stat().st_size / 1000:10.0f} bytes per photo")
    reader = ThumbnailReader(path)
    timed("read 1,000 thumbnails", lambda: [reader.read(digest(number)) for number in range(1000)], repeat=3)
    reader.close()


def measure_library(folder: Path, photos: int) -> None:
    """A person's side: one drag of everything, and taking it back."""
    with Library.open(folder / "library.db") as library:
        everything = [Decision(digest(number), "beach") for number in range(photos)]
        timed("decide one photo", lambda: library.decide(everything[:1]), repeat=3)
        _, batch = timed(f"decide {photos} photos at once", lambda: library.decide(everything))
        timed("undo", lambda: library.undo(batch))
        timed("redo", lambda: library.redo(batch))
        timed("decisions", library.decisions, repeat=3)


def main() -> None:
    """Measure everything in a folder of its own."""
    photos = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        measure_cache(Path(folder), photos)
        measure_thumbnails(Path(folder))
        measure_library(Path(folder), photos)


if __name__ == "__main__":
    main()
