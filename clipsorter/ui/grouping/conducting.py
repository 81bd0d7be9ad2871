"""Joins albums and duplicates to the session."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from clipsorter.engine.albums import Albums
from clipsorter.engine.duplicates import Duplicates
from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Board
from clipsorter.ui.bin_model import percent
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.dialogs import show_in_file_manager
from clipsorter.ui.engine_like import EngineLike
from clipsorter.ui.footer import RUNNING
from clipsorter.ui.grouping.albums import AlbumKey
from clipsorter.ui.grouping.duplicate_model import Marks, read_groups
from clipsorter.ui.grouping.duplicates import DuplicatesPage
from clipsorter.ui.jobs import Job, Lane
from clipsorter.ui.learned import describe, narrow
from clipsorter.ui.panels import Panels
from clipsorter.ui.session import Session

UNASKED = 5_000  # photos up to which duplicates are looked for without being asked


class GroupConductor(QObject):
    """``changed`` says that the board is narrowed to another album. GUI thread."""

    changed = Signal()

    def __init__(self, panels: Panels, session: Session, board: BoardView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panels = panels
        self._session = session
        self._albums = panels.side.albums
        self._album: AlbumKey | None = None
        self._album_name = ""
        self._listed = -1  # photos that the albums were made of
        self._compared = -1  # photos among which duplicates were looked for
        self._jobs: set[Job] = set()
        self.page = DuplicatesPage(board.thumbnail)
        panels.photos.addWidget(self.page)
        self._albums.chosen.connect(self._choose)
        self.page.move_wanted.connect(self._move)
        self.page.opened.connect(board.opened)
        self.page.shown_in_folder.connect(self._show_in_folder)
        session.ranked.connect(self._look)
        session.progressed.connect(self._look)
        session.folder_changed.connect(self._forget)
        session.runner.stepped.connect(self._on_stepped)
        session.runner.finished.connect(self._on_finished)

    def narrow(self, board: Board) -> Board:
        """Only the photos of the chosen album, of which the strip says what they are."""
        if self._album is None:
            return board
        narrowed = narrow(board, self._albums.photo_ids(self._album))
        self._panels.filter.show_words(self._say_album(narrowed))
        return narrowed

    def _say_album(self, narrowed: Board) -> str:
        tags = describe(narrowed) if narrowed.hits is None else ()  # a search shows only some of its photos
        if not tags:
            return self.tr("Album “{}”").format(self._album_name)
        words = ", ".join(f"{name} {percent(share)}" for name, share in tags)
        return self.tr("Album “{}”, mostly: {}").format(self._album_name, words)

    def leave_album(self) -> None:
        """Show the photos of all albums, without announcing it."""
        self._album = None
        self._albums.leave()

    def show_duplicates(self) -> None:
        """Show the page; the groups follow if they have not been looked for."""
        self.page.show_bins([one.name for one in self._session.categories])
        self._panels.photos.setCurrentWidget(self.page)
        self.page.setFocus()
        if self._compared != self._photos():
            self._compare()

    def duplicates(self) -> int | None:
        """Photos that have a twin which is proposed to stay; None: nobody has looked."""
        if self._compared < 0:
            return None
        return sum(len(group.twins) - 1 for group in self.page.marks.groups)

    def _photos(self) -> int:
        collection = self._session.collection
        return 0 if collection is None else len(collection)

    def _look(self) -> None:
        """While photos come in, albums follow at every doubling; duplicates wait until all are there."""
        photos, folder = self._photos(), self._session.folder
        running = self._session.progress.phase in RUNNING
        if folder is None or not photos or self._session.runner.is_busy(Lane.ASIDE):
            return
        if photos != self._listed and (not running or photos >= 2 * self._listed):
            self._listed = photos
            self._jobs.add(self._session.lend(Lane.ASIDE, lambda engine: engine.albums(folder)))
        elif not running and photos != self._compared and photos <= UNASKED:
            self._compare()

    def _compare(self) -> None:
        folder, collection = self._session.folder, self._session.collection
        if folder is not None and collection is not None:
            self._compared = len(collection)
            ask = partial(_find_groups, folder=folder, collection=collection)
            self._jobs.add(self._session.lend(Lane.ASIDE, ask))

    def _forget(self) -> None:
        self._listed = self._compared = -1
        self.leave_album()
        self._albums.show_albums(Albums((), ()))
        self.page.show_marks(Marks(()), looked=False)

    def _on_stepped(self, job: Job, event: object) -> None:
        if job not in self._jobs:
            return
        match event:
            case Albums():
                self._albums.show_albums(event)
                if self._album is not None and not len(self._albums.photo_ids(self._album)):
                    self._choose(None, "")
            case Marks():
                self.page.show_marks(event)
                self._panels.side.show_duplicates(self.duplicates())

    def _on_finished(self, job: Job) -> None:
        self._jobs.discard(job)
        if job.lane is Lane.ASIDE:
            self._look()

    def _choose(self, key: AlbumKey | None, name: str) -> None:
        self._album, self._album_name = key, name
        if key is None:
            self._albums.leave()
            self._panels.filter.hide()
        self.changed.emit()

    def _move(self, photo_ids: NDArray[np.int64], name: str) -> None:
        if name not in {one.name for one in self._session.categories}:
            self._session.add_categories(name)
        if name in {one.name for one in self._session.categories}:
            self._session.decide(photo_ids, name)

    def _show_in_folder(self, photo_id: int) -> None:
        collection, folder = self._session.collection, self._session.folder
        if collection is not None and folder is not None:
            row = int(collection.positions(np.array([photo_id]))[0])
            if row < len(collection):
                show_in_file_manager(Path(folder / collection.files[row]).parent)


def _find_groups(engine: EngineLike, *, folder: Path, collection: Collection) -> Iterator[object]:
    """On the engine thread: among 100,000 photos even the names take too long for the window's."""
    for event in engine.find_duplicates(folder):
        yield Marks(read_groups(event, collection)) if isinstance(event, Duplicates) else None
