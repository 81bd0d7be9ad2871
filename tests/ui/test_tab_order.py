"""Tab goes where the eye goes, whatever was made first and whatever has just gone."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clipsorter.ui.tab_order import next_stop, tab_stops


@pytest.fixture
def made(qtbot: QtBot) -> tuple[QWidget, dict[str, QPushButton]]:
    """Four buttons in a row and below, made from the last to the first."""
    top = QWidget()
    buttons = {name: QPushButton(name) for name in "dcba"}
    row = QHBoxLayout()
    for name in "ab":
        row.addWidget(buttons[name])
    column = QVBoxLayout(top)
    column.addLayout(row)
    column.addWidget(buttons["c"])
    column.addWidget(buttons["d"])
    qtbot.addWidget(top)
    top.show()
    return top, buttons


def names(top: QWidget) -> str:
    return "".join(stop.text() for stop in tab_stops(top) if isinstance(stop, QPushButton))


def test_the_order_is_that_of_the_layouts(made: tuple[QWidget, dict[str, QPushButton]]) -> None:
    top, buttons = made
    assert names(top) == "abcd"
    buttons["b"].setEnabled(False)
    buttons["c"].hide()
    assert names(top) == "ad"


def test_it_goes_round_at_both_ends(made: tuple[QWidget, dict[str, QPushButton]]) -> None:
    top, buttons = made
    assert next_stop(top, buttons["d"], forward=True) is buttons["a"]
    assert next_stop(top, buttons["a"], forward=False) is buttons["d"]


@pytest.mark.parametrize("gone", [lambda button: button.hide(), lambda button: button.setEnabled(False)])
def test_what_has_just_gone_keeps_its_place(made: tuple[QWidget, dict[str, QPushButton]], gone: object) -> None:
    top, buttons = made
    gone(buttons["b"])  # type: ignore[operator]
    assert next_stop(top, buttons["b"], forward=True) is buttons["c"]
    assert next_stop(top, buttons["b"], forward=False) is buttons["a"]


def test_where_nothing_takes_the_keyboard_there_is_no_stop(qtbot: QtBot) -> None:
    empty = QWidget()
    qtbot.addWidget(empty)
    assert next_stop(empty, None, forward=True) is None
