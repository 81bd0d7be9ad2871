"""What a library weighs on disk, and what looking at an unchanged folder again costs."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from clipsorter.encoders.colour import ColourEncoder
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Indexed
from clipsorter.library.cache import Cache
from clipsorter.library.data_folder import DataFolder
from clipsorter.photos.scan import Unchanged, rescan, scan
from clipsorter.values import Photo
from tests.benchmarks import store
from tests.benchmarks.figures import Figure, processor_seconds, ratio_of, take_turns

PER_FOLDER = 400


def measure(*, quick: bool) -> Iterator[Figure]:
    """Bytes per photo with one model, then a folder of empty files that the cache knows as embedded photos."""
    count, rounds = (10_000, 5) if quick else (100_000, 11)
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as place:
        folder = Path(place)
        with Cache.open(folder / "cache.db") as cache:
            spent = processor_seconds(lambda: store.fill(cache, count, store.unit(count)))
        size = (folder / "cache.db").stat().st_size / count
        yield Figure("cache.db per photo, no thumbnail, one model", size, "bytes", count, "D = 512", 1500)
        yield Figure("storing a photo", spent / count * 1e6, "us", count, "processor time, batches of 64")
        yield from _rescan(folder / "photos", folder / "data", count, rounds)


def _rescan(photos: Path, data: Path, count: int, rounds: int) -> Iterator[Figure]:
    for start in range(0, count, PER_FOLDER):
        (photos / f"{start:06d}").mkdir(parents=True)
        for number in range(start, min(start + PER_FOLDER, count)):
            (photos / f"{start:06d}" / f"IMG_{number:06d}.JPG").touch()
    known = [entry for entry in scan(photos) if isinstance(entry, Photo)]
    stamps: dict[str, dict[str, tuple[int, int, int]]] = {}
    for photo in known:
        stamps.setdefault(str(photo.path.parent), {})[photo.path.name] = photo.size, photo.mtime_ns, photo.inode
    with closing(Engine(data, model="colour", workers=1)) as engine:
        list(engine.open())  # makes the stores
    with Cache.open(DataFolder(data).cache_path) as cache:
        embeddings = store.unit(count)[:, : ColourEncoder.spec.dimension]
        embeddings /= (embeddings**2).sum(axis=1, keepdims=True) ** 0.5
        for start in range(0, count, store.BATCH):
            batch = [
                replace(store.photo(start + number), photo=photo)
                for number, photo in enumerate(known[start : start + store.BATCH])
            ]
            cache.put(batch, ColourEncoder.spec.id, embeddings[start : start + len(batch)])
    with closing(Engine(data, model="colour", workers=1)) as engine:

        def walk() -> None:
            assert sum(len(one.names) for one in rescan(photos, stamps) if isinstance(one, Unchanged)) == count

        def run() -> None:
            *_, last = engine.index(photos)
            assert isinstance(last, Indexed)
            assert last.unchanged == count, last

        taken = take_turns(
            {
                "bare": lambda: processor_seconds(lambda: _look(photos)),
                "walk": lambda: processor_seconds(walk),
                "run": lambda: processor_seconds(run),
            },
            rounds,
        )
    method = "processor time, median of pairs"
    what = f"rescan of {count:,} unchanged files / bare scandir + stat"
    yield Figure(f"{what}, the walk", ratio_of(taken, "walk", "bare"), "x", rounds, method, 1.3)
    yield Figure(f"{what}, the whole index run", ratio_of(taken, "run", "bare"), "x", rounds, method)


def _look(folder: str | Path) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _look(entry.path)
            else:
                entry.stat()
