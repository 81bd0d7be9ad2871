"""All photos of the board in one grid."""

from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from clipsorter.ranking.overview import Overview, gather
from clipsorter.ui.all_photos import AllPhotos
from clipsorter.ui.bin_column import BinColumn
from clipsorter.ui.bin_model import BinModel, PhotoRole
from clipsorter.ui.grid import GridView
from clipsorter.values import Category
from tests.ui.board.conftest import CATEGORIES, CTRL, FOLDER, LEFT, NO_MODIFIER, START, Bins, Table
from tests.ui.conftest import MakeBoard, MakeCollection

SHIFT = Qt.KeyboardModifier.ShiftModifier
MANY: Bins = {"cats": range(1, 1000), "dogs": range(1000, 1500), None: range(1500, 2001)}


def overview_of(table: Table, bins: Bins, order: Sequence[int] = (), *, is_ranked: bool = False) -> Overview:
    ids = table.collection.photo_ids
    rows = np.array(order, np.intp) - 1 if order else np.arange(len(ids))[::-1]
    return gather(table.make_board(bins), ids, rows, is_ranked=is_ranked)


def show(
    table: Table, bins: Bins, order: Sequence[int] = (), *, unasked: bool = False, is_ranked: bool = False
) -> None:
    """The photos in this order of ids, else the last one first."""
    overview = overview_of(table, bins, order, is_ranked=is_ranked)
    table.board.set_board(
        table.make_board(bins), table.collection, FOLDER, CATEGORIES, overview=overview, unasked=unasked
    )


@pytest.fixture
def pane(table: Table) -> AllPhotos:
    show(table, START, [9, 5, 2, 1, 8, 3, 4, 7, 6])
    table.board.show_together()
    found = table.board.findChild(AllPhotos)
    assert found is not None
    return found


def shown(pane: AllPhotos) -> list[int]:
    return pane.model.bin.photo_ids.tolist()


