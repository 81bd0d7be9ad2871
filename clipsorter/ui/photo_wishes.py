"""What a person wants done with photos of the board: drags, keys and menus become wishes."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Board
from clipsorter.ui.clipboard import copy_files
from clipsorter.ui.drag import PhotosMime, run_drag
from clipsorter.ui.icons import icon
from clipsorter.ui.photo_pane import PhotoPane
from clipsorter.values import Category

Ids = NDArray[np.int64]
NO_IDS: Ids = np.empty(0, np.int64)


class PhotoWishes(QWidget):
    """Announces them; what becomes of them is somebody else's business. ``chosen`` gives the selection in all panes.

    Never shown: a widget only as the home of its menus. GUI thread.
    """

    moved = Signal(object, object)  # photo ids [n] int64, name of the bin they shall go to (None: Unsorted)
    confirmed = Signal(object, object)  # photo ids [n] int64, name of the bin they are in
    confirmed_each = Signal(object, object)  # photo ids [n] int64, for each the name of the bin it is in
    opened = Signal(object)  # photo id
    menu_asked = Signal(object, QMenu)  # photo ids [n] int64; add actions before the menu opens

    def __init__(self, chosen: Callable[[], Ids], parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._chosen_anywhere = chosen
        self._board: Board | None = None
        self._collection: Collection | None = None
        self._folder = Path()
        self._categories: tuple[Category, ...] = ()

    def know(self, board: Board, collection: Collection, folder: Path, categories: Sequence[Category]) -> None:
        """Wishes are about this board from now on."""
        self._board, self._collection, self._folder = board, collection, folder
        self._categories = tuple(categories)

    def chosen_in(self, pane: PhotoPane) -> Ids:
        """What an action in this pane is about: the selection, else its current photo."""
        chosen = self._chosen_anywhere()
        current = pane.current_id()
        if len(chosen) or current is None:
            return chosen
        return np.array([current], np.int64)

    def send(self, photo_ids: Ids, name: str | None) -> None:
        """Ask to move photos to a bin; what is there already is confirmed."""
        there = self._photos_of(name)
        if there is None or not len(photo_ids):
            return
        elsewhere = photo_ids[~np.isin(photo_ids, there)]
        if len(elsewhere):
            self.moved.emit(elsewhere, name)
        else:
            self.confirmed.emit(photo_ids, name)

    def send_by_digit(self, pane: PhotoPane, digit: int) -> None:
        if digit > len(self._categories):
            return
        if pane.current_is_out_of_view and not len(self._chosen_anywhere()):
            pane.reveal_current()  # nobody means a photo they cannot see
        else:
            self.send(self.chosen_in(pane), self._categories[digit - 1].name if digit else None)

    def drop(self, photo_ids: Ids, name: str | None) -> None:
        """A drop where the photos come from changes nothing."""
        there = self._photos_of(name)
        elsewhere = photo_ids if there is None else photo_ids[~np.isin(photo_ids, there)]
        if len(elsewhere):
            # After the drag's own event loop, so that nobody works inside the drop.
            QTimer.singleShot(0, self, partial(self.moved.emit, elsewhere, name))

    def confirm(self, pane: PhotoPane, photo_ids: Ids) -> None:
        """Ask to let photos stay in the bins that they are in."""
        rows = pane.model.rows_of(photo_ids)
        shown = pane.model.bin
        homes = shown.homes_of(rows)
        if len(homes) == 1:
            self.confirmed.emit(photo_ids, homes[0])
        elif homes:
            self.confirmed_each.emit(shown.photo_ids[rows], tuple(map(shown.home, rows.tolist())))

    def drag(self, pane: PhotoPane) -> None:
        """Run a drag of the selection until it ends."""
        photo_ids = self._chosen_anywhere()
        if len(photo_ids):
            mime = PhotosMime(photo_ids, partial(self._paths, photo_ids))
            run_drag(pane.grid, mime, len(photo_ids), pane.drag_pictures())

    def copy(self, pane: PhotoPane) -> None:
        """Put the files of the selection, or of the current photo, on the clipboard, for other programs."""
        photo_ids = self.chosen_in(pane)
        if len(photo_ids):
            copy_files(self._paths(photo_ids))

    def open_menu(self, pane: PhotoPane, place: QPoint) -> None:
        """The menu of the photos that are chosen in a pane; ``place`` in its grid, px."""
        photo_ids = self.chosen_in(pane)
        if not len(photo_ids):
            return
        homes = pane.model.bin.homes_of(pane.model.rows_of(photo_ids))
        menu = QMenu(self.parentWidget())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        current = pane.current_id()
        if current is not None:
            menu.addAction(icon("eye"), self.tr("Open"), partial(self.opened.emit, current))
        targets = menu.addMenu(icon("move-right"), self.tr("Move to"))
        for number, category in enumerate(self._categories, start=1):
            label = category.name.replace("&", "&&") + (f"\t{number}" if number <= 9 else "")
            action = targets.addAction(label, partial(self.send, photo_ids, category.name))
            action.setEnabled(homes != (category.name,))
        targets.addSeparator()
        none = targets.addAction(icon("inbox"), self.tr("Unsorted") + "\t0", partial(self.send, photo_ids, None))
        none.setEnabled(homes != (None,))
        menu.addAction(icon("check"), self.tr("Confirm here"), partial(self.confirm, pane, photo_ids))
        menu.addAction(icon("copy"), self.tr("Copy") + "\tCtrl+C", partial(self.copy, pane))
        self.menu_asked.emit(photo_ids, menu)
        menu.popup(pane.grid.viewport().mapToGlobal(place))

    def _photos_of(self, name: str | None) -> Ids | None:
        """Those of a bin; None where there is no such bin."""
        bins = self._board.bins if self._board is not None else ()
        return next((one.photo_ids for one in bins if one.name == name), None)

    def _paths(self, photo_ids: Ids) -> list[Path]:
        if self._collection is None:
            return []
        return [self._folder / self._collection.files[row] for row in self._collection.positions(photo_ids).tolist()]
