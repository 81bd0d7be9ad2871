"""The search field's chips, by hand and by keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent, QGuiApplication, QIcon, QImage
from pytestqt.qtbot import QtBot

from clipsorter.ui.search_field import SearchField
from clipsorter.ui.searching.chip import Chip


@pytest.fixture
def field(qtbot: QtBot) -> SearchField:
    shown = SearchField()
    qtbot.addWidget(shown)
    shown.resize(700, 44)
    shown.show()
    qtbot.waitExposed(shown)
    shown.focus()
    return shown


def words(field: SearchField) -> list[str]:
    return [chip.words for chip in field.chips.chips]


def test_a_part_becomes_a_chip_as_the_cursor_leaves_it(qtbot: QtBot, field: SearchField) -> None:
    qtbot.keyClicks(field.line, "on a sofa -blurry summer 2023 is:review ")
    assert words(field) == ["on a sofa", "– blurry", "Summer 2023", "Needs review"]
    assert [chip.property("kind") for chip in field.chips.chips] == ["wanted", "unwanted", "condition", "condition"]
    assert field.line.text() == ""
    assert field.phrase == "on a sofa, -blurry summer 2023 is:review"


def test_words_stay_text_until_return(qtbot: QtBot, field: SearchField) -> None:
    qtbot.keyClicks(field.line, "red car ")
    assert words(field) == []
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert words(field) == ["red car"]
    assert field.phrase == "red car"


def test_backspace_reaches_the_chip_first_and_removes_it_then(qtbot: QtBot, field: SearchField) -> None:
    asked: list[str] = []
    field.searched.connect(asked.append)
    qtbot.keyClicks(field.line, "-blurry 2023 ")
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.keyClick(field.line, Qt.Key.Key_Backspace)
    last = field.chips.chips[-1]
    assert last.hasFocus()
    qtbot.keyClick(last, Qt.Key.Key_Left)
    assert field.chips.chips[0].hasFocus()
    qtbot.keyClick(field.chips.chips[0], Qt.Key.Key_Right)
    qtbot.keyClick(last, Qt.Key.Key_Backspace)
    assert words(field) == ["– blurry"]
    assert asked[-1] == "-blurry"
    assert field.chips.chips[0].hasFocus()
    qtbot.keyClick(field.chips.chips[0], Qt.Key.Key_Delete)
    assert field.line.hasFocus()
    assert asked[-1] == ""


def test_a_click_on_a_chip_edits_it_and_one_on_its_cross_removes_it(qtbot: QtBot, field: SearchField) -> None:
    qtbot.keyClicks(field.line, "-blurry 2023 ")
    blurry, year = field.chips.chips
    qtbot.mouseClick(blurry, Qt.MouseButton.LeftButton, pos=blurry.rect().center() / 2)
    assert field.line.text() == "-blurry"
    assert field.line.hasFocus()
    assert words(field) == ["2023"]
    cross = year.rect().center()
    cross.setX(year.width() - 12)
    qtbot.mouseClick(year, Qt.MouseButton.LeftButton, pos=cross)
    qtbot.waitUntil(lambda: words(field) == ["– blurry"])  # the keyboard left what was typed
    assert field.phrase == "-blurry"


def test_typing_on_a_chip_goes_into_the_line(qtbot: QtBot, field: SearchField) -> None:
    qtbot.keyClicks(field.line, "2023 ")
    qtbot.keyClick(field.line, Qt.Key.Key_Left)
    qtbot.keyClicks(field.chips.chips[0], "d")
    assert field.line.text() == "d"
    assert field.line.hasFocus()


def test_what_cannot_be_understood_stays_text_and_is_pointed_at(qtbot: QtBot, field: SearchField) -> None:
    qtbot.keyClicks(field.line, '-blurry "red')
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert field.line.text() == '"red'
    field.show_problem("Never closed.", 8)
    assert field.problem_at >= field.line.x()
    field.show_problem("Unknown word.", 1)
    chip = field.chips.chips[0]
    assert field.chips.left_of(chip) <= field.problem_at < field.chips.left_of(chip) + chip.width()


def test_a_picture_is_a_chip_that_combines_with_words(qtbot: QtBot, field: SearchField) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []
    field.searched.connect(lambda phrase: asked.append((phrase, field.pictures)))
    sample = object()
    chip = field.add_picture(sample, "sunset.jpg", QIcon())
    assert asked == [("", (sample,))]
    qtbot.keyClicks(field.line, "-people ")
    qtbot.waitUntil(lambda: asked[-1] == ("-people", (sample,)))
    assert words(field) == ["sunset.jpg", "– people"]
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Backspace)
    assert asked[-1] == ("-people", ())
    qtbot.keyClick(field.line, Qt.Key.Key_Escape)
    assert asked[-1] == ("", ())
    assert words(field) == []


def test_pictures_are_taken_from_a_drop_and_from_the_clipboard(
    qtbot: QtBot, field: SearchField, tmp_path: Path
) -> None:
    file = tmp_path / "a b.jpg"
    file.write_bytes(b"x")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)), QUrl.fromLocalFile(str(tmp_path))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    with qtbot.waitSignal(field.files_given) as given:
        field.dropEvent(drop)
    assert given.args == [[file]]
    assert drop.dropAction() is Qt.DropAction.CopyAction  # never a move
    QGuiApplication.clipboard().setImage(QImage(8, 8, QImage.Format.Format_RGB32))
    with qtbot.waitSignal(field.image_given):
        qtbot.keyClick(field.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().setText("dog")
    with qtbot.assertNotEmitted(field.image_given):
        qtbot.keyClick(field.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.line.text() == "dog"


def test_earlier_searches_are_kept_newest_first(qtbot: QtBot, field: SearchField) -> None:
    kept: list[tuple[str, ...]] = []
    field.recent_changed.connect(kept.append)
    for phrase in ("dog", "red car", "dog"):
        field.line.setText(phrase)
        qtbot.keyClick(field.line, Qt.Key.Key_Return)
        field.clear()
    assert kept[-1] == ("dog", "red car")
    field.show_phrase("red car")
    assert field.phrase == "red car"


def test_many_long_chips_leave_room_to_type(qtbot: QtBot, field: SearchField) -> None:
    for number in range(6):
        qtbot.keyClicks(field.line, f'"a very long phrase about something {number} that nobody would type" ')
    assert len(field.chips.chips) == 6
    qtbot.waitUntil(lambda: field.line.width() >= 70)
    assert field.chips.x() + field.chips.width() <= field.line.x()


def test_a_screen_reader_hears_what_a_chip_is(qtbot: QtBot, field: SearchField) -> None:
    qtbot.keyClicks(field.line, "-blurry ")
    chip: Chip = field.chips.chips[0]
    heard = QAccessible.queryAccessibleInterface(chip)
    assert heard.text(QAccessible.Text.Name) == "without blurry"
    assert "Backspace" in heard.text(QAccessible.Text.Description)


def test_in_a_narrow_field_chips_are_cut_before_one_slides_out(qtbot: QtBot, field: SearchField) -> None:
    field.resize(1200, 44)
    field.show_phrase("mountain lake in the evening -harbour")
    field.show_hits(1234)
    long, short = field.chips.chips
    qtbot.waitUntil(lambda: "…" not in long.text() and long.width() == long.sizeHint().width())
    whole = long.width(), short.width()
    field.resize(520, 44)
    qtbot.waitUntil(lambda: long.width() < whole[0])
    qtbot.waitUntil(lambda: field.chips.left_of(long) >= field.chips.x())
    assert short.width() == whole[1]
    assert field.chips.left_of(short) + short.width() <= field.chips.x() + field.chips.width()
    assert long.words == "mountain lake in the evening"
    field.resize(1200, 44)
    qtbot.waitUntil(lambda: (long.width(), short.width()) == whole)
