"""What is offered while a category is typed, and which keys take it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from clipsorter.ui.categories.completing import CategoryCompleter
from clipsorter.ui.category_entry import CategoryEntry

WORDS = ("sailing boat", "boathouse", "beach", "dog")


@pytest.fixture
def entry(qtbot: QtBot) -> CategoryEntry:
    entry = CategoryEntry()
    qtbot.addWidget(entry)
    CategoryCompleter(entry).set_words(WORDS, {"beach": 12})
    entry.show()
    entry.setFocus()
    return entry


def popup_of(entry: CategoryEntry) -> QListView:
    completer = entry.findChild(CategoryCompleter)
    assert completer is not None
    return completer._popup


@pytest.mark.parametrize("at_popup", [False, True])
def test_enter_adds_what_is_typed_and_leaves_the_line_empty(qtbot: QtBot, entry: CategoryEntry, at_popup: bool) -> None:
    qtbot.keyClicks(entry, "boat")
    assert popup_of(entry).isVisible()
    with qtbot.waitSignal(entry.entered) as entered:
        qtbot.keyClick(popup_of(entry) if at_popup else entry, Qt.Key.Key_Return)  # a real key goes to the popup
    assert entered.args == ["boat"]
    assert entry.text() == ""
    assert not popup_of(entry).isVisible()


def test_tab_takes_the_first_and_enter_the_marked_one(qtbot: QtBot, entry: CategoryEntry) -> None:
    qtbot.keyClicks(entry, "dog, boat")
    qtbot.keyClick(popup_of(entry), Qt.Key.Key_Tab)
    assert entry.text() == "dog, boathouse"
    qtbot.keyClicks(entry, ",be")
    qtbot.keyClick(popup_of(entry), Qt.Key.Key_Down)
    with qtbot.assertNotEmitted(entry.entered):
        qtbot.keyClick(popup_of(entry), Qt.Key.Key_Return)
    assert entry.text() == "dog, boathouse, beach"


def test_a_click_takes_what_is_clicked(qtbot: QtBot, entry: CategoryEntry) -> None:
    qtbot.keyClicks(entry, "boat")
    popup = popup_of(entry)
    place = popup.visualRect(popup.model().index(1, 0)).center()
    qtbot.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert entry.text() == "sailing boat"


def test_nothing_is_offered_for_a_word_nobody_knows(qtbot: QtBot, entry: CategoryEntry) -> None:
    qtbot.keyClicks(entry, "xyz")
    assert not popup_of(entry).isVisible()
