"""Every page and sheet of a real window, one after the other, over a few coloured photos with long names."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from clipsorter.engine.engine import Engine
from clipsorter.errors import EncoderDiedError
from clipsorter.filing.recover import Run
from clipsorter.library.settings import Settings, save_settings
from clipsorter.library.thumbnails import ThumbnailReader
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.filing.apply_dialog import ApplyDialog
from clipsorter.ui.filing.tag_dialog import TagDialog
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.models.dialog import ModelsDialog
from clipsorter.ui.progress import Effort, Phase, Progress
from clipsorter.ui.side_panel import Group
from clipsorter.ui.theme import Choice, Theme
from clipsorter.ui.viewer import Viewer

PATIENCE_MS = 120_000  # a machine under load; a healthy step needs a second
SMALL = 1024, 640  # px
LONG = "everything that is red or at least looks a little like it when the sun goes down behind the hills"

Page = tuple[str, QWidget]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Six red and six blue photos in a folder with a long name, two of them the same, and a file that is no photo."""
    folder = tmp_path / "Everything from the camera, the old telephone and the new telephone" / "Summer 2026"
    (folder / "By the sea").mkdir(parents=True)
    for number in range(12):
        image = Image.new("RGB", (40, 30), (220, 30, 30) if number % 2 else (40, 80, 220))
        image.putpixel((0, 0), (number % 10, 0, 0))
        image.save(folder / ("By the sea" if number < 4 else "") / f"a photo with a very long name {number:02}.png")
    (folder / "broken.jpg").write_bytes(b"no photo")
    return folder


OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, photos: Path) -> Iterator[OpenWindow]:
    """Sorted, with three categories."""
    opened: list[tuple[MainWindow, Theme]] = []
    data = tmp_path / "data"
    data.mkdir()

    def open_() -> MainWindow:
        save_settings(data / "settings.json", Settings(theme="light"))
        theme = Theme(Choice.LIGHT)
        window = MainWindow(
            lambda _settings: Engine(data, model="colour", workers=1),
            lambda: ThumbnailReader(data / "cache.db"),
            settings_path=data / "settings.json",
            theme=theme,
        )
        qtbot.addWidget(window)
        opened.append((window, theme))
        window.resize(*SMALL)
        window.show()
        window.add_categories(f"red, blue, {LONG}")
        window.open_folder(photos)
        session = window.session
        qtbot.waitUntil(
            lambda: session.progress.phase is Phase.DONE and session.board is not None and len(session.categories) == 3,
            timeout=PATIENCE_MS,
        )
        qtbot.waitUntil(lambda: session.collection is not None and len(session.collection) >= 11, timeout=PATIENCE_MS)
        return window

    yield open_
    for window, theme in opened:
        window.close()
        theme.stop()


def walk(qtbot: QtBot, window: MainWindow) -> Iterator[Page]:
    """Every page of the window, then every sheet above it; what is open is closed when the next is asked for."""
    board = window.findChild(BoardView)
    assert board is not None
    qtbot.waitUntil(lambda: board.isVisible() and len(board.colours()) == 3, timeout=PATIENCE_MS)
    yield "board", window
    window.panels.actions.grid.trigger()
    yield "one bin", window
    window.panels.actions.columns.trigger()
    yield from _strips(window)
    yield from _pages(qtbot, window)
    yield from _sheets(qtbot, window)


def _strips(window: MainWindow) -> Iterator[Page]:
    """One after the other, over a footer that has a lot to say."""
    panels = window.panels
    looking = Progress(Phase.LOOKING, 78_120, 100_000, 31.4, 720.0, "CPU (2 cores)", "Starter model", failed=1234)
    panels.footer.show_progress(looking)
    panels.footer.show_effort(Effort.HALF_ON_BATTERY)
    started = datetime(2026, 11, 30, 15, 4, tzinfo=UTC).isoformat()
    run = Run("run", started, Path("photos"), Path("sorted"), "move", "interrupted", 200, 128, 0, 0, 0)
    window.show_bug(EncoderDiedError("The model's process ended while working on the same photos."), "a trace")
    yield "error", window
    panels.messages.clear()
    panels.learning.show_learned(12, 486, 37)
    yield "learned", window
    panels.learning.hide()
    panels.filter.show_words("Photos that need review")
    yield "narrowed", window
    panels.filter.hide()
    panels.exported.show_exported(Path("a report with quite a long name.html"), 1234)
    yield "exported", window
    panels.exported.hide()
    panels.recover.show_run(run)
    yield "interrupted run", window
    panels.recover.hide()
    panels.suggestions.offer(wanted=True)
    yield "everyday categories", window
    panels.suggestions.hide()
    panels.footer.show_effort(Effort.FULL)
    panels.footer.show_progress(window.session.progress)


