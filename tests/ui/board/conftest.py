"""A shown board, and what it asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.library.collection import Collection
from clipsorter.ui.bin_column import BinColumn
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.drag import PhotosMime
from clipsorter.ui.grid import GridView
from clipsorter.ui.thumbnails import ThumbnailLoader
from clipsorter.values import Category
from tests.ui.conftest import MakeBoard, MakeCollection

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
COPY = Qt.DropAction.CopyAction
FOLDER = Path("photos").absolute()
CATEGORIES = (Category("cats"), Category("dogs", colour="#123456"))

Bins = dict[str | None, Sequence[int]]
START: Bins = {"cats": [5, 1, 3, 7], "dogs": [2, 4, 6], None: [8, 9]}


@dataclass
class Table:
    """A shown board and what it asked for."""

    board: BoardView
    collection: Collection
    make_board: MakeBoard

    def __post_init__(self) -> None:
        self.moved: list[tuple[list[int], str | None]] = []
        self.confirmed: list[tuple[list[int], str | None]] = []
        self.opened: list[int] = []
        self.board.moved.connect(lambda ids, name: self.moved.append((ids.tolist(), name)))
        self.board.confirmed.connect(lambda ids, name: self.confirmed.append((ids.tolist(), name)))
        self.board.opened.connect(self.opened.append)

    def show(self, bins: Bins, categories: Sequence[Category] = CATEGORIES) -> None:
        self.board.set_board(self.make_board(bins), self.collection, FOLDER, categories)

    def column(self, name: str | None) -> BinColumn:
        column = self.board.column(name)
        assert column is not None
        return column

    def grid(self, name: str | None) -> GridView:
        return self.column(name).grid

    def click(self, name: str | None, row: int, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        grid = self.grid(name)
        place = grid.visualRect(grid.model().index(row, 0)).center()
        QTest.mouseClick(grid.viewport(), LEFT, modifier, place)

    def key(self, name: str | None, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        QTest.keyClick(self.grid(name), key, modifier)

    def shown(self, name: str | None) -> list[int]:
        return self.column(name).model.bin.photo_ids.tolist()

    def selected(self) -> list[int]:
        return self.board.selected_ids().tolist()

    def drop(self, name: str | None, mime: QMimeData) -> bool:
        column = self.column(name)
        enter = QDragEnterEvent(QPoint(20, 10), COPY, mime, LEFT, NO_MODIFIER)
        QApplication.sendEvent(column, enter)
        if not enter.isAccepted():
            return False
        assert column.property("over") is True
        drop = QDropEvent(QPointF(20, 10), COPY, mime, LEFT, NO_MODIFIER)
        QApplication.sendEvent(column, drop)
        QApplication.processEvents()
        assert column.property("over") is False
        return drop.isAccepted()


@pytest.fixture
def table(qtbot: QtBot, thumbnails: ThumbnailLoader, make_board: MakeBoard, make_collection: MakeCollection) -> Table:
    board = BoardView(thumbnails)
    qtbot.addWidget(board)
    table = Table(board, make_collection(2000), make_board)
    table.show(START)
    board.resize(1000, 500)
    with qtbot.waitExposed(board):
        board.show()
    board.activateWindow()
    table.grid("cats").setFocus()
    qtbot.waitUntil(table.grid("cats").hasFocus)
    return table


def dragged(*photo_ids: int) -> PhotosMime:
    return PhotosMime(np.array(photo_ids, np.int64), list)
