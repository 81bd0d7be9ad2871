"""The window as a person meets it, over a scripted engine."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from clipsorter.engine.events import PhotoFailed
from clipsorter.engine.exporting import Export
from clipsorter.engine.strictness import DEFAULT_STRICTNESS
from clipsorter.errors import FilingError, FolderError, QueryError, StoreBusyError
from clipsorter.library.settings import Language, Settings, load_settings
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.dialogs import FailuresDialog, KeysDialog
from clipsorter.ui.footer import Phase
from clipsorter.ui.jobs import Lane
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.settings_dialog import SettingsDialog
from clipsorter.ui.side_panel import Group
from clipsorter.ui.theme import Choice, Theme
from clipsorter.ui.viewer import Viewer
from clipsorter.values import Category
from tests.ui.conftest import Pictures
from tests.ui.fake_engine import FakeEngine


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(remembered=(Category("cat"), Category("dog")))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, engine: FakeEngine, tmp_path: Path) -> Iterator[MainWindow]:
    theme = Theme(Choice.LIGHT)
    window = MainWindow(lambda _settings: engine, Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()
    theme.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    return photos


@pytest.fixture
def board(qtbot: QtBot, window: MainWindow, folder: Path) -> BoardView:
    """The folder is open and all its photos are on the board."""
    window.open_folder(folder)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE and on_board(window) == 12)
    view = window.panels.photos.currentWidget()
    assert isinstance(view, BoardView)
    return view


def on_board(window: MainWindow) -> int:
    return sum(map(len, window.session.board.bins)) if window.session.board else 0


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


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


def test_a_dropped_folder_is_opened(qtbot: QtBot, window: MainWindow, engine: FakeEngine, folder: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    where, none = QPointF(400, 300), Qt.KeyboardModifier.NoModifier
    event = QDropEvent(where, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none)
    window.dropEvent(event)
    qtbot.waitUntil(lambda: engine.calls("index") == [(folder,)])


def test_a_folder_fills_the_board_and_the_counts(window: MainWindow, board: BoardView) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    rows = window.panels.side.categories
    assert [rows.item(row).data(role) for row in range(2)] == ["cat, 6", "dog, 6"]
    assert window.panels.side.groups[Group.UNSORTED].accessibleName() == "Unsorted, 0"
    assert board.column("cat") is not None
    assert window.panels.footer.words().startswith("All photos looked at")


def test_the_keyboard_is_with_the_photos_when_they_arrive(window: MainWindow, board: BoardView) -> None:
    assert board.isAncestorOf(QApplication.focusWidget())


def test_a_moved_photo_is_told_in_the_strip_and_undone_from_there(
    qtbot: QtBot, window: MainWindow, board: BoardView, engine: FakeEngine
) -> None:
    strip = window.panels.learning
    board.moved.emit(ids(1, 3), "cat")
    qtbot.waitUntil(strip.isVisible)
    assert len(engine.decisions) == 2
    assert window.panels.side.groups[Group.CONFIRMED].accessibleName() == "Confirmed by me, 2"
    undo = next(button for button in strip.findChildren(QAbstractButton) if button.accessibleName() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: engine.decisions == {})
    assert not strip.isVisible()


def test_undo_and_redo_follow_what_can_be_undone(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    actions = window.panels.actions
    assert not actions.undo.isEnabled()
    window.session.remove_category("dog")
    assert actions.undo.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.panels.side.categories.names() == ["cat", "dog"]
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert window.panels.side.categories.names() == ["cat"]


def test_typing_a_search_filters_and_an_empty_answer_explains_itself(
    qtbot: QtBot, window: MainWindow, board: BoardView
) -> None:
    search = window.panels.top.search
    search.line.setText("photo-1")
    qtbot.waitUntil(lambda: search.hits.text().startswith("4 photo"))  # 1, 10, 11, 12
    assert window.panels.photos.currentWidget() is board
    search.line.setText("unicorn")
    page = window.panels.photos.no_hits
    qtbot.waitUntil(page.isVisible)
    assert "unicorn" in page.title.text()
    (clear,) = (one for one in page.findChildren(QPushButton) if one.accessibleName() == "Clear the search")
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(board.isVisible)
    assert search.phrase == ""


def test_a_search_that_cannot_be_understood_is_told_below_the_field_and_the_board_lives_on(
    qtbot: QtBot, window: MainWindow, board: BoardView, engine: FakeEngine
) -> None:
    search, problem = window.panels.top.search, window.panels.top.problem
    engine.fail_queries['"'] = QueryError("This quotation mark is never closed.", 6, "open quote")
    search.line.setText('photo "x')
    qtbot.waitUntil(problem.isVisible)
    assert "never closed" in problem.text()
    assert not window.panels.messages.isVisible()
    board.moved.emit(ids(1), "cat")
    qtbot.waitUntil(lambda: window.panels.learning.isVisible() and on_board(window) == 12)
    search.line.setText("photo-1")
    assert not problem.isVisible()
    qtbot.waitUntil(lambda: search.hits.text().startswith("4 photo"))


def test_groups_narrow_the_board_and_all_photos_come_back(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    def shown() -> int:
        return sum(len(board.column(name).model.bin) for name in ("cat", "dog", None))  # type: ignore[union-attr]

    side = window.panels.side
    qtbot.mouseClick(side.groups[Group.REVIEW], Qt.MouseButton.LeftButton)
    assert shown() == 1
    assert window.panels.filter.isVisible()
    qtbot.mouseClick(side.groups[Group.CONFIRMED], Qt.MouseButton.LeftButton)
    assert window.panels.photos.currentWidget() is window.panels.photos.page
    qtbot.mouseClick(side.groups[Group.CONFIRMED], Qt.MouseButton.LeftButton)
    assert window.panels.photos.currentWidget() is board
    assert shown() == 12
    assert not window.panels.filter.isVisible()


def test_unsorted_is_shown_alone_and_left_by_the_same_click(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    row = window.panels.side.groups[Group.UNSORTED]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert window.panels.actions.grid.isChecked()
    assert not board.column("cat").isVisible()  # type: ignore[union-attr]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert window.panels.actions.columns.isChecked()
    assert board.column("cat").isVisible()  # type: ignore[union-attr]


def test_one_bin_large_and_back(window: MainWindow, board: BoardView) -> None:
    window.panels.side.categories.setCurrentRow(1)
    window.panels.actions.grid.trigger()
    assert not board.column("cat").isVisible()  # type: ignore[union-attr]
    assert board.column("dog").isVisible()  # type: ignore[union-attr]
    window.panels.actions.columns.trigger()
    assert board.column("cat").isVisible()  # type: ignore[union-attr]


def test_the_viewer_shows_a_photo_and_goes_on(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    board.opened.emit(2)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    assert viewer.windowTitle() == "photo-2.jpg"
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.windowTitle() == "photo-4.jpg"
    assert "cat" in viewer.facts.text()
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert not viewer.isVisible()
    assert board.current_id() == 4


def test_a_removed_photo_opens_no_viewer(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    board.opened.emit(99)
    viewer = window.findChild(Viewer)
    assert viewer is None or viewer.windowTitle() == ""


def test_an_error_is_told_once_in_the_bar(qtbot: QtBot, window: MainWindow, engine: FakeEngine, folder: Path) -> None:
    engine.fail_with["index"] = FolderError(folder, "Gone.")
    window.open_folder(folder)
    qtbot.waitUntil(window.panels.messages.isVisible)
    assert "Gone." in window.panels.messages.text.text()
    assert window.panels.photos.page.isVisible()
    engine.fail_with.clear()
    window.open_folder(folder)
    assert not window.panels.messages.isVisible()


def test_a_data_folder_in_use_is_told_and_closing_is_quiet(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    engine.fail_with["open"] = StoreBusyError("Another ClipSorter works on it.")
    window.open_recent()
    qtbot.waitUntil(window.panels.messages.isVisible)
    assert "already running" in window.panels.messages.text.text()


def test_files_that_could_not_be_read_are_listed(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, folder: Path
) -> None:
    engine.failures = (PhotoFailed(folder / "sub" / "x.jpg", "Damaged.", refused=False),)
    window.open_folder(folder)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE)
    window.panels.footer.failures_wanted.emit()
    dialog = window.findChild(FailuresDialog)
    assert dialog is not None
    assert dialog.list.item(0).text() == "sub/x.jpg\nDamaged."
    dialog.close()


def test_the_help_sheet_lists_every_action_that_has_a_key(window: MainWindow) -> None:
    window.panels.actions.help.trigger()
    assert window.findChild(KeysDialog) is not None
    listed = dict(window.panels.actions.keys())
    assert {"Ctrl+O", "Ctrl+F", "Ctrl+Z", "Ctrl+Y", "F6", "F1", "Ctrl+Q", "1 – 9"} <= set(listed)
    window.findChild(KeysDialog).close()  # type: ignore[union-attr]


def test_every_action_with_a_key_stands_in_the_menu(window: MainWindow) -> None:
    in_menu = set(window.panels.top.menu.actions())
    without = [action.text() for action in window.actions() if action not in in_menu]
    assert without == ["Light or dark"]  # the Appearance submenu says the same with three choices


def test_the_theme_is_kept_for_the_next_start(window: MainWindow, engine: FakeEngine, tmp_path: Path) -> None:
    window.panels.actions.swap_theme.trigger()
    window.close()
    assert '"theme": "dark"' in (tmp_path / "settings.json").read_text()


def test_the_board_stays_while_another_model_looks(
    qtbot: QtBot, window: MainWindow, board: BoardView, tmp_path: Path
) -> None:
    window.apply_settings(replace(load_settings(tmp_path / "settings.json"), model="colour"))
    assert on_board(window) == 12
    assert load_settings(tmp_path / "settings.json").models_before == ("starter",)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE)


def test_the_footer_and_the_first_view_lead_to_the_models(qtbot: QtBot, window: MainWindow) -> None:
    for signal in (window.panels.footer.models_wanted, window.panels.photos.welcome.models_wanted):
        signal.emit()
        (sheet,) = (one for one in window.findChildren(QDialog) if one.windowTitle() == "Models")
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        sheet.close()
        sheet.setParent(None)
        sheet.deleteLater()


def test_another_model_closes_the_engine_and_looks_at_the_folder_with_a_new_one(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, folder: Path
) -> None:
    engines: list[FakeEngine] = []
    asked: list[Settings] = []

    def make_engine(settings: Settings) -> FakeEngine:
        asked.append(settings)
        engines.append(FakeEngine())
        return engines[-1]

    theme = Theme(Choice.LIGHT)
    window = MainWindow(make_engine, Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    window.open_folder(folder)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE)
    better = replace(asked[0], model="better", excluded=(folder / "private",))
    window.apply_settings(better)
    qtbot.waitUntil(lambda: len(engines) == 2 and engines[1].calls("index") == [(folder,)])
    assert engines[0].closed
    assert asked[1] == replace(better, models_before=("starter",))
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE and on_board(window) == 12)
    window.apply_settings(replace(better, cell_size=300))
    window.close()
    theme.stop()
    assert len(engines) == 2


def test_another_language_holds_at_once_and_nothing_is_lost(
    qtbot: QtBot, quiet_application: QApplication, window: MainWindow, board: BoardView
) -> None:
    def speak(language: Language) -> None:
        window.apply_settings(replace(load_settings(window._settings_path), language=language))
        # What the old panels still had to do is done, and they are gone.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    window.panels.actions.settings.trigger()
    window.session.decide(ids(1), "cat")
    qtbot.waitUntil(window.panels.learning.isVisible)
    speak("zh_CN")
    assert window.panels.side.groups[Group.CONFIRMED].accessibleName() == "我已确认, 1"
    assert window.panels.side.categories.names() == ["cat", "dog"]
    assert window.panels.footer.words().startswith("所有照")
    assert window.panels.actions.undo.isEnabled()
    sheet = next(one for one in window.findChildren(SettingsDialog) if one.isVisible())
    assert sheet.windowTitle() == "设置"
    sheet.close()
    window.activateWindow()  # as a window manager would
    qtbot.waitUntil(window.isActiveWindow)
    view = window.panels.photos.currentWidget()
    assert isinstance(view, BoardView)
    assert view is not board
    assert view.isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not window.session.can_undo)
    speak("en")
    assert window.panels.side.groups[Group.CONFIRMED].accessibleName().startswith("Confirmed by me")
    qtbot.waitUntil(lambda: not window._runner.is_busy(Lane.QUERY))
    assert sum(len(board_column(window, name)) for name in ("cat", "dog", None)) == 12


def board_column(window: MainWindow, name: str | None) -> list[int]:
    view = window.panels.photos.currentWidget()
    assert isinstance(view, BoardView)
    column = view.column(name)
    return [] if column is None else column.model.bin.photo_ids.tolist()


def test_reset_cut_offs_takes_back_a_persons_own_strictness(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.session.opened):
        pass
    window.session.set_strictness(0.9)
    window._show_settings()
    window.findChild(SettingsDialog).reset.click()  # type: ignore[union-attr]
    assert window.session.strictness == DEFAULT_STRICTNESS
    assert window.panels.top.strictness.slider.value() == round(100 * DEFAULT_STRICTNESS)
    window.findChild(SettingsDialog).close()  # type: ignore[union-attr]


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize("kind", ["sheet", "table"])
def test_the_board_is_exported_where_the_person_says(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    kind: Literal["sheet", "table"],
) -> None:
    typed, written = {"sheet": ("a.htm", "a.htm"), "table": ("b", "b.csv")}[kind]
    answers = ["", f"/exports/{typed}"]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (answers.pop(0), ""))
    action = getattr(window.panels.actions, f"export_{kind}")
    action.trigger()  # and cancelled
    action.trigger()
    qtbot.waitUntil(window.panels.exported.isVisible)
    assert engine.calls("export") == [(Export(kind, Path("/exports") / written, "en", "Unsorted"),)]
    assert written in window.panels.exported.words.text()


def test_an_export_that_cannot_be_written_is_told(
    qtbot: QtBot, window: MainWindow, board: BoardView, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/full/a.html", ""))
    engine.fail_with["export"] = FilingError("The disk is full.")
    window.panels.actions.export_sheet.trigger()
    qtbot.waitUntil(window.panels.messages.isVisible)
    assert "The disk is full." in window.panels.messages.text.text()
    assert not window.panels.exported.isVisible()


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


def test_nothing_is_wider_than_a_small_window(qtbot: QtBot, window: MainWindow, board: BoardView) -> None:
    window.session.add_categories("x" * 150)
    window.resize(1024, 640)
    assert (window.width(), window.height()) == (1024, 640)
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 640


def test_everything_that_can_be_pressed_has_a_name(window: MainWindow, board: BoardView) -> None:
    nameless = [
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and not (button.accessibleName() or button.text())
    ]
    assert nameless == []
