"""A copy of one encoder's embeddings in one file, because 100,000 rows are slow to read one by one.

The mirror holds float32 rows of unit length beside the content and digest they belong to. It is never trusted: a file
of another epoch (a stored row was changed or dropped) or of another size is ignored, keys and every block of rows have
a checksum, a row counts only with the digest the cache expects, and whatever is missing is read from the cache. So it
may be incomplete, torn by a power cut, have flipped bits or be deleted at any time. It is read, not mapped: a mapped
file that its disk cannot read ends the process.
"""

import hashlib
import logging
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from clipsorter.values import Embeddings

HEADER = struct.Struct("<8s8sQQQ")  # magic, epoch, rows, dimension, checksum of contents, digests and checksums
MAGIC = b"ClSmirr2"
BLOCK = 1024  # rows read and checked at a time, 2 MB at D = 512: stays in the processor's cache between the two
FEW = 4096  # missing rows that are not worth writing the file again
log = logging.getLogger(__name__)

Digests = NDArray[np.uint64]  # [N, 2]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Embeddings with their keys; all members aligned, N rows."""

    contents: NDArray[np.int64]  # [N]
    digests: Digests
    embeddings: Embeddings  # [N, D]

    def __len__(self) -> int:
        return len(self.contents)


class Mirror:
    """The rows of an open mirror file, in ascending order of contents; read by blocks."""

    def __init__(
        self,
        file: BinaryIO | None,
        contents: NDArray[np.int64],
        digests: Digests,
        checksums: NDArray[np.uint64],
        dimension: int,
    ) -> None:
        self.contents = contents  # [N]
        self.digests = digests  # [N, 2]
        self.is_damaged = False  # whether a block was not as it was written
        self._file = file
        self._checksums = checksums  # of every block
        self._start = 0 if file is None else file.tell()
        self._buffer = np.empty((BLOCK, dimension), dtype=np.float32)
        self._held: tuple[int, Embeddings | None] = (-1, None)

    def __len__(self) -> int:
        return len(self.contents)

    def block(self, number: int) -> Embeddings | None:
        """The rows from ``number * BLOCK`` on, till the next call; None where they are not as they were written."""
        if self._held[0] != number:
            self._held = (number, self._read(number))
            self.is_damaged |= self._held[1] is None
        return self._held[1]

    def _read(self, number: int) -> Embeddings | None:
        assert self._file is not None
        rows = self._buffer[: len(self) - number * BLOCK]
        try:
            self._file.seek(self._start + number * self._buffer.nbytes)
            length = self._file.readinto(rows.data.cast("B"))  # type: ignore[attr-defined]
        except OSError as error:
            log.warning("A part of a mirror cannot be read: %s", error)
            return None
        whole = length == rows.nbytes and xxh3_64_intdigest(rows.data) == int(self._checksums[number])
        return rows if whole else None


