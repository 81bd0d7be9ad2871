"""A memory-mapped copy of one encoder's embeddings, because 100,000 rows are slow to read one by one.

The mirror holds float32 rows of unit length beside the content and digest they belong to. It is never trusted: a file
of another epoch (a stored row was changed or dropped) or of another size is ignored, a row counts only with the
digest the cache expects and unit length, and whatever is missing is read from the cache. So it may be incomplete,
torn by a power cut or deleted at any time.
"""

import hashlib
import logging
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from clipsorter.values import Embeddings

HEADER = struct.Struct("<8s8sQQ")  # magic, epoch, rows, dimension
MAGIC = b"ClSmirr1"
BLOCK = 1024  # rows copied at a time, 2 MB at D = 512: stays in the processor's cache
UNIT_TOLERANCE = 1e-3  # a row that lost a byte that matters is further off than float32 rounding (1e-6)
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


def mirror_file(cache_path: Path, encoder_id: str) -> Path:
    """Where the mirror of ``encoder_id`` lives, beside the cache it copies."""
    name = hashlib.blake2b(encoder_id.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return cache_path.with_name("mirrors") / f"{name}.mirror"


def digest_array(digests: bytes) -> Digests:
    """Digests of 16 bytes each, joined, as an array that can be compared."""
    return np.frombuffer(digests, dtype=np.uint64).reshape(-1, 2)


def open_mirror(path: Path, epoch: bytes, dimension: int) -> Rows:
    """The mirror's rows in ascending order of contents, mapped and not yet read; none when it does not match."""
    try:
        with path.open("rb") as file:
            magic, written_in, rows, columns = HEADER.unpack(file.read(HEADER.size))
        expected = HEADER.size + rows * (8 + 16 + 4 * dimension)
        if (magic, written_in, columns) != (MAGIC, epoch, dimension) or path.stat().st_size != expected or not rows:
            return _no_rows(dimension)
        mapped = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, struct.error):
        return _no_rows(dimension)
    keys, digests = HEADER.size, HEADER.size + 8 * rows
    embeddings = digests + 16 * rows
    return Rows(
        np.array(mapped[keys:digests].view(np.int64)),
        np.array(mapped[digests:embeddings].view(np.uint64)).reshape(-1, 2),
        mapped[embeddings:].view(np.float32).reshape(rows, dimension),
    )


def copy_rows(mirror: Rows, wanted: Rows) -> NDArray[np.bool_]:
    """Fill ``wanted.embeddings`` in place with what the mirror surely has; returns which rows those are [N]."""
    if not len(mirror):
        return np.zeros(len(wanted), dtype=np.bool_)
    rows = np.minimum(np.searchsorted(mirror.contents, wanted.contents), len(mirror) - 1)
    found: NDArray[np.bool_] = (mirror.contents[rows] == wanted.contents) & (
        mirror.digests[rows] == wanted.digests
    ).all(axis=1)
    for start in range(0, len(wanted), BLOCK):
        block = slice(start, start + BLOCK)
        copied = wanted.embeddings[block]
        np.take(mirror.embeddings, rows[block], axis=0, out=copied, mode="clip")
        with np.errstate(over="ignore", invalid="ignore"):  # whatever a damaged file holds
            found[block] &= np.abs(np.vecdot(copied, copied) - 1) <= UNIT_TOLERANCE
    return found


def is_worth_writing(missing: int, rows: int) -> bool:
    """Whether a mirror that lacked ``missing`` of ``rows`` should be written again: a growing one seldom is."""
    return missing > max(FEW, rows // 4)


def write_mirror(path: Path, epoch: bytes, mirror: Rows, collected: Rows) -> bool:
    """Write the mirror's own rows and the collected ones, to be put at ``path`` by ``exchange_mirror``.

    Returns whether that worked; a failure is logged, no more. There is no fsync: what a power cut left incomplete is
    found out when it is read.
    """
    other = np.flatnonzero(~np.isin(mirror.contents, collected.contents))
    contents, first = np.unique(np.concatenate([collected.contents, mirror.contents[other]]), return_index=True)
    digests = np.concatenate([collected.digests, mirror.digests[other]])[first]
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with part.open("wb") as file:
            file.write(HEADER.pack(MAGIC, epoch, len(contents), collected.embeddings.shape[1]))
            file.write(contents.tobytes())
            file.write(digests.tobytes())
            _write_embeddings(file, collected.embeddings, mirror.embeddings, other, first)
    except OSError as error:
        log.warning("The mirror %s was not written: %s", path, error)
        with suppress(OSError):
            part.unlink()
        return False
    return True


def exchange_mirror(path: Path) -> None:
    """Put a newly written mirror in place; no array may map the old one, because Windows keeps mapped files."""
    try:
        path.with_suffix(".part").replace(path)
    except OSError as error:
        log.warning("The mirror %s was not replaced: %s", path, error)


def _write_embeddings(
    file: BinaryIO, collected: Embeddings, mirrored: Embeddings, other: NDArray[np.intp], order: NDArray[np.intp]
) -> None:
    """Write rows in this order; numbers past the collected rows count on into ``mirrored[other]``."""
    for start in range(0, len(order), BLOCK):
        rows = order[start : start + BLOCK]
        is_collected = rows < len(collected)
        block = np.empty((len(rows), collected.shape[1]), dtype=np.float32)
        block[is_collected] = collected[rows[is_collected]]
        block[~is_collected] = mirrored[other[rows[~is_collected] - len(collected)]]
        file.write(block.tobytes())


def _no_rows(dimension: int) -> Rows:
    return Rows(
        np.empty(0, dtype=np.int64), np.empty((0, 2), dtype=np.uint64), np.empty((0, dimension), dtype=np.float32)
    )
