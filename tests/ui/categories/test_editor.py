"""The sheet for one category, and the line that completes what is typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from clipsorter.ui.categories.completing import CategoryCompleter
from clipsorter.ui.categories.editor import CategoryEditor
from clipsorter.ui.colours import CATEGORY_COLOURS
from clipsorter.values import Category

BOXER = Category("boxer", ("Rex",), ("boxing match",), "a dog breed", "#123456", 0.7, "animals")
OTHERS = (Category("animals"), BOXER, Category("puppy", parent="boxer"))


def edit(qtbot: QtBot, category: Category) -> CategoryEditor:
    editor = CategoryEditor(category, OTHERS, colour=category.colour or CATEGORY_COLOURS[0], strictness=0.5)
    editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(editor)
    editor.show()
    return editor


def test_a_sheet_that_nobody_touched_changes_nothing(qtbot: QtBot) -> None:
    editor = edit(qtbot, BOXER)
    assert editor.edited() == BOXER
    with qtbot.assertNotEmitted(editor.changed):
        editor.accept()


def test_everything_about_a_category_can_be_changed(qtbot: QtBot) -> None:
    editor = edit(qtbot, Category("boxer"))
    assert editor.edited() == Category("boxer")
    editor.name.setText("Boxer")
    editor.phrases.setPlainText("  our dog   Rex \n\nRex\nRex")
    editor.exclude.setPlainText("boxing match")
    editor.context.setText(" a dog  breed ")
    editor.colours._choose(CATEGORY_COLOURS[3])
    editor.own.setChecked(True)
    editor.strictness.setValue(80)
    editor.above.setCurrentIndex(editor.above.findData("animals"))
    with qtbot.waitSignal(editor.changed) as heard:
        editor.accept()
    assert heard.args == [
        Category("Boxer", ("our dog Rex", "Rex"), ("boxing match",), "a dog breed", CATEGORY_COLOURS[3], 0.8, "animals")
    ]


def test_a_category_cannot_be_below_itself_or_below_its_own_children(qtbot: QtBot) -> None:
    editor = edit(qtbot, BOXER)
    assert [editor.above.itemData(row) for row in range(editor.above.count())] == ["", "animals"]


def test_every_field_has_a_name_for_a_screen_reader(qtbot: QtBot) -> None:
    editor = edit(qtbot, BOXER)
    for field in (editor.name, editor.phrases, editor.exclude, editor.context, editor.above, editor.strictness):
        assert field.accessibleName()


@pytest.fixture
def line(qtbot: QtBot) -> QLineEdit:
    shown = QLineEdit()
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitExposed(shown)
    shown.setFocus()
    return shown


def test_the_part_after_the_last_comma_is_completed(qtbot: QtBot, line: QLineEdit) -> None:
    completer = CategoryCompleter(line)
    completer.set_words(["sea", "beach", "beach ball", "old beach"], {"beach ball": 12})
    assert completer.matches("bea") == ["beach ball", "beach", "old beach"]
    assert completer.matches("") == []
    qtbot.keyClicks(line, "sea, bea")
    qtbot.waitUntil(completer.completer.popup().isVisible)
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert line.text() == "sea, beach ball"
    assert not completer.completer.popup().isVisible()
    line.setText("sea, beach ball，s")
    qtbot.keyClicks(line, "e")
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert line.text() == "sea, beach ball，sea"


def test_enter_without_a_choice_keeps_what_is_typed(qtbot: QtBot, line: QLineEdit) -> None:
    completer = CategoryCompleter(line)
    completer.set_words(["beach"])
    qtbot.keyClicks(line, "bea")
    qtbot.waitUntil(completer.completer.popup().isVisible)
    with qtbot.waitSignal(line.returnPressed):
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "bea"
