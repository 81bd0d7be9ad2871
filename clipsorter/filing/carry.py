"""One file to a free name on any disk: copied beside the place, read back and compared, then put there in one step."""

import contextlib
import os
import zlib
from pathlib import Path

import xxhash

from clipsorter.errors import FilingError
from clipsorter.filing.disk import Disk
from clipsorter.filing.identity import Identity, digest_of, see
from clipsorter.filing.records import Landed


def part_of(place: Path, run: str) -> Path:
    """The name a copy has while it is being written: hidden, beside its place, the same every time for one run."""
    return place.with_name(f".clipsorter-{run}-{zlib.crc32(os.fsencode(place.name)):08x}.part")


def carry(
    disk: Disk, source: Path, place: Path, *, run: str, identity: Identity, mode: int, times: tuple[int, int]
) -> Landed:
    """Copy ``source`` to the free name ``place`` with permissions, attributes and ``times`` (atime, mtime in ns).

    ``identity`` is what the source must be and still be after the copy; its digest is compared where it is known.
    The copy is on the disk itself and verified before it gets its name. Raises OSError or FilingError; then nothing
    stands at ``place``, or, where only the last sync failed, the whole copy does. A hidden ``.part`` file that the
    disk kept from being removed goes with the next try.
    """
    part = part_of(place, run)
    with contextlib.suppress(FileNotFoundError):
        disk.remove(part)  # left by a run that was killed; the name holds its random number
    try:
        digest = _written(disk, source, part)
        if identity.digest and digest != identity.digest:
            raise FilingError(f"“{source.name}” has other content than when it was looked at.")
        disk.copy_facts(source, part, mode)
        disk.set_times(part, *times)
        _synced(disk, part)
        if digest_of(part) != digest:
            raise FilingError(f"The copy of “{source.name}” is not what was written; the disk may be failing.")
        seen, now = see(part), see(source)
        if now is None or not now.matches(identity):
            raise FilingError(f"“{source.name}” changed while it was being copied.")
        if seen is None:
            raise FilingError(f"The copy of “{source.name}” vanished from “{place.parent}”.")
        disk.place(part, place)
        disk.sync_folder(place.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            disk.remove(part)
        raise
    return Landed(seen.size, seen.mtime_ns, digest)


def _written(disk: Disk, source: Path, part: Path) -> str:
    """Copy the content; returns its digest."""
    digest = xxhash.xxh3_128()
    reading = disk.open_source(source)
    try:
        writing = disk.create(part)
        try:
            while piece := disk.read(reading):
                digest.update(piece)
                disk.write(writing, piece)
            disk.sync(writing)
        finally:
            os.close(writing)
    finally:
        os.close(reading)
    return digest.hexdigest()


def _synced(disk: Disk, part: Path) -> None:
    """Times and permissions too are on the disk before the copy gets its name."""
    handle = disk.open_source(part)
    try:
        disk.sync(handle)
    finally:
        os.close(handle)
