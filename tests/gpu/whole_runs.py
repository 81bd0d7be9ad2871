"""A whole index run on a device, beside decoding alone and encoding alone: the slower of the two sets the pace.

By the clock, because a card's time is no processor time: run it while nothing else works. All three take the same
photos, the same workers and the same batches; what a photo costs is counted from the moment the model is loaded.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import ModelSource
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded, Indexed
from clipsorter.photos.scan import scan
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import Photo
from tests.benchmarks.indexing import make_photos
from tests.gpu.checks import make_photos as make_pixels

PHOTOS = 768
BATCHES = 8  # of encoding alone
SHARE = 0.9  # of the slower part's rate that a whole run has to reach


@dataclass(frozen=True, slots=True)
class WholeRun:
    """Photos per second."""

    decode: float  # decoding alone, with every worker
    encode: float  # encoding alone, through the child process
    index: float  # both, with hashes, thumbnails and the database

    @property
    def share(self) -> float:
        """Of the rate that the slower part allows."""
        return self.index / min(self.decode, self.encode)

    @property
    def holds(self) -> bool:
        return self.share >= SHARE


def measure_whole_run(source: ModelSource, device: str, *, size: str = "small", photos: int = PHOTOS) -> WholeRun:
    """Index ``photos`` generated JPEGs, "small" (500 x 375) or "large" (12 megapixels), into a fresh data folder."""
    with tempfile.TemporaryDirectory(prefix="clipsorter-whole-run-") as place:
        folder = make_photos(Path(place) / "photos", size, photos, seed=0)
        with closing(open_encoder(source, device)) as encoder:
            shape, batch, depth = encoder.spec.shape, encoder.batch_size, max(2, encoder.depth)
            pixels = make_pixels(shape.side, batch)
            encoder.encode_images(pixels)
            began, waiting = time.perf_counter(), [encoder.submit_images(pixels) for _ in range(depth)]
            for _ in range(BATCHES * depth):
                waiting.pop(0)()
                waiting.append(encoder.submit_images(pixels))
            for wait in waiting:
                wait()
            encode = batch * depth * (BATCHES + 1) / (time.perf_counter() - began)
        with DecodeWorkers(shape) as decoders:
            found = (entry for entry in scan(folder) if isinstance(entry, Photo))
            decode = _rate(1 if answer is not None else 0 for answer in decoders.prepare(found))
        with closing(Engine(Path(place) / "data", model=_name(source), device=device)) as engine:
            list(engine.start_model())
            index = _rate(_count_embedded(engine, folder))
    return WholeRun(decode, encode, index)


def _count_embedded(engine: Engine, folder: Path) -> Iterator[int]:
    """Photos that each event says were finished since the one before."""
    done = 0
    for event in engine.index(folder):
        if isinstance(event, Embedded):
            yield event.done - done
            done = event.done
        elif isinstance(event, Indexed):
            assert event.failed == 0


def _rate(counts: Iterator[int]) -> float:
    """Photos per second after the first ones, whose time is the start of the workers."""
    first = began = total = 0.0
    for count in counts:
        if count and not began:
            first, began = float(count), time.perf_counter()
        total += count
    return (total - first) / (time.perf_counter() - began)


def _name(source: ModelSource) -> str:
    return str(source.folder) if source.folder else source.kind
