"""One window per data folder: a second start hands what it was given to the window that stands, and leaves.

The two meet at a local socket in the data folder, which only its owner can enter. The lock of the data folder decides
who owns the data; this is only how the second start finds the first one.
"""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QLockFile, QObject, Signal
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from clipsorter.errors import StoreBusyError
from clipsorter.json_text import parse_json
from clipsorter.ui.meeting_place import meeting_place

TURN_NAME = "window.turn"  # a file that is there for a moment at every start
LONGEST_MESSAGE = 2**20  # bytes
ANSWER = b"shown\n"
CONNECT_MS, ANSWER_MS = 1000, 10_000

logger = logging.getLogger(__name__)


def hand_over(data_folder: Path, paths: Sequence[Path]) -> bool:
    """Ask a window that uses this data folder to show ``paths`` and come to the front; False when there is none.

    Waits for its answer. Raises StoreBusyError when there is one that does not answer.
    """
    name = meeting_place(data_folder)
    if name is None:
        return False
    socket = QLocalSocket()
    if not _connect(socket, name):
        return False
    # A name that is no valid text keeps its bytes: JSON escapes what stands for them.
    socket.write(json.dumps([str(path) for path in paths]).encode("ascii") + b"\n")
    while not socket.canReadLine():
        if not socket.waitForReadyRead(ANSWER_MS):
            raise StoreBusyError("ClipSorter is already running but does not answer; please close it and try again.")
    socket.disconnectFromServer()
    return True


class Doorbell(QObject):
    """Hears what later starts and, on a Mac, the system want shown; as long as it lives, they find this window."""

    rung = Signal(list)  # of Path; empty: only come to the front

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_second = False  # another start at the same moment was first: hand over to it and leave
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        if (app := QGuiApplication.instance()) is not None:
            app.installEventFilter(self)
        name = meeting_place(data_folder)
        if name is None:
            return
        try:
            data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return  # opening the data folder says what is wrong with it
        # Listening takes the place of whoever listens there: right for a socket left behind by a window that was
        # killed, wrong for that of another start at the same moment. So one looks and listens after the other.
        turn = QLockFile(str(data_folder / TURN_NAME))
        turn.tryLock(CONNECT_MS)
        self.is_second = _answers(name)
        if not self.is_second and not self._server.listen(name):
            logger.info("Later starts will not find this window: %s", self._server.errorString())
        turn.unlock()

    def close(self) -> None:
        """Be found no more; the socket is removed."""
        self._server.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.url().isLocalFile():  # a Mac: dropped on the icon
            self.rung.emit([Path(event.url().toLocalFile())])
            return True
        return super().eventFilter(watched, event)

    def _greet(self) -> None:
        while (guest := self._server.nextPendingConnection()) is not None:
            guest.disconnected.connect(guest.deleteLater)
            guest.readyRead.connect(lambda guest=guest: self._listen_to(guest))
            self._listen_to(guest)  # it may have spoken already

    def _listen_to(self, guest: QLocalSocket) -> None:
        if not guest.canReadLine():
            if guest.bytesAvailable() > LONGEST_MESSAGE:
                guest.abort()
            return
        try:
            said = parse_json(bytes(guest.readLine().data()))
            paths = [Path(text) for text in said]
        except (ValueError, TypeError):
            guest.abort()
            return
        guest.write(ANSWER)
        guest.flush()
        self.rung.emit(paths)


def _connect(socket: QLocalSocket, name: str) -> bool:
    socket.connectToServer(name)
    return socket.waitForConnected(CONNECT_MS)


def _answers(name: str) -> bool:
    """Whether somebody lives there: two starts at once must not take each other's socket away."""
    return _connect(QLocalSocket(), name)
