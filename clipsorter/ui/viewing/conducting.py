"""Joins the viewer to the session."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clipsorter.engine.explaining import Explained
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.jobs import Job, Lane
from clipsorter.ui.session import Session
from clipsorter.ui.thumbnails import Reader
from clipsorter.ui.viewed import ViewedPhoto, view_photo
from clipsorter.ui.viewer import Viewer
from clipsorter.ui.viewing.why_words import say_why


class ViewingConductor(QObject):
    """Opens photos of the board large over ``window``, and asks why they stand where they stand. GUI thread."""

    def __init__(
        self,
        session: Session,
        board: BoardView,
        open_reader: Callable[[], Reader],
        window: Callable[[], QWidget],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._board = board
        self._open_reader = open_reader  # for a thread of the viewer
        self._window = window
        self._viewer: Viewer | None = None
        self._asking: tuple[int, Job] | None = None  # why the viewed photo stands where it stands
        board.opened.connect(self.open)
        session.runner.stepped.connect(self._on_stepped)

    def open(self, photo_id: int) -> None:
        """Show a photo large, in the viewer that is open or in a new one."""
        if self._viewer is None:
            self._viewer = Viewer(self._look, self._board.photo_beside, self._open_reader, self._window())
            self._viewer.left.connect(self._on_left)
            self._viewer.shown.connect(self._ask_why)
            self._viewer.open()
        self._viewer.show_photo(photo_id)

    def close(self) -> None:
        if self._viewer is not None:
            self._viewer.close()

    def path_of(self, photo_id: int) -> Path | None:
        """Where a photo of the board lies; None when it is gone since the board was drawn."""
        collection, folder = self._session.collection, self._session.folder
        if collection is None or folder is None:
            return None
        row = int(collection.positions(np.array([photo_id]))[0])
        if row >= len(collection) or collection.photo_ids[row] != photo_id:
            return None
        return folder / collection.files[row]

    def _look(self, photo_id: int) -> ViewedPhoto | None:
        path, answer = self.path_of(photo_id), self._session.answer
        if path is None or answer is None:
            return None
        return view_photo(photo_id, path, answer, self._board.colours())

    def _on_left(self, photo_id: int) -> None:
        self._viewer = None
        self._board.reveal(photo_id)

    def _ask_why(self, photo_id: int) -> None:
        session = self._session
        if (answer := session.answer) is not None and session.categories:
            request = replace(session.request, query="", samples=())
            self._asking = photo_id, session.lend(Lane.PHOTO, lambda engine: engine.explain(answer, photo_id, request))

    def _on_stepped(self, job: Job, event: object) -> None:
        if isinstance(event, Explained) and self._asking is not None and job is self._asking[1] and self._viewer:
            self._viewer.explain(self._asking[0], say_why(event))
