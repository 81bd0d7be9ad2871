"""The board: bins side by side, or one of them large."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPixmap
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Board
from clipsorter.ui.bin_column import BinColumn
from clipsorter.ui.bin_model import PhotoRole
from clipsorter.ui.bin_row import BinRow
from clipsorter.ui.clipboard import copy_files
from clipsorter.ui.colours import UNSORTED_COLOUR, colours_of
from clipsorter.ui.drag import PhotosMime, run_drag
from clipsorter.ui.icons import icon
from clipsorter.ui.thumbnails import ThumbnailLoader
from clipsorter.values import Category

Ids = NDArray[np.int64]
NO_IDS: Ids = np.empty(0, np.int64)

_AT_ONCE = 2  # columns made in one turn of the event loop, 8 ms each; the others follow before anybody scrolls there
_REST_MS = 500  # a pointer that has not moved for so long is not on its way to a photo
_LOOK_MS = 120  # after this long without scrolling, pictures that went by are not loaded any more


class BoardView(QWidget):
    """Columns of photos for the bins of a board, Unsorted last.

    The person's wishes leave as signals; nothing moves here until a new board is set. While a mouse button is down on
    photos or a drag runs, a new board waits, so nothing is reordered under the pointer; one that comes by itself waits
    for a moving pointer, too. GUI thread.
    """

    moved = Signal(object, object)  # photo ids [n] int64, name of the bin they shall go to (None: Unsorted)
    confirmed = Signal(object, object)  # photo ids [n] int64, name of the bin they are in
    opened = Signal(object)  # photo id
    selection_changed = Signal(int)  # photos selected
    bin_menu_asked = Signal(object, QMenu)  # name of the bin; add actions before the menu opens
    photo_menu_asked = Signal(object, QMenu)  # photo ids [n] int64; likewise
    shown_only = Signal(object, bool)  # name of the bin, whether it alone is shown now
    size_wanted = Signal(int)  # photos larger (1) or smaller (-1)

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._collection: Collection | None = None
        self._folder = Path()
        self._categories: tuple[Category, ...] = ()
        self._active: BinColumn | None = None
        self._waiting: tuple[Board, Collection, Path, Sequence[Category]] | None = None
        self._unasked = False  # nobody waits for what is waiting
        self._at_best = False  # the next board that is asked for begins at the top
        self._board: Board | None = None
        self._missing: set[str | None] = set()  # bins of the board whose columns are still to be made
        self._changing = False
        self._row = BinRow(self._make_column, self)
        self._row.shown_only.connect(self.shown_only)
        self._row.size_wanted.connect(self.size_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._row)
        self._look_timer = QTimer(self, interval=_LOOK_MS, singleShot=True)
        self._look_timer.timeout.connect(self._drop_stale_wishes)
        self._count_timer = QTimer(self, interval=0, singleShot=True)
        self._count_timer.timeout.connect(self._announce_selection)
        self._pointer_timer = QTimer(self, interval=_REST_MS, singleShot=True)
        self._pointer_timer.timeout.connect(self._apply_waiting)
        self._more_timer = QTimer(self, interval=0, singleShot=True)
        self._more_timer.timeout.connect(self._apply_waiting)
        self._seeking = False  # what is left of the photos is to be brought into view
        self._seek_timer = QTimer(self, interval=0, singleShot=True)
        self._seek_timer.timeout.connect(self._show_what_is_left)
        self._row.horizontalScrollBar().valueChanged.connect(self._look_timer.start)
        thumbnails.loaded.connect(self._repaint_photos)

    # --- a new board --------------------------------------------------------------------------------------------

    def set_board(
        self,
        board: Board,
        collection: Collection,
        folder: Path,
        categories: Sequence[Category],
        *,
        unasked: bool = False,
    ) -> None:
        """Show a board over ``collection``, whose files are below ``folder``; at once, or when the pointer lets go.

        An ``unasked`` one, which nobody waits for, also waits until the pointer rests: a photo that a person is about
        to press stays where it is.
        """
        self._waiting, self._unasked = (board, collection, folder, categories), unasked
        self._apply_waiting()

    def begin_at_best(self) -> None:
        """Let the next board that is asked for begin with the best photo of every bin, as after a new search."""
        self._at_best = True

    def _apply_waiting(self) -> None:
        if any(column.grid.is_held for column in self._row.columns):
            return
        if self._waiting is not None and self._unasked and self._pointer_timer.isActive():
            return
        if self._waiting is not None:
            self._board, self._collection, self._folder, categories = self._waiting
            self._categories, self._waiting = tuple(categories), None
            self._thumbnails.forget_missing()
            self._seeking = (self._board.hits is not None or self._board.narrowed) and not self._unasked
            self._fill_columns(self._board, _AT_ONCE)
            if self._at_best and not self._unasked:
                self._at_best = False
                for column in self._row.columns:
                    column.begin_at_best()
        elif self._board is not None and self._missing:
            self._fill_columns(self._board, _AT_ONCE, only_new=True)

    def _fill_columns(self, board: Board, most: int, *, only_new: bool = False) -> None:
        """Show the bins in their columns; of columns that are new make at most so many, and the others soon."""
        collection = self._collection
        assert collection is not None
        there = {column.name for column in self._row.columns}
        new = [one.name for one in board.bins if one.name not in there]
        self._missing = set(new[most:])
        bins = [one for one in board.bins if one.name not in self._missing]
        self._changing = True
        try:
            if self._active in self._row.arrange([one.name for one in bins]):
                self._active = None
            colours = self.colours()
            for column, one in zip(self._row.columns, bins, strict=True):
                if not only_new or one.name in new:
                    column.set_bin(one, collection, filtered=board.hits is not None, narrowed=board.narrowed)
                    column.set_colour(colours.get(one.name or "", UNSORTED_COLOUR))
        finally:
            self._changing = False
        if self._missing:
            self._more_timer.start()
        if self._seeking:
            self._seek_timer.start()
        self._count_timer.start()
        self._look_timer.start()

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
        grid = column.grid
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(partial(self._open_photo_menu, column))
        grid.opened.connect(self._open)
        grid.drag_wanted.connect(partial(self._drag_from, column))
        grid.digit_pressed.connect(partial(self._send_by_digit, column))
        grid.selection_moved.connect(partial(self._selection_moved, column))
        grid.focused.connect(partial(self._activate, column))
        grid.settled.connect(partial(QTimer.singleShot, 0, self, self._apply_waiting))
        grid.scrolled.connect(self._look_timer.start)
        grid.pointed.connect(self._pointer_timer.start)
        grid.cell_changed.connect(self._fit_pictures)
        column.dropped.connect(partial(self._dropped, column))
        column.confirm_wanted.connect(partial(self._confirm, column))
        column.menu_asked.connect(partial(self._fill_bin_menu, column))
        return column

    # --- selection ----------------------------------------------------------------------------------------------

    def selected_ids(self) -> Ids:
        """The selected photos of all bins, [n] int64."""
        chosen = [column.selected_ids() for column in self._row.columns]
        return np.concatenate(chosen) if chosen else NO_IDS

    def current_id(self) -> int | None:
        """The photo with the focus ring."""
        return self._active.current_id() if self._active else None

    def select_all(self) -> None:
        """All photos of the bin in use."""
        column = self._row.alone or self._active or next(iter(self._row.columns), None)
        if column is not None:
            column.grid.selectAll()

    def clear_selection(self) -> None:
        for column in self._row.columns:
            column.grid.clearSelection()

    def _selection_moved(self, column: BinColumn) -> None:
        """A selection spans bins only while Ctrl or Shift is held."""
        if self._changing:
            return
        adding = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if not QGuiApplication.keyboardModifiers() & adding and column.grid.selectionModel().hasSelection():
            self._changing = True
            for other in self._row.columns:
                if other is not column and other.grid.selectionModel().hasSelection():
                    other.grid.clearSelection()
            self._changing = False
        self._count_timer.start()

    def _announce_selection(self) -> None:
        self.selection_changed.emit(sum(column.grid.selected_count() for column in self._row.columns))

    def _chosen(self, column: BinColumn) -> Ids:
        """What an action in this column is about: the selection, else its current photo."""
        chosen = self.selected_ids()
        current = column.current_id()
        if len(chosen) or current is None:
            return chosen
        return np.array([current], np.int64)

    # --- wishes -------------------------------------------------------------------------------------------------

    def send_to(self, name: str | None) -> None:
        """Ask to move the selection, or the current photo, to a bin; what is there already is confirmed."""
        if self._active is not None:
            self._send(self._chosen(self._active), name)

    def _send(self, photo_ids: Ids, name: str | None) -> None:
        target = self._column(name)
        if target is None or not len(photo_ids):
            return
        elsewhere = photo_ids[~np.isin(photo_ids, target.model.bin.photo_ids)]
        if len(elsewhere):
            self.moved.emit(elsewhere, name)
        else:
            self.confirmed.emit(photo_ids, name)

    def _send_by_digit(self, column: BinColumn, digit: int) -> None:
        if digit <= len(self._categories):
            self._send(self._chosen(column), self._categories[digit - 1].name if digit else None)

    def _dropped(self, told: BinColumn, photo_ids: Ids, place: QPoint) -> None:
        """A drop where the photos come from changes nothing.

        Qt tells the column that the pointer entered last; while the board scrolls by itself another may get there.
        """
        column = self._row.at(place) or told
        elsewhere = photo_ids[~np.isin(photo_ids, column.model.bin.photo_ids)]
        if len(elsewhere):
            # After the drag's own event loop, so that nobody works inside the drop.
            QTimer.singleShot(0, self, partial(self.moved.emit, elsewhere, column.name))

    def _confirm(self, column: BinColumn, photo_ids: Ids) -> None:
        self.confirmed.emit(photo_ids, column.name)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(PhotoRole.PHOTO_ID))

    def _drag_from(self, column: BinColumn) -> None:
        photo_ids = self.selected_ids()
        if not len(photo_ids) or self._collection is None:
            return
        paths = partial(_paths_of, photo_ids, self._collection, self._folder)
        run_drag(column.grid, PhotosMime(photo_ids, paths), len(photo_ids), column.drag_pictures())
        self._row.end_drag()

    def copy_photos(self) -> None:
        """Put the files of the selection, or of the current photo, on the clipboard, for other programs."""
        photo_ids = self._chosen(self._active) if self._active is not None and self.isVisible() else NO_IDS
        if len(photo_ids) and self._collection is not None:
            copy_files(_paths_of(photo_ids, self._collection, self._folder))

    # --- menus --------------------------------------------------------------------------------------------------

    def _open_photo_menu(self, column: BinColumn, place: QPoint) -> None:
        photo_ids = self._chosen(column)
        if not len(photo_ids):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        current = column.current_id()
        if current is not None:
            menu.addAction(icon("eye"), self.tr("Open"), partial(self.opened.emit, current))
        targets = menu.addMenu(icon("move-right"), self.tr("Move to"))
        for number, category in enumerate(self._categories, start=1):
            label = category.name.replace("&", "&&") + (f"\t{number}" if number <= 9 else "")
            action = targets.addAction(label, partial(self._send, photo_ids, category.name))
            action.setEnabled(category.name != column.name)
        targets.addSeparator()
        none = targets.addAction(icon("inbox"), self.tr("Unsorted") + "\t0", partial(self._send, photo_ids, None))
        none.setEnabled(column.name is not None)
        menu.addAction(icon("check"), self.tr("Confirm here"), partial(self.confirmed.emit, photo_ids, column.name))
        menu.addAction(icon("copy"), self.tr("Copy") + "\tCtrl+C", self.copy_photos)
        self.photo_menu_asked.emit(photo_ids, menu)
        menu.popup(column.grid.viewport().mapToGlobal(place))

    def _fill_bin_menu(self, column: BinColumn, menu: QMenu) -> None:
        if self._row.alone is None:
            menu.addAction(icon("layout-grid"), self.tr("Show only this bin"), partial(self._row.show_alone, column))
        else:
            menu.addAction(icon("columns-3"), self.tr("Show all bins side by side"), self.show_all)
        self.bin_menu_asked.emit(column.name, menu)

    # --- what is in view ----------------------------------------------------------------------------------------

    def show_bin(self, name: str | None) -> None:
        """Bring a column into view and give it the keyboard."""
        column = self._column(name)
        if column is None:
            return
        if self._row.alone not in (None, column):
            self._row.show_alone(column)
        self._row.ensureWidgetVisible(column, 0, 0)
        column.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_only(self, name: str | None) -> None:
        """Show one bin as a large grid; None is Unsorted. ``show_all`` leads back."""
        column = self._column(name)
        if column is not None:
            self._row.show_alone(column)

    @property
    def only(self) -> tuple[str | None, ...]:
        """The name of the bin that alone is shown, None being Unsorted; empty while all are."""
        return () if self._row.alone is None else (self._row.alone.name,)

    def show_all(self) -> None:
        """All bins side by side."""
        self._row.show_all()

    def set_cell_size(self, factor: float) -> None:
        """How much larger than usual photos are shown; 1 is usual."""
        self._row.set_cell_size(factor)

    def focus_next_bin(self, step: int = 1) -> None:
        """Give the keyboard to the next column, round and round; ``step`` -1 goes back."""
        if (column := self._row.next_to(self._active, step)) is not None:
            self.show_bin(column.name)

    def photo_beside(self, photo_id: int, step: int) -> int | None:
        """The photo ``step`` places further in the same bin; None at its ends."""
        for column in self._row.columns:
            if (row := column.model.row_of(photo_id)) >= 0:
                there = row + step
                inside = 0 <= there < len(column.model.bin)
                return int(column.model.bin.photo_ids[there]) if inside else None
        return None

    def reveal(self, photo_id: int) -> None:
        """Scroll to a photo and make it the current one."""
        for column in self._row.columns:
            if (row := column.model.row_of(photo_id)) >= 0:
                self.show_bin(column.name)
                column.reveal(row)
                return

    def column(self, name: str | None) -> BinColumn | None:
        """The column of a bin; None is Unsorted."""
        return self._column(name)

    def _column(self, name: str | None) -> BinColumn | None:
        if self._board is not None and name in self._missing:
            self._fill_columns(self._board, len(self._missing), only_new=True)  # somebody needs it now
        return self._row.named(name)

    def _activate(self, column: BinColumn) -> None:
        self._active = column

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F6:
            self.focus_next_bin(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape and self._row.alone is not None:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fit_pictures()
        return super().event(event)

    # --- pictures and drop targets -------------------------------------------------------------------------------

    def _fit_pictures(self) -> None:
        """Ask for pictures as large as the widest visible cells."""
        shown = [column for column in self._row.columns if not column.isHidden()]
        if shown:
            width = max(column.grid.geometry_of_cells.cell_width for column in shown)
            self._thumbnails.set_shape(shown[0].delegate.picture_size(width), self.devicePixelRatioF())

    def _repaint_photos(self, digests: frozenset[str]) -> None:
        for column in self._row.columns:
            column.repaint_photos(digests)

    def _drop_stale_wishes(self) -> None:
        self._thumbnails.keep_only(frozenset().union(*(column.visible_digests() for column in self._row.columns)))


def _paths_of(photo_ids: Ids, collection: Collection, folder: Path) -> list[Path]:
    return [folder / collection.files[row] for row in collection.positions(photo_ids).tolist()]