def mirror_file(cache_path: Path, encoder_id: str) -> Path:
    """Where the mirror of ``encoder_id`` lives, beside the cache it copies."""
    name = hashlib.blake2b(encoder_id.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return cache_path.with_name("mirrors") / f"{name}.mirror"


def digest_array(digests: bytes) -> Digests:
    """Digests of 16 bytes each, joined, as an array that can be compared."""
    return np.frombuffer(digests, dtype=np.uint64).reshape(-1, 2)


@contextmanager
def open_mirror(path: Path, epoch: bytes, dimension: int) -> Iterator[Mirror]:
    """The mirror at ``path``, open inside; one without rows when it does not match."""
    try:
        file = path.open("rb", buffering=0)
    except OSError:
        yield _empty(dimension)
        return
    with file:
        yield _read_keys(file, epoch, dimension) or _empty(dimension)


def _read_keys(file: BinaryIO, epoch: bytes, dimension: int) -> Mirror | None:
    try:
        magic, written_in, rows, columns, checksum = HEADER.unpack(file.read(HEADER.size))
        keys = rows * (8 + 16) + 8 * _blocks(rows)
        size = HEADER.size + keys + rows * 4 * dimension
        if (magic, written_in, columns) != (MAGIC, epoch, dimension) or os.fstat(file.fileno()).st_size != size:
            return None
        data = file.read(keys)
    except (OSError, struct.error):
        return None
    if len(data) != keys or xxh3_64_intdigest(data) != checksum:
        return None
    words = np.frombuffer(data, dtype=np.uint64)
    return Mirror(
        file, words[:rows].view(np.int64), words[rows : 3 * rows].reshape(-1, 2), words[3 * rows :], dimension
    )


def copy_rows(mirror: Mirror, wanted: Rows) -> NDArray[np.bool_]:
    """Fill ``wanted.embeddings`` in place with what the mirror surely has; returns which rows those are [N]."""
    if not len(mirror):
        return np.zeros(len(wanted), dtype=np.bool_)
    rows = np.minimum(np.searchsorted(mirror.contents, wanted.contents), len(mirror) - 1)
    found: NDArray[np.bool_] = (mirror.contents[rows] == wanted.contents) & (
        mirror.digests[rows] == wanted.digests
    ).all(axis=1)
    for number, places in _by_block(rows, np.flatnonzero(found)):
        block = mirror.block(number)
        if block is None:
            found[places] = False
        else:
            wanted.embeddings[places] = block[rows[places] - number * BLOCK]
    return found


def _by_block(rows: NDArray[np.intp], places: NDArray[np.intp]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """The ``places`` whose ``rows`` are in the same block, block by block in ascending order."""
    blocks = rows[places] // BLOCK
    order = np.argsort(blocks, kind="stable")
    numbers, starts = np.unique(blocks[order], return_index=True)
    return zip(numbers.tolist(), np.split(places[order], starts[1:]), strict=False)  # of nothing, split makes one part


def is_worth_writing(missing: int, rows: int) -> bool:
    """Whether a mirror that lacked ``missing`` of ``rows`` should be written again: a growing one seldom is."""
    return missing > max(FEW, rows // 4)


def write_mirror(path: Path, epoch: bytes, mirror: Mirror, collected: Rows) -> bool:
    """Write the mirror's own sound rows and the collected ones, to be put at ``path`` by ``exchange_mirror``.

    Returns whether that worked; a failure is logged, no more. There is no fsync: what a power cut left incomplete is
    found out when it is read.
    """
    other = np.flatnonzero(~np.isin(mirror.contents, collected.contents))
    sound = [places for number, places in _by_block(other, np.arange(len(other))) if mirror.block(number) is not None]
    other = other[np.concatenate([np.empty(0, dtype=np.intp), *sound])]
    contents, first = np.unique(np.concatenate([collected.contents, mirror.contents[other]]), return_index=True)
    digests = np.concatenate([collected.digests, mirror.digests[other]])[first]
    keys = contents.tobytes() + digests.tobytes()
    dimension = collected.embeddings.shape[1]
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with part.open("wb") as file:
            file.seek(HEADER.size + len(keys) + 8 * _blocks(len(contents)))
            checksums = []
            for start in range(0, len(first), BLOCK):
                rows = _picked(mirror, collected, other, first[start : start + BLOCK])
                file.write(rows.data)
                checksums.append(xxh3_64_intdigest(rows.data))
            keys += np.array(checksums, dtype=np.uint64).tobytes()
            file.seek(0)
            file.write(HEADER.pack(MAGIC, epoch, len(contents), dimension, xxh3_64_intdigest(keys)))
            file.write(keys)
    except OSError as error:
        log.warning("The mirror %s was not written: %s", path, error)
        with suppress(OSError):
            part.unlink()
        return False
    return True


def exchange_mirror(path: Path) -> None:
    """Put a newly written mirror in place; the old one must not be open, because Windows keeps open files."""
    try:
        path.with_suffix(".part").replace(path)
    except OSError as error:
        log.warning("The mirror %s was not replaced: %s", path, error)


def _picked(mirror: Mirror, collected: Rows, other: NDArray[np.intp], picked: NDArray[np.intp]) -> Embeddings:
    """These of the collected rows; numbers past them count on into ``mirror``'s rows ``other``.

    OSError where the mirror cannot be read any more.
    """
    rows = np.empty((len(picked), collected.embeddings.shape[1]), dtype=np.float32)
    is_collected = picked < len(collected)
    rows[is_collected] = collected.embeddings[picked[is_collected]]
    kept = np.zeros(len(picked), dtype=np.intp)
    kept[~is_collected] = other[picked[~is_collected] - len(collected)]
    for number, places in _by_block(kept, np.flatnonzero(~is_collected)):
        block = mirror.block(number)
        if block is None:
            raise OSError("the old one cannot be read")
        rows[places] = block[kept[places] - number * BLOCK]
    return rows


def _blocks(rows: int) -> int:
    return -(-rows // BLOCK)


def _empty(dimension: int) -> Mirror:
    return Mirror(
        None,
        np.empty(0, dtype=np.int64),
        np.empty((0, 2), dtype=np.uint64),
        np.empty(0, dtype=np.uint64),
        dimension,
    )
