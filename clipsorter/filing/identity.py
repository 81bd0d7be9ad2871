"""How a file is recognised: what the system says about it, and a digest of its content."""

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

import xxhash

from clipsorter.filing.disk import CHUNK
from clipsorter.regular_files import open_regular

_NOTHING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})  # no file can have such a name


@dataclass(frozen=True, slots=True)
class Identity:
    """One file as it was seen; a changed file has another identity."""

    size: int  # bytes
    mtime_ns: int
    inode: int  # 0 where the system has none
    digest: str = ""  # 32 hex digits of xxh3_128 over the content; empty: not read


@dataclass(frozen=True, slots=True)
class Seen:
    """What ``os.lstat`` says about one name; links are not followed."""

    regular: bool
    link: bool
    folder: bool
    size: int
    mtime_ns: int
    atime_ns: int
    inode: int
    device: int
    mode: int

    def is_same_file(self, other: "Seen") -> bool:
        """Two names of one file."""
        return self.inode != 0 and (self.inode, self.device) == (other.inode, other.device)

    def matches(self, identity: Identity) -> bool:
        """An ordinary file with this size and time, and this inode where both know one. Content is not read."""
        return (
            self.regular
            and (self.size, self.mtime_ns) == (identity.size, identity.mtime_ns)
            and (identity.inode in {0, self.inode} or self.inode == 0)
        )


def see(path: Path) -> Seen | None:
    """Look at one name; None where nothing has it."""
    try:
        found = path.lstat()
    except OSError as error:
        if error.errno in _NOTHING:
            return None
        raise
    return Seen(
        regular=stat.S_ISREG(found.st_mode),
        link=stat.S_ISLNK(found.st_mode),
        folder=stat.S_ISDIR(found.st_mode),
        size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        atime_ns=found.st_atime_ns,
        inode=found.st_ino,
        device=found.st_dev,
        mode=found.st_mode,
    )


def digest_of(path: Path) -> str:
    """32 hex digits of xxh3_128 over the content, read from the disk itself where the system allows to ask for it."""
    digest = xxhash.xxh3_128()
    with open_regular(path) as file:
        if hasattr(os, "posix_fadvise"):
            # What was just written is still in memory; a check that reads that would prove nothing.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()
