"""A list view whose layout is arithmetic.

``QListView`` in icon mode lays every item out: 400 to 1,400 ms at 100,000 items for each reset or re-rank.
``CellView`` keeps QListView's face towards models and screen readers and replaces its layout by ``geometry``, so no
method here may loop over all rows. Where QListView's own method would lay out, QAbstractItemView's is called instead.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QGuiApplication,
    QHoverEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from clipsorter.ui.geometry import GAP, Geometry

AnyIndex = QModelIndex | QPersistentModelIndex
Hint = QAbstractItemView.ScrollHint

SMALL_CELL = 118  # px: two cells in a column of 272 px
LARGE_CELL = 224


class CellView(QListView):
    """Cells of equal size in rows, stretched to the view's width and scrolled by pixels.

    ``cell_height`` tells the height of a cell for its width. GUI thread.
    """

    cell_changed = Signal()  # cells have another size
    scrolled = Signal()
    pointed = Signal()  # the pointer moved over the cells

    def __init__(self, cell_height: Callable[[int], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cell_height = cell_height
        self._smallest = SMALL_CELL
        self._geometry = Geometry(0, 1, SMALL_CELL, 1)
        self._empty_text = ""
        self._hovered = -1
        self._still = False
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        # An opaque ground lets scrolling copy what stands on the screen and paint only the strip that appears.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.viewport().setMouseTracking(True)

    # --- what callers ask ---------------------------------------------------------------------------------------

    @property
    def geometry_of_cells(self) -> Geometry:
        return self._geometry

    def count(self) -> int:
        model = self.model()
        return model.rowCount(self.rootIndex()) if model else 0

    def set_smallest_cell(self, width: int) -> None:
        """Cells are at least this wide, in px."""
        if width != self._smallest:
            self._smallest = width
            self.updateGeometries()
            self.viewport().update()

    @property
    def empty_text(self) -> str:
        """What is said where there are no photos."""
        return self._empty_text

    def set_empty_text(self, text: str) -> None:
        """What stands in the middle while there is nothing to show."""
        if text != self._empty_text:
            self._empty_text = text
            self.viewport().update()

    def visible_rows(self) -> range:
        """The rows that are at least partly inside the viewport, were it fully visible."""
        top = self.verticalOffset()
        return self._geometry.within(top, top + self.viewport().height())

    def update_rows(self, rows: Sequence[int]) -> None:
        """Repaint these cells and no other."""
        for row in rows:
            self.viewport().update(self._cell_rect(row))

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Keep the scroll position while rows come, go and move."""
        offset = self.verticalOffset()
        self._still = True
        try:
            yield
        finally:
            self._still = False
            self.updateGeometries()
            self.verticalScrollBar().setValue(offset)

    # --- geometry: what QAbstractItemView asks ------------------------------------------------------------------

    def visualRect(self, index: AnyIndex) -> QRect:
        return self._cell_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        number = self._geometry.at(point + QPoint(0, self.verticalOffset()))
        return self.model().index(number, 0) if number >= 0 else QModelIndex()

    def isIndexHidden(self, index: AnyIndex) -> bool:
        return False

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def scrollTo(self, index: AnyIndex, hint: Hint = Hint.EnsureVisible) -> None:
        if self._still or not index.isValid():
            return
        cell, height, bar = self._cell_rect(index.row()), self.viewport().height(), self.verticalScrollBar()
        if hint == Hint.PositionAtCenter:
            bar.setValue(bar.value() + cell.center().y() - height // 2)
        elif hint == Hint.PositionAtTop or cell.top() < 0:
            bar.setValue(bar.value() + cell.top())
        elif hint == Hint.PositionAtBottom or cell.bottom() >= height:
            bar.setValue(bar.value() + min(cell.top(), cell.bottom() + 1 - height))

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region, visible = QRegion(), self.visible_rows()
        if not visible:
            return region
        for chosen in ranges_of(selection):
            for row in range(max(visible.start, chosen.top()), min(visible.stop - 1, chosen.bottom()) + 1):
                region |= self._cell_rect(row)
        return region

    def updateGeometries(self) -> None:
        # The scroll bar's width is always kept free, or its coming and going would resize every cell.
        bar = self.verticalScrollBar()
        width = self.width() - bar.sizeHint().width()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        fitted = Geometry.fit(self.count(), width, self._smallest, mirrored=mirrored)
        cell_height = max(1, self._cell_height(fitted.cell_width))
        new = Geometry(fitted.count, fitted.columns, fitted.cell_width, cell_height, mirrored)
        old, self._geometry = self._geometry, new
        height = self.viewport().height()
        bar.setPageStep(height)
        bar.setSingleStep(max(1, cell_height // 3))
        bar.setRange(0, max(0, new.height - height))
        QAbstractItemView.updateGeometries(self)
        if (old.cell_width, old.cell_height) != (new.cell_width, new.cell_height):
            self.cell_changed.emit()

    # --- the model speaks ---------------------------------------------------------------------------------------

    def setModel(self, model: QAbstractItemModel | None) -> None:
        if before := self.model():
            before.rowsRemoved.disconnect(self._relayout)
        QAbstractItemView.setModel(self, model)
        if model is not None:
            model.rowsRemoved.connect(self._relayout)  # a view is only told before
        self._relayout()

    def reset(self) -> None:
        QAbstractItemView.reset(self)
        self._relayout()

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)
        self._relayout()

    def rowsInserted(self, parent: AnyIndex, start: int, end: int) -> None:
        QAbstractItemView.rowsInserted(self, parent, start, end)
        self._relayout()

    def rowsAboutToBeRemoved(self, parent: AnyIndex, start: int, end: int) -> None:
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)

    def dataChanged(self, first: AnyIndex, last: AnyIndex, roles: Sequence[int] = ()) -> None:
        """Repaint; no row's height depends on its data."""
        visible = self.visible_rows()
        if first.row() < visible.stop and last.row() >= visible.start:
            self.viewport().update()

    # --- painting and scrolling ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            self._paint_cells(painter, event)
        finally:
            painter.end()  # Qt crashes on a painter that a bug left open

    def _paint_cells(self, painter: QPainter, event: QPaintEvent) -> None:
        dirty = event.region()
        # A style sheet may have made this widget's own base transparent.
        painter.fillRect(event.rect(), QGuiApplication.palette().base())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = option.state & ~QStyle.StateFlag.State_MouseOver
        model, chosen, delegate = self.model(), self.selectionModel(), self.itemDelegate()
        current = self.currentIndex().row() if self.hasFocus() else -1
        top = self.verticalOffset()
        for row in self._geometry.within(top + event.rect().top(), top + event.rect().bottom() + 1):
            cell = self._cell_rect(row)
            if not dirty.intersects(cell):
                continue
            index = model.index(row, 0)
            state = plain
            if chosen.isSelected(index):
                state |= QStyle.StateFlag.State_Selected
            if row == current:
                state |= QStyle.StateFlag.State_HasFocus
            if row == self._hovered:
                state |= QStyle.StateFlag.State_MouseOver
            option.rect = cell
            option.state = state
            delegate.paint(painter, option, index)
        if not self._geometry.count and self._empty_text:
            painter.setPen(QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText))
            inside = self.viewport().rect().adjusted(2 * GAP, 2 * GAP, -2 * GAP, -2 * GAP)
            painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._hover(-1)
        self.viewport().scroll(0, dy)
        self.scrolled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)
        self._relayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.LayoutDirectionChange):
            self._relayout()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Sideways, which Shift means too, and a size, which Ctrl means, are left to whatever the view lies in."""
        turned = event.angleDelta()
        held = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        if event.modifiers() & held or abs(turned.x()) > abs(turned.y()):
            event.ignore()
        else:
            QAbstractItemView.wheelEvent(self, event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverMove) and isinstance(event, QHoverEvent):
            self._hover(self.indexAt(event.position().toPoint()).row())
            self.pointed.emit()
        elif event.type() == QEvent.Type.HoverLeave:
            self._hover(-1)
        return super().viewportEvent(event)

    @Slot()
    def _relayout(self) -> None:
        if not self._still:
            self.updateGeometries()
        self.viewport().update()

    def _cell_rect(self, row: int) -> QRect:
        return self._geometry.cell(row).translated(0, -self.verticalOffset())

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            self.update_rows([one for one in (before, row) if one >= 0])


def ranges_of(selection: QItemSelection) -> Iterator[QItemSelectionRange]:
    """The selection's ranges; PySide's selections know no iteration of their own."""
    return (selection.at(number) for number in range(selection.size()))
