"""Rows become a ``Collection``."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from clipsorter.library.collection import Collection
from clipsorter.library.embedding_table import EmbeddingTable, unit_rows
from clipsorter.library.stored_values import folder_bytes, range_below

PRESENT = (
    "FROM folders d CROSS JOIN files f USING (folder) "
    "CROSS JOIN embeddings e ON e.encoder = ? AND e.content = f.content {more} "
    "WHERE d.path >= ? AND d.path < ? AND NOT f.missing"
)
COUNT = f"SELECT count(*) {PRESENT.format(more='')}"
SELECT = (
    "SELECT f.photo_id, f.content, p.digest, d.path, f.name "
    f"{PRESENT.format(more='CROSS JOIN photos p ON p.content = f.content')} ORDER BY f.photo_id"
)


@dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """A collection and the contents whose stored embedding turned out to be damaged."""

    collection: Collection
    damaged: tuple[int, ...]


def count(db: Database, folder: Path, encoder: int) -> int:
    """Number of photos present below ``folder`` with an embedding."""
    return int(db.execute(COUNT, [encoder, *range_below(folder)]).fetchone()[0])


def collect(db: Database, folder: Path, encoder: int, dimension: int) -> Collected:
    """The photos present below ``folder`` with a sound embedding, in order of their ids."""
    rows = db.execute(SELECT, [encoder, *range_below(folder)]).fetchall()
    if not rows:
        return Collected(empty(dimension), ())
    ids, contents, digests, folders, names = zip(*rows, strict=True)
    contents_array = np.array(contents, dtype=np.int64)
    embeddings, sound = unit_rows(EmbeddingTable(db).read(encoder, contents_array, dimension))
    start = len(folder_bytes(str(folder)))
    files = [os.fsdecode((path + name)[start:]) for path, name in zip(folders, names, strict=True)]
    if os.sep != "/":
        files = [file.replace(os.sep, "/") for file in files]
    joined = b"".join(digests).hex()
    hexes = [joined[at : at + 32] for at in range(0, len(joined), 32)]
    photo_ids = np.array(ids, dtype=np.int64)
    if not sound.all():
        kept = np.flatnonzero(sound).tolist()
        photo_ids, embeddings = photo_ids[sound], embeddings[sound]
        files, hexes = [files[row] for row in kept], [hexes[row] for row in kept]
    for array in (photo_ids, embeddings):
        array.flags.writeable = False
    collection = Collection(photo_ids, tuple(files), tuple(hexes), embeddings)
    return Collected(collection, tuple(contents_array[~sound].tolist()))


def empty(dimension: int) -> Collection:
    """No photos yet."""
    return Collection(np.empty(0, dtype=np.int64), (), (), np.empty((0, dimension), dtype=np.float32))
