"""A grid view that does everything in the visible cells only.

``QListView`` in icon mode lays every item out: 400 to 1,400 ms at 100,000 items for each reset or re-rank.
``GridView`` keeps QListView's face towards models, keyboards and screen readers, and replaces its layout by arithmetic
(``geometry``), so no method here may loop over all rows. Where QListView's own method would lay out,
QAbstractItemView's is called instead.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QGuiApplication,
    QHoverEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QRubberBand,
    QStyle,
    QStyleOptionRubberBand,
    QStyleOptionViewItem,
    QWidget,
)

from clipsorter.ui.geometry import GAP, Geometry

AnyIndex = QModelIndex | QPersistentModelIndex
Action = QAbstractItemView.CursorAction
Hint = QAbstractItemView.ScrollHint
Flag = QItemSelectionModel.SelectionFlag

SMALL_CELL = 118  # px: two cells in a column of 272 px
LARGE_CELL = 224


class GridView(QListView):
    """Cells of equal size that stretch to the view's width, selectable like files in a folder window.

    ``cell_height`` tells the height of a cell for its width. The view never takes drops itself (its column does) and
    leaves a drag's content to whoever listens to ``drag_wanted``. GUI thread.
    """

    opened = Signal(QModelIndex)  # double click, Enter or Space
    drag_wanted = Signal()  # the listener runs the drag before it returns
    digit_pressed = Signal(int)  # 0 to 9, without modifiers
    selection_moved = Signal()  # the selected rows changed
    cell_changed = Signal()  # cells have another size
    scrolled = Signal()
    focused = Signal()
    settled = Signal()  # the mouse button or drag that made ``is_held`` true is over

    def __init__(self, cell_height: Callable[[int], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cell_height = cell_height
        self._smallest = SMALL_CELL
        self._geometry = Geometry(0, 1, SMALL_CELL, 1)
        self._empty_text = ""
        self._anchor = QPersistentModelIndex()  # where a range selection began
        self._hovered = -1
        self._pressed = False
        self._dragging = False
        self._still = False
        self._band_from: QPoint | None = None  # content px
        self._band = QRect()  # content px
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)  # lets QListView start a rubber band on empty ground
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
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

    @property
    def is_held(self) -> bool:
        """Whether a mouse button is down on a photo or a drag runs: nothing may be reordered now."""
        return self._pressed or self._dragging

    def count(self) -> int:
        model = self.model()
        return model.rowCount(self.rootIndex()) if model else 0

    def set_smallest_cell(self, width: int) -> None:
        """Cells are at least this wide, in px."""
        if width != self._smallest:
            self._smallest = width
            self.updateGeometries()
            self.viewport().update()

    def set_empty_text(self, text: str) -> None:
        """What stands in the middle while there is nothing to show."""
        if text != self._empty_text:
            self._empty_text = text
            self.viewport().update()

    def visible_rows(self) -> range:
        """The rows that are at least partly inside the viewport, were it fully visible."""
        top = self.verticalOffset()
        return self._geometry.within(top, top + self.viewport().height())

    def selected_rows(self) -> NDArray[np.intp]:
        """The selected rows, read from selection ranges: [n], in no particular order."""
        spans = [
            np.arange(chosen.top(), chosen.bottom() + 1, dtype=np.intp)
            for chosen in _ranges(self.selectionModel().selection())
        ]
        return np.concatenate(spans) if spans else np.empty(0, np.intp)

    def selected_count(self) -> int:
        return sum(chosen.height() for chosen in _ranges(self.selectionModel().selection()))

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

    def moveCursor(self, action: Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count = self.count()
        if not count:
            return QModelIndex()
        row, columns = self.currentIndex().row(), self._geometry.columns
        if row < 0:
            return self.model().index(0, 0)
        page = max(1, self.viewport().height() // self._geometry.cell_height) * columns
        right = -1 if self._geometry.mirrored else 1
        target = {
            Action.MoveLeft: row - right,
            Action.MoveRight: row + right,
            Action.MovePrevious: row - 1,
            Action.MoveNext: row + 1,
            Action.MoveUp: row - columns if row >= columns else row,
            Action.MoveDown: row + columns if row // columns < (count - 1) // columns else row,
            Action.MoveHome: 0,
            Action.MoveEnd: count - 1,
            Action.MovePageUp: row - page if row >= page else row % columns,
            Action.MovePageDown: row + page,
        }[action]
        return self.model().index(min(count - 1, max(0, target)), 0)

    def setSelection(self, rect: QRect, command: Flag) -> None:
        """A rubber band takes every cell it touches; everything else a run of cells from the anchor on."""
        model, selection = self.model(), QItemSelection()
        if self.state() == QAbstractItemView.State.DragSelectingState:
            area = rect.normalized().translated(0, self.verticalOffset())
            spans = list(self._geometry.spans(area))
        else:
            current = self.currentIndex()
            if not command & Flag.Current or not self._anchor.isValid():
                self._anchor = QPersistentModelIndex(current)
            ends = sorted((self._anchor.row(), current.row()))
            outside = not current.isValid() or not rect.intersects(self._cell_rect(current.row()))
            spans = [] if outside else [(ends[0], ends[1])]
            if command == Flag.SelectCurrent:
                command = Flag.ClearAndSelect  # Shift gives a new run, as in a folder window
        for first, last in spans:
            selection.append(QItemSelectionRange(model.index(first, 0), model.index(last, 0)))
        self.selectionModel().select(selection, command)

    def selectAll(self) -> None:
        if count := self.count():
            model = self.model()
            everything = QItemSelection(model.index(0, 0), model.index(count - 1, 0))
            self.selectionModel().select(everything, Flag.ClearAndSelect)

    def selectedIndexes(self) -> list[QModelIndex]:
        """The visible part of the selection: Qt asks on every mouse move whether there is anything to drag."""
        chosen, model = self.selectionModel(), self.model()
        return [index for row in self.visible_rows() if chosen.isSelected(index := model.index(row, 0))]

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region, visible = QRegion(), self.visible_rows()
        if not visible:
            return region
        for chosen in _ranges(selection):
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
        QAbstractItemView.setModel(self, model)
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
        QTimer.singleShot(0, self, self._relayout)  # the rows are still there now

    def dataChanged(self, first: AnyIndex, last: AnyIndex, roles: Sequence[int] = ()) -> None:
        """Repaint; no row's height depends on its data."""
        visible = self.visible_rows()
        if first.row() < visible.stop and last.row() >= visible.start:
            self.viewport().update()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        QAbstractItemView.selectionChanged(self, selected, deselected)
        if QAccessible.isActive():
            for chosen, what in (
                (selected, QAccessible.Event.SelectionAdd),
                (deselected, QAccessible.Event.SelectionRemove),
            ):
                if not chosen.isEmpty():
                    self._announce(what, chosen.at(0).top())
        self.selection_moved.emit()

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        QAbstractItemView.currentChanged(self, current, previous)
        if current.isValid() and QAccessible.isActive() and self.hasFocus():
            self._announce(QAccessible.Event.Focus, current.row())

    def _announce(self, what: QAccessible.Event, row: int) -> None:
        event = QAccessibleEvent(self, what)
        event.setChild(row)
        QAccessible.updateAccessibility(event)

    # --- painting -----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
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
        if not self._band.isNull():
            self._paint_band(painter)

    def _paint_band(self, painter: QPainter) -> None:
        option = QStyleOptionRubberBand()
        option.initFrom(self)
        option.shape = QRubberBand.Shape.Rectangle
        option.opaque = False
        option.rect = self._band.translated(0, -self.verticalOffset())
        self.style().drawControl(QStyle.ControlElement.CE_RubberBand, option, painter, self)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._hover(-1)
        if self._band.isNull():
            self.viewport().scroll(0, dy)
        else:
            self.viewport().update()
        self.scrolled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)
        self._relayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.LayoutDirectionChange):
            self._relayout()

    def _relayout(self) -> None:
        if not self._still:
            self.updateGeometries()
        self.viewport().update()

    def _cell_rect(self, row: int) -> QRect:
        return self._geometry.cell(row).translated(0, -self.verticalOffset())

    # --- mouse, keys --------------------------------------------------------------------------------------------

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverMove) and isinstance(event, QHoverEvent):
            self._hover(self.indexAt(event.position().toPoint()).row())
        elif event.type() == QEvent.Type.HoverLeave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            self.update_rows([one for one in (before, row) if one >= 0])

    def focusInEvent(self, event: QFocusEvent) -> None:
        QAbstractItemView.focusInEvent(self, event)
        self.focused.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() == Qt.MouseButton.LeftButton
        self._band_from = event.position().toPoint() + QPoint(0, self.verticalOffset())
        QAbstractItemView.mousePressEvent(self, event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        QAbstractItemView.mouseMoveEvent(self, event)
        if self._pressed and not event.buttons() & Qt.MouseButton.LeftButton:
            self._let_go()  # the release went to a menu or another window
        if self.state() == QAbstractItemView.State.DragSelectingState and self._band_from is not None:
            here = event.position().toPoint() + QPoint(0, self.verticalOffset())
            before, self._band = self._band, QRect(self._band_from, here).normalized()
            changed = before.united(self._band).adjusted(-2, -2, 2, 2)
            self.viewport().update(changed.translated(0, -self.verticalOffset()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        QAbstractItemView.mouseReleaseEvent(self, event)
        if not self._band.isNull():
            self._band = QRect()
            self.viewport().update()
        self._band_from = None
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._let_go()

    def _let_go(self) -> None:
        self._pressed = False
        if not self._dragging:
            self.settled.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._pressed = False  # what opens may swallow the release
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(index)

    def startDrag(self, actions: Qt.DropAction) -> None:
        self._dragging = True
        try:
            self.drag_wanted.emit()
        finally:
            self._dragging = self._pressed = False  # the release went to the drag
            self.settled.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        QAbstractItemView.wheelEvent(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = modifiers == Qt.KeyboardModifier.NoModifier
        if plain and Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            self.digit_pressed.emit(key - Qt.Key.Key_0)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
        elif plain and key == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
        elif plain and key == Qt.Key.Key_F2:
            event.ignore()  # there is nothing to edit in place
        else:
            QAbstractItemView.keyPressEvent(self, event)

    def keyboardSearch(self, search: str) -> None:
        """Typing letters does not walk through a hundred thousand names; the search field does that better."""


def _ranges(selection: QItemSelection) -> Iterator[QItemSelectionRange]:
    return (selection.at(number) for number in range(selection.size()))
