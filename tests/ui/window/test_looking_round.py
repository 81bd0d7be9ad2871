"""A folder is open: its board, searches, groups, one bin large, and the viewer."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton
from pytestqt.qtbot import QtBot

from clipsorter.errors import QueryError
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.side_panel import Group
from clipsorter.ui.viewer import Viewer
from tests.ui.fake_engine import FakeEngine
from tests.ui.window.conftest import ids, on_board


def test_a_folder_fills_the_board_and_the_counts(window: MainWindow, board: BoardView) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    rows = window.panels.side.categories
    assert [rows.item(row).data(role) for row in range(2)] == ["cat, 6", "dog, 6"]
    assert window.panels.side.groups[Group.UNSORTED].accessibleName() == "Unsorted, 0"
    assert board.column("cat") is not None
    assert window.panels.footer.words().startswith("All photos looked at")


def test_the_keyboard_is_with_the_photos_when_they_arrive(window: MainWindow, board: BoardView) -> None:
    assert board.isAncestorOf(QApplication.focusWidget())


def test_typing_a_search_filters_and_an_empty_answer_explains_itself(
    qtbot: QtBot, window: MainWindow, board: BoardView
) -> None:
    search = window.panels.top.search
    search.line.setText("photo-1")
    qtbot.waitUntil(lambda: search.hits.text().startswith("4 photo"))  # 1, 10, 11, 12
    assert window.panels.photos.currentWidget() is board
    search.line.setText("unicorn")
    page = window.panels.photos.no_hits
    qtbot.waitUntil(page.isVisible)
    assert "unicorn" in page.title.text()
    (clear,) = (one for one in page.findChildren(QPushButton) if one.accessibleName() == "Clear the search")
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(board.isVisible)
    assert search.phrase == ""


def test_a_search_that_cannot_be_understood_is_told_below_the_field_and_the_board_lives_on(
    qtbot: QtBot, window: MainWindow, board: BoardView, engine: FakeEngine
) -> None:
    search, problem = window.panels.top.search, window.panels.top.problem
    engine.fail_queries['"'] = QueryError("This quotation mark is never closed.", 6, "open quote")
    search.line.setText('photo "x')
    qtbot.waitUntil(problem.isVisible)
    assert "never closed" in problem.text()
    assert not window.panels.messages.isVisible()
    board.moved.emit(ids(1), "cat")
    qtbot.waitUntil(lambda: window.panels.learning.isVisible() and on_board(window) == 12)
    search.line.setText("photo-1")
    assert not problem.isVisible()
    qtbot.waitUntil(lambda: search.hits.text().startswith("4 photo"))


def test_groups_narrow_the_board_and_all_photos_come_back(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    def shown() -> int:
        return sum(len(board.column(name).model.bin) for name in ("cat", "dog", None))  # type: ignore[union-attr]

    side = window.panels.side
    qtbot.mouseClick(side.groups[Group.REVIEW], Qt.MouseButton.LeftButton)
    assert shown() == 1
    assert window.panels.filter.isVisible()
    qtbot.mouseClick(side.groups[Group.CONFIRMED], Qt.MouseButton.LeftButton)
    assert window.panels.photos.currentWidget() is window.panels.photos.page
    qtbot.mouseClick(side.groups[Group.CONFIRMED], Qt.MouseButton.LeftButton)
    assert window.panels.photos.currentWidget() is board
    assert shown() == 12
    assert not window.panels.filter.isVisible()


def test_a_search_in_a_group_counts_what_is_shown_and_leads_out_of_it(
    qtbot: QtBot, window: MainWindow, board: BoardView
) -> None:
    search, side = window.panels.top.search, window.panels.side
    search.line.setText("photo-1")
    qtbot.waitUntil(lambda: search.hits.text().startswith("4 photo"))
    qtbot.mouseClick(side.groups[Group.REVIEW], Qt.MouseButton.LeftButton)
    assert search.hits.text() == "1 photo(s)"
    assert window.panels.filter.isVisible()
    search.line.setText("photo-11")
    page = window.panels.photos.page
    qtbot.waitUntil(page.isVisible)
    assert search.hits.text() == "0 photo(s)"
    assert page.words.text().startswith("1 photo(s) elsewhere")
    page.button_pressed.emit()
    assert window.panels.photos.currentWidget() is board
    assert search.hits.text() == "1 photo(s)"
    assert not side.groups[Group.REVIEW].isChecked()
    assert search.phrase == "photo-11"


def test_a_search_counts_only_unsorted_photos_where_they_stand_alone(
    qtbot: QtBot, window: MainWindow, board: BoardView
) -> None:
    qtbot.mouseClick(window.panels.side.groups[Group.UNSORTED], Qt.MouseButton.LeftButton)
    window.panels.top.search.line.setText("photo-1")
    qtbot.waitUntil(window.panels.photos.page.isVisible)
    assert window.panels.top.search.hits.text() == "0 photo(s)"


def test_unsorted_is_shown_alone_and_left_by_the_same_click(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    row = window.panels.side.groups[Group.UNSORTED]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert window.panels.actions.grid.isChecked()
    assert not board.column("cat").isVisible()  # type: ignore[union-attr]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert window.panels.actions.columns.isChecked()
    assert board.column("cat").isVisible()  # type: ignore[union-attr]


def test_one_bin_large_and_back(window: MainWindow, board: BoardView) -> None:
    window.panels.side.categories.setCurrentRow(1)
    window.panels.actions.grid.trigger()
    assert not board.column("cat").isVisible()  # type: ignore[union-attr]
    assert board.column("dog").isVisible()  # type: ignore[union-attr]
    window.panels.actions.columns.trigger()
    assert board.column("cat").isVisible()  # type: ignore[union-attr]


def test_the_viewer_shows_a_photo_and_goes_on(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    board.opened.emit(2)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    assert viewer.windowTitle() == "photo-2.jpg"
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.windowTitle() == "photo-4.jpg"
    assert "cat" in viewer.facts.text()
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert not viewer.isVisible()
    assert board.current_id() == 4


def test_a_removed_photo_opens_no_viewer(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    board.opened.emit(99)
    viewer = window.findChild(Viewer)
    assert viewer is None or viewer.windowTitle() == ""


def test_nothing_is_wider_than_a_small_window(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    window.session.add_categories("x" * 150)
    window.resize(1024, 640)
    assert (window.width(), window.height()) == (1024, 640)
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 640


def test_everything_that_can_be_pressed_has_a_name(window: MainWindow, board: BoardView) -> None:
    nameless = [
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and not (button.accessibleName() or button.text())
    ]
    assert nameless == []
