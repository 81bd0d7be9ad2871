"""A second start finds the first window."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.ui.meeting_place import SOCKET_NAME
from clipsorter.ui.one_window import Doorbell, hand_over

HAND_OVER = """
import sys
from pathlib import Path
from clipsorter.ui.one_window import hand_over
print(hand_over(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))
"""


@pytest.fixture
def doorbell(qapp: QApplication, tmp_path: Path) -> Iterator[Doorbell]:
    bell = Doorbell(tmp_path)
    yield bell
    bell.close()
    qapp.removeEventFilter(bell)


def ring(qtbot: QtBot, data_folder: Path, *names: str | bytes) -> str:
    """What another process says after handing names over."""
    with subprocess.Popen([sys.executable, "-c", HAND_OVER, data_folder, *names], stdout=subprocess.PIPE) as other:
        qtbot.waitUntil(lambda: other.poll() is not None, timeout=60_000)
        return other.communicate()[0].decode().strip()


def test_the_window_is_told_what_a_second_start_was_given(qtbot: QtBot, doorbell: Doorbell, tmp_path: Path) -> None:
    heard: list[list[Path]] = []
    doorbell.rung.connect(heard.append)
    odd = os.fsdecode(b"/photos/\xff \n\xe6\xb5\xb7")
    assert ring(qtbot, tmp_path, "/photos", os.fsencode(odd)) == "True"
    assert ring(qtbot, tmp_path) == "True"
    assert heard == [[Path("/photos"), Path(odd)], []]


def test_without_a_window_there_is_nobody_to_hand_over_to(qapp: QApplication, tmp_path: Path) -> None:
    assert not hand_over(tmp_path, [])
    bell = Doorbell(tmp_path)
    bell.close()
    qapp.removeEventFilter(bell)
    assert not hand_over(tmp_path, [])


def test_a_socket_left_behind_is_replaced(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    program = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()"
    subprocess.run([sys.executable, "-c", program, tmp_path / SOCKET_NAME], check=True)
    assert (tmp_path / SOCKET_NAME).exists()
    bell = Doorbell(tmp_path)
    assert ring(qtbot, tmp_path) == "True"
    bell.close()
    qapp.removeEventFilter(bell)


def test_two_starts_at_once_leave_the_first_its_socket(
    qtbot: QtBot, qapp: QApplication, doorbell: Doorbell, tmp_path: Path
) -> None:
    second = Doorbell(tmp_path)
    assert second.is_second
    assert not doorbell.is_second
    assert [path.name for path in tmp_path.iterdir()] == [SOCKET_NAME]
    second.close()
    qapp.removeEventFilter(second)
    heard: list[list[Path]] = []
    doorbell.rung.connect(heard.append)
    assert ring(qtbot, tmp_path, "/photos") == "True"
    assert heard == [[Path("/photos")]]


@pytest.mark.parametrize("nonsense", [b"no json\n", b"7\n", b"[7]\n", b"x" * (2**20 + 1)])
def test_a_stranger_at_the_door_is_sent_away(qtbot: QtBot, doorbell: Doorbell, tmp_path: Path, nonsense: bytes) -> None:
    heard: list[list[Path]] = []
    doorbell.rung.connect(heard.append)
    stranger = QLocalSocket()
    stranger.connectToServer(str(tmp_path / SOCKET_NAME))
    assert stranger.waitForConnected(1000)
    with qtbot.waitSignal(stranger.disconnected, timeout=60_000):
        stranger.write(nonsense)
    assert heard == []


def test_a_data_folder_too_deep_for_a_socket_is_no_trouble(qapp: QApplication, tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    bell = Doorbell(deep)
    assert not hand_over(deep, [])
    qapp.removeEventFilter(bell)


def test_a_folder_dropped_on_the_icon_of_a_mac_is_shown(qapp: QApplication, doorbell: Doorbell) -> None:
    heard: list[list[Path]] = []
    doorbell.rung.connect(heard.append)
    QApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile("/photos")))
    assert heard == [[Path("/photos")]]
