"""The board turns drops, keys and menus into wishes."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from clipsorter.values import Category
from tests.ui.board.conftest import COPY, CTRL, LEFT, NO_MODIFIER, Table, dragged


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


def test_a_number_key_moves_no_photo_that_was_scrolled_away(table: Table) -> None:
    table.show({"cats": range(1, 1000), "dogs": [], None: []})
    table.click("cats", 0)
    table.key("cats", Qt.Key.Key_Escape)
    grid = table.grid("cats")
    grid.verticalScrollBar().setValue(2000)
    table.key("cats", Qt.Key.Key_2)
    assert table.moved == []
    assert 0 in grid.visible_rows()  # the next press is about a photo that is seen
    table.key("cats", Qt.Key.Key_2)
    assert table.moved == [([1], "dogs")]
    table.click("cats", 0)
    grid.verticalScrollBar().setValue(2000)
    table.key("cats", Qt.Key.Key_2)
    assert table.moved[1:] == [([1], "dogs")]  # a selection was made on purpose


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
    assert names == ["Open", "Move to", "Confirm here", "Copy\tCtrl+C", "Mine"]
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
