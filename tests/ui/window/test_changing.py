"""What a person changes and takes back, and what is written of it."""

from pathlib import Path
from typing import Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog
from pytestqt.qtbot import QtBot

from clipsorter.engine.exporting import Export
from clipsorter.errors import FilingError
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.side_panel import Group
from tests.ui.fake_engine import FakeEngine
from tests.ui.window.conftest import ids


def test_a_moved_photo_is_told_in_the_strip_and_undone_from_there(
    qtbot: QtBot, window: MainWindow, board: BoardView, engine: FakeEngine
) -> None:
    strip = window.panels.learning
    board.moved.emit(ids(1, 3), "cat")
    qtbot.waitUntil(strip.isVisible)
    assert len(engine.decisions) == 2
    assert window.panels.side.groups[Group.CONFIRMED].accessibleName() == "Confirmed by me, 2"
    undo = next(button for button in strip.findChildren(QAbstractButton) if button.accessibleName() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: engine.decisions == {})
    assert not strip.isVisible()


def test_undo_and_redo_follow_what_can_be_undone(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    actions = window.panels.actions
    assert not actions.undo.isEnabled()
    window.session.remove_category("dog")
    assert actions.undo.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.panels.side.categories.names() == ["cat", "dog"]
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert window.panels.side.categories.names() == ["cat"]


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize("kind", ["sheet", "table"])
def test_the_board_is_exported_where_the_person_says(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    kind: Literal["sheet", "table"],
) -> None:
    typed, written = {"sheet": ("a.htm", "a.htm"), "table": ("b", "b.csv")}[kind]
    answers = ["", f"/exports/{typed}"]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (answers.pop(0), ""))
    action = getattr(window.panels.actions, f"export_{kind}")
    action.trigger()  # and cancelled
    action.trigger()
    qtbot.waitUntil(window.panels.exported.isVisible)
    assert engine.calls("export") == [(Export(kind, Path("/exports") / written, "en", "Unsorted"),)]
    assert written in window.panels.exported.words.text()


def test_an_export_that_cannot_be_written_is_told(
    qtbot: QtBot, window: MainWindow, board: BoardView, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/full/a.html", ""))
    engine.fail_with["export"] = FilingError("The disk is full.")
    window.panels.actions.export_sheet.trigger()
    qtbot.waitUntil(window.panels.messages.isVisible)
    assert "The disk is full." in window.panels.messages.text.text()
    assert not window.panels.exported.isVisible()


def test_undo_in_the_line_takes_back_the_category_that_was_typed_last(
    qtbot: QtBot, window: MainWindow, board: BoardView
) -> None:
    entry, categories = window.panels.side.entry, window.panels.side.categories
    window.activateWindow()
    entry.setFocus()
    qtbot.waitUntil(entry.hasFocus)
    qtbot.keyClicks(entry, "boat")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert categories.names() == ["cat", "dog", "boat"]
    qtbot.keyClicks(entry, "ship")
    qtbot.keyClick(entry, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # what is typed comes first
    assert (entry.text(), categories.names()) == ("", ["cat", "dog", "boat"])
    qtbot.keyClick(entry, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (entry.text(), categories.names()) == ("", ["cat", "dog"])
