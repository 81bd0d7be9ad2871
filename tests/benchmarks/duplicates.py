"""How long the search for duplicates takes in a large library: ``python -m tests.benchmarks.duplicates DATA PHOTOS``.

DATA is a data folder in which the photos below PHOTOS were indexed with the starter. They are kept, and photos are made
up from them until there are as many as wanted (``--photos``): two photos laid over each other, one of them mirrored
(alike in kind, not the same), and, one in twenty, a photo saved again. Their thumbnails are made when they are asked
for; that time is not counted. Set OPENBLAS_NUM_THREADS=1, as the app does for itself.
"""

import argparse
import io
import resource
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from clipsorter.columns import Digests, Paths
from clipsorter.encoders.sources import find_model
from clipsorter.engine.duplicates import Duplicates, find_duplicates
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.photos.sketch import BYTES, PLACES
from clipsorter.ranking.prompts import unit_rows
from tests.benchmarks.store import digest

AGAIN = 20  # one photo in so many is another one saved again


class MadeUpCache(Cache):
    """A cache of photos, and of others made up from them."""

    def __init__(self, cache: Cache, real: Collection, photos: int) -> None:
        random = np.random.default_rng(0)
        count = len(real)
        self._real, self._digests = cache, real.digests
        self._parents = np.stack([random.integers(0, count, photos), random.integers(0, count, photos)], axis=1)
        again = random.random(photos) < 1 / AGAIN
        self._parents[again, 1] = self._parents[again, 0]
        self._parents[:count] = np.arange(count)[:, None]  # the real ones
        self._share = random.uniform(0.35, 0.65, photos)
        self.saved_again = int((self._parents[count:, 0] == self._parents[count:, 1]).sum())
        self.seconds = 0.0  # spent on making up
        self.asked = 0
        sketches, _ = cache.sketches(real.photo_ids, BYTES)
        sizes = cache.sizes(real.photo_ids)
        self._sizes = sizes[self._parents[:, 0]]
        self._sketches = self._blend(sketches, np.zeros((photos, BYTES), np.uint8))
        self._rows = {one: row for row, one in enumerate(map(digest, range(photos)))}
        one, other = (real.embeddings[self._parents[:, side]] for side in (0, 1))
        mixed = self._share[:, None] * one + (1 - self._share[:, None]) * other
        noise = random.normal(0, 0.02 / np.sqrt(mixed.shape[1]), mixed.shape)
        embeddings = unit_rows(mixed + noise)
        files = Paths(f"{row // 1000}/photo-{row}.jpg" for row in range(photos))
        ids = np.arange(1, photos + 1, dtype=np.int64)
        self.collection_of_all = Collection(ids, files, Digests.of(self._rows), embeddings)

    def _blend(self, real: NDArray[np.uint8], blended: NDArray[np.uint8]) -> NDArray[np.uint8]:
        mirrored = real.reshape(-1, PLACES, PLACES)[:, :, ::-1].reshape(-1, BYTES)
        for row, (one, other) in enumerate(self._parents):
            share = self._share[row]
            blended[row] = real[one] if one == other else share * real[one] + (1 - share) * mirrored[other]
        return blended

    def sizes(self, photo_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._sizes

    def taken(self, photo_ids: NDArray[np.int64]) -> NDArray[np.datetime64]:
        seconds = 7 * (photo_ids - photo_ids[0])  # all taken in a row: as many may be of one burst as can be
        return np.datetime64("2020-01-01", "us") + seconds.astype("timedelta64[s]")

    def sketches(self, photo_ids: NDArray[np.int64], length: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        return self._sketches, np.ones(len(photo_ids), np.bool_)

    def put_sketches(self, sketches: object) -> None:
        """All are known."""

    def thumbnail(self, wanted: str) -> bytes | None:
        began = time.process_time()
        row = self._rows[wanted]
        one, other = self._parents[row].tolist()
        thumbnail = self._real.thumbnail(self._digests[one])
        if thumbnail and row >= len(self._digests):
            picture = Image.open(io.BytesIO(thumbnail)).convert("RGB")
            if one != other and (second := self._real.thumbnail(self._digests[other])):
                laid_over = ImageOps.mirror(Image.open(io.BytesIO(second)).convert("RGB")).resize(picture.size)
                picture = Image.blend(laid_over, picture, float(self._share[row]))
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=60)
            thumbnail = file.getvalue()
        self.asked += 1
        self.seconds += time.process_time() - began
        return thumbnail


def main() -> None:
    """Read the command line, search once and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photos", type=int, default=100_000)
    options = parser.parse_args()
    encoder_id = find_model("starter", options.data / "models").encoder_id
    with Cache.open(options.data / "cache.db") as cache:
        made_up = MadeUpCache(cache, cache.collection(options.folder.absolute(), encoder_id), options.photos)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, longest, found = time.process_time(), 0.0, None
        steps = find_duplicates(made_up.collection_of_all, made_up)
        while found is None:
            step, spent = time.process_time(), made_up.seconds
            try:
                next(steps)
            except StopIteration as end:
                found = end.value
            longest = max(longest, time.process_time() - step - (made_up.seconds - spent))
    assert isinstance(found, Duplicates)
    seconds = time.process_time() - began - made_up.seconds
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{options.photos:,} photos: {seconds:.0f} s of processor time, longest step {longest:.2f} s")
    print(f"{made_up.asked:,} thumbnails read (that took {made_up.seconds:.0f} s more), {grown:.0f} MB more memory")
    print(
        f"{made_up.saved_again:,} saved again; {len(found.near):,} groups of {sum(len(g.files) for g in found.near):,}"
    )


if __name__ == "__main__":
    main()
