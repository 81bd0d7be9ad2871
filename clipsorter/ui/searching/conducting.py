"""Joins the search field to the session."""

from PySide6.QtCore import QObject

from clipsorter.engine.requests import Sample
from clipsorter.errors import QueryError
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.drag import photo_ids_of
from clipsorter.ui.error_words import ErrorWords
from clipsorter.ui.panels import Panels
from clipsorter.ui.progress import RUNNING
from clipsorter.ui.query_words import say_problem
from clipsorter.ui.searching.explaining import explain_no_hits
from clipsorter.ui.searching.giving import Givings
from clipsorter.ui.searching.no_hits import NoHits
from clipsorter.ui.session import Session

NEAREST = 60  # photos shown where none matches


class SearchConductor(QObject):
    """Hands the session what is searched and says what became of it. GUI thread."""

    def __init__(self, panels: Panels, session: Session, board: BoardView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._field = panels.top.search
        self._filter = panels.filter
        self._board = board
        self._session = session
        self._relaxed = False  # the nearest photos are shown because none matches
        self._field.accept_photos(photo_ids_of)
        self._field.searched.connect(self._search)
        self.givings = Givings(self._field, lambda: session.collection, board.thumbnail, self)
        self.givings.failed.connect(lambda sentence: panels.messages.show_error(ErrorWords(sentence, "")))
        session.folder_changed.connect(self._field.clear)  # it was asked of other photos
        self._show_running()
        panels.photos.no_hits.nearest_wanted.connect(self._search_nearest)
        panels.photos.no_hits.leave_out_wanted.connect(self._field.leave_out)

    def show_answer(self) -> None:
        """Say how many photos match, and whether they only come near."""
        answer = self._session.answer
        self.show_hits(answer.board.hits if answer else None)
        relaxed = bool(answer and answer.search and answer.search.relaxed and answer.board.hits)
        if relaxed and answer:
            words = self.tr("Nothing matches well enough. These %Ln photo(s) come nearest.", "", answer.board.hits or 0)
            self._filter.show_words(words)
        elif self._relaxed:
            self._filter.hide()
        self._relaxed = relaxed

    def show_hits(self, hits: int | None) -> None:
        """Say how many of the matching photos are in view; None: no search is on."""
        self._field.show_hits(hits)

    def show_problem(self, error: QueryError) -> None:
        """Point at what is not understood."""
        self._field.show_problem(say_problem(error), error.position)

    def explain_nothing(self) -> NoHits | None:
        """Why the search found no photo; None while it finds some, or there is none."""
        answer = self._session.answer
        if answer is None or answer.board.hits != 0:
            return None
        return explain_no_hits(self._session.query, answer, growing=self._session.progress.phase in RUNNING)

    def _show_running(self) -> None:
        """A new field, in another language, shows the search that is on."""
        samples, phrase = self._session.samples, self._session.query
        for sample in samples:
            self.givings.show(sample)
        if phrase:
            self._field.show_phrase(phrase)

    def _search(self, phrase: str) -> None:
        self._board.begin_at_best()
        self._session.search(phrase, tuple(one for one in self._field.pictures if isinstance(one, Sample)))

    def _search_nearest(self) -> None:
        self._session.search(self._session.query, self._session.samples, nearest=NEAREST)
