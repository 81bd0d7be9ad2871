"""All photos in one grid, whichever bins they stand in: the best of a search first, else the newest."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QLocale, QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clipsorter.library.collection import Collection
from clipsorter.ranking.overview import Overview
from clipsorter.ui.bin_model import PhotoRole
from clipsorter.ui.cell_view import LARGE_CELL
from clipsorter.ui.colours import UNSORTED_COLOUR
from clipsorter.ui.controls import ElidedLabel, IconLabel, icon_button
from clipsorter.ui.delegate import PhotoDelegate
from clipsorter.ui.grid import GridView
from clipsorter.ui.photo_pane import PhotoPane
from clipsorter.ui.size_wheel import SizeWheel
from clipsorter.ui.thumbnails import ThumbnailLoader

_DOT = 4.0  # px, radius of a bin's mark


class HomeDelegate(PhotoDelegate):
    """As in a bin, with a second line below the name: the bin, its colour before it, and how sure the sorting is."""

    def __init__(self) -> None:
        super().__init__()
        self.colours: Mapping[str, str] = {}  # of bins, by name
        self.unsorted = ""  # what Unsorted is called

    def _caption_height(self) -> int:
        return 2 * super()._caption_height() - 4

    def _paint_caption(
        self,
        painter: QPainter,
        place: QRect,
        index: QModelIndex | QPersistentModelIndex,
        palette: QPalette,
        *,
        mirrored: bool,
    ) -> None:
        upper = QRect(place.topLeft(), place.size())
        upper.setHeight(place.height() // 2)
        lower = upper.translated(0, upper.height())
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        self._paint_line(painter, upper, index.data(Qt.ItemDataRole.DisplayRole), "", mirrored=mirrored)
        home = index.data(PhotoRole.HOME)
        middle = lower.top() + lower.height() / 2 + 0.5
        across = lower.right() - _DOT if mirrored else lower.left() + _DOT
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(UNSORTED_COLOUR if home is None else self.colours.get(home, UNSORTED_COLOUR)))
        painter.drawEllipse(QPointF(across, middle), _DOT, _DOT)
        indent = round(2 * _DOT) + 6
        beside = lower.adjusted(0 if mirrored else indent, 0, -indent if mirrored else 0, 0)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        name = self.unsorted if home is None else home
        self._paint_line(painter, beside, name, index.data(PhotoRole.SURE), mirrored=mirrored)


class AllPhotos(PhotoPane):
    """Shows an overview. Nothing is dropped here: every photo has its bin elsewhere. GUI thread."""

    left = Signal()  # the person wants the bins back
    size_wanted = Signal(int)  # photos larger (1) or smaller (-1)

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        self._homes = HomeDelegate()
        super().__init__(None, thumbnails, self._homes, parent)
        self._overview: Overview | None = None
        self._narrowed = False
        self._size_wheel = SizeWheel()
        self._title = QLabel()
        self._title.setObjectName("heading")
        self._count = QLabel()
        self._count.setObjectName("muted")
        self._order = ElidedLabel()
        self._order.setObjectName("muted")
        self._back = icon_button("x", "")
        self._back.clicked.connect(self.left)
        header = QHBoxLayout()
        header.setContentsMargins(4, 0, 0, 0)
        header.setSpacing(8)
        header.addWidget(IconLabel("images", 18))
        header.addWidget(self._title)
        header.addWidget(self._count)
        header.addWidget(self._order, 1)
        header.addWidget(self._back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 6, 6)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self.grid, 1)
        self._retranslate()

    def show_overview(
        self, overview: Overview, collection: Collection, colours: Mapping[str, str], *, narrowed: bool
    ) -> None:
        """Show other photos, or others in another order; a person who has scrolled goes on looking at the same one.

        ``narrowed`` says that a group or an album decides what is shown.
        """
        self._homes.colours = colours
        kept = self._photo_to_keep()
        self.show_photos(overview, collection)
        self._overview, self._narrowed = overview, narrowed
        self._retranslate()
        if kept is not None:
            photo_id, above = kept
            row = self.model.row_of(photo_id)
            if row >= 0:
                cells, bar = self.grid.geometry_of_cells, self.grid.verticalScrollBar()
                bar.setValue(cells.cell(row).top() - above)

    def set_cell_size(self, factor: float) -> None:
        """How much larger than usual photos are shown; 1 is usual."""
        self.grid.set_smallest_cell(round(LARGE_CELL * factor))

    @property
    def top_id(self) -> int | None:
        """The photo that stands first in what is seen; None where there is none, or nobody has scrolled."""
        visible = self.grid.visible_rows()
        return int(self.model.bin.photo_ids[visible.start]) if visible and self.grid.verticalOffset() else None

    def begin_at(self, photo_id: int) -> None:
        """Scroll so that a photo stands first, if it is there."""
        if (row := self.model.row_of(photo_id)) >= 0:
            self.grid.scrollTo(self.model.index(row, 0), GridView.ScrollHint.PositionAtTop)

    def _photo_to_keep(self) -> tuple[int, int] | None:
        """The id of the photo that is to stay in its place, and where that is, in px below the upper edge.

        At the top, where nobody has scrolled or selected yet, the newest photo may appear.
        """
        offset, visible = self.grid.verticalOffset(), self.grid.visible_rows()
        if not visible or not (offset or self.grid.selectionModel().hasSelection()):
            return None
        current = self.grid.currentIndex().row()
        row = current if current in visible else visible.start
        return int(self.model.bin.photo_ids[row]), self.grid.geometry_of_cells.cell(row).top() - offset

    def _retranslate(self) -> None:
        is_ranked = self._overview is not None and self._overview.is_ranked
        count = len(self.model.bin)
        title = self.tr("All hits") if is_ranked else self.tr("All photos")
        order = self.tr("best first") if is_ranked else self.tr("newest first")
        self._title.setText(title)
        self._count.setText(QLocale().toString(count))
        self._order.set_whole(order)
        self._order.setToolTip(
            "" if is_ranked else self.tr("By the date they were taken; photos without a date come last.")
        )
        back = self.tr("Back to the bins (Esc)")
        self._back.setToolTip(back)
        self._back.setAccessibleName(back)
        self._homes.unsorted = self.tr("Unsorted")
        photos = self.tr("%n photo(s)", "", count)
        for widget in (self, self.grid):
            widget.setAccessibleName(title)
            widget.setAccessibleDescription(f"{photos}, {order}")
        self.grid.set_empty_text(self.tr("No photos to show."))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.LocaleChange):
            self._retranslate()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The grid lets through what is meant sideways, and with Ctrl what means a size."""
        if step := self._size_wheel.turn(event):
            self.size_wanted.emit(step)
        event.accept()
