"""Settings hold at once, and the sheets that lead to them."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from pytestqt.qtbot import QtBot

from clipsorter.library.settings import Language, Settings, Typed, load_settings, save_settings
from clipsorter.library.strictness import DEFAULT_STRICTNESS
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.jobs import Lane
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import Phase
from clipsorter.ui.settings_dialog import SettingsDialog
from clipsorter.ui.side_panel import Group
from clipsorter.ui.theme import Choice, Theme
from tests.ui.conftest import Pictures
from tests.ui.fake_engine import FakeEngine
from tests.ui.window.conftest import ids, on_board


def test_every_action_with_a_key_stands_in_the_menu(window: MainWindow) -> None:
    menu = window.panels.top.menu
    in_menu = {action for part in (menu, *menu.findChildren(QMenu)) for action in part.actions()}
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
        qtbot.waitUntil(lambda: window._turns.are_over)
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


def test_another_language_leaves_the_side_panel_where_it_was(
    qtbot: QtBot, quiet_application: QApplication, window: MainWindow, board: BoardView
) -> None:
    window.resize(window.minimumSize())
    window.add_categories(", ".join(f"category {number}" for number in range(30)))
    qtbot.waitUntil(lambda: window.panels.side._bar.maximum() > 200)
    window.panels.side.scroll_to(150)
    window.apply_settings(replace(window.settings, language="zh_CN"))
    qtbot.waitUntil(lambda: window._turns.are_over)
    qtbot.waitUntil(lambda: window.panels.side.scrolled == 150)


def board_column(window: MainWindow, name: str | None) -> list[int]:
    view = window.panels.photos.currentWidget()
    assert isinstance(view, BoardView)
    column = view.column(name)
    return [] if column is None else column.model.bin.photo_ids.tolist()


def test_reset_cut_offs_takes_back_a_persons_own_strictness(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.session.opened):
        pass
    window.session.set_strictness(0.9)
    window.sheets.show_settings()
    window.findChild(SettingsDialog).reset.click()  # type: ignore[union-attr]
    assert window.session.strictness == DEFAULT_STRICTNESS
    assert window.panels.top.strictness.slider.value() == round(100 * DEFAULT_STRICTNESS)
    window.findChild(SettingsDialog).close()  # type: ignore[union-attr]


def test_what_the_command_line_says_wins_for_this_run_and_is_not_stored(
    qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    path, asked = tmp_path / "settings.json", []
    save_settings(path, Settings(model="stronger", device="cuda"))

    def make_engine(settings: Settings) -> FakeEngine:
        asked.append((settings.model, settings.device))
        return FakeEngine()

    theme = Theme(Choice.LIGHT)
    typed = Typed(model="starter", device="auto")  # the standard ones, but a person said so
    window = MainWindow(make_engine, Pictures, settings_path=path, theme=theme, typed=typed)
    qtbot.addWidget(window)
    window.open_folder(folder)
    qtbot.waitUntil(lambda: asked == [("starter", "auto")])
    window.apply_settings(replace(window.settings, theme="dark"))
    stored = load_settings(path)
    assert (stored.model, stored.device, stored.theme) == ("stronger", "cuda", "dark")
    window.apply_settings(replace(window.settings, device="cpu"))  # chosen in the window
    qtbot.waitUntil(lambda: asked[1:] == [("starter", "cpu")])
    window.close()
    theme.stop()
    stored = load_settings(path)
    assert (stored.model, stored.device) == ("stronger", "cpu")


def test_after_another_language_the_keyboard_is_where_it_was(
    qtbot: QtBot, quiet_application: QApplication, window: MainWindow
) -> None:
    window.panels.actions.settings.trigger()
    (before,) = window.findChildren(SettingsDialog)
    before.language.setCurrentIndex(before.language.findData("zh_CN"))

    def sheets() -> list[SettingsDialog]:
        return [one for one in window.findChildren(SettingsDialog) if one.isVisible() and one is not before]

    qtbot.waitUntil(lambda: bool(sheets()))
    (after,) = sheets()
    assert after.focusWidget() is after.language
    after.close()
