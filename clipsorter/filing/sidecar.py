"""The file beside a photo that holds its keywords: which one it is, and writing it whole or not at all."""

import contextlib
import os
import zlib
from pathlib import Path
from typing import Literal

from clipsorter.filing.disk import Disk
from clipsorter.filing.identity import see
from clipsorter.filing.packet import MAX_BYTES, XmpError
from clipsorter.regular_files import NotRegularError, read_regular

Style = Literal["digikam", "lightroom"]


def sidecar_of(photo: Path, style: Style = "digikam") -> Path:
    """The sidecar that a photo has, or the one it would get.

    An existing ``IMG.jpg.xmp`` (digiKam, darktable) comes first, then an existing ``IMG.xmp`` (Lightroom, Adobe), in
    any case of the suffix. A new one is ``IMG.jpg.xmp``, or ``IMG.xmp`` in Lightroom's style.
    """
    for stem in (photo.name, photo.stem):
        for suffix in (".xmp", ".XMP"):
            path = photo.with_name(stem + suffix)
            if see(path) is not None:
                return path
    return photo.with_name(f"{photo.name if style == 'digikam' else photo.stem}.xmp")


def read_sidecar(path: Path) -> bytes | None:
    """The packet; None where there is none. Raises XmpError for what is not an ordinary small file, or OSError."""
    seen = see(path)
    if seen is None:
        return None
    if not seen.regular:
        raise XmpError("is a link or something else that is not a file")
    if seen.size > MAX_BYTES:
        raise XmpError("is bigger than 1 MiB")
    try:
        return read_regular(path, MAX_BYTES)
    except NotRegularError as error:
        raise XmpError("is not an ordinary file any more") from error


def write_sidecar(disk: Disk, path: Path, packet: bytes, *, was: bytes | None) -> None:
    """Put ``packet`` in the place of what was read before (``was``; None: there was no sidecar), in one step.

    Permissions and attributes are kept. Raises XmpError where the sidecar changed meanwhile, FileExistsError where
    one appeared, OSError where the disk fails; then the old one stands untouched.
    """
    part = part_of_sidecar(path)
    with contextlib.suppress(FileNotFoundError):
        disk.remove(part)
    try:
        handle = disk.create(part, 0o666)
        try:
            disk.write(handle, packet)
            if seen := see(path):
                disk.copy_facts(path, part, seen.mode)
            disk.sync(handle)
        finally:
            os.close(handle)
        if read_sidecar(path) != was:
            raise XmpError("was changed by another program just now")
        if was is None:
            disk.place(part, path)
        else:
            disk.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            disk.remove(part)
        raise
    disk.sync_folder(path.parent)


def part_of_sidecar(path: Path) -> Path:
    """The hidden name a sidecar has while it is being written; a part left by a kill is replaced by the next try."""
    return path.with_name(f".clipsorter-{zlib.crc32(os.fsencode(path.name)):08x}.part")
