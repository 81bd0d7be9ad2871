"""Memory while 100,000 photos are indexed, without a model: what the run itself keeps must not grow with the folder.

The double that knows colours stands in for the encoder, so that the run takes minutes and what is counted is what lies
beside a model; walking, decoding, storing and progress are those of any run.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import skimage
from PIL import Image

from tests.benchmarks.figures import Figure, ask_child
from tests.benchmarks.indexing import mark

PHOTOS, QUICK = 100_000, 4_000
PER_FOLDER = 400
SIZE = (320, 240)  # px

INDEX = """
import json, sys, time
from contextlib import closing
from pathlib import Path
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded, Indexed
from tests.benchmarks.figures import tree_bytes
taken, last = [], 0.0
with closing(Engine(Path(sys.argv[1]), model="colour")) as engine:
    for event in engine.index(Path(sys.argv[2])):
        if isinstance(event, Embedded) and time.monotonic() - last > 0.5:
            last = time.monotonic()
            taken.append(tree_bytes())
    assert isinstance(event, Indexed) and event.embedded == int(sys.argv[3]), event
third = len(taken) // 3
print(json.dumps([max(taken), max(taken[-third:]) / max(taken[third : 2 * third]), len(taken), event.seconds]))
"""


def measure(*, quick: bool) -> Iterator[Figure]:
    """One run; the last third is compared with the one before, when caches are full."""
    count = QUICK if quick else PHOTOS
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as place:
        folder = Path(place)
        _make_photos(folder / "photos", count)
        peak, growth, samples, seconds = ask_child(INDEX, folder / "data", folder / "photos", count)
        database = sum(file.stat().st_size for file in (folder / "data").glob("cache.db*")) / count
    method = f"{samples:.0f} samples over all processes, no model"
    yield Figure(f"memory while indexing {count:,} photos", peak / 1e6, "MB", 1, f"peak of {method}", 600)
    yield Figure("memory, last third of the photos / second third", growth, "x", 1, f"peaks of {method}", 1.05)
    yield Figure("cache.db per photo with its thumbnail", database, "bytes", count, "320 x 240")
    yield Figure("photos per second without a model", count / seconds, "1/s", 1, "by the clock")


def _make_photos(folder: Path, count: int) -> None:
    with Image.open(Path(skimage.data_dir) / "coffee.png") as coffee:
        picture = folder.parent / "one.jpg"
        coffee.convert("RGB").resize(SIZE).save(picture, quality=85)
    content = picture.read_bytes()
    for start in range(0, count, PER_FOLDER):
        (folder / f"{start:06d}").mkdir(parents=True)
        for number in range(start, min(start + PER_FOLDER, count)):
            (folder / f"{start:06d}" / f"IMG_{number:06d}.JPG").write_bytes(mark(content, number))
