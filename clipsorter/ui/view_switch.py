"""Joins the ways of looking at the board to whatever switches between them."""

from PySide6.QtCore import QObject, Signal

from clipsorter.ui.board_view import BoardView
from clipsorter.ui.panels import Panels


class ViewSwitch(QObject):
    """Bins side by side, one of them large, all photos together: what is shown, its buttons and its keys agree.

    GUI thread.
    """

    together_coming = Signal()  # all photos are about to be shown together
    everything_wanted = Signal()  # without any group or album
    bins_shown = Signal()  # side by side

    def __init__(self, panels: Panels, board: BoardView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panels = panels
        self._board = board
        actions = panels.actions
        actions.columns.triggered.connect(board.show_all)
        actions.grid.triggered.connect(self._show_large)
        actions.together.triggered.connect(self.show_together)
        actions.next_bin.triggered.connect(lambda: board.focus_next_bin(1))  # not whether it is checked
        actions.copy.triggered.connect(board.copy_photos)
        board.size_wanted.connect(lambda step: (actions.larger if step > 0 else actions.smaller).trigger())
        board.shown_only.connect(self._on_shown_only)
        board.shown_together.connect(self.mark)
        panels.side.everything_chosen.connect(self._choose_everything)
        panels.side.categories.chosen.connect(self._show_bin)
        panels.top.search.left.connect(self.focus_photos)
        panels.top.search.together_wanted.connect(self.show_together)

    def show_together(self) -> None:
        """Show all photos that the search, the group or the album leaves in one grid."""
        self.together_coming.emit()
        self._board.show_together()
        self.mark()

    def mark(self) -> None:
        """Let the buttons show what is shown."""
        actions, board = self._panels.actions, self._board
        shown = actions.together if board.is_together else actions.grid if board.only else actions.columns
        shown.setChecked(True)
        self._panels.top.search.offer_together(not board.is_together)

    def focus_photos(self) -> None:
        """Give the keyboard to the photos, where it was last."""
        self._board.focus_next_bin(0)

    def _on_shown_only(self, _name: str | None, alone: bool) -> None:
        self.mark()
        if not alone:
            self.bins_shown.emit()

    def _show_large(self) -> None:
        self._board.show_only(self._panels.side.categories.current_name())
        self.mark()

    def _choose_everything(self, wanted: bool) -> None:
        if wanted:
            self.everything_wanted.emit()
            self.show_together()
        else:
            self._board.show_bins()

    def _show_bin(self, name: str) -> None:
        self._board.show_bin(name)
        self._panels.side.categories.setFocus()  # so that F2 and Delete still mean the category
