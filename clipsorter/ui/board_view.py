"""The board: bins side by side, one of them large, or all photos together."""

from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Board
from clipsorter.ranking.overview import NO_OVERVIEW, Overview
from clipsorter.ui.all_photos import AllPhotos
from clipsorter.ui.bin_column import BinColumn
from clipsorter.ui.bin_model import PhotoRole
from clipsorter.ui.bin_row import BinRow
from clipsorter.ui.colours import UNSORTED_COLOUR, colours_of
from clipsorter.ui.icons import icon
from clipsorter.ui.pane_pictures import PanePictures
from clipsorter.ui.photo_pane import PhotoPane
from clipsorter.ui.photo_selection import PhotoSelection
from clipsorter.ui.photo_wishes import Ids, PhotoWishes
from clipsorter.ui.thumbnails import ThumbnailLoader
from clipsorter.values import Category

_AT_ONCE = 2  # columns made in one turn of the event loop, 8 ms each; the others follow before anybody scrolls there
_REST_MS = 500  # a pointer that has not moved for so long is not on its way to a photo


class BoardView(QWidget):
    """Columns of photos for the bins of a board, Unsorted last, or one grid of all its photos.

    The person's wishes leave as signals; nothing moves here until a new board is set. While a mouse button is down on
    photos or a drag runs, a new board waits, so nothing is reordered under the pointer; one that comes by itself waits
    for a moving pointer, too. GUI thread.
    """

    moved = Signal(object, object)  # photo ids [n] int64, name of the bin they shall go to (None: Unsorted)
    confirmed = Signal(object, object)  # photo ids [n] int64, name of the bin they are in
    confirmed_each = Signal(object, object)  # photo ids [n] int64, for each the name of the bin it is in
    opened = Signal(object)  # photo id
    selection_changed = Signal(int)  # photos selected
    bin_menu_asked = Signal(object, QMenu)  # name of the bin; add actions before the menu opens
    photo_menu_asked = Signal(object, QMenu)  # photo ids [n] int64; likewise
    shown_only = Signal(object, bool)  # name of the bin, whether it alone is shown now
    shown_together = Signal(bool)  # whether all photos are shown in one grid now
    size_wanted = Signal(int)  # photos larger (1) or smaller (-1)

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._collection: Collection | None = None
        self._categories: tuple[Category, ...] = ()
        self._active: PhotoPane | None = None
        self._waiting: tuple[Board, Overview, Collection, Path, Sequence[Category]] | None = None
        self._unasked = False  # nobody waits for what is waiting
        self._at_best = False  # the next board that is asked for begins at the top
        self._board: Board | None = None
        self._overview = NO_OVERVIEW
        self._together = False
        self._stale = False  # the columns show an older board: nobody sees them
        self._enlarged = 1.0
        self._missing: set[str | None] = set()  # bins of the board whose columns are still to be made
        self._selection = PhotoSelection(self._panes, self)
        self._selection.counted.connect(self.selection_changed)
        self._pictures = PanePictures(thumbnails, self._panes, self)
        self._row = BinRow(self._make_column, self)
        self._row.shown_only.connect(self.shown_only)
        self._row.size_wanted.connect(self.size_wanted)
        self._wishes = PhotoWishes(self._selection.ids, self)
        self._wishes.moved.connect(self.moved)
        self._wishes.confirmed.connect(self.confirmed)
        self._wishes.confirmed_each.connect(self.confirmed_each)
        self._wishes.opened.connect(self.opened)
        self._wishes.menu_asked.connect(self.photo_menu_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._row)
        self._pointer_timer = QTimer(self, interval=_REST_MS, singleShot=True)
        self._pointer_timer.timeout.connect(self._apply_waiting)
        self._more_timer = QTimer(self, interval=0, singleShot=True)
        self._more_timer.timeout.connect(self._apply_waiting)
        self._seeking = False  # what is left of the photos is to be brought into view
        self._seek_timer = QTimer(self, interval=0, singleShot=True)
        self._seek_timer.timeout.connect(self._show_what_is_left)
        self._row.horizontalScrollBar().valueChanged.connect(self._pictures.look_soon)

    # --- a new board --------------------------------------------------------------------------------------------

    def set_board(
        self,
        board: Board,
        collection: Collection,
        folder: Path,
        categories: Sequence[Category],
        *,
        overview: Overview = NO_OVERVIEW,
        unasked: bool = False,
    ) -> None:
        """Show a board over ``collection``, whose files are below ``folder``; at once, or when the pointer lets go.

        ``overview`` holds all photos of the board, and maybe others, in the order in which they are shown together.
        An ``unasked`` one, which nobody waits for, also waits until the pointer rests: a photo that a person is about
        to press stays where it is.
        """
        self._waiting, self._unasked = (board, overview, collection, folder, categories), unasked
        self._apply_waiting()

    def begin_at_best(self) -> None:
        """Let the next board that is asked for begin with the best photo of every bin, as after a new search."""
        self._at_best = True

    def _apply_waiting(self) -> None:
        if any(pane.grid.is_held for pane in self._panes()):
            return
        if self._waiting is not None and self._unasked and self._pointer_timer.isActive():
            return
        if self._waiting is not None:
            self._board, self._overview, self._collection, folder, categories = self._waiting
            self._categories, self._waiting = tuple(categories), None
            self._wishes.know(self._board, self._collection, folder, self._categories)
            self._thumbnails.forget_missing()
            self._seeking = (self._board.hits is not None or self._board.narrowed) and not self._unasked
            self._fill_panes(self._board)
            if self._at_best and not self._unasked:
                self._at_best = False
                for pane in self._panes():
                    pane.begin_at_best()
        elif self._board is not None and self._missing and not self._together:
            self._fill_columns(self._board, _AT_ONCE, only_new=True)

    def _fill_panes(self, board: Board) -> None:
        """Show the board in what a person sees; what is hidden waits until it is wanted."""
        self._stale = self._together
        if self._together:
            self._fill_together(board)
        else:
            self._fill_columns(board, _AT_ONCE)

    def _fill_together(self, board: Board) -> None:
        assert self._collection is not None
        overview = self._overview.narrow(board) if board.narrowed else self._overview
        with self._selection.untouched():
            self._all.show_overview(overview, self._collection, self.colours(), narrowed=board.narrowed)
        self._selection.count_soon()
        self._pictures.look_soon()

    def _fill_columns(self, board: Board, most: int, *, only_new: bool = False) -> None:
        """Show the bins in their columns; of columns that are new make at most so many, and the others soon."""
        collection = self._collection
        assert collection is not None
        self._stale = False
        there = {column.name for column in self._row.columns}
        new = [one.name for one in board.bins if one.name not in there]
        self._missing = set(new[most:])
        bins = [one for one in board.bins if one.name not in self._missing]
        with self._selection.untouched():
            if self._active in self._row.arrange([one.name for one in bins]):
                self._active = None
            colours = self.colours()
            for column, one in zip(self._row.columns, bins, strict=True):
                if not only_new or one.name in new:
                    column.set_bin(one, collection, filtered=board.hits is not None, narrowed=board.narrowed)
                    column.set_colour(colours.get(one.name or "", UNSORTED_COLOUR))
        if self._missing:
            self._more_timer.start()
        if self._seeking:
            self._seek_timer.start()
        self._selection.count_soon()
        self._pictures.look_soon()

    def _show_what_is_left(self) -> None:
        """Slide to the first bin that a search or a group leaves something of, unless one is in view."""
        left = [column for column in self._row.columns if len(column.model.bin)]
        if left:
            self._seeking = False
            if self._row.alone is None and not any(map(self._row.shows, left)):
                self._row.ensureWidgetVisible(left[0], 0, 0)

    def thumbnail(self, digest: str) -> QPixmap | None:
        """The picture of a photo, if it is at hand."""
        return self._thumbnails.pixmap(digest)

    def colours(self) -> dict[str, str]:
        """Of the categories, by name."""
        return colours_of(self._categories)

    def _make_column(self, name: str | None, parent: QWidget) -> BinColumn:
        column = BinColumn(name, self._thumbnails, parent)
        self._hear(column)
        column.dropped.connect(partial(self._dropped, column))
        column.confirm_wanted.connect(partial(self._wishes.confirm, column))
        column.menu_asked.connect(partial(self._fill_bin_menu, column))
        return column

    @cached_property
    def _all(self) -> AllPhotos:
        """All photos in one grid; made when they are first wanted."""
        pane = AllPhotos(self._thumbnails, self)
        pane.hide()
        pane.set_cell_size(self._enlarged)
        self._hear(pane)
        pane.left.connect(self.show_bins)
        pane.size_wanted.connect(self.size_wanted)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(pane)
        return pane

    def _hear(self, pane: PhotoPane) -> None:
        grid = pane.grid
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(partial(self._wishes.open_menu, pane))
        grid.opened.connect(self._open)
        grid.drag_wanted.connect(partial(self._drag_from, pane))
        grid.digit_pressed.connect(partial(self._wishes.send_by_digit, pane))
        grid.selection_moved.connect(partial(self._selection.on_moved, pane))
        grid.focused.connect(partial(self._activate, pane))
        grid.settled.connect(partial(QTimer.singleShot, 0, self, self._apply_waiting))
        grid.scrolled.connect(self._pictures.look_soon)
        grid.pointed.connect(self._pointer_timer.start)
        grid.cell_changed.connect(self._pictures.fit)

    def _panes(self) -> list[PhotoPane]:
        """Those that a person sees, or slides to."""
        return [self._all] if self._together else list(self._row.columns)

    @property
    def top_id(self) -> int | None:
        """The photo that stands first in what is seen of the one grid; None without it."""
        return self._all.top_id if self._together else None

    def begin_at(self, photo_id: int | None) -> None:
        """Let what is seen of the one grid begin with a photo, if it is there."""
        if self._together and photo_id is not None:
            self._all.begin_at(photo_id)

    # --- selection ----------------------------------------------------------------------------------------------

    def selected_ids(self) -> Ids:
        """The selected photos of all bins that are shown, [n] int64."""
        return self._selection.ids()

    def current_id(self) -> int | None:
        """The photo with the focus ring."""
        return self._active.current_id() if self._active else None

    def select_all(self) -> None:
        """All photos of the bin in use, or all that are shown together."""
        pane = self._row.alone or self._active or next(iter(self._row.columns), None)
        if self._together:
            pane = self._all
        if pane is not None:
            pane.grid.selectAll()

    def clear_selection(self) -> None:
        self._selection.clear()

    # --- wishes -------------------------------------------------------------------------------------------------

    def send_to(self, name: str | None) -> None:
        """Ask to move the selection, or the current photo, to a bin; what is there already is confirmed."""
        if self._active is not None:
            self._wishes.send(self._wishes.chosen_in(self._active), name)

    def _dropped(self, told: BinColumn, photo_ids: Ids, place: QPoint) -> None:
        """Qt tells the column that the pointer entered last; a board that scrolls by itself brings others there."""
        self._wishes.drop(photo_ids, (self._row.at(place) or told).name)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(PhotoRole.PHOTO_ID))

    def _drag_from(self, pane: PhotoPane) -> None:
        self._wishes.drag(pane)
        self._row.end_drag()

    def copy_photos(self) -> None:
        """Put the files of the selection, or of the current photo, on the clipboard, for other programs."""
        if self._active is not None and self.isVisible():
            self._wishes.copy(self._active)

    def _fill_bin_menu(self, column: BinColumn, menu: QMenu) -> None:
        if self._row.alone is None:
            menu.addAction(icon("layout-grid"), self.tr("Show only this bin"), partial(self._row.show_alone, column))
        else:
            menu.addAction(icon("columns-3"), self.tr("Show all bins side by side"), self.show_all)
        self.bin_menu_asked.emit(column.name, menu)

    # --- what is in view ----------------------------------------------------------------------------------------

    def show_together(self) -> None:
        """Show all photos in one grid. ``show_bins`` leads back."""
        if self._together:
            return
        self._together = True
        if self._board is not None:
            self._fill_panes(self._board)
        self._row.hide()
        self._all.show()
        self._all.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self._pictures.fit()
        self.shown_together.emit(True)

    def show_bins(self) -> None:
        """Go back to the bins as they were before all photos were shown together."""
        if not self._together:
            return
        self._together = False
        if self._board is not None and self._stale:
            self._fill_columns(self._board, _AT_ONCE)
        elif self._missing:
            self._more_timer.start()
        focused = self.window().focusWidget()
        had_keyboard = focused is not None and self._all.isAncestorOf(focused)
        self._row.show()
        self._all.hide()
        if self._active is self._all:
            self._active = None
        if had_keyboard:
            self._focus_columns()
        self._pictures.fit()
        self._selection.count_soon()
        self.shown_together.emit(False)

    def _focus_columns(self) -> None:
        column = self._row.alone or next(filter(self._row.shows, self._row.columns), None)
        if column is not None:
            column.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_together(self) -> bool:
        """Whether all photos are shown in one grid."""
        return self._together

    def show_bin(self, name: str | None) -> None:
        """Bring a column into view and give it the keyboard."""
        column = self._column(name)
        if column is None:
            return
        self.show_bins()
        if self._row.alone not in (None, column):
            self._row.show_alone(column)
        self._row.ensureWidgetVisible(column, 0, 0)
        column.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_only(self, name: str | None) -> None:
        """Show one bin as a large grid; None is Unsorted. ``show_all`` leads back."""
        column = self._column(name)
        if column is not None:
            self.show_bins()
            self._row.show_alone(column)

    @property
    def only(self) -> tuple[str | None, ...]:
        """The name of the bin that alone is shown, None being Unsorted; empty while all are."""
        return () if self._row.alone is None else (self._row.alone.name,)

    def show_all(self) -> None:
        """All bins side by side."""
        self.show_bins()
        self._row.show_all()

    def set_cell_size(self, factor: float) -> None:
        """How much larger than usual photos are shown; 1 is usual."""
        self._enlarged = factor
        self._row.set_cell_size(factor)
        if "_all" in self.__dict__:
            self._all.set_cell_size(factor)

    def focus_next_bin(self, step: int = 1) -> None:
        """Give the keyboard to the next column, round and round; ``step`` -1 goes back."""
        if self._together:
            self._all.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        active = self._active if isinstance(self._active, BinColumn) else None
        if (column := self._row.next_to(active, step)) is not None:
            self.show_bin(column.name)

    def photo_beside(self, photo_id: int, step: int) -> int | None:
        """The photo ``step`` places further in the same grid; None at its ends."""
        for pane in self._panes():
            if (row := pane.model.row_of(photo_id)) >= 0:
                there = row + step
                inside = 0 <= there < len(pane.model.bin)
                return int(pane.model.bin.photo_ids[there]) if inside else None
        return None

    def reveal(self, photo_id: int) -> None:
        """Scroll to a photo and make it the current one."""
        if self._together:
            if (row := self._all.model.row_of(photo_id)) >= 0:
                self._all.reveal(row)
                self._all.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        for column in self._row.columns:
            if (row := column.model.row_of(photo_id)) >= 0:
                self.show_bin(column.name)
                column.reveal(row)
                return

    def column(self, name: str | None) -> BinColumn | None:
        """The column of a bin; None is Unsorted."""
        return self._column(name)

    def _column(self, name: str | None) -> BinColumn | None:
        if self._board is not None and self._stale:
            self._fill_columns(self._board, _AT_ONCE)
        if self._board is not None and name in self._missing:
            self._fill_columns(self._board, len(self._missing), only_new=True)  # somebody needs it now
        return self._row.named(name)

    def _activate(self, pane: PhotoPane) -> None:
        self._active = pane

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F6:
            self.focus_next_bin(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape and self._together:
            self.show_bins()
        elif event.key() == Qt.Key.Key_Escape and self._row.alone is not None:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._pictures.fit()
        return super().event(event)
