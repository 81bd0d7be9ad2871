"""A screen that lets no window in: said in a sentence, where Qt's own way is to abort the process."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QMessageLogContext, QtMsgType, qInstallMessageHandler

NO_WINDOW = 2  # exit status, as for anything that was asked for and cannot be

_SAYS_WHY = re.compile(r"connect to display \S|wl_display|find the Qt platform plugin")
_PLUGINS = ("libqxcb.so", "libqwayland.so")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why no window can be shown."""

    sentence: str
    lacks_library: bool  # this machine lacks a library of the system; else it is the screen


@contextmanager
def declining(tell: Callable[[Obstacle], None]) -> Iterator[None]:
    """Within the block, where Qt would abort because no window can be shown: ``tell``, and the process ends.

    Its status is ``NO_WINDOW`` then. Nobody goes on after a fatal message of Qt, so no ``finally`` runs.
    """
    complaints: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            try:
                tell(_explain(complaints))
            finally:
                os._exit(NO_WINDOW)
        elif kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}:
            complaints.append(text.strip())

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        for text in complaints:  # it started all the same
            print(text, file=sys.stderr)


def _explain(complaints: list[str]) -> Obstacle:
    """From what Qt complained of: of a screen where it came so far as to ask one, else of nothing that helps."""
    reasons = [text for text in complaints if _SAYS_WHY.search(text)]
    if not reasons and (missing := _missing_library()):
        return Obstacle(f"The window cannot be opened: {missing}. The README names what Qt needs.", lacks_library=True)
    because = f" ({'; '.join(reasons)})" if reasons else ""
    otherwise = 'without one it is: clipsorter sort FOLDER --into "dog, beach".'
    return Obstacle(f"There is no screen for a window here{because}; {otherwise}", lacks_library=False)


def _missing_library() -> str | None:
    """What the system's loader says where a part of Qt for X11 or Wayland lacks a library; it knows its name."""
    import ctypes  # noqa: PLC0415 - 3 ms of a start, for one that fails

    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms")
    for plugin in filter(Path.is_file, (folder / name for name in _PLUGINS)):
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            return str(error.__cause__ or error)  # PyInstaller wraps it and drops the name
    return None
