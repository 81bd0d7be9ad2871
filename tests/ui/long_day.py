"""A person's way through the whole window with very many photos, and how long each thing keeps the window busy."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clipsorter.columns import Digests, Paths
from clipsorter.engine.albums import Albums, DateAlbum, FolderAlbum
from clipsorter.engine.duplicates import Duplicates
from clipsorter.engine.duplicates import Group as Twins
from clipsorter.engine.events import Embedded, Indexed, Scanned
from clipsorter.engine.requests import RankRequest
from clipsorter.filing.identity import Identity
from clipsorter.filing.plan import FilingRequest, Operation, Plan, PlannedPhoto
from clipsorter.library.collection import Collection
from clipsorter.library.settings import Language
from clipsorter.ranking.board import Bin, Board
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.filing.apply_dialog import ApplyDialog
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import Phase
from clipsorter.ui.side_panel import Group
from clipsorter.ui.viewer import Viewer
from clipsorter.values import Category
from tests.ui.fake_engine import FakeEngine
from tests.ui.watchdog import Watchdog

SUBJECTS = 20
PATIENCE_MS = 120_000  # a machine under load; a healthy run needs a hundredth of it
IN_ONE_FOLDER = 5000
Until = Callable[[], bool]


class LargeEngine(FakeEngine):
    """Answers at once, over as many photos as are wanted; what it does takes no time of the window's thread."""

    def __init__(self, photos: int) -> None:
        super().__init__(photos, remembered=[Category(f"subject {number}") for number in range(SUBJECTS)])
        self.shown = photos
        near = tuple(
            Twins(
                (f"2026/photo-{2 * pair + 1}.jpg", f"2026/photo-{2 * pair + 2}.jpg"), f"2026/photo-{2 * pair + 1}.jpg"
            )
            for pair in range(photos // 10)
        )
        self.duplicates = Duplicates((), near)

    def index(self, folder: Path) -> Iterator[object]:
        self._ask("index", folder)
        yield Scanned(self.photos, self.photos, 0, done=True)
        for done in range(0, self.photos, max(1, self.photos // 100)):
            yield Embedded(done, self.photos, 900.0, 1.0)
        yield Indexed(self.photos, self.photos, 0, 0, 0, 1.0, self.photos)

    @cached_property
    def _all(self) -> Collection:
        ids = np.arange(1, self.photos + 1, dtype=np.int64)
        files = Paths(f"2026/photo-{number}.jpg" for number in range(1, self.photos + 1))
        return Collection(
            ids, files, Digests.of(f"{number:032x}" for number in ids), np.zeros((len(ids), 1), np.float32)
        )

    def collection(self) -> Collection:
        return self._all

    def _board(self, request: RankRequest) -> Board:
        names = [*(category.name for category in request.categories), None]
        ids = self._all.photo_ids
        random = np.random.default_rng(len(self.asked))  # another order each time
        shown = ids[random.random(len(ids)) < 0.3] if request.query else ids
        shown = random.permutation(shown)
        bins = tuple(self._bin(name, shown[shown % len(names) == place]) for place, name in enumerate(names))
        return Board(bins, shown[:200], len(shown) if request.query else None)

    def _bin(self, name: str | None, ids: np.ndarray) -> Bin:  # type: ignore[override]
        likely = np.linspace(0.9, 0.1, len(ids), dtype=np.float32)
        return Bin(name, ids, likely, likely, ids % 50 == 0)

    def albums(self, folder: Path) -> Iterator[Albums]:
        ids = self._all.photo_ids
        folders = tuple(FolderAlbum(f"trip {number}", ids[number::500]) for number in range(500))
        yield Albums(folders, tuple(DateAlbum(year, None, ids[year::30]) for year in range(1990, 2020)))

    def plan(self, ranked: object, request: FilingRequest) -> Iterator[Plan]:  # type: ignore[override]
        identity = Identity(1000, 0, 1)
        photos = tuple(
            PlannedPhoto(number, f"{number}.jpg", "sea", "", (Operation("copy", Path(f"/{number}"), home, identity),))
            for number, home in enumerate(f"sea/{number:05}.jpg" for number in range(IN_ONE_FOLDER))
        )
        yield Plan(request.folder, request.target, "copy", "category", photos, (), (), 5_000_000, 10**9)


def spend(window: MainWindow, folder: Path, dog: Watchdog) -> None:  # noqa: PLR0915 - a list of things to do
    """Do one thing after the other; each is waited for by what it shows, never by the clock."""
    ready: list[bool] = []
    window.prepare(lambda: ready.append(True))
    wait(lambda: bool(ready))
    session, panels = window.session, window.panels

    def go(name: str, act: Callable[[], object], until: Until = lambda: True) -> None:
        dog.do(name, act)
        wait(lambda: bool(dog.watched) and dog.watched[-1].name == name and until())
        settle()

    def press(key: Qt.Key, *, on: object = None) -> None:
        QTest.keyClick(on or QApplication.focusWidget(), key)

    def board() -> BoardView:
        view = window.findChild(BoardView)
        assert view is not None
        return view

    def answered(act: Callable[[], object]) -> Callable[[], None]:
        """What asks for another board."""

        def asking() -> None:
            answers.append(session.answer)
            act()

        return asking

    answers: list[object] = []
    new = lambda: session.answer is not answers[-1] and session.answer is not None  # noqa: E731
    go(
        "open a folder",
        lambda: window.open_folder(folder),
        lambda: session.progress.phase is Phase.DONE and session.board is not None,
    )
    wait(lambda: board().column(None) is not None)
    grid = board().column("subject 0").grid  # type: ignore[union-attr]
    bar = grid.verticalScrollBar()
    for number in range(5):
        go(f"scroll by a page {number}", lambda: bar.setValue(bar.value() + bar.pageStep()))
    go("scroll to the end", lambda: bar.setValue(bar.maximum()))
    go("rank again", answered(session.rank), new)
    go("search", answered(lambda: panels.top.search.show_phrase("sea")), new)
    go("leave the search", answered(panels.top.search.clear), new)
    go("select all of a bin", lambda: (grid.setFocus(), board().select_all()))
    go("rank again with all selected", answered(session.rank), new)
    go("move all of a bin", answered(lambda: board().send_to("subject 1")), new)
    go("undo", answered(panels.actions.undo.trigger), new)
    go("one bin, large", panels.actions.grid.trigger)
    go("scroll it to the middle", lambda: bar.setValue(bar.maximum() // 2))
    go("bins side by side", panels.actions.columns.trigger)
    go("all photos together", panels.actions.together.trigger, lambda: board().is_together)
    together = board()._all.grid
    slider = together.verticalScrollBar()
    go("scroll them by a page", lambda: slider.setValue(slider.value() + slider.pageStep()))
    go("scroll them to the middle", lambda: slider.setValue(slider.maximum() // 2))
    go("rank all together again", answered(session.rank), new)
    go("search all together", answered(lambda: panels.top.search.show_phrase("sea")), new)
    go("leave that search", answered(panels.top.search.clear), new)
    go("select all together", lambda: (together.setFocus(), board().select_all()))
    go("rank all together with all selected", answered(session.rank), new)
    go("move all together", answered(lambda: board().send_to("subject 1")), new)
    go("undo that", answered(panels.actions.undo.trigger), new)
    go("back to the bins", board().show_bins)
    go("open the viewer", lambda: press(Qt.Key.Key_Space, on=grid))  # type: ignore[union-attr]
    viewer = window.findChild(Viewer)
    assert viewer is not None
    go("the next photo", lambda: press(Qt.Key.Key_Right, on=viewer))
    go("leave the viewer", viewer.close)
    for group in (Group.REVIEW, Group.CONFIRMED, Group.UNSORTED):
        go(f"group {group.name}", partial(window._conductor.show_group, group))
    go(
        "group DUPLICATES",
        partial(window._conductor.show_group, Group.DUPLICATES),
        lambda: len(window._conductor._groups.page.marks.groups) > 0,
    )
    go("mark a duplicate", lambda: press(Qt.Key.Key_Space, on=window._conductor._groups.page.list))
    go("show everything", partial(window._conductor.show_group, None))
    go("choose an album", lambda: panels.side.albums.tree.setCurrentItem(panels.side.albums.tree.topLevelItem(0)))
    go("leave the album", panels.side.albums.tree.clearSelection)
    go("add a category", answered(lambda: window.add_categories("harbour")), new)
    go("rename a category", answered(lambda: session.rename_category("harbour", "port")), new)
    go("remove a category", answered(lambda: session.remove_category("port")), new)
    go("stricter", answered(lambda: session.set_strictness(0.9)), new)
    go("plan", panels.actions.apply.trigger, lambda: bool(sheet(window).model.kept))
    tree = sheet(window).tree
    shelf = tree.model().index(0, 0, tree.model().index(0, 0))
    go("open a folder of the plan", lambda: tree.expand(shelf))
    go("leave out a folder of the plan", lambda: tree.model().setData(shelf, Qt.CheckState.Unchecked, CHECK))
    go("leave the plan", sheet(window).reject)
    go("settings", panels.actions.settings.trigger)
    go("keys", panels.actions.help.trigger)
    languages: tuple[Language, ...] = ("zh_CN", "en")
    for language in languages:
        go(f"speak {language}", lambda language=language: window.apply_settings(speaking(window, language)))


CHECK = Qt.ItemDataRole.CheckStateRole


def speaking(window: MainWindow, language: Language) -> object:
    return replace(window.settings, language=language)


def sheet(window: MainWindow) -> ApplyDialog:
    found = window.findChild(ApplyDialog)
    assert found is not None
    return found


def wait(until: Until) -> None:
    """Let the window live until something holds."""
    loop = QEventLoop()
    look = QTimer(interval=5)
    look.timeout.connect(lambda: loop.quit() if until() else None)
    look.start()
    late = QTimer(interval=PATIENCE_MS, singleShot=True)
    late.timeout.connect(lambda: loop.exit(1))
    late.start()
    assert loop.exec() == 0, "The window did not get there."


def settle() -> None:
    """Let everything that was posted meanwhile happen: thumbnails, layouts, timers of no time."""
    turns = iter(range(12))
    wait(lambda: next(turns, None) is None)
