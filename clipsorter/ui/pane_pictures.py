"""Pictures for the photos that are in view: as large as their cells, and none for what has gone by."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from clipsorter.ui.photo_pane import PhotoPane
from clipsorter.ui.thumbnails import ThumbnailLoader

_LOOK_MS = 120  # after this long without scrolling, pictures that went by are not loaded any more


class PanePictures(QObject):
    """Keeps a loader to what ``view`` shows; ``panes`` gives its grids. GUI thread."""

    def __init__(self, thumbnails: ThumbnailLoader, panes: Callable[[], Sequence[PhotoPane]], view: QWidget) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails
        self._panes = panes
        self._view = view
        self._look_timer = QTimer(self, interval=_LOOK_MS, singleShot=True)
        self._look_timer.timeout.connect(self._drop_stale_wishes)
        thumbnails.loaded.connect(self._repaint)

    def look_soon(self) -> None:
        """Other photos have come into view."""
        self._look_timer.start()

    def fit(self) -> None:
        """Ask for pictures as large as the widest visible cells."""
        shown = [pane for pane in self._panes() if not pane.isHidden()]
        if shown:
            width = max(pane.grid.geometry_of_cells.cell_width for pane in shown)
            self._thumbnails.set_shape(shown[0].delegate.picture_size(width), self._view.devicePixelRatioF())

    def _repaint(self, digests: frozenset[str]) -> None:
        for pane in self._panes():
            pane.repaint_photos(digests)

    def _drop_stale_wishes(self) -> None:
        self._thumbnails.keep_only(frozenset().union(*(pane.visible_digests() for pane in self._panes())))
