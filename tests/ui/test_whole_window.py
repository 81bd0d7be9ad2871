"""The real window over the real engine and 2,000 photos: a person's whole way, and the end at any moment."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from clipsorter.engine import events
from clipsorter.library.settings import Typed
from clipsorter.ui import app
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.drag import PhotosMime
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import Phase
from clipsorter.ui.side_panel import Group

PHOTOS = 2000
COLOURS = {"red": (220, 30, 30), "green": (40, 170, 60), "blue": (40, 80, 220), "white": (250, 250, 250)}
EACH = PHOTOS // len(COLOURS)
PATIENCE_MS = 240_000  # a machine under load; a healthy run needs a tenth of it

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # seconds, for several waits of such length

OpenWindow = Callable[[], MainWindow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """500 photos of each colour, no two the same, in folders and formats that differ."""
    top = tmp_path_factory.mktemp("photos")
    for name, colour in COLOURS.items():
        below = top / name
        below.mkdir()
        for number in range(EACH):
            image = Image.new("RGB", (48, 36), colour)
            image.putpixel((0, 0), (number % 256, number // 256, 0))
            image.putpixel((1, 0), (list(COLOURS).index(name), 0, 0))
            image.save(below / (f"{number:04d}.png" if number % 2 else f"{number:04d}.bmp"))
    return top


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[OpenWindow]:
    """Opens the window on one data folder, as often as asked; what stands at the end is closed."""
    windows: list[MainWindow] = []

    def open_() -> MainWindow:
        window = app._make_window(tmp_path / "data", Typed("colour"))
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        with qtbot.waitSignal(window.session.opened):
            pass
        return window

    yield open_
    for window in windows:
        window.close()


def wait(qtbot: QtBot, until: Callable[[], bool]) -> None:
    qtbot.waitUntil(until, timeout=PATIENCE_MS)


def wait_until_done(qtbot: QtBot, window: MainWindow) -> None:
    wait(qtbot, lambda: window.session.progress.phase is Phase.DONE and on_board(window) == PHOTOS)


def on_board(window: MainWindow) -> int:
    return sum(map(len, window.session.board.bins)) if window.session.board else 0


def type_categories(qtbot: QtBot, window: MainWindow, text: str) -> None:
    entry = window.panels.side.entry
    entry.setFocus()
    qtbot.keyClicks(entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    window.activateWindow()  # Qt's offscreen platform leaves a closed list of completions active
    qtbot.waitUntil(window.isActiveWindow)


def press(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def shown_board(window: MainWindow) -> BoardView:
    view = window.panels.photos.currentWidget()
    assert isinstance(view, BoardView)
    return view


def folders_in(window: MainWindow, name: str | None) -> list[str]:
    """The folder of each photo that a bin shows, which says its colour."""
    column = shown_board(window).column(name)
    assert column is not None
    files = column.model.collection.files
    return [files[row].partition("/")[0] for row in column.model.collection.positions(column.model.bin.photo_ids)]


def count_shown(window: MainWindow, name: str | None) -> int:
    column = shown_board(window).column(name)
    return len(column.model.bin) if column else 0


def drop_selection(window: MainWindow, source: str | None, target: str | None) -> None:
    """What a drag from one bin to another delivers, without the pointer."""
    board = shown_board(window)
    start, end = board.column(source), board.column(target)
    assert start is not None
    assert end is not None
    mime = PhotosMime(start.selected_ids(), list)
    place, copy, left = QPointF(30, 120), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    no_key = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place.toPoint(), copy, mime, left, no_key)
    QApplication.sendEvent(end, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(end, QDropEvent(place, copy, mime, left, no_key))


def test_two_thousand_photos_are_sorted_searched_moved_and_remembered(
    qtbot: QtBot, open_window: OpenWindow, folder: Path
) -> None:
    window = open_window()
    window.open_folder(folder)
    type_categories(qtbot, window, "red, green")
    type_categories(qtbot, window, "blue")
    wait_until_done(qtbot, window)

    wait(qtbot, lambda: count_shown(window, "red") == EACH)
    for name in ("red", "green", "blue"):
        assert folders_in(window, name) == [name] * EACH
    assert folders_in(window, None) == ["white"] * EACH
    assert window.panels.side.categories.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == f"red, {EACH}"
    assert window.panels.footer.words().startswith("All photos looked at 2,000 photo")

    search = window.panels.top.search
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert search.line.hasFocus()
    qtbot.keyClicks(search.line, "blue")
    wait(qtbot, lambda: search.hits.text().startswith(f"{EACH} photo"))
    assert count_shown(window, "blue") == EACH
    assert count_shown(window, "red") == 0
    qtbot.keyClick(search.line, Qt.Key.Key_Escape)
    wait(qtbot, lambda: count_shown(window, "red") == EACH)

    column = shown_board(window).column(None)
    assert column is not None
    column.grid.select_rows(np.arange(3))
    moved = set(column.selected_ids().tolist())
    drop_selection(window, None, "blue")
    wait(qtbot, lambda: window.panels.side.groups[Group.CONFIRMED].accessibleName() == "Confirmed by me, 3")
    blue = shown_board(window).column("blue")
    assert blue is not None
    assert moved == set(blue.model.bin.photo_ids[blue.model.bin.decided].tolist())
    window.close()

    window = open_window()
    assert window.panels.side.categories.names() == ["red", "green", "blue"]
    window.open_recent()
    wait_until_done(qtbot, window)
    blue = shown_board(window).column("blue")
    assert blue is not None
    assert moved == set(blue.model.bin.photo_ids[blue.model.bin.decided].tolist())

    white = shown_board(window).column(None)
    assert white is not None
    before = len(white.model.bin)
    white.grid.select_rows(np.arange(2))
    drop_selection(window, None, "red")
    wait(qtbot, lambda: window.session.can_undo and count_shown(window, None) < before)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: count_shown(window, None) == before)
    assert not window.session.can_undo
    assert window.panels.side.groups[Group.CONFIRMED].accessibleName() == "Confirmed by me, 3"


def test_looking_at_photos_is_paused_resumed_cancelled_closed_and_finished_later(
    qtbot: QtBot, open_window: OpenWindow, folder: Path
) -> None:
    def ask_for_a_board() -> None:
        with qtbot.waitSignal(window.session.ranked, timeout=PATIENCE_MS):
            window.session.rank()

    def wait_for_more_than(photos: int) -> None:
        progress = window.session.progress
        assert progress.phase is not Phase.DONE
        wait(qtbot, lambda: window.session.progress.done > photos)
        assert window.session.progress.phase is Phase.LOOKING

    window = open_window()
    footer = window.panels.footer
    window.open_folder(folder)
    wait_for_more_than(50)
    press(qtbot, footer.hold)
    assert footer.words().startswith("Paused")
    ask_for_a_board()
    stopped_at = window.session.progress.done
    ask_for_a_board()  # questions are answered meanwhile, and nothing else is done
    assert window.session.progress.done == stopped_at < PHOTOS
    press(qtbot, footer.hold)
    wait_for_more_than(stopped_at + 50)

    press(qtbot, footer.cancel)
    assert window.session.progress.phase is Phase.CANCELLED
    ask_for_a_board()
    kept = on_board(window)
    assert stopped_at < kept < PHOTOS
    qtbot.keyClick(window, Qt.Key.Key_F5)
    wait_for_more_than(kept + 50)
    window.close()

    window = open_window()
    unchanged: list[int] = []
    window._runner.stepped.connect(
        lambda _job, event: unchanged.append(event.unchanged) if isinstance(event, events.Scanned) else None
    )
    window.open_recent()
    wait(qtbot, lambda: on_board(window) > 0)  # what is known is shown before the rest is looked at
    wait_until_done(qtbot, window)
    assert kept + 50 <= unchanged[-1] < PHOTOS
    assert window.session.failures == []
