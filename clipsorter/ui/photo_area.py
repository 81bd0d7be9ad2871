"""The middle of the window: the welcome, a page that explains why it is empty, or the board."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QStackedWidget, QWidget

from clipsorter.ui.empty_state import ExplainingPage, Welcome
from clipsorter.ui.progress import RUNNING, Phase, Progress
from clipsorter.ui.side_panel import Group

if TYPE_CHECKING:  # it brings numpy along, which the first window does without
    from clipsorter.ui.board_view import BoardView
    from clipsorter.ui.searching.no_hits import NoHits, NoHitsPage


class PhotoArea(QStackedWidget):
    """Shows one of its pages at a time, the welcome first."""

    folder_wanted = Signal()
    all_wanted = Signal()  # clear the search, leave the group
    elsewhere_wanted = Signal()  # leave the group or album, keep the search

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board: BoardView | None = None
        self._pressed = self.folder_wanted  # what the button of the page that explains means
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # holds the keyboard until there are photos to hand it to
        self.welcome = Welcome()
        self.welcome.folder_wanted.connect(self.folder_wanted)
        self.addWidget(self.welcome)
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        """What the page needs that is shown; a high one behind it takes no room from the strips above."""
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint()

    @cached_property
    def page(self) -> ExplainingPage:
        """The page that explains; made when there is first something to explain."""
        page = ExplainingPage()
        page.button_pressed.connect(self._press)
        self.addWidget(page)
        return page

    @cached_property
    def no_hits(self) -> NoHitsPage:
        """The page of a search without hits; made at the first one."""
        from clipsorter.ui.searching.no_hits import NoHitsPage  # noqa: PLC0415 - not for the first window

        no_hits = NoHitsPage()
        no_hits.clear_wanted.connect(self.all_wanted)
        self.addWidget(no_hits)
        return no_hits

    def add_board(self, board: BoardView) -> None:
        self._board = board
        self.addWidget(board)

    def show_board(self) -> bool:
        """True when something else stood here before."""
        if self._board is None or self.currentWidget() is self._board:
            return False
        self.setCurrentWidget(self._board)
        return True

    def explain_no_photos(self, progress: Progress) -> None:
        """Say why a folder shows nothing: not yet, not readable, not there."""
        phase = progress.phase
        if phase is Phase.ANSWERING and self.currentWidget() is self.__dict__.get("page"):
            return  # what it says of the photos still holds
        if phase in RUNNING or (phase is Phase.DONE and progress.total > progress.failed):
            self._explain(
                "images",
                self.tr("The first photos appear in a moment"),
                self.tr("You can type categories meanwhile. Searching and sorting work while photos come in."),
            )
        elif phase is Phase.DONE and progress.failed:
            self._explain(
                "image-off",
                self.tr("None of the photos could be read"),
                self.tr("“Could not be read” on the left tells why."),
                self.tr("Choose another folder…"),
            )
        elif phase is Phase.DONE:
            self._explain(
                "image-off",
                self.tr("There are no photos in this folder"),
                self.tr("ClipSorter looks for JPEG, PNG, WebP, TIFF, AVIF and other pictures in all folders below it."),
                self.tr("Choose another folder…"),
            )
        elif phase is Phase.STOPPED:
            self._explain(
                "image-off",
                self.tr("There is nothing to show from this folder"),
                self.tr("The message above says why. When that is mended, press F5."),
                self.tr("Choose another folder…"),
            )
        else:
            self._explain(
                "images",
                self.tr("No photos have been looked at yet"),
                self.tr("Press F5 to look at the photos of this folder again, or choose another one."),
                self.tr("Choose another folder…"),
            )

    def explain_no_hits(self, no_hits: NoHits) -> None:
        """Say that a search found nothing, why, and what to try."""
        self.no_hits.explain(no_hits)
        self.setCurrentWidget(self.no_hits)

    def explain_no_hits_here(self, elsewhere: int) -> None:
        """Say that a search found nothing in the group or album, but ``elsewhere`` photos in all."""
        self._explain(
            "search",
            self.tr("Nothing here matches the search"),
            self.tr("%Ln photo(s) elsewhere in the folder match.", "", elsewhere),
            self.tr("Search all photos"),
            means=self.elsewhere_wanted,
        )

    def explain_empty_group(self, group: Group) -> None:
        if group is Group.CONFIRMED:
            title = self.tr("Nothing confirmed yet")
            words = self.tr("Photos that you drag into a bin, or confirm there, are gathered here.")
        else:
            title = self.tr("Nothing needs review")
            words = self.tr("No photo is close between two categories.")
        self._explain("circle-check", title, words, self.tr("Show all photos"), means=self.all_wanted)

    def _explain(
        self, icon_name: str, title: str, words: str, button: str = "", *, means: SignalInstance | None = None
    ) -> None:
        self._pressed = means or self.folder_wanted
        self.page.explain(icon_name, title, words, button)
        self.setCurrentWidget(self.page)

    def _press(self) -> None:
        self._pressed.emit()