def click(grid: GridView, row: int, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
    QTest.mouseClick(grid.viewport(), LEFT, modifier, grid.visualRect(grid.model().index(row, 0)).center())


def test_the_photos_of_all_bins_stand_in_one_order_and_say_where_they_are(table: Table, pane: AllPhotos) -> None:
    assert shown(pane) == [9, 5, 2, 1, 8, 3, 4, 7, 6]
    homes = [pane.model.index(row, 0).data(PhotoRole.HOME) for row in range(4)]
    assert homes == [None, "cats", "dogs", "cats"]
    spoken = pane.model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "IMG_00002.jpg, dogs, put here by you"
    assert pane.isVisible()
    assert not table.column("cats").isVisible()
    assert pane.grid.hasFocus()


def test_escape_first_drops_the_selection_and_then_leads_back_to_the_bins(table: Table, pane: AllPhotos) -> None:
    click(pane.grid, 0)
    QTest.keyClick(pane.grid, Qt.Key.Key_Escape)
    assert table.selected() == []
    assert table.board.is_together
    QTest.keyClick(pane.grid, Qt.Key.Key_Escape)
    assert not table.board.is_together
    assert not pane.isVisible()
    assert table.grid("cats").hasFocus()


def test_the_cross_leads_back_to_the_one_bin_that_was_large(table: Table) -> None:
    table.board.show_only("dogs")
    show(table, START)
    table.board.show_together()
    pane = table.board.findChild(AllPhotos)
    assert pane is not None
    pane.findChildren(QToolButton)[-1].click()
    assert table.board.only == ("dogs",)
    assert table.column("dogs").isVisible()
    assert not table.column("cats").isVisible()


def test_photos_are_chosen_by_mouse_and_keyboard_as_in_a_bin(table: Table, pane: AllPhotos) -> None:
    click(pane.grid, 1)
    click(pane.grid, 3, CTRL)
    assert sorted(table.selected()) == [1, 5]
    click(pane.grid, 0)
    click(pane.grid, 2, SHIFT)
    assert sorted(table.selected()) == [2, 5, 9]
    QTest.keyClick(pane.grid, Qt.Key.Key_Right, SHIFT)
    assert sorted(table.selected()) == [1, 2, 5, 9]
    table.board.select_all()
    assert len(table.selected()) == 9


def test_a_rubber_band_takes_what_it_touches(table: Table, pane: AllPhotos) -> None:
    grid = pane.grid
    last = grid.visualRect(grid.model().index(len(shown(pane)) - 1, 0))
    begin = QPoint(grid.viewport().width() - 2, last.bottom() + 20)
    QTest.mousePress(grid.viewport(), LEFT, NO_MODIFIER, begin)
    QTest.mouseMove(grid.viewport(), begin - QPoint(5, 5))
    QTest.mouseMove(grid.viewport(), last.center())
    QTest.mouseRelease(grid.viewport(), LEFT, NO_MODIFIER, last.center())
    assert 6 in table.selected()


def test_number_keys_send_what_is_chosen_from_several_bins(table: Table, pane: AllPhotos) -> None:
    click(pane.grid, 1)
    click(pane.grid, 2, CTRL)
    QTest.keyClick(pane.grid, Qt.Key.Key_2)
    QTest.keyClick(pane.grid, Qt.Key.Key_0)
    assert table.moved == [([5], "dogs"), ([5, 2], None)]


def test_photos_of_several_bins_are_confirmed_where_each_of_them_is(table: Table, pane: AllPhotos) -> None:
    said: list[tuple[list[int], tuple[str | None, ...]]] = []
    table.board.confirmed_each.connect(lambda ids, homes: said.append((ids.tolist(), homes)))
    table.board.select_all()
    pane.grid.customContextMenuRequested.emit(QPoint(30, 30))
    menus = table.board.findChildren(QMenu)
    confirm = next(action for menu in menus for action in menu.actions() if action.text() == "Confirm here")
    targets = next(menu for menu in menus if menu.title() == "Move to")
    assert all(action.isEnabled() for action in targets.actions() if not action.isSeparator())
    confirm.trigger()
    for menu in menus:
        menu.close()
    ((ids, homes),) = said
    assert ids == shown(pane)
    assert homes[:4] == (None, "cats", "dogs", "cats")


def test_photos_of_one_bin_are_confirmed_there(table: Table, pane: AllPhotos) -> None:
    click(pane.grid, 1)
    click(pane.grid, 3, CTRL)
    QTest.keyClick(pane.grid, Qt.Key.Key_1)
    assert [(sorted(ids), name) for ids, name in table.confirmed] == [([1, 5], "cats")]


def test_the_viewer_steps_in_the_order_of_the_grid(table: Table, pane: AllPhotos) -> None:
    click(pane.grid, 1)
    QTest.keyClick(pane.grid, Qt.Key.Key_Return)
    assert table.opened == [5]
    assert [table.board.photo_beside(5, step) for step in (-1, 1)] == [9, 2]
    assert table.board.photo_beside(9, -1) is None
    table.board.reveal(8)
    assert pane.current_id() == 8
    assert pane.isVisible()


def test_copied_photos_are_those_chosen_here(table: Table, pane: AllPhotos) -> None:
    click(pane.grid, 0)
    table.board.copy_photos()
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [url.fileName() for url in urls] == ["IMG_00009.jpg"]


def test_a_correction_changes_the_homes_and_neither_selection_nor_place(table: Table, pane: AllPhotos) -> None:
    show(table, MANY)
    bar = pane.grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    row = pane.grid.visible_rows()[3]
    click(pane.grid, row)
    before, chosen = bar.value(), table.selected()
    assert pane.model.index(row, 0).data(PhotoRole.HOME) == "dogs"
    show(table, {"cats": range(1, 1500), "dogs": [], None: range(1500, 2001)})
    assert (bar.value(), table.selected()) == (before, chosen)
    assert pane.model.index(row, 0).data(PhotoRole.HOME) == "cats"


def test_photos_that_come_in_above_do_not_move_what_a_person_looks_at(
    table: Table, pane: AllPhotos, qtbot: QtBot
) -> None:
    show(table, {"cats": range(1, 1000), "dogs": [], None: []})
    bar = pane.grid.verticalScrollBar()
    bar.setValue(3 * pane.grid.geometry_of_cells.cell_height + 7)
    first = pane.top_id
    show(table, MANY, unasked=True)
    qtbot.waitUntil(lambda: len(shown(pane)) == 2000)  # once the pointer rests
    assert first is not None
    row = pane.model.row_of(first)
    top = pane.grid.visualRect(pane.model.index(row, 0)).top()
    assert top == -7


def test_at_the_top_the_newest_photo_appears(table: Table, pane: AllPhotos, qtbot: QtBot) -> None:
    show(table, {"cats": range(1, 1000), "dogs": [], None: []})
    show(table, MANY, unasked=True)
    qtbot.waitUntil(lambda: shown(pane)[0] == 2000)
    assert pane.grid.verticalScrollBar().value() == 0


def test_a_new_search_begins_at_its_best_hit_and_is_called_so(table: Table, pane: AllPhotos) -> None:
    show(table, MANY)
    words = {label.text() for label in pane.findChildren(QLabel)}
    assert {"All photos", "2,000", "newest first"} <= words
    pane.grid.verticalScrollBar().setValue(5000)
    table.board.begin_at_best()
    show(table, {"cats": [5], "dogs": [], None: [1600, 1700]}, [1700, 5, 1600], is_ranked=True)
    assert shown(pane) == [1700, 5, 1600]
    assert pane.current_id() == 1700
    words = {label.text() for label in pane.findChildren(QLabel)}
    assert {"All hits", "3", "best first"} <= words
    assert pane.grid.accessibleName() == "All hits"
    assert pane.grid.accessibleDescription() == "3 photo(s), best first"


def test_a_narrowed_board_narrows_the_grid(table: Table, pane: AllPhotos) -> None:
    whole = table.make_board({"cats": [5], "dogs": [2], None: []})
    narrowed = type(whole)(whole.bins, whole.review, None, narrowed=True)
    overview = overview_of(table, START, [9, 5, 2, 1, 8, 3, 4, 7, 6])
    table.board.set_board(narrowed, table.collection, FOLDER, CATEGORIES, overview=overview)
    assert shown(pane) == [5, 2]


def test_the_bins_behind_it_are_brought_up_to_date_when_they_are_seen_again(table: Table, pane: AllPhotos) -> None:
    show(table, {"cats": [1], "dogs": [2, 4], None: [9]})
    table.board.show_bins()
    assert table.shown("cats") == [1]
    assert table.shown("dogs") == [2, 4]


def test_a_bin_that_is_asked_for_leads_back(table: Table, pane: AllPhotos) -> None:
    table.board.show_bin("dogs")
    assert not table.board.is_together
    assert table.grid("dogs").hasFocus()


def test_a_board_waits_while_a_mouse_button_is_down_here(table: Table, pane: AllPhotos, qtbot: QtBot) -> None:
    place = pane.grid.visualRect(pane.model.index(0, 0)).center()
    QTest.mousePress(pane.grid.viewport(), LEFT, NO_MODIFIER, place)
    show(table, {"cats": [1], "dogs": [], None: []})
    assert len(shown(pane)) == 9
    QTest.mouseRelease(pane.grid.viewport(), LEFT, NO_MODIFIER, place)
    qtbot.waitUntil(lambda: shown(pane) == [1])


def test_the_wheel_with_ctrl_asks_for_another_size(table: Table, pane: AllPhotos) -> None:
    steps: list[int] = []
    table.board.size_wanted.connect(steps.append)
    for turned in (120, -60, -60):
        wheel = QWheelEvent(
            QPointF(9, 9),
            QPointF(pane.grid.viewport().mapToGlobal(QPoint(9, 9))),
            QPoint(),
            QPoint(0, turned),
            Qt.MouseButton.NoButton,
            CTRL,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(pane, wheel)
    assert steps == [1, -1]
    width = pane.grid.geometry_of_cells.cell_width
    table.board.set_cell_size(2.0)
    assert pane.grid.geometry_of_cells.cell_width > width


def test_its_model_keeps_the_rules_of_models(
    table: Table, qtmodeltester: ModelTester, make_board: MakeBoard, make_collection: MakeCollection
) -> None:
    model = BinModel(None, lambda _digest: None)
    collection = make_collection(2000)
    model.set_bin(overview_of(table, START), collection)
    qtmodeltester.check(model)
    model.set_bin(overview_of(table, {"sea": [9, 1, 2], "cats": [20, 21], None: [5]}), collection)
    assert model.bin.photo_ids.tolist() == [21, 20, 9, 5, 2, 1]
    assert [model.index(row, 0).data(PhotoRole.HOME) for row in range(4)] == ["cats", "cats", "sea", None]
    qtmodeltester.check(model)
    model.set_bin(overview_of(table, {None: []}), collection)
    assert model.rowCount() == 0


def test_bins_that_were_still_to_come_come_when_they_are_seen_again(table: Table, qtbot: QtBot) -> None:
    names = [f"bin {number}" for number in range(12)]
    bins: Bins = {**{name: [] for name in names}, None: [1]}
    table.board.set_board(
        table.make_board(bins),
        table.collection,
        FOLDER,
        [Category(name) for name in names],
        overview=overview_of(table, bins),
    )
    assert len(table.board.findChildren(BinColumn)) < len(names)
    table.board.show_together()
    QApplication.processEvents()
    table.board.show_bins()
    qtbot.waitUntil(lambda: {one.name for one in table.board.findChildren(BinColumn)} >= set(names))


def test_what_is_seen_can_be_found_again(table: Table, pane: AllPhotos) -> None:
    show(table, MANY)
    assert table.board.top_id is None  # nobody has scrolled
    pane.grid.verticalScrollBar().setValue(10 * pane.grid.geometry_of_cells.cell_height)
    seen = table.board.top_id
    assert seen is not None
    pane.grid.verticalScrollBar().setValue(0)
    table.board.begin_at(seen)
    assert table.board.top_id == seen
    assert pane.grid.visualRect(pane.model.index(pane.model.row_of(seen), 0)).top() == 0
