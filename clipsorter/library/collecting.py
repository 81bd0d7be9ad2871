"""Rows become a ``Collection``."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from clipsorter.columns import Digests, Paths
from clipsorter.library.collection import Collection
from clipsorter.library.embedding_table import EmbeddingTable, unit_rows
from clipsorter.library.mirror import (
    Rows,
    copy_rows,
    digest_array,
    exchange_mirror,
    is_worth_writing,
    open_mirror,
    write_mirror,
)
from clipsorter.library.stored_values import content_digests, folder_bytes, range_below
from clipsorter.values import Frames

PRESENT = (
    "FROM folders d CROSS JOIN files f USING (folder) "
    "CROSS JOIN embeddings e ON e.encoder = ? AND e.content = f.content {more} "
    "WHERE d.path >= ? AND d.path < ? AND NOT f.missing"
)
FOLDERS = "SELECT folder, path FROM folders d WHERE d.path >= ? AND d.path < ?"
COUNT = f"SELECT count(*) {PRESENT.format(more='')}"
SELECT = (
    "SELECT f.photo_id, f.content, p.digest, f.folder, f.name "
    f"{PRESENT.format(more='LEFT JOIN photos p ON p.content = f.content')} ORDER BY f.photo_id"  # NULL: it was lost
)


@dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """A collection and the contents whose stored embedding turned out to be damaged."""

    collection: Collection
    damaged: tuple[int, ...]


def count(db: Database, folder: Path, encoder: int) -> int:
    """Number of photos present below ``folder`` with an embedding."""
    return int(db.execute(COUNT, [encoder, *range_below(folder)]).fetchone()[0])


def collect(db: Database, folder: Path, encoder: int, dimension: int, mirror_path: Path) -> Collected:
    """The photos present below ``folder`` with a sound embedding, in order of their ids.

    ValueError, TypeError or LookupError where the rows make no sense.

    Embeddings come from the mirror as far as it has them; it is written again when it lacked many.
    """
    rows = db.execute(SELECT, [encoder, *range_below(folder)]).fetchall()
    if not rows:
        return Collected(empty(dimension), ())
    ids, contents, blobs, folders, names = zip(*rows, strict=True)
    joined = content_digests(blobs)
    wanted = Rows(
        np.array(contents, dtype=np.int64), digest_array(joined), np.empty((len(rows), dimension), dtype=np.float32)
    )
    sound = _read_embeddings(db, encoder, wanted, blobs, mirror_path)
    photo_ids, embeddings = np.array(ids, dtype=np.int64), wanted.embeddings
    paths = dict(db.execute(FOLDERS, range_below(folder)))
    files, digests = _relative_files(folders, names, paths, folder), Digests(joined)
    frames = _read_frames(db, encoder, wanted, blobs, sound)
    if not sound.all():
        photo_ids, embeddings = photo_ids[sound], embeddings[sound]
        files, digests = list(compress(files, sound)), digests.take(sound)
    for array in (photo_ids, embeddings, frames.embeddings):
        array.flags.writeable = False
    collection = Collection(photo_ids, Paths(files), digests, embeddings, frames=frames)
    return Collected(collection, tuple(wanted.contents[~sound].tolist()))


def _read_frames(
    db: Database, encoder: int, wanted: Rows, digests: Sequence[bytes], sound: NDArray[np.bool_]
) -> Frames:
    """The frames of the sound rows; a clip with damaged ones is not sound any more, so it is embedded again."""
    dimension = wanted.embeddings.shape[1]
    while True:
        chosen = list(compress(digests, sound))
        frames, damaged = EmbeddingTable(db).read_frames(encoder, wanted.contents[sound], chosen, dimension)
        if not damaged:
            return frames
        sound[np.flatnonzero(sound)[damaged]] = False


def _read_embeddings(
    db: Database, encoder: int, wanted: Rows, digests: Sequence[bytes], mirror_path: Path
) -> NDArray[np.bool_]:
    """Fill ``wanted.embeddings`` from the mirror, then from the table; returns which rows are sound [N]."""
    table = EmbeddingTable(db)
    dimension = wanted.embeddings.shape[1]
    epoch = table.epoch(encoder)
    sound = np.ones(len(wanted), dtype=np.bool_)
    with open_mirror(mirror_path, epoch, dimension) as mirror:
        missing = np.flatnonzero(~copy_rows(mirror, wanted))
        if len(missing):
            chosen = [digests[row] for row in missing.tolist()]
            halves = table.read(encoder, wanted.contents[missing], chosen, dimension)
            wanted.embeddings[missing], sound[missing] = unit_rows(halves)
        is_due = mirror.is_damaged or is_worth_writing(len(missing), len(wanted))
        is_written = is_due and bool(sound.all()) and write_mirror(mirror_path, epoch, mirror, wanted)
    if is_written:
        exchange_mirror(mirror_path)
    return sound


def _relative_files(
    folders: Sequence[int], names: Sequence[bytes], paths: Mapping[int, bytes], folder: Path
) -> list[str]:
    start = len(folder_bytes(str(folder)))
    places = {number: os.fsdecode(path[start:]).replace(os.sep, "/") for number, path in paths.items()}
    joined = b"/".join(names)
    if b"\0" in joined or not {b"", b".", b".."}.isdisjoint(names) or not all(map(_is_inside, places.values())):
        raise ValueError("a stored path leads elsewhere")
    decoded = os.fsdecode(joined).split("/")  # all at once: ten times as fast as one by one
    return [places[number] + name for number, name in zip(folders, decoded, strict=True)]


def _is_inside(place: str) -> bool:
    """Whether this is a way down from the folder, with its closing separator; or nothing, for the folder itself."""
    *steps, end = place.split("/")
    return not end and "\0" not in place and {"", ".", ".."}.isdisjoint(steps)


def empty(dimension: int) -> Collection:
    """No photos yet."""
    return Collection(np.empty(0, dtype=np.int64), Paths(()), Digests(b""), np.empty((0, dimension), dtype=np.float32))
