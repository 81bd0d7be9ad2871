"""Choosing and walking with the mouse and the keyboard, and what a column shows."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from clipsorter.ranking.board import Board
from clipsorter.values import Category
from tests.ui.board.conftest import CATEGORIES, FOLDER, Bins, Table
from tests.ui.conftest import MakeBoard, Pictures


def test_a_plain_click_elsewhere_moves_the_selection_and_ctrl_adds_to_it(table: Table, qtbot: QtBot) -> None:
    table.click("cats", 0)
    table.click("dogs", 0)
    assert table.selected() == [2]
    with qtbot.waitSignal(table.board.selection_changed) as told:
        table.board.select_all()
    assert told.args == [3]
    assert table.selected() == [2, 4, 6]
    table.board.clear_selection()
    assert table.selected() == []


def test_f6_goes_round_the_bins(table: Table) -> None:
    for name in ("dogs", None, "cats"):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        assert table.grid(name).hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert table.grid(None).hasFocus()


def test_a_viewer_can_walk_through_a_bin_and_come_back_to_its_photo(table: Table) -> None:
    board = table.board
    assert board.photo_beside(1, 1) == 3
    assert board.photo_beside(5, -1) is None
    assert board.photo_beside(7, 1) is None
    assert board.photo_beside(77, 1) is None
    board.reveal(6)
    assert board.current_id() == 6
    assert table.grid("dogs").hasFocus()


def test_everything_in_a_column_has_a_name(table: Table) -> None:
    for name, spoken in (("cats", "cats"), (None, "Unsorted")):
        column = table.column(name)
        assert column.accessibleName() == spoken
        assert column.grid.accessibleName() == spoken
        assert all(button.accessibleName() and button.toolTip() for button in column.findChildren(QToolButton))
    assert "4" in table.column("cats").accessibleDescription()


def test_very_long_names_do_not_widen_a_column(table: Table) -> None:
    name = "receipts of the year " * 20
    table.show({name: [1, 2], "dogs": [], None: []}, (Category(name),))
    QApplication.processEvents()
    assert table.column(name).minimumSizeHint().width() <= 272
    assert table.column(name).width() < 500


def test_pictures_arrive_and_only_they_are_painted(table: Table, pictures: Pictures, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(set(pictures.asked)) == 9)
    pixmap = table.column("cats").model.index(0, 0)
    qtbot.waitUntil(lambda: pixmap.data(Qt.ItemDataRole.DecorationRole) is not None)


def test_an_empty_search_result_explains_itself(table: Table, make_board: MakeBoard) -> None:
    plain = make_board({"cats": [], "dogs": [], None: []})
    searched = Board(plain.bins, plain.review, hits=0)
    table.board.set_board(plain, table.collection, FOLDER, CATEGORIES)
    before = table.grid("cats").grab().toImage()
    table.board.set_board(searched, table.collection, FOLDER, CATEGORIES)
    assert table.grid("cats").grab().toImage() != before


def test_a_search_slides_to_what_it_leaves_unless_some_of_it_is_in_view(table: Table, qtbot: QtBot) -> None:
    names = [f"bin {number}" for number in range(12)]
    categories = [Category(name) for name in names]

    def search(bins: Bins) -> None:
        found = replace(table.make_board({**{name: [] for name in names}, None: [], **bins}), hits=1)
        table.board.set_board(found, table.collection, FOLDER, categories)

    slid = table.board._row.horizontalScrollBar()
    search({"bin 0": [1], "bin 11": [2]})
    qtbot.waitUntil(lambda: table.board.column("bin 11") is not None and not table.board._seeking)
    assert slid.value() == 0
    search({"bin 11": [2]})
    qtbot.waitUntil(lambda: table.board._row.shows(table.column("bin 11")))
    assert slid.value() > 0
    assert not table.board._row.shows(table.column("bin 0"))
