"""Searching in the window: pictures, the way out of an empty answer, history."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from clipsorter.engine.requests import Sample
from clipsorter.errors import DecodeError
from clipsorter.library.settings import load_settings
from clipsorter.photos.reasons import Reason
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import Phase
from clipsorter.ui.search_field import SearchField
from clipsorter.ui.searching.no_hits import NoHits, NoHitsPage, Relaxation
from clipsorter.ui.theme import Choice, Theme
from clipsorter.values import Category
from tests.ui.conftest import Pictures
from tests.ui.fake_engine import FakeEngine


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(remembered=(Category("cat"), Category("dog")))


@pytest.fixture
def window(qtbot: QtBot, quiet_application: QApplication, engine: FakeEngine, tmp_path: Path) -> Iterator[MainWindow]:
    theme = Theme(Choice.LIGHT)
    window = MainWindow(lambda _settings: engine, Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.open_folder(tmp_path)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE and window.session.board is not None)
    yield window
    window.close()
    theme.stop()


def field_of(window: MainWindow) -> SearchField:
    return window.panels.top.search


def drop(window: MainWindow, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    window.dropEvent(event)
    assert event.dropAction() is Qt.DropAction.CopyAction


def picture(path: Path) -> Path:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(path))
    return path


def test_a_picture_dropped_on_the_window_is_looked_for(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    file = picture(tmp_path / "sample.png")
    drop(window, file)
    qtbot.waitUntil(lambda: engine.requests[-1].samples == (Sample(files=(file,)),))
    (chip,) = field_of(window).chips.chips
    assert chip.words == "sample.png"
    field_of(window).line.setText("photo")
    qtbot.waitUntil(lambda: engine.requests[-1].query == "photo")
    assert engine.requests[-1].samples == (Sample(files=(file,)),)


def test_a_folder_dropped_on_the_window_is_opened_and_ends_the_search(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    field_of(window).show_phrase("photo-1")
    other = tmp_path / "other"
    other.mkdir()
    drop(window, picture(tmp_path / "a.png"), other)
    qtbot.waitUntil(lambda: window.session.folder == other and engine.requests[-1].query == "")
    assert field_of(window).phrase == ""


def test_a_pasted_picture_lives_as_long_as_the_window(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    field_of(window).image_given.emit(QImage(8, 8, QImage.Format.Format_RGB32))
    qtbot.waitUntil(lambda: bool(engine.requests[-1].samples))
    (file,) = engine.requests[-1].samples[0].files
    assert file.is_file()


def test_more_like_these_is_in_the_menu_of_photos(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    menu = QMenu()
    window._conductor._board.photo_menu_asked.emit(np.array([2, 3, 99], np.int64), menu)
    next(action for action in menu.actions() if action.text() == "Find more like these").trigger()
    wanted = Sample(digests=(f"{2:032x}", f"{3:032x}"))
    qtbot.waitUntil(lambda: engine.requests[-1].samples == (wanted,))


def test_a_file_that_is_no_picture_is_told_and_the_board_lives_on(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("x")
    engine.fail_with["rank"] = DecodeError(text, Reason.NO_IMAGE.sentence())
    drop(window, text)
    qtbot.waitUntil(window.panels.messages.isVisible)
    assert "cannot be read" in window.panels.messages.text.accessibleName()
    engine.fail_with.clear()
    field_of(window).clear()
    qtbot.waitUntil(lambda: engine.requests[-1].samples == () and window.session.board is not None)


def test_the_nearest_are_shown_when_nothing_matches(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    field_of(window).show_phrase("unicorn")
    page = window.panels.photos.no_hits
    qtbot.waitUntil(page.isVisible)
    page.nearest_wanted.emit()
    qtbot.waitUntil(lambda: engine.requests[-1].nearest > 0)
    field_of(window).show_phrase("photo")
    qtbot.waitUntil(lambda: engine.requests[-1].query == "photo")
    assert engine.requests[-1].nearest == 0


def test_a_new_search_begins_with_the_best_photo_and_a_correction_in_it_does_not(
    qtbot: QtBot, window: MainWindow
) -> None:
    column = window._conductor._board.column("cat")
    assert column is not None
    column.reveal(3)
    column.grid.clearSelection()
    field_of(window).line.setText("photo")
    qtbot.keyClick(field_of(window).line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.board is not None and window.session.board.hits == 12)
    assert column.grid.currentIndex().row() == 0
    assert not column.selected_ids().size
    column.reveal(2)
    column.grid.clearSelection()
    there = column.current_id()
    window.session.decide(column.model.bin.photo_ids[:1], "dog")
    qtbot.waitUntil(lambda: len(column.model.bin) == 5)
    assert column.current_id() == there


def test_searches_are_remembered_over_a_restart(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    field_of(window).line.setText("photo-1")
    qtbot.keyClick(field_of(window).line, Qt.Key.Key_Return)
    assert load_settings(tmp_path / "settings.json").searches == ("photo-1",)


def test_a_search_goes_on_in_another_language(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    field_of(window).show_phrase("-photo-1 photo")
    field_of(window).image_given.emit(QImage(8, 8, QImage.Format.Format_RGB32))
    qtbot.waitUntil(lambda: bool(engine.requests[-1].samples))
    before = engine.requests[-1]
    window.apply_settings(replace(window.settings, language="zh_CN"))
    qtbot.waitUntil(lambda: window._turns.are_over)
    field = field_of(window)
    assert len(field.chips.chips) == 3
    qtbot.waitUntil(lambda: engine.requests[-1] == before)
    assert field.line.accessibleName() == "搜索照片"
    window.apply_settings(replace(window.settings, language="en"))
    qtbot.waitUntil(lambda: window._turns.are_over)


def test_the_page_says_what_stands_in_the_way(qtbot: QtBot) -> None:
    page = NoHitsPage()
    qtbot.addWidget(page)
    parts = (Relaxation("dog", "“dog”", 0), Relaxation("2024", "“2024”", 12))
    page.explain(NoHits("dog 2024", 100, 0.2, 0.25, parts, growing=True))
    assert "0.20" in page.why.text()
    assert "0.25" in page.why.text()
    assert "still coming" in page.why.text()
    (button,) = (one for one in page.findChildren(type(page.nearest)) if "2024" in one.accessibleName())
    with qtbot.waitSignal(page.leave_out_wanted) as heard:
        button.click()
    assert heard.args == ["2024"]
    page.explain(NoHits("", 100, None, 0.25))
    assert "picture" in page.title.text()
    assert page.nearest.isHidden()
    assert "words" not in page.why.text()
