"""What goes wrong is told once, in words."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from clipsorter.engine.events import PhotoFailed
from clipsorter.errors import FolderError, StoreBusyError
from clipsorter.ui.dialogs import FailuresDialog
from clipsorter.ui.footer import Phase
from clipsorter.ui.main_window import MainWindow
from tests.ui.fake_engine import FakeEngine


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
