"""Opening a file that may be something else by now: never waits for a pipe's other end, never reads a device.

A path is looked at, and opened later; in between anybody may put a pipe, a device or a link in its place. So what was
opened is looked at, not its name.
"""

import errno
import io
import os
import stat
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class NotRegularError(OSError):
    """There is something, but no ordinary file."""


def descriptor_of_regular(path: Path, *, follow_link: bool = True) -> int:
    """The ordinary file at ``path``, open for reading.

    Raises NotRegularError for a folder, pipe, socket or device, and OSError as ``os.open`` does; ELOOP where a link is
    not to be followed.
    """
    descriptor = os.open(path, _FLAGS | (0 if follow_link else getattr(os, "O_NOFOLLOW", 0)))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularError(errno.EINVAL, "not an ordinary file", str(path))
    return descriptor


def open_regular(path: Path) -> io.BufferedReader:
    """As ``descriptor_of_regular``, as a file object."""
    return io.BufferedReader(io.FileIO(descriptor_of_regular(path)))


def read_regular(path: Path, most: int) -> bytes:
    """The content of the ordinary file at ``path``; OSError with EFBIG if that is more than ``most`` bytes.

    A file that grows meanwhile is not followed for ever.
    """
    with open_regular(path) as file:
        content = file.read(min(most, os.fstat(file.fileno()).st_size) + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content
