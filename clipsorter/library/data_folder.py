"""The folder where ClipSorter keeps what it remembers, locked for one running ClipSorter at a time."""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from clipsorter.errors import StoreBusyError, StoreError
from clipsorter.library.mirror import mirror_file

LOCK_NAME = "clipsorter.lock"


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
            entries = os.listdir(self.path)  # noqa: PTH208 - a Path would be built for every entry; this only asks for permission
            if not entries:  # made by somebody else, for us
                with suppress(OSError):  # a disk without modes
                    self.path.chmod(0o700)
            with tempfile.TemporaryFile(dir=self.path):
                pass
            descriptor = os.open(self.path / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except (FileExistsError, NotADirectoryError) as error:
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
            raise StoreError(
                f"The disk of “{self.path}” cannot lock files ({error.strerror}); please choose a data folder on "
                "another disk."
            ) from error
        self._lock = descriptor

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
