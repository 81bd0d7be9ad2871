"""The grid selects, moves, paints and scrolls like a folder window, and only ever touches what is visible."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from clipsorter.ui.bin_model import PhotoRole
from clipsorter.ui.delegate import PhotoDelegate
from clipsorter.ui.grid import GridView

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
ROOT = QModelIndex()


class Numbers(QAbstractListModel):
    """Rows without pictures that remember which were looked at."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.looked_at: set[int] = set()
        self.painted: set[int] = set()

    def rowCount(self, parent: QModelIndex = ROOT) -> int:  # noqa: N802
        return 0 if parent.isValid() else self.count

    def data(self, index: QModelIndex, role: int = 0) -> object:
        self.looked_at.add(index.row())
        if role == Qt.ItemDataRole.DecorationRole:
            self.painted.add(index.row())
            return None
        return f"IMG_{index.row()}" if role in (Qt.ItemDataRole.DisplayRole, PhotoRole.SURE) else 0.5

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled


class Grid(GridView):
    """A shown grid of numbers, four columns wide."""

    def __init__(self, count: int) -> None:
        self.delegate = PhotoDelegate()
        super().__init__(self.delegate.cell_height)
        self.numbers = Numbers(count)
        self.setItemDelegate(self.delegate)
        self.setModel(self.numbers)
        self.resize(4 * 120 + self.verticalScrollBar().sizeHint().width(), 500)

    def place(self, row: int) -> QPoint:
        return self.visualRect(self.numbers.index(row, 0)).center()

    def chosen(self) -> list[int]:
        return sorted(self.selected_rows().tolist())

    def click(self, row: int, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        QTest.mouseClick(self.viewport(), LEFT, modifier, self.place(row))

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        QTest.keyClick(self, key, modifier)


@pytest.fixture
def grid(qtbot: QtBot) -> Iterator[Grid]:
    yield from show(qtbot, 50)


@pytest.fixture(params=[100_000, 1_000_000])
def large(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Grid]:
    yield from show(qtbot, request.param)


def show(qtbot: QtBot, count: int) -> Iterator[Grid]:
    grid = Grid(count)
    qtbot.addWidget(grid)
    with qtbot.waitExposed(grid):
        grid.show()
    grid.activateWindow()
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus)
    yield grid


def test_cells_stand_in_rows_and_a_point_finds_them_while_scrolled(grid: Grid) -> None:
    grid.verticalScrollBar().setValue(130)
    assert grid.geometry_of_cells.columns == 4
    for row in grid.visible_rows():
        assert grid.indexAt(grid.place(row)).row() == row
    assert not grid.indexAt(QPoint(1, 1) + grid.visualRect(grid.numbers.index(4, 0)).topLeft()).isValid()


def test_clicks_choose_one_add_one_and_choose_a_run(grid: Grid) -> None:
    grid.click(5)
    assert grid.chosen() == [5]
    grid.click(2, CTRL)
    assert grid.chosen() == [2, 5]
    grid.click(9, SHIFT)
    assert grid.chosen() == [2, 3, 4, 5, 6, 7, 8, 9]
    grid.click(0, SHIFT)
    assert grid.chosen() == [0, 1, 2]
    grid.click(1)
    assert grid.chosen() == [1]


def test_a_run_of_two_rows_is_a_run_and_no_rectangle(grid: Grid) -> None:
    grid.click(3)
    grid.click(5, SHIFT)
    assert grid.chosen() == [3, 4, 5]


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        (Qt.Key.Key_Right, 3, 4),
        (Qt.Key.Key_Left, 4, 3),
        (Qt.Key.Key_Left, 0, 0),
        (Qt.Key.Key_Down, 1, 5),
        (Qt.Key.Key_Up, 5, 1),
        (Qt.Key.Key_Up, 1, 1),
        (Qt.Key.Key_Down, 46, 49),
        (Qt.Key.Key_Down, 48, 48),
        (Qt.Key.Key_Home, 20, 0),
        (Qt.Key.Key_End, 20, 49),
        (Qt.Key.Key_PageUp, 2, 2),
        (Qt.Key.Key_PageDown, 45, 49),
    ],
)
def test_keys_lead_to_the_neighbour_and_choose_it(key: Qt.Key, start: int, end: int, grid: Grid) -> None:
    grid.click(0)
    grid.setCurrentIndex(grid.numbers.index(start, 0))
    grid.key(key)
    assert grid.currentIndex().row() == end
    assert grid.chosen() == [end]
    assert grid.viewport().rect().contains(grid.place(end))


