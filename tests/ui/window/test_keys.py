"""The help sheet knows every key of the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from clipsorter.library.settings import SMALLEST_CELL, load_settings
from clipsorter.ui.bin_column import BinColumn
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.keys_dialog import KeysDialog
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.side_panel import Group


def keys_of(window: MainWindow) -> set[str]:
    """Every key that an action or a shortcut of the window listens to; Qt's two Enters are one for people."""
    found = [key for action in window.findChildren(QAction) for key in action.shortcuts()]
    found += [key for shortcut in window.findChildren(QShortcut) for key in shortcut.keys()]  # noqa: SIM118 - no dict
    names = {key.toString(QKeySequence.SequenceFormat.NativeText) for key in found if not key.isEmpty()}
    return {name.replace("Return", "Enter") for name in names}


def test_no_key_of_the_window_is_missing(window: MainWindow, board: BoardView) -> None:
    listed = {key for group in window.panels.actions.key_groups() for _, keys in group.rows for key in keys}
    assert len(keys_of(window)) > 20
    assert keys_of(window) - listed == set()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_has_one_name_and_both_of_a_keyboards_enters_do_the_same(
    qtbot: QtBot, window: MainWindow, board: BoardView, key: Qt.Key
) -> None:
    actions = window.panels.actions
    rows = dict(row for group in actions.key_groups() for row in group.rows)
    assert rows["Sort files into folders"] == ("Ctrl+Enter",)
    assert actions.apply.toolTip().endswith("(Ctrl+Enter)")
    actions.apply.disconnect(actions.apply, None, None, None)  # the sheet is not wanted here
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(actions.apply.triggered):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)


def test_an_action_that_no_group_names_is_listed_all_the_same(window: MainWindow) -> None:
    action = QAction("Do something new…", window)
    action.setShortcut("Ctrl+Alt+J")
    window.addAction(action)
    assert ("Do something new", ("Ctrl+Alt+J",)) in window.panels.actions.key_groups()[-1].rows


def test_nothing_is_listed_twice(window: MainWindow) -> None:
    rows = [row for group in window.panels.actions.key_groups() for row in group.rows]
    assert len({meaning for meaning, _ in rows}) == len(rows)


def test_the_sheet_shows_what_is_listed(window: MainWindow) -> None:
    window.panels.actions.help.trigger()
    sheet = window.findChild(KeysDialog)
    assert sheet is not None
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    for group in window.panels.actions.key_groups():
        assert {group.name, *(meaning for meaning, _ in group.rows)} <= shown
    sheet.close()


def test_keys_and_the_wheel_with_ctrl_change_the_size_of_photos(
    qtbot: QtBot, window: MainWindow, board: BoardView
) -> None:
    usual = window.settings.cell_size
    ctrl = Qt.KeyboardModifier.ControlModifier
    column = board.column("cat")
    assert column is not None
    width = column.grid.geometry_of_cells.cell_width
    qtbot.keyClick(window, Qt.Key.Key_Plus, ctrl)
    assert window.settings.cell_size == load_settings(window._settings_path).cell_size == usual + 32
    for turned in (60, 60, 120):  # half a notch, the other half, and a whole one
        turn_wheel(window, column, turned, ctrl)
    assert window.settings.cell_size == usual + 3 * 32
    assert column.grid.geometry_of_cells.cell_width > width
    turn_wheel(window, column, -120, ctrl)
    assert window.settings.cell_size == usual + 2 * 32
    for _ in range(20):
        qtbot.keyClick(window, Qt.Key.Key_Minus, ctrl)
    assert window.settings.cell_size == SMALLEST_CELL
    qtbot.keyClick(window, Qt.Key.Key_0, ctrl)
    assert window.settings.cell_size == usual


def turn_wheel(window: MainWindow, column: BinColumn, turned: int, held: Qt.KeyboardModifier) -> None:
    place = column.grid.viewport().mapTo(window, QPoint(30, 30))
    QTest.wheelEvent(window.windowHandle(), QPointF(place), QPoint(0, turned), QPoint(), held)


def test_copied_photos_are_files_for_other_programs(
    qtbot: QtBot, window: MainWindow, board: BoardView, folder: Path
) -> None:
    clipboard = QApplication.clipboard()
    clipboard.setText("before")
    column = board.column("cat")
    assert column is not None
    column.grid.setFocus()
    column.grid.selectAll()
    qtbot.keyClick(column.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    mime = clipboard.mimeData()
    files = [folder / f"photo-{number}.jpg" for number in column.model.bin.photo_ids.tolist()]
    assert [Path(url.toLocalFile()) for url in mime.urls()] == files
    assert bytes(mime.data("x-special/gnome-copied-files").data()).startswith(b"copy\nfile:///")
    assert mime.text().splitlines() == [str(file) for file in files]
    clipboard.setText("before")
    window._conductor.show_group(Group.DUPLICATES)  # type: ignore[union-attr]
    window.panels.actions.copy.trigger()  # nothing of the board is in view
    assert clipboard.text() == "before"


def test_enter_presses_the_button_that_has_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    asked: list[bool] = []
    choose = window.panels.photos.welcome.choose
    choose.clicked.disconnect()
    choose.clicked.connect(lambda: asked.append(True))
    qtbot.keyClick(window.panels.side.entry, Qt.Key.Key_Return)  # means the line
    assert asked == []
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        choose.setFocus()
        qtbot.keyClick(choose, key)
    assert asked == [True, True, True]
