"""The category list announces what a person does and shows what it is told."""

import pytest
from PySide6.QtCore import QLocale, QMimeData, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from clipsorter.ui.category_entry import CategoryEntry
from clipsorter.ui.category_list import TARGET_ROLE, CategoryList


@pytest.fixture
def categories(qtbot: QtBot) -> CategoryList:
    shown = CategoryList()
    qtbot.addWidget(shown)
    shown.resize(240, 300)
    shown.show_categories(["cat", "dog", "beach"], ["#111111", "#222222", "#333333"])
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def accessible(categories: CategoryList) -> list[str]:
    role = Qt.ItemDataRole.AccessibleTextRole
    return [categories.item(row).data(role) for row in range(categories.count())]


def test_names_and_counts_are_shown_and_spoken(categories: CategoryList) -> None:
    categories.show_counts({"cat": 1200, "dog": 0})
    assert categories.names() == ["cat", "dog", "beach"]
    assert accessible(categories) == ["cat, 1,200", "dog, 0", "beach"]


def test_a_large_count_is_painted_as_it_is_spoken(categories: CategoryList) -> None:
    categories.show_counts({"cat": 1200})
    grouped = categories.viewport().grab().toImage()
    plain = QLocale(categories.locale())
    plain.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    categories.setLocale(plain)
    assert categories.viewport().grab().toImage() != grouped


def test_renaming_in_place_announces_both_names_and_leaves_the_decision(qtbot: QtBot, categories: CategoryList) -> None:
    categories.rename("dog")
    editor = categories.findChild(QLineEdit)
    assert editor.text() == "dog"
    editor.setText("puppy")
    with qtbot.waitSignal(categories.renamed) as renamed:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == ["dog", "puppy"]
    assert categories.names() == ["cat", "dog", "beach"]


def test_an_unchanged_or_empty_name_is_not_announced(qtbot: QtBot, categories: CategoryList) -> None:
    for typed in ("dog", "   "):
        categories.rename("dog")
        editor = categories.findChild(QLineEdit)
        editor.setText(typed)
        with qtbot.assertNotEmitted(categories.renamed):
            qtbot.keyClick(editor, Qt.Key.Key_Return)


def test_delete_asks_to_remove_the_chosen_one(qtbot: QtBot, categories: CategoryList) -> None:
    categories.setCurrentRow(2)
    with qtbot.waitSignal(categories.removed) as removed:
        qtbot.keyClick(categories, Qt.Key.Key_Delete)
    assert removed.args == ["beach"]


def test_dragging_a_row_announces_the_new_order(qtbot: QtBot, categories: CategoryList) -> None:
    with qtbot.waitSignal(categories.reordered) as reordered:
        categories.model().moveRow(QModelIndex(), 2, QModelIndex(), 0)
    assert reordered.args == [["beach", "cat", "dog"]]


def test_choosing_is_announced_and_survives_new_rows(qtbot: QtBot, categories: CategoryList) -> None:
    with qtbot.waitSignal(categories.chosen) as chosen:
        categories.setCurrentRow(1)
    assert chosen.args == ["dog"]
    with qtbot.assertNotEmitted(categories.chosen):
        categories.show_categories(["dog", "cat"], ["#111111", "#222222"])
    assert categories.current_name() == "dog"


def drop(categories: CategoryList, name: str, mime: QMimeData) -> QDropEvent:
    rect = categories.visualItemRect(categories.item(categories.names().index(name)))
    event = QDropEvent(
        QPointF(rect.center()),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    categories.dropEvent(event)
    return event


def test_photos_dropped_on_a_category_are_announced(qtbot: QtBot, categories: CategoryList) -> None:
    mime = QMimeData()
    mime.setText("photos 1 and 2")
    categories.accept_photos(lambda mime: mime.text() or None)
    with qtbot.waitSignal(categories.photos_dropped) as dropped:
        assert drop(categories, "dog", mime).isAccepted()
    assert dropped.args == ["photos 1 and 2", "dog"]


def test_any_other_drag_is_left_alone(qtbot: QtBot, categories: CategoryList) -> None:
    with qtbot.assertNotEmitted(categories.photos_dropped):
        assert not drop(categories, "dog", QMimeData()).isAccepted()


def test_a_drag_that_rests_at_the_end_of_a_long_list_reaches_every_category(
    qtbot: QtBot, categories: CategoryList
) -> None:
    categories.show_categories([f"category {number}" for number in range(40)], ["#111111"] * 40)
    categories.resize(250, 340)
    mime = QMimeData()
    mime.setText("photos 1 and 2")
    categories.accept_photos(lambda mime: mime.text() or None)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    low = QPoint(60, categories.viewport().height() - 3)
    before = categories.itemAt(low)
    QApplication.sendEvent(categories.viewport(), QDragEnterEvent(low, copy, mime, left, none))
    QApplication.sendEvent(categories.viewport(), QDragMoveEvent(low, copy, mime, left, none))
    assert before.data(TARGET_ROLE)
    bar = categories.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    assert categories.itemAt(low).data(TARGET_ROLE)
    assert not before.data(TARGET_ROLE)
    QApplication.sendEvent(categories.viewport(), QDragLeaveEvent())
    assert not categories._edge_scroll._timer.isActive()


def test_a_very_long_name_does_not_widen_the_list(categories: CategoryList) -> None:
    before = categories.sizeHint().width()
    categories.show_categories(["x" * 500], ["#111111"])
    assert categories.sizeHint().width() == before
    assert not categories.grab().isNull()


def test_enter_adds_what_was_typed_and_clears_the_line(qtbot: QtBot) -> None:
    entry = CategoryEntry()
    qtbot.addWidget(entry)
    entry.setText(" cat, dog ")
    with qtbot.waitSignal(entry.entered) as entered:
        qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert entered.args == ["cat, dog"]
    assert entry.text() == ""
    with qtbot.assertNotEmitted(entry.entered):
        qtbot.keyClick(entry, Qt.Key.Key_Return)


def test_escape_clears_the_entry(qtbot: QtBot) -> None:
    entry = CategoryEntry()
    qtbot.addWidget(entry)
    entry.setText("cat")
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert entry.text() == ""


def test_a_fair_number_of_categories_stays_in_view_whatever_else_the_panel_shows(categories: CategoryList) -> None:
    categories.show_categories([f"category {number}" for number in range(200)], ["#ff0000"] * 200, [0] * 200)
    rows = categories.minimumSizeHint().height() / categories.sizeHint().height() * 200
    assert 9 < rows < 11