def test_shift_and_keys_extend_and_shrink_the_run(grid: Grid) -> None:
    grid.click(5)
    grid.key(Qt.Key.Key_Down, SHIFT)
    grid.key(Qt.Key.Key_Right, SHIFT)
    assert grid.chosen() == [5, 6, 7, 8, 9, 10]
    grid.key(Qt.Key.Key_Home, SHIFT)
    assert grid.chosen() == [0, 1, 2, 3, 4, 5]
    grid.key(Qt.Key.Key_Escape)
    assert grid.chosen() == []


def test_a_rubber_band_takes_the_rectangle_it_touches(grid: Grid) -> None:
    start = grid.visualRect(grid.numbers.index(5, 0)).topLeft() + QPoint(1, 1)
    end = grid.place(10)
    assert not grid.indexAt(start).isValid()
    QTest.mousePress(grid.viewport(), LEFT, NO_MODIFIER, start)
    assert grid.is_held
    QTest.mouseMove(grid.viewport(), start + QPoint(15, 15))
    QTest.mouseMove(grid.viewport(), end)
    assert grid.state() == QAbstractItemView.State.DragSelectingState
    grid.grab()
    QTest.mouseRelease(grid.viewport(), LEFT, NO_MODIFIER, end)
    assert grid.chosen() == [5, 6, 9, 10]
    assert not grid.is_held


def test_a_click_on_empty_ground_chooses_nothing(grid: Grid) -> None:
    grid.click(5)
    QTest.mouseClick(grid.viewport(), LEFT, NO_MODIFIER, QPoint(1, 1))
    assert grid.chosen() == []


def test_pulling_a_chosen_photo_starts_a_drag_with_all_of_them(grid: Grid, qtbot: QtBot) -> None:
    grid.click(1)
    grid.click(2, CTRL)
    seen: list[tuple[list[int], bool]] = []
    grid.drag_wanted.connect(lambda: seen.append((grid.chosen(), grid.is_held)))
    QTest.mousePress(grid.viewport(), LEFT, NO_MODIFIER, grid.place(2))
    with qtbot.waitSignal(grid.settled):
        for step in (5, 15, 40, 60):
            QTest.mouseMove(grid.viewport(), grid.place(2) + QPoint(step, step))
    assert seen == [([1, 2], True)]
    assert not grid.is_held


def test_double_click_enter_and_space_open_and_digits_are_told(grid: Grid) -> None:
    opened: list[int] = []
    digits: list[int] = []
    grid.opened.connect(lambda index: opened.append(index.row()))
    grid.digit_pressed.connect(digits.append)
    grid.click(7)
    QTest.mouseDClick(grid.viewport(), LEFT, NO_MODIFIER, grid.place(7))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_3, Qt.Key.Key_0, Qt.Key.Key_F):
        grid.key(key)
    assert opened == [7, 7, 7, 7]
    assert digits == [3, 0]
    assert not grid.is_held


def test_right_to_left_mirrors_cells_and_arrow_keys(grid: Grid) -> None:
    grid.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert grid.place(0).x() > grid.place(1).x() > grid.place(3).x()
    grid.click(1)
    grid.key(Qt.Key.Key_Left)
    assert grid.chosen() == [2]


def test_cells_grow_to_fill_the_width_and_keep_the_proportion(grid: Grid, qtbot: QtBot) -> None:
    bar = grid.verticalScrollBar().sizeHint().width()
    for width in (200, 355, 480, 901):
        grid.resize(width + bar, 400)
        cells = grid.geometry_of_cells
        assert cells.columns == width // 118
        assert width - cells.columns < cells.columns * cells.cell_width <= width
        assert cells.cell_height == grid.delegate.cell_height(cells.cell_width)
    with qtbot.waitSignal(grid.cell_changed):
        grid.set_smallest_cell(220)
    assert grid.geometry_of_cells.columns == 4


@pytest.mark.parametrize("hint", list(QAbstractItemView.ScrollHint))
def test_scrolling_to_a_photo_shows_all_of_it(hint: QAbstractItemView.ScrollHint, large: Grid) -> None:
    for row in (0, 77_777, 99_999, 50_000, 3):
        large.scrollTo(large.numbers.index(row, 0), hint)
        assert large.viewport().rect().contains(large.visualRect(large.numbers.index(row, 0)))


