"""Photos in a grid, as a part of the board: what a bin and the overview of all photos have in common."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QWidget

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Bin
from clipsorter.ui.bin_model import BinModel, PhotoRole
from clipsorter.ui.delegate import PhotoDelegate
from clipsorter.ui.drag import STACKED
from clipsorter.ui.grid import GridView
from clipsorter.ui.thumbnails import ThumbnailLoader


class PhotoPane(QFrame):
    """A model and its grid; whoever derives from it lays the grid out and says what it shows. GUI thread."""

    def __init__(
        self, name: str | None, thumbnails: ThumbnailLoader, delegate: PhotoDelegate, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("bin")
        self.model = BinModel(name, thumbnails.pixmap, self)
        self.delegate = delegate
        delegate.setParent(self)
        self.grid = GridView(delegate.cell_height, self)
        self.grid.setItemDelegate(delegate)
        self.grid.setModel(self.model)

    def show_photos(self, new: Bin, collection: Collection) -> None:
        """Show another ranking; selection, scroll position and the current photo stay where they can."""
        with self.grid.standing_still():
            # Qt would go on from a removed photo at the row that takes its place in an intermediate step.
            current = self.grid.currentIndex()
            if current.isValid():
                survivor = self.model.survivor_near(current.row(), new.photo_ids)
                if survivor not in (-1, current.row()):
                    self.grid.selectionModel().setCurrentIndex(
                        self.model.index(survivor, 0), QItemSelectionModel.SelectionFlag.NoUpdate
                    )
            # Left to Qt, a selection is carried over photo by photo, which takes a second for 50,000; runs take none.
            chosen = self.selected_ids()
            if len(chosen):
                with QSignalBlocker(self.grid.selectionModel()):
                    self.grid.selectionModel().clearSelection()
            self.model.set_bin(new, collection)
            if len(chosen):
                self.grid.select_rows(self.model.rows_of(chosen))

    def selected_ids(self) -> NDArray[np.int64]:
        """[n] int64, best first."""
        return self.model.bin.photo_ids[np.sort(self.grid.selected_rows())]

    def current_id(self) -> int | None:
        index = self.grid.currentIndex()
        return index.data(PhotoRole.PHOTO_ID) if index.isValid() else None

    @property
    def current_is_out_of_view(self) -> bool:
        """Whether the current photo has been scrolled away."""
        current = self.grid.currentIndex()
        return current.isValid() and current.row() not in self.grid.visible_rows()

    def reveal_current(self) -> None:
        """Scroll to the current photo."""
        self.grid.scrollTo(self.grid.currentIndex())

    def visible_digests(self) -> frozenset[str]:
        """Of the photos on the screen now."""
        if self.grid.viewport().visibleRegion().isEmpty():
            return frozenset()
        return frozenset(self.model.digest(row) for row in self.grid.visible_rows())

    def repaint_photos(self, digests: frozenset[str]) -> None:
        """Repaint the visible cells of these photos and no other."""
        if not self.grid.viewport().visibleRegion().isEmpty():
            rows = [row for row in self.grid.visible_rows() if self.model.digest(row) in digests]
            self.grid.update_rows(rows)

    def drag_pictures(self) -> list[QPixmap]:
        """For the top of a drag's stack: of the current and other visible chosen photos."""
        chosen = self.grid.selectedIndexes()
        current = self.grid.currentIndex()
        chosen.sort(key=lambda index: index != current)
        pictures = (index.data(Qt.ItemDataRole.DecorationRole) for index in chosen[: 2 * STACKED])
        return [picture for picture in pictures if picture is not None][:STACKED]

    def reveal(self, row: int) -> None:
        """Make a row current and visible."""
        index: QModelIndex = self.model.index(row, 0)
        self.grid.setCurrentIndex(index)
        self.grid.scrollTo(index)

    def begin_at_best(self) -> None:
        """Make the first photo current and visible, unless photos are selected."""
        chosen = self.grid.selectionModel()
        if not chosen.hasSelection():
            chosen.setCurrentIndex(self.model.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            self.grid.scrollToTop()