def _pages(qtbot: QtBot, window: MainWindow) -> Iterator[Page]:
    search = window.panels.top.search
    search.show_phrase("red, -blue, 2024, is:unsorted")
    qtbot.waitUntil(lambda: window.panels.photos.currentWidget() is window.panels.photos.no_hits, timeout=PATIENCE_MS)
    yield "a search without hits", window
    search.clear()
    qtbot.waitUntil(lambda: isinstance(window.panels.photos.currentWidget(), BoardView), timeout=PATIENCE_MS)
    for group in (Group.REVIEW, Group.CONFIRMED, Group.DUPLICATES):
        window.panels.side.groups[group].click()
        if group is Group.DUPLICATES:
            page = window.panels.photos.currentWidget()
            qtbot.waitUntil(lambda page=page: page.model.rowCount() > 0, timeout=PATIENCE_MS)
        yield f"group {group.value}", window
        window.panels.side.groups[group].click()


def _sheets(qtbot: QtBot, window: MainWindow) -> Iterator[Page]:
    actions, side = window.panels.actions, window.panels.side
    for action in (actions.settings, actions.help, actions.about, actions.filing_history):
        action.trigger()
        yield action.text(), sheet(qtbot, window)
        close(qtbot, window)
    side.categories.setCurrentRow(2)
    actions.edit_category.trigger()
    yield "category", sheet(qtbot, window)
    close(qtbot, window)
    side.groups[Group.UNREADABLE].click()
    yield "failures", sheet(qtbot, window)
    close(qtbot, window)
    window.panels.bug_details_asked.emit("a trace")
    yield "bug", sheet(qtbot, window)
    close(qtbot, window)
    actions.models.trigger()
    models = sheet(qtbot, window)
    assert isinstance(models, ModelsDialog)
    qtbot.waitUntil(lambda: len(models.cards) > 2, timeout=PATIENCE_MS)
    yield "models", models
    close(qtbot, window)
    yield from _large(qtbot, window)
    yield from _filing(qtbot, window)


def _large(qtbot: QtBot, window: MainWindow) -> Iterator[Page]:
    board = window.findChild(BoardView)
    column = board.column("red") if board else None
    assert column is not None
    column.grid.setCurrentIndex(column.model.index(0, 0))
    qtbot.keyClick(column.grid, Qt.Key.Key_Space)
    viewer = sheet(qtbot, window)
    assert isinstance(viewer, Viewer)
    qtbot.waitUntil(lambda: "×" in viewer.facts.text(), timeout=PATIENCE_MS)  # it has been decoded
    yield "large photo", viewer
    close(qtbot, window)


def _filing(qtbot: QtBot, window: MainWindow) -> Iterator[Page]:
    actions = window.panels.actions
    actions.tag.trigger()
    tags = sheet(qtbot, window)
    assert isinstance(tags, TagDialog)
    qtbot.waitUntil(tags.go.isEnabled, timeout=PATIENCE_MS)
    yield "keywords", tags
    close(qtbot, window)
    actions.apply.trigger()
    plan = sheet(qtbot, window)
    assert isinstance(plan, ApplyDialog)
    qtbot.waitUntil(plan.go.isEnabled, timeout=PATIENCE_MS)
    yield "plan", plan
    with qtbot.waitSignal(plan.run.ended, timeout=PATIENCE_MS):
        plan.go.click()
    yield "sorted", plan
    close(qtbot, window)
    actions.filing_history.trigger()
    yield "history", sheet(qtbot, window)
    close(qtbot, window)


def sheet(qtbot: QtBot, window: MainWindow) -> QDialog:
    """What stands above the window."""
    qtbot.waitUntil(lambda: bool(_open_sheets(window)), timeout=PATIENCE_MS)
    [top] = _open_sheets(window)
    return top


def close(qtbot: QtBot, window: MainWindow) -> None:
    for top in _open_sheets(window):
        top.reject()
    qtbot.waitUntil(lambda: not _open_sheets(window), timeout=PATIENCE_MS)


def _open_sheets(window: MainWindow) -> list[QDialog]:
    return [one for one in window.findChildren(QDialog) if one.isVisible()]
