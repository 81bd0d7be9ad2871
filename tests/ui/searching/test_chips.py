"""The search field's chips, by hand and by keyboard."""

from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent, QGuiApplication, QIcon, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clipsorter.ui.search_field import SearchField
from clipsorter.ui.searching.chip import HEIGHT, Chip
from clipsorter.ui.searching.chip_flow import LEAST_LINE, flow


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


def left_of(field: SearchField, part: QWidget) -> int:
    return part.mapTo(field, QPoint()).x()


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
    assert field.problem_at >= left_of(field, field.line)
    field.show_problem("Unknown word.", 1)
    chip = field.chips.chips[0]
    assert left_of(field, chip) <= field.problem_at < left_of(field, chip) + chip.width()


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


def test_many_chips_run_on_in_rows_and_the_field_grows(qtbot: QtBot, field: SearchField) -> None:
    assert field.chips.height() == HEIGHT
    qtbot.keyClicks(field.line, "-grass -snow -rain 2023 is:review tag:family -bicycle -umbrella ")
    chips = field.chips.chips
    qtbot.waitUntil(lambda: field.chips.height() > HEIGHT)
    assert len(chips) == 8
    assert all("…" not in chip.text() for chip in chips)
    rows = sorted({chip.y() for chip in chips})
    assert len(rows) > 1
    assert field.line.width() >= LEAST_LINE
    everything = [*chips, field.line]
    assert all(part.geometry().right() < field.chips.viewport().width() for part in everything)
    assert not any(one.geometry().intersects(two.geometry()) for one, two in combinations(everything, 2))
    qtbot.keyClick(field.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: field.chips.height() == HEIGHT)


def test_of_very_many_rows_the_newest_is_in_view_until_the_keyboard_goes_back(qtbot: QtBot, field: SearchField) -> None:
    for number in range(30):
        qtbot.keyClicks(field.line, f'"a very long phrase about something {number} that nobody would type" ')

    def seen(part: QWidget) -> bool:
        return field.chips.viewport().rect().contains(part.mapTo(field.chips.viewport(), part.rect().center()))

    qtbot.waitUntil(lambda: seen(field.line))
    first = field.chips.chips[0]
    assert not seen(first)
    first.setFocus()
    qtbot.waitUntil(lambda: seen(first))


def test_a_screen_reader_hears_what_a_chip_is(qtbot: QtBot, field: SearchField) -> None:
    qtbot.keyClicks(field.line, "-blurry ")
    chip: Chip = field.chips.chips[0]
    heard = QAccessible.queryAccessibleInterface(chip)
    assert heard.text(QAccessible.Text.Name) == "without blurry"
    assert "Backspace" in heard.text(QAccessible.Text.Description)


def test_only_what_is_longer_than_a_row_is_cut_and_the_tip_has_it_whole(qtbot: QtBot, field: SearchField) -> None:
    field.show_phrase("mountain lake in the evening -harbour")
    long, short = field.chips.chips
    whole = long.text()
    assert "…" not in whole
    field.resize(300, 44)
    qtbot.waitUntil(lambda: "…" in long.text())
    assert long.words == "mountain lake in the evening"
    assert long.words in long.toolTip()
    assert "…" not in short.text()
    assert short.y() > long.y()
    field.resize(1200, 44)
    qtbot.waitUntil(lambda: long.text() == whole)


def test_parts_flow_like_words() -> None:
    assert flow([], 100) == []
    assert flow([50, 30, 20], 100) == [(0, 0), (56, 0), (0, 1)]
    assert flow([150, 30], 100) == [(0, 0), (0, 1)]  # what is wider than a row has one of its own
