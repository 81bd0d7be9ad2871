"""What goes wrong is told once, in words."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from clipsorter.engine.events import KindLeftOut, PhotoFailed
from clipsorter.errors import FolderError, StoreBusyError
from clipsorter.photos.reasons import Reason
from clipsorter.ui.failures_dialog import FailuresDialog
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import Phase
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


def test_a_kind_of_photos_that_needs_a_missing_part_is_one_line_and_counts_in_full(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, folder: Path
) -> None:
    engine.failures = (
        PhotoFailed(folder / "x.jpg", "Damaged.", refused=False),
        KindLeftOut(folder / "a.nef", 1200, Reason.RAW_MISSING.sentence()),
        KindLeftOut(folder / "clip.mp4", 1, Reason.VIDEO_MISSING.sentence()),
    )
    window.open_folder(folder)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE)
    assert window.session.progress.failed == 1202
    window.panels.footer.failures_wanted.emit()
    dialog = window.findChild(FailuresDialog)
    assert dialog is not None
    raw, clip = (dialog.list.item(row).text() for row in (1, 2))
    assert raw.startswith("a.nef and 1,199 more file(s)\nCamera raw photos need an optional part")
    assert clip.startswith("clip.mp4\nVideos need an optional part")
    dialog.close()


def test_a_name_that_cannot_be_used_stays_in_the_line_to_be_mended(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.session.opened):
        pass
    entry = window.panels.side.entry
    for text, left in (("x" * 500, "x" * 500), ("unsorted", "unsorted"), ("boat", "")):
        entry.setText(text)
        qtbot.keyClick(entry, Qt.Key.Key_Return)
        assert entry.text() == left
    assert window.panels.side.categories.names() == ["cat", "dog", "boat"]


def test_an_empty_folder_has_no_photos_rather_than_an_unknown_number(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, folder: Path
) -> None:
    engine.photos = 0
    window.open_folder(folder)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE)
    words = [label.text() for label in window.panels.side.folder.findChildren(QLabel)]
    assert any(text.startswith("0 photo") for text in words)