def test_a_scroll_step_looks_only_at_the_rows_it_uncovers(large: Grid, qtbot: QtBot) -> None:
    large.verticalScrollBar().setValue(large.verticalScrollBar().maximum() // 2)
    qtbot.waitUntil(lambda: set(large.visible_rows()) <= large.numbers.painted)
    QApplication.processEvents()
    large.numbers.painted.clear()
    large.verticalScrollBar().setValue(large.verticalScrollBar().value() + 40)
    uncovered = large.geometry_of_cells.within(
        large.verticalOffset() + large.viewport().height() - 40, large.verticalOffset() + large.viewport().height()
    )
    qtbot.waitUntil(lambda: bool(large.numbers.painted))
    assert set(uncovered) <= large.numbers.painted
    assert len(large.numbers.painted) <= len(uncovered) + 1  # and the one that was under the pointer


def test_nothing_but_painting_looks_at_rows_and_painting_only_at_visible_ones(large: Grid) -> None:
    rows = large.numbers.rowCount()
    large.numbers.looked_at.clear()
    large.selectAll()
    assert large.selected_count() == rows
    large.key(Qt.Key.Key_End)
    large.key(Qt.Key.Key_Home, SHIFT)
    assert large.selected_count() == rows
    large.key(Qt.Key.Key_A)  # would search all names for an "a" in a plain QListView
    large.numbers.dataChanged.emit(large.numbers.index(0, 0), large.numbers.index(rows - 1, 0))
    large.numbers.layoutAboutToBeChanged.emit()
    large.numbers.layoutChanged.emit()
    QApplication.processEvents()
    assert len(large.numbers.looked_at) <= 2 * len(large.visible_rows()) + 8


def test_big_selections_are_read_from_ranges_and_never_listed(large: Grid) -> None:
    large.selectAll()
    large.selectionModel().select(large.numbers.index(10, 0), QItemSelectionModel.SelectionFlag.Deselect)
    rows = large.selected_rows()
    assert len(rows) == large.numbers.count - 1
    assert np.sort(rows)[9:12].tolist() == [9, 11, 12]
    assert len(large.selectedIndexes()) == len(large.visible_rows()) - 1


def test_rows_come_and_go_with_the_scroll_range(grid: Grid, qtbot: QtBot) -> None:
    heights = []
    for count in (50, 90, 20, 0, 3):
        grid.numbers.beginResetModel()
        grid.numbers.count = count
        grid.numbers.endResetModel()
        heights.append(grid.verticalScrollBar().maximum())
    grid.numbers.beginInsertRows(ROOT, 3, 202)
    grid.numbers.count = 203
    grid.numbers.endInsertRows()
    grown = grid.verticalScrollBar().maximum()
    grid.numbers.beginRemoveRows(ROOT, 100, 202)
    grid.numbers.count = 100
    grid.numbers.endRemoveRows()
    qtbot.waitUntil(lambda: 0 < grid.verticalScrollBar().maximum() < grown)
    assert heights[1] > heights[0] > heights[2] >= 0 == heights[3] == heights[4]


def test_standing_still_keeps_the_place_while_the_current_photo_moves(grid: Grid) -> None:
    grid.verticalScrollBar().setValue(200)
    with grid.standing_still():
        grid.setCurrentIndex(grid.numbers.index(49, 0))
    assert grid.verticalOffset() == 200


def test_only_the_cells_of_loaded_pictures_are_painted_again(grid: Grid, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: set(grid.visible_rows()) <= grid.numbers.painted)
    QApplication.processEvents()
    grid.numbers.painted.clear()
    grid.update_rows([2, 9])
    qtbot.waitUntil(lambda: bool(grid.numbers.painted))
    assert grid.numbers.painted == {2, 9}


def test_an_empty_grid_says_why(grid: Grid) -> None:
    grid.numbers.beginResetModel()
    grid.numbers.count = 0
    grid.numbers.endResetModel()
    blank = grid.grab().toImage()
    grid.set_empty_text("Nothing here")
    assert grid.grab().toImage() != blank


def test_a_screen_reader_finds_every_item_with_its_place(grid: Grid) -> None:
    face = QAccessible.queryAccessibleInterface(grid)
    assert face.role() == QAccessible.Role.List
    assert face.childCount() == 50
    first, second = face.child(0), face.child(1)
    assert first.text(QAccessible.Text.Name) == "0.5"
    assert first.rect().right() < second.rect().right()


def test_selected_rows_of_any_pattern_are_found(grid: Grid) -> None:
    rows = [0, 1, 2, 7, 9, 10, 30, 49]
    for row in rows:
        grid.selectionModel().select(grid.numbers.index(row, 0), QItemSelectionModel.SelectionFlag.Select)
    assert grid.chosen() == rows
    assert grid.selected_count() == len(rows)


def test_rows_are_chosen_in_runs_and_nothing_else_stays_chosen(grid: Grid) -> None:
    grid.click(20)
    for rows in ([0, 1, 2, 7, 9, 10, 30, 49], [5], list(range(50)), []):
        grid.select_rows(np.array(rows, np.intp))
        assert grid.chosen() == rows
