"""The columns of a board, and the wheel over them."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clipsorter.ui.bin_column import BinColumn
from clipsorter.ui.bin_row import BinRow
from clipsorter.ui.thumbnails import ThumbnailLoader
from tests.ui.conftest import MakeBin, MakeCollection

NAMES = ("cats", "dogs", "boats", "trees", "food", None)


@pytest.fixture
def row(qtbot: QtBot, thumbnails: ThumbnailLoader, make_bin: MakeBin, make_collection: MakeCollection) -> BinRow:
    row = BinRow(lambda name, parent: BinColumn(name, thumbnails, parent))
    qtbot.addWidget(row)
    row.arrange(NAMES)
    for column in row.columns:
        column.set_bin(make_bin(column.name, range(1, 200)), make_collection(200), filtered=False)
    row.resize(900, 500)
    with qtbot.waitExposed(row):
        row.show()
    return row


def turn(column: BinColumn, x: int, y: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One turn of a wheel over a column's photos."""
    window = column.window()
    place = column.grid.viewport().mapTo(window, QPoint(60, 60))
    QTest.wheelEvent(window.windowHandle(), QPointF(place), QPoint(x, y), QPoint(), modifiers)


@pytest.mark.parametrize(
    ("x", "y", "modifiers"),
    [
        (0, -120, Qt.KeyboardModifier.ShiftModifier),
        (-120, 0, Qt.KeyboardModifier.NoModifier),
        (-120, -40, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_sideways_moves_the_columns_and_no_photos(row: BinRow, x: int, y: int, modifiers: Qt.KeyboardModifier) -> None:
    turn(row.columns[0], x, y, modifiers)
    assert row.horizontalScrollBar().value() > 0
    assert row.columns[0].grid.verticalOffset() == 0
    turn(row.columns[1], -x, -y, modifiers)  # the first has moved out of view
    assert row.horizontalScrollBar().value() == 0


def test_a_plain_wheel_moves_the_photos_and_no_columns(row: BinRow) -> None:
    turn(row.columns[0], 0, -120)
    assert row.columns[0].grid.verticalOffset() > 0
    assert row.horizontalScrollBar().value() == 0


def test_the_next_column_comes_round(row: BinRow) -> None:
    first, last = row.columns[0], row.columns[-1]
    assert row.next_to(None, 1) is first
    assert row.next_to(last, 1) is first
    assert row.next_to(first, -1) is last
