"""Every screen and state of the window, to be looked at one by one: ``python packaging/screenshots/tour.py FOLDER``.

Runs the real window, offscreen, over the demo pictures with the starter model; one process for each way of looking at
it (language, theme, scale of the screen, size of the window). FOLDER should lie outside the repository.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from make import CATEGORIES, QUALITY, breathe, top_dialog, wait_until
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clipsorter.cli.demo import unpack_demo
from clipsorter.errors import FolderError
from clipsorter.library.settings import Language, Settings, Theme, save_settings
from clipsorter.ui import app as application
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.footer import RUNNING, Phase, Progress
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.side_panel import Group

LONG_NAME = "Birthdays and weddings and other family celebrations with everybody in the garden behind the house"
SEARCHES = {"en": ("a dog -grass", "submarine -sea"), "zh_CN": ("狗 -草地", "潜水艇 -大海")}


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking at the window."""

    language: Language
    theme: Theme
    scale: float
    size: tuple[int, int]
    long_names: bool = False

    @property
    def name(self) -> str:
        size = f"{self.size[0]}x{self.size[1]}"
        return f"{self.language}-{self.theme}-{size}@{self.scale:g}{'-long' if self.long_names else ''}"


LOOKS = (
    Look("en", "light", 1, (1480, 920)),
    Look("zh_CN", "dark", 1, (1480, 920)),
    Look("en", "dark", 1.5, (1280, 800)),
    Look("zh_CN", "light", 2, (1280, 800)),
    Look("en", "light", 1, (1024, 640), long_names=True),
    Look("en", "light", 3, (1024, 640)),
)


def tour(look: Look, folder: Path) -> None:
    """All states in this process."""
    with tempfile.TemporaryDirectory() as place, unpack_demo(Path(place, "Album")) as album:
        data = Path(place, "data")
        data.mkdir()
        save_settings(data / "settings.json", Settings(language=look.language, theme=look.theme))
        window = application._make_window(data, "starter", "cpu")
        window.resize(QSize(*look.size))
        window.show()
        for number, (state, widget) in enumerate(_states(window, album, look)):
            breathe(700)
            picture = (widget or top_dialog(window)).grab()
            picture.save(str(folder / f"{look.name} {number:02} {state}.webp"), "WEBP", QUALITY)
        window.close()
        breathe(100)


def _states(window: MainWindow, album: Path, look: Look) -> Iterator[tuple[str, QWidget | None]]:
    """Bring the window into one state after the other; None: the sheet above it."""
    panels, session = window.panels, window.session
    yield "first start", window
    window.open_folder(album)
    wait_until(lambda: session.progress.phase in {Phase.LOOKING, Phase.DONE})
    yield "indexing", window
    wait_until(lambda: session.answer is not None and session.progress.phase not in RUNNING)
    breathe(2500)
    yield "no categories yet", window
    window.add_categories(CATEGORIES[look.language])
    if look.long_names:
        window.add_categories(LONG_NAME)
    board = window.findChild(BoardView)
    assert board is not None
    wait_until(lambda: board.column(None) is not None and len(board.colours()) == len(session.categories) > 0)
    yield "board", window
    yield from _views(window, board)
    yield from _searches(window, look)
    for group in (Group.REVIEW, Group.CONFIRMED, Group.DUPLICATES):
        window._conductor.show_group(group)
        yield f"group {group.name.lower()}", window
    window._conductor.show_group(None)
    panels.footer.show_progress(Progress(Phase.PAUSED, 12_345, 98_765, device="CPU", model="Starter model", failed=3))
    window.show_error(FolderError(album / "gone", f"There is no folder {album / 'gone'}."))
    yield "an error", window
    panels.messages.clear()
    actions = panels.actions
    sheets = {
        "settings": actions.settings,
        "models": actions.models,
        "apply preview": actions.apply,
        "tags": actions.tag,
        "history": actions.filing_history,
        "keys": actions.help,
        "about": actions.about,
    }
    for state, action in sheets.items():
        action.trigger()
        breathe(900)
        yield state, None
        top_dialog(window).close()
    panels.side.categories.setCurrentRow(0)
    actions.edit_category.trigger()
    yield "category editor", None
    top_dialog(window).close()
    panels.top.menu.popup(window.mapToGlobal(window.rect().center()))
    yield "menu", panels.top.menu
    panels.top.menu.close()


def _views(window: MainWindow, board: BoardView) -> Iterator[tuple[str, QWidget | None]]:
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
    board.send_to(column.name)
    breathe(2000)
    yield "after a decision", window
    window.panels.side.categories.setCurrentRow(0)
    window.panels.actions.grid.trigger()
    yield "one bin, large", window
    window.panels.actions.columns.trigger()


def _searches(window: MainWindow, look: Look) -> Iterator[tuple[str, QWidget | None]]:
    search = window.panels.top.search
    for state, phrase in zip(("search", "another search"), SEARCHES[look.language], strict=True):
        search.show_phrase(phrase)
        breathe(3000)
        yield state, window
    search.show_phrase("name:nothing-is-called-so")
    breathe(2000)
    yield "empty search", window
    search.show_phrase('"open')
    breathe(1500)
    yield "search that is not understood", window
    search.clear()
    breathe(1500)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--look", choices=[look.name for look in LOOKS], help="only this one, in this process")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.look:
        tour(next(look for look in LOOKS if look.name == options.look), options.folder)
        return 0
    for look in LOOKS:  # a process each: an application has one scale
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(look.scale)}
        command = [sys.executable, __file__, str(options.folder), "--look", look.name]
        subprocess.run(command, check=True, env=environment)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
