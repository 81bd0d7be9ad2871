"""Joins albums and duplicates to the session."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from clipsorter.ranking.board import Board, percent
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.file_manager import show_in_file_manager
from clipsorter.ui.findings import Findings
from clipsorter.ui.grouping.albums import AlbumKey
from clipsorter.ui.grouping.duplicates import DuplicatesPage
from clipsorter.ui.narrowing import describe, narrow
from clipsorter.ui.panels import Panels
from clipsorter.ui.session import Session


class GroupConductor(QObject):
    """``changed`` says that the board is narrowed to another album. GUI thread."""

    changed = Signal()

    def __init__(
        self, panels: Panels, session: Session, findings: Findings, board: BoardView, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._panels = panels
        self._session = session
        self._findings = findings
        self._albums = panels.side.albums
        self._album: AlbumKey | None = None
        self._album_name = ""
        self.page = DuplicatesPage(board.thumbnail)
        panels.photos.addWidget(self.page)
        self._albums.chosen.connect(self._choose)
        self.page.move_wanted.connect(self._move)
        self.page.opened.connect(board.opened)
        self.page.shown_in_folder.connect(self._show_in_folder)
        session.folder_changed.connect(self.leave_album)
        findings.albums_changed.connect(self._show_albums)
        findings.duplicates_changed.connect(self._show_duplicates)
        self._show_albums()
        self._show_duplicates()

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

    @property
    def album(self) -> AlbumKey | None:
        """The chosen one."""
        return self._album

    def enter_album(self, key: AlbumKey) -> None:
        """Narrow the board to an album, if it is still there."""
        self._albums.show_albums(self._findings.albums, key)
        if name := self._albums.name(key):
            self._choose(key, name)

    def leave_album(self) -> None:
        """Show the photos of all albums, without announcing it."""
        self._album = None
        self._albums.leave()

    def show_duplicates(self) -> None:
        """Show the page; the groups follow if they have not been looked for."""
        self.page.show_bins([one.name for one in self._session.categories])
        self._panels.photos.setCurrentWidget(self.page)
        self.page.setFocus()
        self._findings.compare()

    def _show_albums(self) -> None:
        self._albums.show_albums(self._findings.albums)
        if self._album is not None and not len(self._albums.photo_ids(self._album)):
            self._choose(None, "")

    def _show_duplicates(self) -> None:
        self.page.show_marks(self._findings.marks, looked=self._findings.is_compared)
        self._panels.side.show_duplicates(self._findings.duplicates)

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
