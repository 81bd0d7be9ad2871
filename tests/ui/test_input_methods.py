"""Words that an input method composes from several keys, as for Chinese."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from clipsorter.ui.category_entry import CategoryEntry
from clipsorter.ui.search_field import SearchField


def compose(line: QLineEdit, letters: str, chosen: str) -> None:
    """What an input method sends: letters that are not text yet, then what the person chose for them."""
    for end in range(1, len(letters) + 1):
        QApplication.sendEvent(line, QInputMethodEvent(letters[:end], []))
    done = QInputMethodEvent("", [])
    done.setCommitString(chosen)
    QApplication.sendEvent(line, done)


def test_a_composed_category_is_added_whole(qtbot: QtBot) -> None:
    entry = CategoryEntry()
    qtbot.addWidget(entry)
    entered: list[str] = []
    entry.entered.connect(entered.append)
    compose(entry, "haitan", "海滩")
    compose(entry, ",", "，")
    compose(entry, "mao", "猫")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert entered == ["海滩，猫"]


def test_letters_that_are_still_composed_are_not_searched(qtbot: QtBot) -> None:
    field = SearchField()
    qtbot.addWidget(field)
    field.show()
    asked: list[str] = []
    field.searched.connect(asked.append)
    compose(field.line, "ri", "日")
    for end in range(1, 5):
        QApplication.sendEvent(field.line, QInputMethodEvent("luo "[:end], []))
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == ["日"]
    assert field.chips.chips == ()
    compose(field.line, "luo", "落，")
    assert [chip.words for chip in field.chips.chips] == ["日落"]
