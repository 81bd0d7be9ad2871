"""A grid of photos that a person can choose from, drag and walk through like files in a folder window."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from clipsorter.ui.cell_view import AnyIndex, CellView, ranges_of
from clipsorter.ui.rubber_band import RubberBand

Action = QAbstractItemView.CursorAction
Flag = QItemSelectionModel.SelectionFlag


class GridView(CellView):
    """Rubber band, Ctrl and Shift, arrow keys, drags.

    The view never takes drops itself (its column does) and leaves a drag's content to whoever listens to
    ``drag_wanted``. GUI thread.
    """

    opened = Signal(QModelIndex)  # double click, Enter or Space
    drag_wanted = Signal()  # the listener runs the drag before it returns
    digit_pressed = Signal(int)  # 0 to 9, without modifiers
    selection_moved = Signal()  # the selected rows changed
    focused = Signal()
    settled = Signal()  # the mouse button or drag that made ``is_held`` true is over

    def __init__(self, cell_height: Callable[[int], int], parent: QWidget | None = None) -> None:
        super().__init__(cell_height, parent)
        self._anchor = QPersistentModelIndex()  # where a range selection began
        self._pressed = False
        self._dragging = False
        self._band = RubberBand()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)  # lets QListView start a rubber band on empty ground
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    @property
    def is_held(self) -> bool:
        """Whether a mouse button is down on a photo or a drag runs: nothing may be reordered now."""
        return self._pressed or self._dragging

    def selected_rows(self) -> NDArray[np.intp]:
        """The selected rows, read from selection ranges: [n], in no particular order."""
        spans = [
            np.arange(chosen.top(), chosen.bottom() + 1, dtype=np.intp)
            for chosen in ranges_of(self.selectionModel().selection())
        ]
        return np.concatenate(spans) if spans else np.empty(0, np.intp)

    def select_rows(self, rows: NDArray[np.intp]) -> None:
        """Choose exactly these rows, given in ascending order."""
        model, selection = self.model(), QItemSelection()
        for run in np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1) if len(rows) else ():
            first, last = int(run[0]), int(run[-1])
            selection.append(QItemSelectionRange(model.index(first, 0), model.index(last, 0)))
        self.selectionModel().select(selection, Flag.ClearAndSelect)

    def selected_count(self) -> int:
        return sum(chosen.height() for chosen in ranges_of(self.selectionModel().selection()))

    # --- choosing -----------------------------------------------------------------------------------------------

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

    # --- mouse --------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() == Qt.MouseButton.LeftButton
        self._band.begin(event.position().toPoint() + QPoint(0, self.verticalOffset()))
        QAbstractItemView.mousePressEvent(self, event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        QAbstractItemView.mouseMoveEvent(self, event)
        if self._pressed and not event.buttons() & Qt.MouseButton.LeftButton:
            self._let_go()  # the release went to a menu or another window
        if self.state() == QAbstractItemView.State.DragSelectingState:
            changed = self._band.stretch_to(event.position().toPoint() + QPoint(0, self.verticalOffset()))
            self.viewport().update(changed.translated(0, -self.verticalOffset()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        QAbstractItemView.mouseReleaseEvent(self, event)
        if self._band.is_drawn:
            self._band.end()
            self.viewport().update()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._pressed = False  # what opens may swallow the release
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(index)

    def _let_go(self) -> None:
        self._pressed = False
        if not self._dragging:
            self.settled.emit()

    def startDrag(self, actions: Qt.DropAction) -> None:
        self._dragging = True
        try:
            self.drag_wanted.emit()
        finally:
            self._dragging = self._pressed = False  # the release went to the drag
            self.settled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._band.is_drawn:
            painter = QPainter(self.viewport())
            self._band.paint(painter, self, self.verticalOffset())
            painter.end()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self._band.is_drawn:
            self.viewport().update()  # its border was copied along

    # --- keys ---------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        QAbstractItemView.focusInEvent(self, event)
        self.focused.emit()

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
