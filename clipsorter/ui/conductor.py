"""Joins the session to the panels: wishes go one way, news the other.

This is the first module of the window that needs numpy and the engine's values; ``MainWindow`` makes the conductor
when the window already stands.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from clipsorter.errors import QueryError, StoreDamagedError
from clipsorter.ranking.board import Board
from clipsorter.ranking.overview import NO_OVERVIEW
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.categories.conducting import CategoryConductor
from clipsorter.ui.colours import colours_of
from clipsorter.ui.drag import photo_ids_of
from clipsorter.ui.error_words import explain
from clipsorter.ui.failures_dialog import FailuresDialog
from clipsorter.ui.file_manager import show_in_file_manager
from clipsorter.ui.filing.sheets import FilingSheets
from clipsorter.ui.findings import Findings
from clipsorter.ui.grouping.conducting import GroupConductor
from clipsorter.ui.icons import icon
from clipsorter.ui.moves import Learned
from clipsorter.ui.narrowing import count_confirmed, narrow, only_confirmed
from clipsorter.ui.panels import Panels
from clipsorter.ui.progress import Phase
from clipsorter.ui.restoring import Restoring
from clipsorter.ui.searching.conducting import SearchConductor
from clipsorter.ui.session import Session
from clipsorter.ui.side_panel import Group
from clipsorter.ui.standing import Standing
from clipsorter.ui.thumbnails import Reader
from clipsorter.ui.view_switch import ViewSwitch
from clipsorter.ui.viewing.conducting import ViewingConductor

ENDED = {Phase.DONE, Phase.STOPPED, Phase.ANSWERING}  # no more photos come
ENOUGH = 5  # categories, after which everyday ones are no longer offered


class Conductor(QObject):
    """Shows what the session holds and hands it what a person wants. GUI thread."""

    def __init__(
        self,
        panels: Panels,
        session: Session,
        findings: Findings,
        board: BoardView,
        open_reader: Callable[[], Reader],
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panels = panels
        self._session = session
        self._board = board
        self._group: Group | None = None
        self._views = ViewSwitch(panels, board, self)
        self._views.together_coming.connect(self._leave_what_is_no_grid)
        self._views.everything_wanted.connect(lambda: self.show_group(None))
        self._views.bins_shown.connect(self._on_bins_shown)
        self._searching = SearchConductor(panels, session, board, self)
        self._categories = CategoryConductor(panels, session, findings, board, self)
        self._groups = GroupConductor(panels, session, findings, board, self)
        self._groups.changed.connect(self._show_album)
        self._groups.page.left.connect(self._show_everything)
        self._viewing = ViewingConductor(session, board, open_reader, panels.photos.window, self)
        self.sheets = FilingSheets(panels, session, self)
        self._restoring = Restoring(session, panels.messages, self)
        panels.photos.add_board(board)
        panels.side.categories.accept_photos(photo_ids_of)
        self._hear_session()
        self._hear_panels()
        self._hear_board()
        self._hear_actions()

    @property
    def standing(self) -> Standing:
        board, scrolled = self._board, self._panels.side.scrolled
        return Standing(self._group, self._groups.album, board.only, board.is_together, board.top_id, scrolled)

    def show_everything_known(self, standing: Standing | None = None) -> None:
        """Bring new panels to where the session stands, and the board to where a person stood with those before."""
        if self._session.is_open:
            self._show_library()
            self._show_categories()
        if self._session.folder is not None:
            self._begin_folder()
            self._show_board()
            self._show_progress()
            if standing is not None:
                self._stand(standing)
            if self._board.isVisibleTo(self._panels.photos):
                self._views.focus_photos()
        self._show_history()

    def _stand(self, standing: Standing) -> None:
        if standing.album is not None:
            self._groups.enter_album(standing.album)
        elif standing.group is not None:
            self.show_group(standing.group)
        if standing.only and self._group is not Group.UNSORTED:
            self._board.show_only(*standing.only)
        if standing.together:
            self._views.show_together()
            self._board.begin_at(standing.top_id)
        self._panels.side.scroll_to(standing.scrolled)

    def set_cell_size(self, factor: float) -> None:
        """How much larger than usual photos are shown."""
        self._board.set_cell_size(factor)

    def close(self) -> None:
        """Close what was opened on top of the window."""
        self._viewing.close()

    def _hear_session(self) -> None:
        session = self._session
        session.opened.connect(self._show_library)
        session.folder_changed.connect(self._show_new_folder)
        session.categories_changed.connect(self._show_categories)
        session.strictness_changed.connect(self._show_strictness)
        session.ranked.connect(self._show_board)
        session.progressed.connect(self._show_progress)
        session.learned.connect(self._show_learned)
        session.history_changed.connect(self._show_history)
        session.failed.connect(self._show_error)

    def _hear_panels(self) -> None:
        panels, session = self._panels, self._session
        side = panels.side
        side.folder_again.connect(session.look)
        side.folder_shown.connect(self._open_file_manager)
        side.group_chosen.connect(self.show_group)
        side.categories.renamed.connect(session.rename_category)
        side.categories.removed.connect(session.remove_category)
        side.categories.reordered.connect(session.reorder_categories)
        side.categories.photos_dropped.connect(self._decide)
        panels.top.search.searched.connect(self._leave_duplicates)
        panels.top.strictness_changed.connect(session.set_strictness)
        panels.learning.review_wanted.connect(lambda: self.show_group(Group.REVIEW))
        panels.learning.undo_wanted.connect(self._undo)
        panels.filter.all_wanted.connect(self._show_everything)
        panels.photos.all_wanted.connect(self._show_everything)
        panels.photos.elsewhere_wanted.connect(lambda: self.show_group(None))
        panels.footer.pause_wanted.connect(session.pause)
        panels.footer.resume_wanted.connect(session.resume)
        panels.footer.cancel_wanted.connect(session.cancel)
        panels.footer.failures_wanted.connect(self._show_failures)

    def _hear_board(self) -> None:
        board = self._board
        board.moved.connect(self._decide)
        board.confirmed.connect(self._decide)
        board.confirmed_each.connect(self._session.decide_each)
        board.selection_changed.connect(self._panels.footer.show_selected)
        board.shown_together.connect(self._mark_everything)
        board.bin_menu_asked.connect(self._fill_bin_menu)
        board.photo_menu_asked.connect(self._fill_photo_menu)

    def _hear_actions(self) -> None:
        actions = self._panels.actions
        actions.look_again.triggered.connect(self._session.look)
        actions.undo.triggered.connect(self._undo)
        actions.redo.triggered.connect(self._session.redo)

    # -- news from the session -----------------------------------------------------------------------------------

    def _show_library(self) -> None:
        self._panels.side.folder.show_recent(self._session.recent)
        self._show_strictness()

    def _show_strictness(self) -> None:
        self._panels.top.strictness.show_value(self._session.strictness)

    def _show_new_folder(self) -> None:
        self._begin_folder()
        self._choose_page()
        self._panels.photos.setFocus()

    def _begin_folder(self) -> None:
        """All but what stands in the middle."""
        panels, session = self._panels, self._session
        self._leave_group()
        panels.top.show_tools(wanted=True)
        panels.learning.hide()
        panels.exported.hide()
        panels.side.folder.show_folder(session.folder, None)
        panels.side.folder.show_recent(session.recent)
        panels.actions.enable_photo_actions()
        self._offer_suggestions()

    def _show_categories(self) -> None:
        categories = self._session.categories
        names = [category.name for category in categories]
        colours = colours_of(categories)
        self._panels.side.categories.show_categories(names, list(colours.values()), self._categories.depths())
        self._categories.show_categories()
        for chips in (self._panels.photos.welcome.suggestions, self._panels.suggestions.suggestions):
            chips.show_taken(set(names))
        self._offer_suggestions()

    def _offer_suggestions(self) -> None:
        session = self._session
        useless = session.progress.phase in ENDED and not session.progress.total
        going_on = self._panels.suggestions.in_use and len(session.categories) < ENOUGH
        wanted = session.folder is not None and not useless and (going_on or not session.categories)
        self._panels.suggestions.offer(wanted)

    def _show_board(self) -> None:
        board = self._session.board
        self._searching.show_answer()
        if board is not None:
            self._categories.show_counts()
        self._show_group_counts()
        self._choose_page(unasked=self._session.is_unasked)

    def _show_group_counts(self) -> None:
        board = self._session.board
        if board is None:
            self._panels.side.show_groups(None)
            self._panels.side.show_everything(None)
            return
        self._panels.side.show_everything(sum(map(len, board.bins)))
        self._panels.side.show_groups(
            {
                Group.UNSORTED: len(board.unsorted),
                Group.REVIEW: len(board.review),
                Group.CONFIRMED: count_confirmed(board),
                Group.UNREADABLE: self._session.progress.failed,
            }
        )

    def _choose_page(self, *, unasked: bool = False) -> None:
        session, photos = self._session, self._panels.photos
        board, collection = session.board, session.collection
        if session.folder is None:
            return
        if board is None or collection is None or not len(collection):
            photos.explain_no_photos(session.progress)
            return
        if no_hits := self._searching.explain_nothing():
            photos.explain_no_hits(no_hits)
            return
        if self._group is Group.DUPLICATES:
            if photos.currentWidget() is not self._groups.page:
                self._groups.show_duplicates()
            return
        everywhere, board = board.hits, self._narrow(board)
        in_view = (board.unsorted,) if self._group is Group.UNSORTED else board.bins
        shown = sum(map(len, in_view))
        if everywhere is not None:
            self._searching.show_hits(shown)
        if everywhere and not shown:
            photos.explain_no_hits_here(everywhere)
            return
        if self._group in {Group.REVIEW, Group.CONFIRMED} and not shown:
            photos.explain_empty_group(self._group)
            return
        overview = session.answer.overview if session.answer is not None else NO_OVERVIEW
        self._board.set_board(board, collection, session.folder, session.categories, overview=overview, unasked=unasked)
        if photos.show_board() and photos.hasFocus():
            if session.categories:
                self._views.focus_photos()
            else:
                self._panels.side.entry.setFocus()

    def _narrow(self, board: Board) -> Board:
        """Only the photos of the chosen album or group, of which the strip says what they are."""
        if self._group is Group.REVIEW:
            self._panels.filter.show_words(self.tr("Photos that need review"))
            return narrow(board, board.review)
        if self._group is Group.CONFIRMED:
            self._panels.filter.show_words(self.tr("Photos confirmed by you"))
            return only_confirmed(board)
        return self._groups.narrow(board)

    def _show_progress(self) -> None:
        self._offer_suggestions()
        progress, session = self._session.progress, self._session
        self._panels.footer.show_progress(progress)
        known = progress.total if progress.total or progress.phase is Phase.DONE else None
        self._panels.side.folder.show_folder(session.folder, known)
        if session.board is None or session.collection is None or not len(session.collection):
            self._choose_page()
        if session.failures:
            self._show_group_counts()

    def _show_learned(self, learned: Learned) -> None:
        self._panels.learning.show_learned(learned.moves, learned.changed, learned.questions)

    def _show_history(self) -> None:
        self._panels.actions.undo.setEnabled(self._session.can_undo)
        self._panels.actions.redo.setEnabled(self._session.can_redo)

    def _show_error(self, error: Exception) -> None:
        if isinstance(error, QueryError):
            self._searching.show_problem(error)
            if not explain(error).model:
                return
        if isinstance(error, StoreDamagedError):
            self._restoring.show_error(error)
            return
        self._panels.messages.show_error(explain(error))

    # -- groups and views ----------------------------------------------------------------------------------------

    def show_group(self, group: Group | None) -> None:
        """Narrow the board to a group; None shows everything."""
        if group is Group.UNREADABLE:
            self._show_failures()
            return
        self._leave_group()
        self._groups.leave_album()
        self._group = group
        self._panels.side.mark_group(group)
        self._mark_everything()
        self._begin_together()
        self._choose_page()
        if group is Group.UNSORTED:
            self._board.show_only(None)

    def _show_album(self) -> None:
        was, self._group = self._group, None
        self._panels.side.mark_group(None)
        if was is Group.UNSORTED:
            self._board.show_all()
        self._mark_everything()
        self._begin_together()
        self._choose_page()

    def _leave_duplicates(self) -> None:
        """What is found stands on the board."""
        if self._group is Group.DUPLICATES:
            self.show_group(None)

    def _leave_group(self) -> None:
        was, self._group = self._group, None
        self._panels.side.mark_group(None)
        self._panels.filter.hide()
        if was is Group.UNSORTED:
            self._board.show_all()

    def _leave_what_is_no_grid(self) -> None:
        """Unsorted alone and the duplicates are ways of looking of their own."""
        if self._group in {Group.UNSORTED, Group.DUPLICATES}:
            self.show_group(None)

    def _on_bins_shown(self) -> None:
        if self._group is Group.UNSORTED:
            self._leave_group()

    def _mark_everything(self) -> None:
        whole = self._group is None and self._groups.album is None
        self._panels.side.mark_everything(chosen=whole and self._board.is_together)

    def _begin_together(self) -> None:
        """Another group or album shown together begins at its top."""
        if self._board.is_together:
            self._board.begin_at_best()

    def _show_everything(self) -> None:
        self._panels.top.search.clear()
        self.show_group(None)

    # -- wishes --------------------------------------------------------------------------------------------------

    def _decide(self, photo_ids: NDArray[np.int64], name: str | None) -> None:
        self._session.decide(photo_ids, name)

    def _undo(self) -> None:
        self._panels.learning.hide()
        self._session.undo()

    def _fill_bin_menu(self, name: str | None, menu: QMenu) -> None:
        if name is None:
            return
        menu.addSeparator()
        self._categories.fill_menu(name, menu)

    def _fill_photo_menu(self, photo_ids: NDArray[np.int64], menu: QMenu) -> None:
        path = self._viewing.path_of(int(photo_ids[0]))
        menu.addSeparator()
        like = self.tr("Find more like this") if len(photo_ids) == 1 else self.tr("Find more like these")
        menu.addAction(icon("search"), like, lambda: self._searching.givings.give_photos(photo_ids))
        if path is not None:
            menu.addAction(
                icon("external-link"), self.tr("Show in file manager"), lambda: show_in_file_manager(path.parent)
            )

    # -- sheets --------------------------------------------------------------------------------------------------

    def _open_file_manager(self) -> None:
        if self._session.folder is not None:
            show_in_file_manager(self._session.folder)

    def _show_failures(self) -> None:
        FailuresDialog(self._session.failures, self._session.folder or Path(), self._panels.photos.window()).open()
