"""The folder where ClipSorter keeps what it remembers, locked for one running ClipSorter at a time."""

import logging
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from clipsorter.errors import StoreBusyError, StoreError
from clipsorter.library.database import cannot_lock
from clipsorter.library.mirror import mirror_file

LOCK_NAME = "clipsorter.lock"
_MAY_BE_LINKS = frozenset({"models", "graphs"})  # gigabytes, which a person may keep on another disk
_OURS = _MAY_BE_LINKS | {"window.socket", "history", "tags", "mirrors", "snapshots", "logs"}
_BESIDE = (".part", ".etag", ".new")  # ends of names under which files of a model are written; the rest may be links
_BEGINNINGS = ("clipsorter.lock", "cache.db", "library.db", "settings.json")  # with what SQLite and we put beside them

log = logging.getLogger(__name__)


class DataFolder:
    """One ClipSorter's place on disk.

    ``open`` takes an operating system lock that ends with the process, however it ends: there is no file with a
    process number that could be left behind. May be opened and closed on any thread; the paths need no lock.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None  # file descriptor; not inherited by child processes

    @property
    def cache_path(self) -> Path:
        """What can be computed again."""
        return self.path / "cache.db"

    @property
    def library_path(self) -> Path:
        """What a person made."""
        return self.path / "library.db"

    @property
    def history_path(self) -> Path:
        """The folder with the journals of filing runs."""
        return self.path / "history"

    @property
    def tags_path(self) -> Path:
        """The folder with the record of tags we wrote."""
        return self.path / "tags"

    @property
    def models_path(self) -> Path:
        """Folder of downloaded weights."""
        return self.path / "models"

    @property
    def graphs_path(self) -> Path:
        """Folder of ONNX graphs of models that run on the CPU; each can be made again."""
        return self.path / "graphs"

    @property
    def settings_path(self) -> Path:
        """Preferences of the window."""
        return self.path / "settings.json"

    def mirror_path(self, encoder_id: str) -> Path:
        """The memory-mapped copy of one encoder's embeddings; rebuilt at will."""
        return mirror_file(self.cache_path, encoder_id)

    def open(self) -> None:
        """Create the folder (readable for its owner only) and lock it; opening it again does nothing.

        Raises StoreBusyError while another process holds it and StoreError when it is not a folder we can write to.
        """
        if self._lock is not None:
            return
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._look_around()
            with tempfile.TemporaryFile(dir=self.path):
                pass
            descriptor = os.open(self.path / LOCK_NAME, os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600)
        except (FileExistsError, NotADirectoryError) as error:
            if self.path.is_symlink() and not self.path.exists():
                raise StoreError(
                    f"“{self.path}” is a link that leads nowhere; connect its disk or choose another data folder."
                ) from error
            raise StoreError(
                f"“{self.path}” is a file, not a folder; please choose another data folder or move that file."
            ) from error
        except OSError as error:
            raise StoreError(
                f"ClipSorter cannot write to its data folder “{self.path}” ({error.strerror}); "
                "please check its permissions or choose another one."
            ) from error
        try:
            _lock_now(descriptor)
        except BlockingIOError as error:
            os.close(descriptor)
            raise StoreBusyError(
                "ClipSorter is already running with this data folder; please use its window or close it first."
            ) from error
        except OSError as error:
            os.close(descriptor)
            log.warning("Locking failed: %s", error)
            raise StoreError(cannot_lock(self.path)) from error
        self._lock = descriptor

    def _look_around(self) -> None:
        """Make a folder that is only ours private; refuse one with links that would make us write elsewhere."""
        with os.scandir(self.path) as listing:
            entries = list(listing)
        for entry in entries:
            if not _is_ours(entry.name):
                continue
            if entry.is_symlink() and entry.name not in _MAY_BE_LINKS:
                raise _is_link(entry.path)
            for link in _links_below(entry.path) if entry.is_dir() else ():
                if entry.name != "models" or link.endswith(_BESIDE):
                    raise _is_link(link)
        if all(_is_ours(entry.name) for entry in entries):  # not where somebody chose a folder that serves others too
            with suppress(OSError):  # a disk without modes, or somebody else's folder
                if stat.S_IMODE(self.path.stat().st_mode) != 0o700:
                    self.path.chmod(0o700)

    def close(self) -> None:
        """Release the lock; closing twice does nothing."""
        if self._lock is not None:
            os.close(self._lock)  # the lock goes with its descriptor
            self._lock = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _links_below(folder: str) -> Iterator[str]:
    """The paths of all links below a folder."""
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as listing:
            for entry in listing:
                if entry.is_symlink():
                    yield entry.path
                elif entry.is_dir():
                    waiting.append(entry.path)


def _is_link(path: str) -> StoreError:
    return StoreError(f"“{path}” is a link; please put what it leads to in its place, or remove it.")


def _is_ours(name: str) -> bool:
    return name in _OURS or name.startswith(_BEGINNINGS)


if sys.platform == "win32":
    import msvcrt

    def _lock_now(descriptor: int) -> None:
        """Lock or raise BlockingIOError at once."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:  # what Windows says when somebody else holds it
            raise BlockingIOError(*error.args) from error

else:
    import fcntl

    def _lock_now(descriptor: int) -> None:
        """Lock or raise BlockingIOError at once."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
