"""The help sheet knows every key of the window."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from clipsorter.ui.board_view import BoardView
from clipsorter.ui.keys_dialog import KeysDialog
from clipsorter.ui.main_window import MainWindow


def keys_of(window: MainWindow) -> set[str]:
    """Every key that an action or a shortcut of the window listens to."""
    found = [key for action in window.findChildren(QAction) for key in action.shortcuts()]
    found += [key for shortcut in window.findChildren(QShortcut) for key in shortcut.keys()]  # noqa: SIM118 - no dict
    return {key.toString(QKeySequence.SequenceFormat.NativeText) for key in found if not key.isEmpty()}


def test_no_key_of_the_window_is_missing(window: MainWindow, board: BoardView) -> None:
    listed = {key for group in window.panels.actions.key_groups() for _, keys in group.rows for key in keys}
    assert len(keys_of(window)) > 20
    assert keys_of(window) - listed == set()


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
