"""The window offers the copy of a damaged library, and says when a copy is in use."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from clipsorter.engine.engine import Engine
from clipsorter.errors import StoreDamagedError
from clipsorter.library.library import Library
from clipsorter.ui.jobs import JobRunner
from clipsorter.ui.message_bar import MessageBar
from clipsorter.ui.restoring import Restoring
from clipsorter.ui.session import Session
from clipsorter.values import Category


class Window:
    """A session over a real data folder, and its message bar."""

    def __init__(self, data: Path) -> None:
        self.parent = QObject()
        self.messages = MessageBar()
        self.session = Session(lambda: Engine(data, model="colour"), JobRunner())
        self.restoring = Restoring(self.session, self.messages, self.parent)
        self.session.failed.connect(self._show)

    def _show(self, error: Exception) -> None:
        assert isinstance(error, StoreDamagedError)
        self.restoring.show_error(error)


def library_with_copy(data: Path) -> Path:
    data.mkdir()
    for _ in range(2):  # the second opening keeps a copy
        with Library.open(data / "library.db") as library:
            library.save_categories([Category("beach")], {})
    return data / "library.db"


@contextmanager
def opened(qtbot: QtBot, data: Path) -> Iterator[Window]:
    window = Window(data)
    qtbot.addWidget(window.messages)
    window.session.open()
    try:
        yield window
    finally:
        window.session.close()


def test_one_press_restores_a_damaged_library(qtbot: QtBot, tmp_path: Path) -> None:
    path = library_with_copy(tmp_path / "data")
    path.write_bytes(b"spoilt")
    with opened(qtbot, tmp_path / "data") as window:
        qtbot.waitUntil(lambda: not window.messages.remedy.isHidden())
        with qtbot.waitSignal(window.session.opened):
            window.messages.remedy.click()
        assert [category.name for category in window.session.categories] == ["beach"]
        qtbot.waitUntil(lambda: "snapshots" in window.messages.text.text())
        assert window.messages.remedy.isHidden()
    assert [kept.read_bytes() for kept in path.parent.glob("library.db.damaged-*")] == [b"spoilt"]


def test_without_a_copy_nothing_is_offered(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.db").write_bytes(b"spoilt")
    with opened(qtbot, tmp_path / "data") as window:
        qtbot.waitUntil(lambda: "no copy" in window.messages.text.text())
        assert window.messages.remedy.isHidden()


def test_a_copy_that_took_the_place_of_a_lost_library_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    library_with_copy(tmp_path / "data").unlink()
    with opened(qtbot, tmp_path / "data") as window:
        qtbot.waitUntil(lambda: "snapshots" in window.messages.text.text())
        assert [category.name for category in window.session.categories] == ["beach"]
