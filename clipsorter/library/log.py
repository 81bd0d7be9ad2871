"""The log: what ClipSorter did and what went wrong, in the data folder, without a name of any photo.

``keep_log`` writes the package's records to ``logs/clipsorter.log``, at most four files of one MiB, readable for their
owner only. Every line is redacted before it reaches the disk, so the file can be attached to a report as it is. A crash
of the interpreter itself (a driver, a codec) leaves the stack of every thread in ``logs/crash.txt``.

A log must never be the reason that something else fails: where it cannot be written, there is none.
"""

import faulthandler
import logging
import os
import platform
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from clipsorter import __version__
from clipsorter.redaction import redact
from clipsorter.regular_files import descriptor_of_regular, read_regular

LOGS_NAME = "logs"
LOG_NAME = "clipsorter.log"
CRASH_NAME = "crash.txt"
FILE_BYTES = 1024 * 1024
OLDER_FILES = 3
_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"

_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

logger = logging.getLogger(__name__)


@contextmanager
def keep_log(data_folder: Path) -> Iterator[None]:
    """Log to the data folder within the block. Its folder is made by the first line, never before."""
    ours = logging.getLogger("clipsorter")
    handler = _QuietFile(data_folder / LOGS_NAME / LOG_NAME)
    level = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        yield
    finally:
        ours.setLevel(level)
        ours.removeHandler(handler)
        handler.close()


@contextmanager
def catching_crashes(data_folder: Path) -> Iterator[None]:
    """Within the block a crash of the interpreter leaves its stacks; those of the last start are put into the log."""
    path = data_folder / LOGS_NAME / CRASH_NAME
    logger.info("ClipSorter %s on %s, Python %s", __version__, platform.platform(), platform.python_version())
    with suppress(OSError):
        if stacks := read_regular(path, FILE_BYTES).decode("utf-8", "replace").strip():
            logger.critical("The last start ended in a crash:\n%s", stacks)
    was_on = faulthandler.is_enabled()
    file = _open_private(path)
    if file is None:
        yield
        return
    try:
        faulthandler.enable(file)
        yield
    finally:
        faulthandler.disable()
        if was_on:
            faulthandler.enable()
        file.close()


def read_logs(data_folder: Path) -> dict[str, str]:
    """The text of the logs that exist, by name, newest first; of one that is longer than we write them the beginning.

    A link is none: what it leads to is nobody's business.
    """
    names = [LOG_NAME, *(f"{LOG_NAME}.{number}" for number in range(1, OLDER_FILES + 1)), CRASH_NAME]
    found = {}
    for name in names:
        with (
            suppress(OSError),
            open(descriptor_of_regular(data_folder / LOGS_NAME / name, follow_link=False), "rb") as file,  # noqa: PTH123
        ):
            found[name] = file.read(2 * FILE_BYTES).decode("utf-8", "replace")
    return found


class _Redacting(logging.Formatter):
    """Redacts the finished line, the trace of an exception included."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _QuietFile(RotatingFileHandler):
    """A rotating file that is opened by its first record and silent about its own trouble."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=FILE_BYTES, backupCount=OLDER_FILES, encoding="utf-8", errors="replace", delay=True
        )
        self.setFormatter(_Redacting(_FORMAT))

    def _open(self) -> TextIOWrapper:
        file = _open_private(Path(self.baseFilename), append=True)
        if file is None:
            raise OSError("the log cannot be written")
        return file

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """A full disk or a folder that went away: the line is lost, nothing else."""


def _open_private(path: Path, append: bool = False) -> TextIOWrapper | None:
    """A text file that only its owner may read, emptied unless ``append``; None where it cannot be."""
    kind = os.O_APPEND if append else os.O_TRUNC
    if path.parent.is_symlink():
        return None
    try:
        path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # the data folder; its mode goes to no parent
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | kind | _FLAGS, 0o600)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # a pipe would keep us waiting for its reader
            os.close(descriptor)
            return None
    except OSError:
        return None
    return os.fdopen(descriptor, "a" if append else "w", encoding="utf-8", errors="replace")
