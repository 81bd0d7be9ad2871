"""Every act that changes a disk, one method each: the only place in ClipSorter that calls them on a person's files.

``Disk`` is handed to whoever files, undoes or tags, so that tests can fail or kill the process at each act. No method
overwrites anything, except ``replace``, which is for files that ClipSorter itself keeps and for sidecars.
"""

import contextlib
import ctypes
import errno
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from clipsorter.filing.exiftool import run
from clipsorter.regular_files import descriptor_of_regular

CHUNK = 1 << 20  # bytes per read and write

_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_AT_FDCWD = -100  # <fcntl.h> on Linux
_RENAME_NOREPLACE = 1  # <linux/fs.h>
_RENAME_EXCL = 4  # <sys/stdio.h> on macOS
# What disks answer that know no such call, or no such permission, attribute or link.
UNSUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})


class Disk:
    """The real disk. Errors are the system's own (OSError)."""

    def make_folder(self, path: Path) -> None:
        """Fails with FileExistsError where anything has that name."""
        path.mkdir()

    def remove_folder(self, path: Path) -> None:
        """Fails unless the folder is empty."""
        path.rmdir()

    def create(self, path: Path, mode: int = 0o600) -> int:
        """A new file, open for writing, with ``mode`` less the umask; FileExistsError where the name is taken."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, mode)

    def open_log(self, path: Path) -> int:
        """Our own log, open for appending; created when missing."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _FLAGS, 0o600)

    def write(self, handle: int, data: bytes) -> None:
        """All of ``data``; a short write is continued."""
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]

    def cut(self, handle: int, size: int) -> None:
        """Shorten our own log to ``size`` bytes."""
        os.ftruncate(handle, size)

    def sync(self, handle: int) -> None:
        """Return when the content is on the disk itself, not only in memory."""
        os.fsync(handle)

    def sync_folder(self, path: Path) -> None:
        """Return when the names in the folder are on the disk itself; nothing to do where folders cannot be opened."""
        if os.name == "nt":
            return
        handle = os.open(path, os.O_RDONLY | _FLAGS)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in UNSUPPORTED:  # some network disks refuse to sync a folder
                raise
        finally:
            os.close(handle)

    def open_source(self, path: Path) -> int:
        """For reading; a link is refused (ELOOP), and what is no ordinary file any more."""
        return descriptor_of_regular(path, follow_link=False)

    def read(self, handle: int) -> bytes:
        """The next piece; empty at the end."""
        return os.read(handle, CHUNK)

    def copy_facts(self, source: Path, place: Path, mode: int) -> None:
        """Give ``place`` these permissions and the extended attributes of ``source``, as far as its disk can."""
        with _where_supported():
            place.chmod(stat.S_IMODE(mode))
        if sys.platform == "linux":
            for name in os.listxattr(source, follow_symlinks=False):
                with _where_supported():
                    value = os.getxattr(source, name, follow_symlinks=False)
                    os.setxattr(place, name, value, follow_symlinks=False)

    def set_times(self, path: Path, atime_ns: int, mtime_ns: int) -> None:
        """Read and change time, in nanoseconds, as exactly as the disk keeps them."""
        os.utime(path, ns=(atime_ns, mtime_ns))

    def rename_to_free(self, source: Path, place: Path) -> None:
        """In one step, never over anything. Errno in UNSUPPORTED: this disk or system knows no such step."""
        if os.name == "nt":
            source.rename(place)  # Windows refuses to replace
        elif sys.platform == "darwin":
            _system_call("renamex_np", os.fsencode(source), os.fsencode(place), _RENAME_EXCL)
        else:
            old, new = os.fsencode(source), os.fsencode(place)
            _system_call("renameat2", _AT_FDCWD, old, _AT_FDCWD, new, _RENAME_NOREPLACE)

    def link(self, source: Path, place: Path) -> None:
        """A second name for the same file; FileExistsError where it is taken."""
        os.link(source, place, follow_symlinks=False)

    def symlink(self, text: str, place: Path) -> None:
        """A symbolic link; FileExistsError where the name is taken."""
        place.symlink_to(text)

    def remove(self, path: Path) -> None:
        """Remove one name of one file."""
        path.unlink()

    def write_with(self, arguments: Sequence[str], folder: Path) -> None:
        """Let ExifTool write a new file in a folder; fails with OSError, and then it may stand there in part."""
        run(arguments, folder)

    def replace(self, part: Path, place: Path) -> None:
        """Put a finished file in the place of an older one, in one step."""
        part.replace(place)

    def place(self, source: Path, place: Path) -> None:
        """Move to a free name on the same disk: FileExistsError where it is taken, EXDEV on another disk."""
        try:
            self.rename_to_free(source, place)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
        else:
            return
        # Hard links also fail where a name is taken; in between the file has two names and recover knows it.
        self.link(source, place)
        self.remove(source)


@contextlib.contextmanager
def _where_supported() -> Iterator[None]:
    """FAT keeps no permissions and few disks keep every attribute: that is no reason to refuse a copy."""
    try:
        yield
    except OSError as error:
        if error.errno not in UNSUPPORTED | {errno.EACCES, errno.ENODATA}:
            raise


def _system_call(name: str, *arguments: int | bytes) -> None:
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if call is None:  # glibc before 2.28
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if call(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
