"""The board turns drops, keys and menus into wishes and keeps its place over every new ranking."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Board
from clipsorter.ui import board_view
from clipsorter.ui.bin_column import BinColumn
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.drag import PhotosMime, photo_ids_of
from clipsorter.ui.grid import GridView
from clipsorter.ui.thumbnails import ThumbnailLoader
from clipsorter.values import Category
from tests.ui.conftest import MakeBoard, MakeCollection, Pictures

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


# --- new rankings -------------------------------------------------------------------------------------------------


def test_bins_stand_side_by_side_in_order_and_unsorted_last(table: Table) -> None:
    lefts = [table.column(name).x() for name in ("cats", "dogs", None)]
    assert lefts == sorted(set(lefts))
    assert [table.shown(name) for name in ("cats", "dogs", None)] == [list(ids) for ids in START.values()]


def test_a_selection_is_of_photos_not_of_places(table: Table) -> None:
    table.click("cats", 0)
    table.click("cats", 2, CTRL)
    assert table.selected() == [5, 3]
    table.show({"cats": [3, 11, 7, 5, 1], "dogs": [2, 4, 6], None: [8, 9]})
    assert table.selected() == [3, 5]
    assert table.board.current_id() == 3
    table.show({"cats": [7, 5, 1], "dogs": [3, 2, 4, 6], None: [8, 9]})
    assert table.selected() == [5]


def test_any_selection_survives_any_ranking(table: Table) -> None:
    random = np.random.default_rng(8)
    for _ in range(25):
        cats = random.permutation(np.arange(1, 30))[: random.integers(1, 29)].tolist()
        table.show({"cats": cats, "dogs": sorted(set(range(1, 30)) - set(cats)), None: []})
        chosen = [one for one in cats if random.random() < 0.6]
        table.grid("cats").select_rows(table.column("cats").model.rows_of(np.array(chosen, np.int64)))
        after = random.permutation(np.arange(1, 30))[: random.integers(1, 29)].tolist()
        table.show({"cats": after, "dogs": sorted(set(range(1, 30)) - set(after)), None: []})
        assert table.selected() == [one for one in after if one in chosen]


def test_the_next_photo_becomes_current_when_the_current_one_leaves(table: Table) -> None:
    table.click("cats", 1)
    table.show({"cats": [3, 7, 5], "dogs": [1, 2, 4, 6], None: [8, 9]})
    assert table.board.current_id() == 3
    table.show({"cats": [7, 5], "dogs": [3, 1, 2, 4, 6], None: [8, 9]})
    assert table.board.current_id() == 7
    assert table.selected() == []


def test_the_scroll_position_stays(table: Table) -> None:
    many: Bins = {"cats": range(1, 1000), "dogs": [1001], None: []}
    table.show(many)
    bar = table.grid("cats").verticalScrollBar()
    bar.setValue(3000)
    table.click("cats", len(table.grid("cats").visible_rows()) // 2 + table.grid("cats").visible_rows().start)
    current = table.board.current_id()
    table.show({"cats": list(range(999, 0, -1)), "dogs": [1001], None: []})
    assert bar.value() == 3000
    assert table.board.current_id() == current


def test_columns_are_kept_made_and_dropped_with_their_bins(table: Table) -> None:
    cats, dogs = table.column("cats"), table.column("dogs")
    table.show({"dogs": [2], "birds": [1, 3], "cats": [], None: []}, (Category("dogs"), Category("birds")))
    assert table.column("cats") is cats
    assert table.column("dogs") is dogs
    assert dogs.x() < table.column("birds").x() < cats.x() < table.column(None).x()
    table.show({None: [1]}, ())
    assert table.board.column("cats") is None
    assert table.shown(None) == [1]
    table.board.focus_next_bin()
    table.board.select_all()
    assert table.selected() == [1]


def test_a_board_waits_while_a_photo_is_held(table: Table, qtbot: QtBot) -> None:
    grid = table.grid("cats")
    place = grid.visualRect(grid.model().index(0, 0)).center()
    QTest.mousePress(grid.viewport(), LEFT, NO_MODIFIER, place)
    table.show({"cats": [1], "dogs": [], None: []})
    table.show({"cats": [1, 3], "dogs": [2], None: []})
    assert table.shown("cats") == START["cats"]
    QTest.mouseRelease(grid.viewport(), LEFT, NO_MODIFIER, place)
    qtbot.waitUntil(lambda: table.shown("cats") == [1, 3])


def test_a_board_waits_until_a_drag_is_over(table: Table, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    during: list[object] = []

    def drag(source: object, mime: PhotosMime, count: int, pictures: object) -> None:
        table.show({"cats": [1], "dogs": [5], None: []})
        found = photo_ids_of(mime)
        assert found is not None
        during.append((table.shown("cats"), found.tolist(), count, [Path(url.toLocalFile()) for url in mime.urls()]))

    monkeypatch.setattr(board_view, "run_drag", drag)
    table.click("cats", 0)
    grid = table.grid("cats")
    place = grid.visualRect(grid.model().index(0, 0)).center()
    QTest.mousePress(grid.viewport(), LEFT, NO_MODIFIER, place)
    for step in (5, 20, 40):
        QTest.mouseMove(grid.viewport(), place + QPoint(step, 0))
    assert during == [(START["cats"], [5], 1, [FOLDER / "2026" / "IMG_00005.jpg"])]
    qtbot.waitUntil(lambda: table.shown("cats") == [1])


def test_a_large_board_is_ranked_anew_without_touching_what_is_hidden(table: Table, pictures: Pictures) -> None:
    random = np.random.default_rng(3)
    for _ in range(5):
        ids = random.permutation(np.arange(1, 2001))
        table.show({"cats": ids[:900].tolist(), "dogs": ids[900:1500].tolist(), None: ids[1500:].tolist()})
    visible = sum(len(table.grid(name).visible_rows()) for name in ("cats", "dogs", None))
    QApplication.processEvents()
    assert len(pictures.asked) <= 6 * visible


# --- wishes -------------------------------------------------------------------------------------------------------


def test_a_drop_moves_what_is_not_there_yet(table: Table) -> None:
    assert table.drop("dogs", dragged(5, 2, 1))
    assert table.moved == [([5, 1], "dogs")]
    assert table.drop(None, dragged(5))
    assert table.moved[-1] == ([5], None)


def test_a_drop_where_the_photos_come_from_changes_nothing(table: Table) -> None:
    table.drop("dogs", dragged(2, 4))
    assert table.moved == []
    assert table.confirmed == []


def test_near_the_edge_a_drag_scrolls_the_board_and_lands_where_the_pointer_is(table: Table, qtbot: QtBot) -> None:
    names = [f"bin {number}" for number in range(12)]
    table.show({**{name: [] for name in names}, None: [1]}, [Category(name) for name in names])
    QApplication.processEvents()
    board, mime = table.board, dragged(1)
    edge = board.mapToGlobal(QPoint(board.width() - 2, 100))
    entered = next(
        table.column(one) for one in names if table.column(one).rect().contains(table.column(one).mapFromGlobal(edge))
    )
    place = entered.mapFromGlobal(edge)
    QApplication.sendEvent(entered, QDragEnterEvent(place, COPY, mime, LEFT, NO_MODIFIER))
    QApplication.sendEvent(entered, QDragMoveEvent(place, COPY, mime, LEFT, NO_MODIFIER))
    last = table.column("bin 9")
    qtbot.waitUntil(lambda: last.property("over") is True)
    assert entered.property("over") is False
    place = entered.mapFromGlobal(edge)
    QApplication.sendEvent(entered, QDropEvent(QPointF(place), COPY, mime, LEFT, NO_MODIFIER))
    assert last.property("over") is False
    qtbot.waitUntil(lambda: bool(table.moved))
    assert table.moved == [([1], "bin 9")]


def test_files_from_other_programs_are_not_taken_by_a_bin(table: Table) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("photo.jpg")])
    assert not table.drop("dogs", files)
    assert table.column("dogs").property("over") is not True


def test_number_keys_send_the_selection_or_the_current_photo(table: Table) -> None:
    table.click("cats", 0)
    table.click("cats", 2, CTRL)
    table.key("cats", Qt.Key.Key_2)
    table.key("cats", Qt.Key.Key_0)
    table.key("cats", Qt.Key.Key_9)
    assert table.moved == [([5, 3], "dogs"), ([5, 3], None)]
    table.key("cats", Qt.Key.Key_1)
    assert table.confirmed == [([5, 3], "cats")]
    table.key("cats", Qt.Key.Key_Escape)
    table.key("cats", Qt.Key.Key_2)
    assert table.moved[-1] == ([3], "dogs")


def test_enter_and_double_click_open_the_photo(table: Table) -> None:
    table.click("dogs", 1)
    table.key("dogs", Qt.Key.Key_Return)
    assert table.opened == [4]


def test_the_header_button_confirms_only_photos_in_view(table: Table) -> None:
    table.show({"cats": range(1, 1000), "dogs": [], None: []})
    button = next(
        one for one in table.column("cats").findChildren(QToolButton) if one.accessibleName().startswith("Confirm")
    )
    button.click()
    ((photo_ids, name),) = table.confirmed
    assert name == "cats"
    visible = table.grid("cats").visible_rows()
    assert photo_ids == list(range(1, len(photo_ids) + 1))
    assert len(visible) - 2 <= len(photo_ids) <= len(visible)


def test_the_photo_menu_offers_every_bin_and_can_be_added_to(table: Table, qtbot: QtBot) -> None:
    extra: list[list[int]] = []
    table.board.photo_menu_asked.connect(lambda ids, menu: (extra.append(ids.tolist()), menu.addAction("Mine")))
    table.click("cats", 1)
    grid = table.grid("cats")
    grid.customContextMenuRequested.emit(grid.visualRect(grid.model().index(1, 0)).center())
    menu = next(one for one in table.board.findChildren(QMenu) if one.isVisible() and one.parent() is table.board)
    names = [action.text() for action in menu.actions()]
    assert names == ["Open", "Move to", "Confirm here", "Mine"]
    targets: list[QAction] = menu.actions()[1].menu().actions()
    by_name = {action.text(): action for action in targets}
    assert not by_name["cats\t1"].isEnabled()
    by_name["dogs\t2"].trigger()
    by_name["Unsorted\t0"].trigger()
    menu.close()
    assert extra == [[1]]
    assert table.moved == [([1], "dogs"), ([1], None)]


def test_a_bin_menu_shows_one_bin_large_and_all_again(table: Table) -> None:
    asked: list[str | None] = []
    table.board.bin_menu_asked.connect(lambda name, menu: asked.append(name))
    small = table.grid("dogs").geometry_of_cells.cell_width
    for expected_hidden in (True, False):
        button = next(
            one for one in table.column("dogs").findChildren(QToolButton) if one.accessibleName().startswith("Menu")
        )
        button.click()
        menu = table.column("dogs").findChildren(QMenu)[-1]
        menu.actions()[-1].trigger()
        menu.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert table.column("cats").isHidden() is expected_hidden
    assert asked == ["dogs", "dogs"]
    table.board.show_only("dogs")
    assert table.grid("dogs").geometry_of_cells.cell_width > 1.5 * small
    table.key("dogs", Qt.Key.Key_Escape)
    assert not table.column("cats").isHidden()


# --- selection and keyboard ---------------------------------------------------------------------------------------


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
