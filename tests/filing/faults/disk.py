"""A disk that fails, lies or takes the process down at a chosen act, and one that only keeps a trace."""

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from clipsorter.filing.disk import Disk

How = Literal["kill", "before", "after", "half"]

CHANGING = (
    "make_folder", "remove_folder", "create", "open_log", "write", "cut", "sync", "sync_folder", "copy_facts",
    "set_times", "rename_to_free", "link", "symlink", "remove", "replace", "read", "write_with",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What goes wrong at act number ``at``, counted from 1: a kill, or an error before or after the act was done."""

    at: int
    how: How
    errno: int = 0

    def __str__(self) -> str:
        name = os.strerror(self.errno) if self.errno else "SIGKILL"
        return f"{name} {self.how} act {self.at}"


class _UnflushedDisk(Disk):
    """Flushing matters to power cuts only, not to kills, and takes nearly all the time of a campaign."""

    def sync(self, handle: int) -> None:
        os.fstat(handle)

    def sync_folder(self, path: Path) -> None:
        path.stat()


class FaultyDisk(_UnflushedDisk):
    """The real disk until the chosen act. ``renames`` False: a disk that knows no no-replace rename."""

    def __init__(self, fault: Fault | None = None, *, renames: bool = True) -> None:
        self.trace: list[tuple[str, tuple[Any, ...]]] = []
        self.fault = fault
        self.renames = renames

    def _act(self, name: str, *arguments: Any) -> Any:
        self.trace.append((name, arguments))
        hit = self.fault and self.fault.at == len(self.trace)
        if hit and self.fault.how == "kill":
            if name == "write" and len(arguments[1]) > 1:  # a write may be torn by the kill
                super().write(arguments[0], arguments[1][: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        if hit and self.fault.how == "half" and name == "write":
            super().write(arguments[0], arguments[1][: len(arguments[1]) // 2])
        if hit and self.fault.how != "after":
            raise OSError(self.fault.errno, os.strerror(self.fault.errno))
        answer = getattr(super(), name)(*arguments)
        if hit:
            if name in {"create", "open_log"}:
                os.close(answer)
            raise OSError(self.fault.errno, os.strerror(self.fault.errno))
        return answer

    def make_folder(self, path: Path) -> None:
        self._act("make_folder", path)

    def remove_folder(self, path: Path) -> None:
        self._act("remove_folder", path)

    def create(self, path: Path, mode: int = 0o600) -> int:
        return self._act("create", path, mode)

    def open_log(self, path: Path) -> int:
        return self._act("open_log", path)

    def write(self, handle: int, data: bytes) -> None:
        self._act("write", handle, data)

    def cut(self, handle: int, size: int) -> None:
        self._act("cut", handle, size)

    def sync(self, handle: int) -> None:
        self._act("sync", handle)

    def sync_folder(self, path: Path) -> None:
        self._act("sync_folder", path)

    def read(self, handle: int) -> bytes:
        return self._act("read", handle)

    def copy_facts(self, source: Path, place: Path, mode: int) -> None:
        self._act("copy_facts", source, place, mode)

    def set_times(self, path: Path, atime_ns: int, mtime_ns: int) -> None:
        self._act("set_times", path, atime_ns, mtime_ns)

    def rename_to_free(self, source: Path, place: Path) -> None:
        if not self.renames:
            raise OSError(22, "this disk knows no such rename")
        self._act("rename_to_free", source, place)

    def link(self, source: Path, place: Path) -> None:
        self._act("link", source, place)

    def symlink(self, text: str, place: Path) -> None:
        self._act("symlink", text, place)

    def remove(self, path: Path) -> None:
        self._act("remove", path)

    def write_with(self, arguments: Sequence[str], folder: Path) -> None:
        self._act("write_with", arguments, folder)

    def replace(self, part: Path, place: Path) -> None:
        self._act("replace", part, place)
