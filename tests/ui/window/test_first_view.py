"""What stands there before a folder is open, and what opens one."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from clipsorter.ui.controls import WrappingLabel
from clipsorter.ui.empty_state import SuggestionStrip
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.theme import Choice, Theme
from tests.ui.conftest import Pictures
from tests.ui.fake_engine import FakeEngine


def test_the_first_view_is_one_button_and_some_categories(window: MainWindow) -> None:
    welcome = window.panels.photos.welcome
    assert welcome.isVisible()
    assert welcome.choose.hasFocus()
    assert not window.panels.top.search.isVisible()


def test_a_suggested_category_is_added_and_not_offered_again(qtbot: QtBot, window: MainWindow) -> None:
    chip = next(chip for chip in window.panels.photos.welcome.findChildren(QPushButton) if chip.text() == "Beach")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.panels.side.categories.names() == ["cat", "dog", "Beach"])
    assert not chip.isEnabled()


def test_chips_of_the_strip_begin_where_its_words_do(qtbot: QtBot, quiet_application: QApplication) -> None:
    strip = SuggestionStrip()
    qtbot.addWidget(strip)
    strip.offer(True)
    strip.resize(900, strip.sizeHint().height())
    qtbot.waitExposed(strip)
    words = strip.findChildren(WrappingLabel)[0]
    chips = strip.suggestions.findChildren(QPushButton)
    rows = {chip.mapTo(strip, QPoint()).y() for chip in chips}
    lefts = [
        min(chip.mapTo(strip, QPoint()).x() for chip in chips if chip.mapTo(strip, QPoint()).y() == y) for y in rows
    ]
    assert set(lefts) == {words.mapTo(strip, words.contentsRect().topLeft()).x()}


def test_a_dropped_folder_is_opened(qtbot: QtBot, window: MainWindow, engine: FakeEngine, folder: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    where, none = QPointF(400, 300), Qt.KeyboardModifier.NoModifier
    event = QDropEvent(where, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none)
    window.dropEvent(event)
    qtbot.waitUntil(lambda: engine.calls("index") == [(folder,)])


def test_the_most_recent_folder_opens_by_itself(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, folder: Path
) -> None:
    engine.folders = (folder,)
    window.open_recent()
    qtbot.waitUntil(lambda: engine.calls("index") == [(folder,)])


def test_a_most_recent_folder_that_is_away_is_not_an_error(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    engine.folders = (tmp_path / "unplugged",)
    window.open_recent()
    qtbot.waitUntil(lambda: window.session.recent != ())
    assert engine.calls("index") == []
    assert not window.panels.messages.isVisible()


def test_closing_while_photos_come_in_stores_and_closes_everything(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, folder: Path
) -> None:
    engine.photos = 100_000
    window.open_folder(folder)
    qtbot.waitUntil(lambda: window.session.progress.done > 0)
    with qtbot.waitSignal(window.closed):
        window.close()
    assert engine.closed


def test_everyday_categories_stay_for_a_second_click_and_go_when_there_are_enough(
    qtbot: QtBot, qapp: QApplication, folder: Path, tmp_path: Path
) -> None:
    engine, theme = FakeEngine(), Theme(Choice.LIGHT)
    window = MainWindow(lambda _settings: engine, Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    window.open_folder(folder)
    strip = window.panels.suggestions
    qtbot.waitUntil(strip.isVisible)
    for number, chip in enumerate(strip.suggestions.findChildren(QPushButton)[:5], 1):
        assert strip.isVisible()
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda number=number: len(window.session.categories) == number)
    qtbot.waitUntil(lambda: not strip.isVisible())
    window.close()
    theme.stop()
