"""All photos in one grid, in the whole window."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from clipsorter.ui.all_photos import AllPhotos
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.side_panel import Group
from clipsorter.ui.viewer import Viewer
from clipsorter.values import Decision
from tests.ui.fake_engine import FakeEngine
from tests.ui.window.conftest import ids

LEFT = Qt.MouseButton.LeftButton


def pane_of(window: MainWindow) -> AllPhotos:
    pane = window.findChild(AllPhotos)
    assert pane is not None
    return pane


def shown(window: MainWindow) -> list[int]:
    return pane_of(window).model.bin.photo_ids.tolist()


@pytest.fixture
def together(window: MainWindow, board: BoardView) -> AllPhotos:
    window.panels.actions.together.trigger()
    return pane_of(window)


def test_one_click_shows_all_photos_and_another_the_bins(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    row, actions = window.panels.side.everything, window.panels.actions
    assert row.accessibleName() == "All photos, 12"
    qtbot.mouseClick(row, LEFT)
    assert shown(window) == list(range(12, 0, -1))  # the newest first
    assert pane_of(window).isVisible()
    assert row.isChecked()
    assert actions.together.isChecked()
    qtbot.mouseClick(row, LEFT)
    assert not pane_of(window).isVisible()
    assert not row.isChecked()
    assert actions.columns.isChecked()


def test_a_key_shows_them_and_escape_leads_back(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: board.is_together)
    assert pane_of(window).grid.hasFocus()
    QTest.keyClick(pane_of(window).grid, Qt.Key.Key_Escape)
    assert not board.is_together
    assert window.panels.actions.columns.isChecked()


def test_a_search_offers_its_hits_together_and_leaves_the_board_as_it_is(
    qtbot: QtBot, window: MainWindow, board: BoardView
) -> None:
    window.resize(1400, 800)
    search = window.panels.top.search
    assert not search.together.isVisible()
    search.line.setText("photo-1")
    qtbot.waitUntil(search.together.isVisible)
    assert not board.is_together
    assert search.together.accessibleName().startswith("Show all 4 hit")
    qtbot.mouseClick(search.together, LEFT)
    assert shown(window) == [12, 11, 10, 1]
    assert not search.together.isVisible()
    search.clear()
    qtbot.waitUntil(lambda: len(shown(window)) == 12)
    assert board.is_together


def test_a_search_of_one_photo_offers_nothing(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    search = window.panels.top.search
    search.line.setText("photo-12")
    qtbot.waitUntil(lambda: search.hits.text().startswith("1 "))
    assert not search.together.isVisible()


def test_groups_and_albums_narrow_it_and_the_first_row_leads_out(
    qtbot: QtBot, window: MainWindow, board: BoardView, together: AllPhotos
) -> None:
    side = window.panels.side
    qtbot.mouseClick(side.groups[Group.REVIEW], LEFT)
    assert len(shown(window)) == 1
    assert board.is_together
    assert not side.everything.isChecked()
    assert window.panels.actions.together.isChecked()
    qtbot.waitUntil(lambda: side.albums.tree.topLevelItemCount() > 0)
    side.albums.tree.setCurrentItem(side.albums.tree.topLevelItem(0))
    qtbot.waitUntil(lambda: shown(window) == [3, 2, 1])
    qtbot.mouseClick(side.everything, LEFT)
    assert len(shown(window)) == 12
    assert side.everything.isChecked()
    assert not window.panels.filter.isVisible()


def test_the_unsorted_and_the_duplicates_are_left_for_all_photos(
    qtbot: QtBot, window: MainWindow, board: BoardView
) -> None:
    for group in (Group.UNSORTED, Group.DUPLICATES):
        qtbot.mouseClick(window.panels.side.groups[group], LEFT)
        window.panels.actions.together.trigger()
        assert len(shown(window)) == 12
        assert pane_of(window).isVisible()
        assert not window.panels.side.groups[group].isChecked()
        assert window.panels.actions.together.isChecked()
        window.panels.actions.columns.trigger()
        assert board.only == ()


def test_unsorted_leads_out_of_it(qtbot: QtBot, window: MainWindow, board: BoardView, together: AllPhotos) -> None:
    qtbot.mouseClick(window.panels.side.groups[Group.UNSORTED], LEFT)
    assert board.only == (None,)
    assert not together.isVisible()
    assert window.panels.actions.grid.isChecked()
    assert not window.panels.side.everything.isChecked()


def test_a_move_from_here_teaches_and_is_taken_back(
    qtbot: QtBot, window: MainWindow, board: BoardView, together: AllPhotos, engine: FakeEngine
) -> None:
    together.grid.setCurrentIndex(together.model.index(0, 0))
    QTest.keyClick(together.grid, Qt.Key.Key_2)  # photo 12 is a cat
    qtbot.waitUntil(window.panels.learning.isVisible)
    assert together.model.bin.home(0) == "dog"
    assert together.current_id() == 12
    window.panels.actions.undo.trigger()
    qtbot.waitUntil(lambda: together.model.bin.home(0) == "cat")


def test_photos_dropped_on_a_category_of_the_side_panel_move_there(
    qtbot: QtBot, window: MainWindow, together: AllPhotos
) -> None:
    window.panels.side.categories.photos_dropped.emit(ids(12), "dog")
    qtbot.waitUntil(lambda: together.model.bin.home(0) == "dog")


def test_photos_of_several_bins_are_confirmed_in_one_step(
    qtbot: QtBot, window: MainWindow, board: BoardView, together: AllPhotos, engine: FakeEngine
) -> None:
    board.confirmed_each.emit(ids(12, 11), ("cat", "dog"))
    qtbot.waitUntil(lambda: bool(engine.batches))
    assert engine.batches == [(Decision(f"{12:032x}", "cat"), Decision(f"{11:032x}", "dog"))]


def test_the_viewer_goes_on_in_this_order(qtbot: QtBot, window: MainWindow, together: AllPhotos) -> None:
    together.grid.setCurrentIndex(together.model.index(1, 0))
    QTest.keyClick(together.grid, Qt.Key.Key_Space)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    assert viewer.name.text() == "photo-11.jpg"
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.name.text() == "photo-10.jpg"
    viewer.close()
    assert together.current_id() == 10
    assert together.isVisible()


def test_a_category_leads_to_its_bin(window: MainWindow, board: BoardView, together: AllPhotos) -> None:
    window.panels.side.categories.chosen.emit("dog")
    assert not board.is_together
    assert window.panels.actions.columns.isChecked()


@pytest.mark.usefixtures("quiet_application")
def test_another_language_stays_with_all_photos(
    qtbot: QtBot, window: MainWindow, board: BoardView, together: AllPhotos
) -> None:
    window.apply_settings(replace(window.settings, language="zh_CN"))
    qtbot.waitUntil(lambda: (pane := window.findChild(AllPhotos)) is not None and pane.isVisible())
    assert pane_of(window).grid.accessibleName() == "所有照片"
    assert len(shown(window)) == 12
    assert window.panels.actions.together.isChecked()
    assert window.panels.side.everything.isChecked()


def test_the_footer_counts_what_is_selected(
    qtbot: QtBot, window: MainWindow, board: BoardView, together: AllPhotos
) -> None:
    board.select_all()
    words = "12 photo(s) selected"
    qtbot.waitUntil(lambda: words in [label.text() for label in window.panels.footer.findChildren(QLabel)])
    board.clear_selection()
    qtbot.waitUntil(lambda: words not in [label.text() for label in window.panels.footer.findChildren(QLabel)])
