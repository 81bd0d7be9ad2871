"""Albums and duplicates in the window, over a scripted engine."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.engine.albums import Albums, FolderAlbum
from clipsorter.engine.duplicates import Duplicates, Group
from clipsorter.engine.exploring import SuggestedCategory
from clipsorter.engine.vocabulary import Word
from clipsorter.library.settings import Language
from clipsorter.ui.grouping.albums import AT_ONCE, ROW, AlbumList
from clipsorter.ui.grouping.duplicate_model import Marks, Twin, TwinGroup
from clipsorter.ui.grouping.duplicates import PICTURE, DuplicatesPage
from clipsorter.ui.jobs import Lane
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import Phase
from clipsorter.ui.side_panel import Group as SideGroup
from clipsorter.ui.theme import Choice, Theme
from clipsorter.values import Category, Decision
from tests.ui.conftest import Pictures
from tests.ui.fake_engine import FakeEngine
from tests.ui.test_theme import AA_TEXT, contrast


@pytest.fixture
def engine() -> FakeEngine:
    engine = FakeEngine(remembered=(Category("cat"), Category("dog")))
    near = Group(("photo-1.jpg", "photo-2.jpg", "photo-3.jpg"), "photo-2.jpg")
    engine.suggested = (SuggestedCategory(Word("boat", "船"), 7, ("photo-1.jpg",), (f"{1:032x}",)),)
    engine.duplicates = Duplicates((Group(("photo-5.jpg", "photo-6.jpg"), "photo-5.jpg"),), (near,))
    return engine


@pytest.fixture
def window(qtbot: QtBot, quiet_application: QApplication, engine: FakeEngine, tmp_path: Path) -> Iterator[MainWindow]:
    theme = Theme(Choice.LIGHT)
    window = MainWindow(lambda _settings: engine, Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.open_folder(tmp_path)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE)
    qtbot.waitUntil(lambda: bool(engine.calls("find_duplicates")) and not window.panels.side.albums.isHidden())
    yield window
    window.close()
    theme.stop()


def shown(window: MainWindow) -> list[int]:
    board = window._conductor._board
    columns = [board.column(name) for name in ("cat", "dog", None)]
    return sorted(int(one) for column in columns if column for one in column.model.bin.photo_ids)


def test_an_album_narrows_the_board_and_a_second_choice_shows_all(qtbot: QtBot, window: MainWindow) -> None:
    albums = window.panels.side.albums
    trip, year = albums.tree.all_items()
    assert [trip.text(0), year.text(0)] == ["trip", "2023"]
    year.setExpanded(True)
    assert year.child(0).text(0) == "May 2023"
    albums.tree.setCurrentItem(trip)
    assert shown(window) == [1, 2, 3]
    assert "trip" in window.panels.filter.words.text()
    assert window.panels.filter.words.text() == "Album “trip”, mostly: dog 66%"  # one cat describes no album
    albums.tree.setCurrentItem(year)
    assert shown(window) == [2, 3, 4, 5]
    assert "“2023”, mostly: cat 50%, dog 50%" in window.panels.filter.words.text()
    window.session.search("photo-2")
    qtbot.waitUntil(lambda: window.panels.filter.words.text() == "Album “2023”")
    window.session.search("")
    qtbot.waitUntil(lambda: shown(window) == [2, 3, 4, 5])
    qtbot.keyClick(albums.tree, Qt.Key.Key_Escape)
    assert len(shown(window)) == 12
    assert not window.panels.filter.isVisible()
    albums.tree.setCurrentItem(trip)
    window.session.rank()
    qtbot.waitUntil(lambda: shown(window) == [1, 2, 3])
    window.panels.filter.all_wanted.emit()
    assert len(shown(window)) == 12
    assert albums.current_key() is None


def test_duplicates_are_counted_marked_by_key_and_moved_into_a_bin(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    side, page = window.panels.side, window._conductor._groups.page
    qtbot.waitUntil(lambda: "3" in side.groups[SideGroup.DUPLICATES].accessibleName())
    qtbot.mouseClick(side.groups[SideGroup.DUPLICATES], Qt.MouseButton.LeftButton)
    assert window.panels.photos.currentWidget() is page
    qtbot.waitUntil(page.list.hasFocus)
    assert page.marks.going().tolist() == [1, 3]
    qtbot.keyClick(page.list, Qt.Key.Key_Right)
    qtbot.keyClick(page.list, Qt.Key.Key_Right)
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    assert page.marks.going().tolist() == [1]
    spoken = page.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "photo-1.jpg goes" in spoken
    assert "photo-3.jpg stays" in spoken
    page.bins.setCurrentText("Twins")
    qtbot.mouseClick(page.move_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(engine.calls("decide")))
    assert engine.calls("decide") == [((Decision(f"{1:032x}", "Twins"),),)]
    assert [one.name for one in window.session.categories] == ["cat", "dog", "Twins"]
    page.left.emit()
    board = window._conductor._board
    qtbot.waitUntil(lambda: board.column("Twins") is not None and 1 not in shown(window))
    window.session.undo()  # the move; the category stays, with what its own words find
    qtbot.waitUntil(lambda: engine.decisions == {} and 1 in shown(window))
    window.session.undo()  # the category
    qtbot.waitUntil(lambda: board.column("Twins") is None and len(shown(window)) == 12)
    assert [one.name for one in window.session.categories] == ["cat", "dog"]


def test_a_search_leaves_the_page_of_duplicates(qtbot: QtBot, window: MainWindow) -> None:
    window._conductor.show_group(SideGroup.DUPLICATES)
    assert window.panels.photos.currentWidget() is window._conductor._groups.page
    window.panels.top.search.show_phrase("photo-1")
    qtbot.waitUntil(lambda: shown(window) == [1, 10, 11, 12])
    assert window.panels.photos.currentWidget() is window._conductor._board
    assert not window.panels.side.groups[SideGroup.DUPLICATES].isChecked()


def test_the_page_of_duplicates_is_a_sound_model(qtbot: QtBot, window: MainWindow) -> None:
    page = window._conductor._groups.page
    tester = QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert isinstance(tester.model(), QAbstractItemModel)
    page.show_marks(Marks(page.marks.groups))
    page.show_marks(Marks(()))
    assert page.model.rowCount() == 0
    assert page.move_button.isHidden()


def speak(qtbot: QtBot, window: MainWindow, language: Language) -> None:
    window.apply_settings(replace(window.settings, language=language))
    qtbot.waitUntil(lambda: window._turns.are_over)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_chosen_album_is_still_chosen_in_another_language(qtbot: QtBot, window: MainWindow) -> None:
    tree = window.panels.side.albums.tree
    year = tree.all_items()[1]
    year.setExpanded(True)
    tree.setCurrentItem(year.child(0))
    month = window.panels.filter.words.text()
    assert shown(window) == [2, 3]
    speak(qtbot, window, "zh_CN")
    assert window.panels.side.albums.current_key() == ("date", "2023-05")
    assert shown(window) == [2, 3]
    assert window.panels.filter.isVisible()
    assert "2023年5月" in window.panels.filter.words.text()
    speak(qtbot, window, "en")
    assert window.panels.filter.words.text() == month


@pytest.mark.parametrize("group", [SideGroup.REVIEW, SideGroup.UNSORTED, SideGroup.DUPLICATES])
def test_a_chosen_group_is_still_chosen_in_another_language(qtbot: QtBot, window: MainWindow, group: SideGroup) -> None:
    window.panels.side.groups[group].click()
    before = shown(window)
    speak(qtbot, window, "zh_CN")
    assert [one for one, row in window.panels.side.groups.items() if row.isChecked()] == [group]
    assert window._conductor is not None
    assert window._conductor.standing.group is group
    assert shown(window) == before
    speak(qtbot, window, "en")


def test_a_bin_that_alone_was_shown_still_is_in_another_language(qtbot: QtBot, window: MainWindow) -> None:
    assert window._conductor is not None
    window._conductor._board.show_only("dog")
    speak(qtbot, window, "zh_CN")
    assert window._conductor._board.only == ("dog",)
    assert window.panels.actions.grid.isChecked()
    speak(qtbot, window, "en")


@pytest.mark.parametrize("choice", [Choice.LIGHT, Choice.DARK])
def test_a_chosen_album_is_readable_and_every_row_as_high_as_the_others(
    qtbot: QtBot, quiet_application: QApplication, choice: Choice
) -> None:
    theme = Theme(choice)
    albums = AlbumList()
    qtbot.addWidget(albums)
    albums.show_albums(Albums((FolderAlbum("88888", np.arange(88)), FolderAlbum("b", np.arange(3))), ()))
    albums.tree.indexAt(QPoint(5, 5))  # lays the rows out before a style sheet has been asked
    albums.show()
    qtbot.waitExposed(albums)
    row = albums.tree.all_items()[0]
    albums.tree.setCurrentItem(row)
    assert {albums.tree.visualItemRect(item).height() for item in albums.tree.all_items()} == {ROW}
    place = albums.tree.visualRect(albums.tree.indexFromItem(row, 1)).adjusted(0, 9, -8, -9)  # without corners
    image = albums.tree.viewport().grab(place).toImage()
    seen = Counter(image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height()))
    ground = seen.most_common(1)[0][0]
    assert max(contrast(ground, colour) for colour in seen) >= AA_TEXT
    theme.stop()


def test_another_folder_begins_without_albums(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    albums = window.panels.side.albums
    albums.tree.setCurrentItem(albums.tree.all_items()[0])
    other = tmp_path / "other"
    other.mkdir()
    window.open_folder(other)
    assert albums.current_key() is None
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE and len(shown(window)) == 12)
    assert np.array_equal(shown(window), np.arange(1, 13))


def test_thousands_of_folders_come_a_few_at_a_time(qtbot: QtBot) -> None:
    albums = AlbumList()
    qtbot.addWidget(albums)
    one = np.array([1], np.int64)
    folders = tuple(FolderAlbum(f"{number:04}", one) for number in range(AT_ONCE * 2 + 5))
    albums.show_albums(Albums(folders, ()))
    assert albums.tree.topLevelItemCount() == AT_ONCE
    albums.tree.setCurrentItem(albums.tree.topLevelItem(7))
    qtbot.waitUntil(lambda: albums.tree.topLevelItemCount() == len(folders))
    albums.show_albums(Albums(folders[5:], ()))
    qtbot.waitUntil(lambda: albums.tree.topLevelItemCount() == len(folders) - 5)
    assert albums.current_key() == ("folder", "0007")


def test_what_was_found_stays_in_another_language(
    qtbot: QtBot, quiet_application: QApplication, window: MainWindow, engine: FakeEngine
) -> None:
    qtbot.waitUntil(lambda: "3" in window.panels.side.groups[SideGroup.DUPLICATES].accessibleName())
    qtbot.waitUntil(lambda: not window._runner.is_busy(Lane.ASIDE))
    before = window._conductor._groups.page.marks
    assert before.toggle(0, 0)
    asked = len(engine.asked)
    window.apply_settings(replace(window.settings, language="zh_CN"))
    qtbot.waitUntil(lambda: window._turns.are_over)
    side = window.panels.side
    assert side.groups[SideGroup.DUPLICATES].accessibleName() == "重复照片, 3"
    assert [item.text(0) for item in side.albums.tree.all_items()] == ["trip", "2023"]
    assert [row.suggested.name for row in side.suggestions.rows] == ["船"]
    assert window._conductor._groups.page.marks is before
    assert not {"suggest", "albums", "find_duplicates"} & {words[0] for words in engine.asked[asked:]}
    window.apply_settings(replace(window.settings, language="en"))
    qtbot.waitUntil(lambda: window._turns.are_over)
    assert [row.suggested.name for row in window.panels.side.suggestions.rows] == ["boat"]


@pytest.mark.parametrize("points", [9, 24])
def test_a_group_has_room_for_its_three_lines_whatever_the_size_of_the_text(qtbot: QtBot, points: int) -> None:
    page = DuplicatesPage(lambda _digest: None)
    qtbot.addWidget(page)
    twins = tuple(Twin(number, f"{number:032x}", f"{number}.jpg") for number in (1, 2))
    page.show_marks(Marks([TwinGroup(twins, 0, exact=False)]))
    font = page.list.font()
    font.setPointSize(points)
    page.list.setFont(font)
    lines = 3 * page.list.fontMetrics().height()
    assert page.list.sizeHintForRow(0) - PICTURE.height() >= lines + 16
