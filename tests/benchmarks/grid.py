"""How long the board takes, in ms: ``python -m tests.benchmarks.grid``. Prints; asserts nothing.

Median and best of several rounds on an offscreen screen of 1480 x 920 px, pictures already loaded; a repaint is counted
until the event queue is empty. Processor time of the window's thread says more than the clock where others compute too.
"""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from clipsorter.columns import Digests, Paths
from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Bin, Board
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.thumbnails import ThumbnailLoader
from clipsorter.values import Category

ROUNDS = 15


class OnePicture:
    """Every photo has the same thumbnail."""

    def __init__(self) -> None:
        image = QImage(256, 192, QImage.Format.Format_RGB32)
        image.fill(0xFF4488AA)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "JPG", 85)
        self._content = bytes(buffer.data().data())

    def read(self, digest: str) -> bytes | None:
        return self._content

    def close(self) -> None:
        pass


def main() -> None:
    app = QApplication([])
    for photos, bins in ((100_000, 20), (100_000, 1), (1_000_000, 20), (1_000_000, 1)):
        measure(app, photos, bins)


def measure(app: QApplication, photos: int, bins: int) -> None:  # noqa: PLR0915 - a list of measurements
    ids = np.arange(1, photos + 1, dtype=np.int64)
    names = Paths(f"2026/IMG_{number:07d}.jpg" for number in range(photos))
    digests = Digests.of(f"{number:032x}" for number in range(photos))
    collection = Collection(ids, names, digests, np.zeros((photos, 1), np.float32))
    categories = [Category(f"category {number}") for number in range(bins - 1)]
    random = np.random.default_rng(0)
    home = random.integers(0, bins, photos)

    def ranked(similarity: np.ndarray, where: np.ndarray) -> Board:
        parts = []
        order = np.argsort(-similarity)
        for number in range(bins):
            rows = order[where[order] == number]
            name = categories[number].name if number < bins - 1 else None
            value = similarity[rows]
            parts.append(Bin(name, ids[rows], value, value, value > 0.9))
        return Board(tuple(parts), ids[:0])

    first = random.random(photos, np.float32)
    nudged = first + random.normal(0, 0.05, photos).astype(np.float32)
    elsewhere = np.where(random.random(photos) < 0.01, random.integers(0, bins, photos), home)
    boards = [ranked(first, home), ranked(nudged, home), ranked(first, elsewhere)]
    thumbnails = ThumbnailLoader(OnePicture)
    view = BoardView(thumbnails)
    view.resize(1480, 920)

    def put(board: Board) -> None:
        view.set_board(board, collection, Path("photos"), categories)
        app.processEvents()

    def show() -> None:
        put(boards[0])
        view.show()
        app.processEvents()

    def line(words: str, act: Callable[[], object], rounds: int = ROUNDS) -> None:
        clock, processor = zip(*(timed(act) for _ in range(rounds)), strict=True)
        what = f"{photos:>9,} photos in {bins:>2} bins  {words:<40}"
        by_clock = f"{statistics.median(clock):8.1f} ms, best {min(clock):8.1f}"
        print(
            f"{what}{by_clock}; processor {statistics.median(processor):8.1f}, best {min(processor):8.1f}", flush=True
        )

    line("build and show", show, rounds=1)
    settle(app)
    line("the same board again", lambda: put(boards[0]))
    line("re-rank, same photos in another order", alternate(put, boards[1], boards[0]))
    line("re-rank, 1 % of the photos change bin", alternate(put, boards[2], boards[0]))
    column = view.column(None)
    assert column is not None
    column.grid.setFocus()
    view.select_all()
    app.processEvents()
    line("re-rank with a whole bin selected", alternate(put, boards[1], boards[0]))
    view.clear_selection()
    view.show_bin(categories[0].name if categories else None)
    settle(app)
    shown = view.column(categories[0].name if categories else None)
    assert shown is not None
    bar = shown.grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    settle(app)

    def scroll(step: int) -> Callable[[], None]:
        def move() -> None:
            bar.setValue(bar.value() + step)
            app.processEvents()

        return move

    line("scroll by 40 px", scroll(40))
    settle(app)
    line("scroll by a page", scroll(bar.pageStep()))
    settle(app)
    line("paint the whole board", lambda: (view.repaint(), app.processEvents()))
    thumbnails.close()
    view.close()


def settle(app: QApplication) -> None:
    """Let pictures arrive."""
    until = time.perf_counter() + 0.4
    while time.perf_counter() < until:
        app.processEvents()
        time.sleep(0.005)


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock and of this thread's processor time."""
    clock, processor = time.perf_counter(), time.thread_time()
    act()
    return (time.perf_counter() - clock) * 1000, (time.thread_time() - processor) * 1000


def alternate(put: Callable[[Board], None], one: Board, other: Board) -> Callable[[], None]:
    boards = [one, other]

    def act() -> None:
        put(boards[0])
        boards.reverse()

    return act


if __name__ == "__main__":
    main()
