"""The search field asks when typing rests, and once per phrase."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from clipsorter.ui.search_field import SearchField


@pytest.fixture
def field(qtbot: QtBot) -> SearchField:
    shown = SearchField()
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


@pytest.fixture
def asked(field: SearchField) -> list[str]:
    phrases: list[str] = []
    field.searched.connect(phrases.append)
    return phrases


def test_a_phrase_is_asked_once_when_typing_rests(qtbot: QtBot, field: SearchField, asked: list[str]) -> None:
    qtbot.keyClicks(field.line, "sunset")
    assert asked == []
    qtbot.waitUntil(lambda: asked != [])
    assert asked == ["sunset"]


def test_return_asks_at_once_and_leads_to_the_photos(qtbot: QtBot, field: SearchField, asked: list[str]) -> None:
    qtbot.keyClicks(field.line, "  cat ")
    with qtbot.waitSignal(field.left):
        qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert asked == ["cat"]
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert asked == ["cat"]


def test_escape_clears_first_and_leaves_then(qtbot: QtBot, field: SearchField, asked: list[str]) -> None:
    qtbot.keyClicks(field.line, "cat")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(field.left):
        qtbot.keyClick(field.line, Qt.Key.Key_Escape)
    assert asked == ["cat", ""]
    with qtbot.waitSignal(field.left):
        qtbot.keyClick(field.line, Qt.Key.Key_Escape)


def test_blanks_around_a_phrase_do_not_ask_again(field: SearchField, asked: list[str]) -> None:
    for text in ("cat", "cat ", " cat"):
        field.show_phrase(text)
    assert asked == ["cat"]


def test_hits_are_shown_only_while_a_search_is_on(field: SearchField) -> None:
    field.show_hits(1234)
    assert "1,234" in field.hits.text()
    field.show_hits(0)
    assert "0" in field.hits.text()
    field.show_hits(None)
    assert field.hits.text() == ""


def test_the_frame_shows_where_the_keyboard_is(qtbot: QtBot, field: SearchField) -> None:
    field.focus()
    qtbot.waitUntil(lambda: field.property("focused") is True)


def test_a_problem_points_at_its_character_and_goes_when_something_is_typed(qtbot: QtBot, field: SearchField) -> None:
    field.line.setText('  cat -"dog')
    field.show_problem("This quotation mark is never closed.", 5)  # counted without the blanks in front
    shift = field.line.fontMetrics().horizontalAdvance("  cat -")
    assert 0 < field.problem_at - field.line.mapTo(field, QPoint()).x() - shift < 12
    assert field.line.accessibleDescription() == field.problem
    with qtbot.waitSignal(field.problem_changed):
        qtbot.keyClicks(field.line, '"')
    assert field.problem == ""
