"""What a screen reader hears: everything that takes the keyboard has a name, on the board and in the sheets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from clipsorter.ui.board_view import BoardView
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import Phase
from clipsorter.ui.theme import Choice, Theme
from clipsorter.values import Category
from tests.ui.conftest import Pictures
from tests.ui.fake_engine import FakeEngine

SHEETS = ("settings", "help", "about", "edit_category")


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    engine, theme = FakeEngine(remembered=(Category("cat"), Category("dog"))), Theme(Choice.LIGHT)
    window = MainWindow(lambda _settings: engine, Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    (tmp_path / "photos").mkdir()
    window.open_folder(tmp_path / "photos")
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE and window.session.board is not None)
    qtbot.waitUntil(lambda: any(view.isVisible() for view in window.findChildren(BoardView)))
    yield window
    window.close()
    theme.stop()


def nameless(top: QWidget) -> list[str]:
    """What Tab reaches but nobody can say."""
    found = []
    for widget in top.findChildren(QWidget):
        if widget.window() is top and widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is None or not interface.text(QAccessible.Text.Name).strip():
                found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def test_everything_in_the_window_that_takes_the_keyboard_has_a_name(window: MainWindow) -> None:
    assert nameless(window) == []


def test_a_bin_says_its_photos_with_name_bin_and_similarity(window: MainWindow) -> None:
    board = window.findChild(BoardView)
    assert board is not None
    column = board.column("cat")
    assert column is not None
    bin_ = QAccessible.queryAccessibleInterface(column.grid)
    assert bin_.text(QAccessible.Text.Name) == "cat"
    assert bin_.role() == QAccessible.Role.List
    assert bin_.childCount() == len(column.model.bin)
    spoken = bin_.child(0).text(QAccessible.Text.Name)
    assert spoken.startswith("photo-")
    assert "cat" in spoken
    assert "0.50" in spoken or "50" in spoken


@pytest.mark.parametrize("sheet", SHEETS)
def test_everything_in_a_sheet_that_takes_the_keyboard_has_a_name(qtbot: QtBot, window: MainWindow, sheet: str) -> None:
    window.panels.side.categories.setCurrentRow(0)
    getattr(window.panels.actions, sheet).trigger()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(QDialog)))
    dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
    assert nameless(dialog) == []
    dialog.close()
