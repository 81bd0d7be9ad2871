"""The states of the window that the tour goes through, one after the other.

Most are reached as a person reaches them; what a person rarely meets (an interrupted run, a download, a fault) is
shown by telling the panel what it would have been told.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from make import CATEGORIES, breathe, top_dialog, wait_until
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QScrollArea, QToolButton, QWidget

from clipsorter.encoders.hub.events import Fetching
from clipsorter.errors import DownloadError, EncoderDiedError, FolderError
from clipsorter.filing.recover import Run
from clipsorter.library.settings import Language, Settings
from clipsorter.ui.all_photos import AllPhotos
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.drag import draw_stack
from clipsorter.ui.filing.apply_dialog import ApplyDialog
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.models.dialog import ModelsDialog
from clipsorter.ui.motion import ReduceMotion, motion
from clipsorter.ui.progress import RUNNING, Effort, Phase, Progress
from clipsorter.ui.settings_dialog import SettingsDialog
from clipsorter.ui.side_panel import Group

LONG_NAME = "Birthdays and weddings and other family celebrations with everybody in the garden behind the house"
MANY = 40  # categories
NO_NETWORK = (
    "The download stopped: huggingface.co does not answer. What is here is kept; try again later or use a mirror."
)
SEARCHES: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("search", "a dog -grass"),
        ("chips of all kinds", '2:dog, "a red flower", -grass, summer 2026, is:unsorted, tag:family, bin:dog'),
        ("empty search", "submarine -sea"),
        ("search that is not understood", '"open'),
    ),
    "zh_CN": (
        ("search", "狗 -草地"),
        ("chips of all kinds", '2:狗, "红色的花", -草地, 2026年夏天, is:unsorted, tag:家人, bin:狗'),
        ("empty search", "潜水艇 -大海"),
        ("search that is not understood", '"没有结束'),
    ),
}
CLOSE = {"en": "puppy, kitten", "zh_CN": "小狗, 小猫"}  # so near to others that some photos need review

State = tuple[str, QWidget | None]  # its name and what is photographed; None: the sheet above the window


def prepare_album(album: Path) -> None:
    """Subfolders, the same picture twice, and a file that only claims to be one."""
    trip = album / "Trip to the sea"
    trip.mkdir()
    for picture in sorted(album.glob("*.webp"))[:6]:
        shutil.copy(picture, trip / picture.name)
    (album / "IMG_broken.jpg").write_bytes(b"\xff\xd8 not a photo")


def all_states(window: MainWindow, album: Path, settings: Settings, *, long_names: bool) -> Iterator[State]:
    """Bring the window into one state after the other."""
    language = settings.language
    yield "first start", window
    yield from _folders(window, album)
    window.add_categories(CATEGORIES[language])
    if long_names:
        window.add_categories(LONG_NAME)
    board = window.findChild(BoardView)
    assert board is not None
    wait_until(lambda: len(board.colours()) == len(window.session.categories) > 0)
    yield "board", window
    yield from _menus(window, board)
    yield from _views(window, board)
    yield from _searches(window, SEARCHES[language])
    yield from _together(window, board, language)
    window.panels.top.search.files_given.emit((next(album.glob("*.webp")),))
    breathe(3000)
    yield "search with a picture", window
    window.panels.top.search.clear()
    yield from _groups(window, language)
    yield from _background(window, album)
    yield from _sheets(window)
    window.add_categories(", ".join(f"{LONG_NAME.split()[number % 9]} {number}" for number in range(MANY)))
    wait_until(lambda: len(board.colours()) > MANY and not board._missing)
    breathe(2000)
    yield "many categories", window
    other: Language = "en" if language == "zh_CN" else "zh_CN"
    window.apply_settings(replace(window.settings, language=other))
    breathe(2000)
    yield "another language", window


def _folders(window: MainWindow, album: Path) -> Iterator[State]:
    session = window.session
    empty = album.parent / "Nothing here"
    empty.mkdir()
    window.open_folder(empty)
    wait_until(lambda: session.progress.phase is Phase.DONE)
    yield "a folder without photos", window
    window.open_folder(album.parent / "Unplugged")
    breathe(1500)
    yield "a folder that is away", window
    window.open_folder(album)
    wait_until(lambda: session.progress.phase in {Phase.LOOKING, Phase.DONE} and session.progress.total > 0)
    yield "indexing", window
    wait_until(lambda: session.answer is not None and session.progress.phase not in RUNNING)
    wait_until(lambda: window._findings.duplicates is not None)
    yield "no categories yet, suggestions", window


def _menus(window: MainWindow, board: BoardView) -> Iterator[State]:
    panels = window.panels
    middle = window.mapToGlobal(window.rect().center())
    folder = panels.side.folder.make_menu()
    for state, menu in (("menu", panels.top.menu), ("folder menu", folder), ("lists of categories", panels.side.sets)):
        menu.popup(middle)
        yield state, menu
        menu.close()
    strictness = panels.top.strictness.menu()
    strictness.popup(middle)
    yield "strictness", strictness
    strictness.close()
    column = board.column(None)
    assert column is not None
    column.findChildren(QToolButton)[-1].click()
    yield "menu of a bin", next(menu for menu in reversed(column.findChildren(QMenu)) if menu.isVisible())
    for menu in column.findChildren(QMenu):
        menu.close()


def _views(window: MainWindow, board: BoardView) -> Iterator[State]:
    column = max((board.column(name) for name in board.colours()), key=lambda one: len(one.model.bin) if one else 0)
    assert column is not None
    column.grid.setFocus()
    column.grid.setCurrentIndex(column.grid.model().index(0, 0))
    QTest.keyClick(column.grid, Qt.Key.Key_Space)
    breathe()
    viewer = top_dialog(window)
    yield "viewer with reasons", viewer
    QTest.keyClick(viewer, Qt.Key.Key_I)
    yield "viewer", viewer
    viewer.close()
    board.select_all()
    stack = QLabel()
    pictures: list[QPixmap] = column.drag_pictures()
    stack.setPixmap(draw_stack(1234, pictures, window.devicePixelRatioF()))
    stack.show()
    yield "drag picture", stack
    stack.close()
    board.send_to(column.name)
    breathe(2000)
    yield "after a decision", window
    window.panels.side.categories.setCurrentRow(0)
    window.panels.actions.grid.trigger()
    yield "one bin, large", window
    window.panels.actions.columns.trigger()


def _together(window: MainWindow, board: BoardView, language: Language) -> Iterator[State]:
    actions, search = window.panels.actions, window.panels.top.search
    actions.together.trigger()
    breathe(1500)
    yield "all photos together", window
    search.show_phrase(SEARCHES[language][0][1])
    wait_until(lambda: window.session.board is not None and window.session.board.hits is not None)
    breathe(1500)
    yield "all hits together", window
    grid = window.findChild(AllPhotos).grid
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Home)
    QTest.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    yield "all hits together, some selected", window
    board.clear_selection()
    search.clear()
    breathe(1500)
    actions.columns.trigger()


def _searches(window: MainWindow, searches: tuple[tuple[str, str], ...]) -> Iterator[State]:
    search = window.panels.top.search
    for state, phrase in searches:
        search.clear()
        search.show_phrase(phrase)
        breathe(3000)
        yield state, window
    search.clear()
    breathe(1500)


def _groups(window: MainWindow, language: Language) -> Iterator[State]:
    window.add_categories(CLOSE[language])
    breathe(3000)
    for group in (Group.REVIEW, Group.UNSORTED, Group.CONFIRMED, Group.DUPLICATES):
        window._conductor.show_group(group)
        breathe(2000 if group is Group.DUPLICATES else 500)
        yield f"group {group.name.lower()}", window
        if group is Group.CONFIRMED:
            window.panels.top.search.show_phrase(CATEGORIES[language].rpartition(", ")[2])
            breathe(2500)
            yield "a search without hits in a group", window
            window.panels.top.search.clear()
            breathe(1500)
        window._conductor.show_group(None)
    window.panels.side.groups[Group.UNREADABLE].click()
    breathe()
    yield "could not be read", None
    top_dialog(window).close()
    albums = window.panels.side.albums
    albums.tree.setCurrentItem(albums.tree.topLevelItem(0))
    breathe(1500)
    yield "album", window
    albums.tree.clearSelection()


def _background(window: MainWindow, album: Path) -> Iterator[State]:
    panels = window.panels
    panels.learning.show_learned(12, 486, 37)
    started = datetime(2026, 11, 30, 15, 4, tzinfo=UTC).isoformat()
    panels.recover.show_run(
        Run("run", started, album, album.parent / "Album sorted", "move", "interrupted", 200, 128, 0, 0, 0)
    )
    panels.footer.show_progress(Progress(Phase.PAUSED, 12_345, 98_765, device="CPU (2 cores)", model="Starter model"))
    yield "an interrupted run; paused", window
    panels.recover.hide()
    looking = Progress(Phase.LOOKING, 78_120, 100_000, 31.4, 720.0, "CPU (2 cores)", "Starter model", failed=3)
    panels.footer.show_progress(looking)
    panels.footer.show_effort(Effort.HALF_ON_BATTERY)
    yield "a large folder, on battery", window
    panels.footer.show_effort(Effort.FULL)
    panels.footer.show_progress(Progress(Phase.SCANNING, total=4_321, model="Starter model"))
    motion().choose(ReduceMotion.ON)
    panels.exported.show_exported(album / "Summer 2026.html", 31)
    yield "scanning with reduced motion; a report was written", window
    motion().choose(ReduceMotion.SYSTEM)
    panels.exported.hide()
    panels.footer.show_progress(Progress(Phase.STOPPED, 12_345, 98_765, model="Starter model"))
    window.show_error(EncoderDiedError("The model's process ended twice while working on the same photos."))
    yield "an error while indexing", window
    window.show_bug(RuntimeError("one"), "Traceback (most recent call last):\n  one")
    yield "an unforeseen error", window
    panels.messages.details.click()
    yield "details of an error", None
    top_dialog(window).close()
    window.show_error(FolderError(album / "gone", f"There is no folder {album / 'gone'}."))
    panels.messages.clear()
    panels.learning.hide()
    panels.footer.show_progress(window.session.progress)


def _sheets(window: MainWindow) -> Iterator[State]:
    panels, actions = window.panels, window.panels.actions
    for state, action, patience in (
        ("tags", actions.tag, 4000),
        ("history, empty", actions.filing_history, 1500),
        ("keys", actions.help, 900),
        ("about", actions.about, 900),
    ):
        action.trigger()
        breathe(patience)
        yield state, None
        top_dialog(window).close()
    actions.settings.trigger()
    yield "settings", None
    settings = top_dialog(window)
    assert isinstance(settings, SettingsDialog)
    settings.findChildren(QScrollArea)[0].verticalScrollBar().setValue(10_000)
    yield "settings, the rest", None
    settings.close()
    panels.side.categories.setCurrentRow(0)
    actions.edit_category.trigger()
    yield "category editor", None
    top_dialog(window).close()
    actions.models.trigger()
    models = top_dialog(window)
    assert isinstance(models, ModelsDialog)
    wait_until(lambda: len(models.cards) > 1)
    yield "models", None
    card = list(models.cards.values())[1]
    card.show_state(in_use=False, active=True, busy=True, paused=False)
    card.show_event(Fetching("open_clip_model.safetensors", 512_000_000, 1_500_000_000, 3_400_000.0, 290.0))
    yield "models, downloading", None
    models.close()
    actions.models.trigger()
    top_dialog(window)._show_trouble(DownloadError(NO_NETWORK))
    yield "models, no network", None
    top_dialog(window).close()
    yield from _filing(window)


def _filing(window: MainWindow) -> Iterator[State]:
    actions = window.panels.actions
    actions.apply.trigger()
    dialog = top_dialog(window)
    assert isinstance(dialog, ApplyDialog)
    wait_until(dialog.go.isEnabled)
    yield "apply preview", None
    planned = dialog.target.text()
    dialog.target.setText("/proc/nowhere")
    breathe(4000)
    yield "apply into a place that cannot be written", None
    dialog.target.setText(planned)
    breathe(1000)
    wait_until(dialog.go.isEnabled)
    dialog._pages.setCurrentWidget(dialog.page)
    dialog._show_buttons(working=True)
    dialog.page.begin(QCoreApplication.translate("FilingRun", "Copying photos…"), 31)
    dialog.page.show_done(12, 31, "dog/IMG_1163.webp")
    yield "apply, running", None
    dialog._apply()
    wait_until(lambda: not dialog.run.is_on)
    yield "apply, done", None
    dialog.close()
    breathe(500)
    actions.filing_history.trigger()
    breathe(2500)
    yield "history", None
    top_dialog(window).close()
