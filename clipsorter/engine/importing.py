"""What a cluster found is taken over into the library: photos are recognised by their content, never by their paths."""

from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clipsorter.engine.events import Embedded, EncoderReady, EncoderStarting, Scanned
from clipsorter.engine.model import Model
from clipsorter.engine.shards import ShardedPhoto, open_shards
from clipsorter.errors import ShardsError
from clipsorter.library.cache import Cache, CachedPhoto
from clipsorter.photos.prepared import Digested
from clipsorter.photos.scan import Unchanged, rescan
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import Photo


@dataclass(frozen=True, slots=True)
class Imported:
    """The import is over; what it left is embedded by the next index run."""

    photos: int  # found below the folder
    known: int  # the library had their embeddings already
    taken: int  # from the shards
    left: int  # in no shard, or in a row that is not sound


def import_shards(
    shards: Path,
    folder: Path,
    *,
    cache: Cache,
    model: Model,
    excluded: Collection[Path] = (),
    workers: int | None = None,
) -> Generator[Scanned | EncoderStarting | EncoderReady | Embedded | Imported, None, None]:
    """Give the photos below ``folder`` the embeddings, thumbnails and facts that ``shards`` has for their content.

    Yields Embedded now and then and one Imported at the end; closing the generator keeps what was stored. Raises
    ShardsError for shards that are damaged or of another model, before anything is stored.
    """
    opened = open_shards(shards)
    spec = yield from model.spec()
    if (opened.encoder_id, opened.dimension) != (spec.id, spec.dimension):
        raise ShardsError(f"These shards were made with the model {opened.encoder_id}, not with {spec.id}.")
    known = cache.known_below(folder, model.encoder_id)
    photos: list[Photo] = []
    unchanged = 0
    for entry in rescan(folder, known.embedded, excluded=excluded):
        if isinstance(entry, Unchanged):
            unchanged += len(entry.names)
        elif isinstance(entry, Photo):
            photos.append(entry)
    total = unchanged + len(photos)
    yield Scanned(total, 0, unchanged, done=True)
    sizes = opened.sizes()
    by_digest: dict[str, list[Photo]] = {}
    with DecodeWorkers(spec.shape, count=workers) as hashers:
        for outcome in hashers.digest(photo for photo in photos if photo.size in sizes):
            if isinstance(outcome, Digested):
                by_digest.setdefault(outcome.digest, []).append(outcome.photo)
            yield Embedded(unchanged, total, 0.0, None)
    taken = 0
    for batch in opened.photos(by_digest.keys()):
        taken += _store(_named(batch, by_digest), cache, model.encoder_id)
        yield Embedded(unchanged + taken, total, 0.0, None)
    yield Imported(total, unchanged, taken, len(photos) - taken)


def _named(batch: list[ShardedPhoto], by_digest: dict[str, list[Photo]]) -> Iterator[tuple[Photo, ShardedPhoto]]:
    for one in batch:
        for photo in by_digest.pop(one.digest, ()):  # once, though shards may hold a content several times
            yield photo, one


def _store(pairs: Iterator[tuple[Photo, ShardedPhoto]], cache: Cache, encoder_id: str) -> int:
    found = list(pairs)
    if found:
        cached = [CachedPhoto(photo, one.digest, one.facts, one.thumbnail, one.sketch) for photo, one in found]
        cache.put(cached, encoder_id, np.stack([one.embedding for _, one in found]))
    return len(found)
