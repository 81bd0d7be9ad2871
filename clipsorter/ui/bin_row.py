"""The columns of a board, side by side and sliding, or one of them alone."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from clipsorter.ui.bin_column import NARROWEST, BinColumn
from clipsorter.ui.cell_view import LARGE_CELL, SMALL_CELL
from clipsorter.ui.controls import NOTCH
from clipsorter.ui.edge_scroll import EdgeScroll
from clipsorter.ui.size_wheel import SizeWheel

EDGE = 48  # px of a column, of which less tells nothing

MakeColumn = Callable[[str | None, QWidget], BinColumn]


class BinRow(QScrollArea):
    """Lays columns out; what is in them is their maker's business. GUI thread."""

    shown_only = Signal(object, bool)  # name of the bin, whether it alone is shown now
    size_wanted = Signal(int)  # photos larger (1) or smaller (-1)

    def __init__(self, make_column: MakeColumn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_column = make_column
        self.columns: list[BinColumn] = []
        self.alone: BinColumn | None = None
        self._enlarged = 1.0
        self._size_wheel = SizeWheel()
        self._inside = QWidget()
        self._line = QHBoxLayout(self._inside)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(10)
        self.setObjectName("bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._inside)
        self.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        self._edge_scroll = EdgeScroll(self)
        self._edge_scroll.stepped.connect(self._mark_target)

    def arrange(self, names: Sequence[str | None]) -> list[BinColumn]:
        """One column per name, in this order; a bin keeps its column. Returns those that are gone."""
        if list(names) == [column.name for column in self.columns]:
            return []
        before = {column.name: column for column in self.columns}
        self.columns = [before.pop(name) if name in before else self._add_column(name) for name in names]
        gone = list(before.values())
        for column in gone:
            if self.alone is column:
                self.show_all()
            self._line.removeWidget(column)
            column.hide()
            column.deleteLater()
        for number, column in enumerate(self.columns):
            self._line.insertWidget(number, column, 1)
            column.setVisible(self.alone in (None, column))
        for one, following in zip(self.columns, self.columns[1:], strict=False):
            QWidget.setTabOrder(one.grid, following.grid)
        return gone

    def _add_column(self, name: str | None) -> BinColumn:
        column = self._make_column(name, self._inside)
        column.grid.set_smallest_cell(self._cell_width(column))
        column.drag_moved.connect(self._edge_scroll.follow)
        column.drag_left.connect(self.end_drag)
        return column

    def named(self, name: str | None) -> BinColumn | None:
        return next((column for column in self.columns if column.name == name), None)

    def at(self, place: QPoint) -> BinColumn | None:
        """The column at a place on the screen, in global px."""
        inside = self._inside.mapFromGlobal(place)
        return next((one for one in self.columns if one.isVisible() and one.geometry().contains(inside)), None)

    def shows(self, column: BinColumn) -> bool:
        """Whether part of a column is in view."""
        begin = column.mapTo(self.viewport(), QPoint()).x()
        return begin < self.viewport().width() - EDGE and begin + column.width() > EDGE

    def next_to(self, column: BinColumn | None, step: int) -> BinColumn | None:
        """The column some steps further, round and round; None where there is none at all."""
        if not self.columns:
            return None
        here = self.columns.index(column) if column in self.columns else -step
        return self.columns[(here + step) % len(self.columns)]

    # --- one large, or all --------------------------------------------------------------------------------------

    def show_alone(self, column: BinColumn) -> None:
        self.alone = column
        for other in self.columns:
            other.setVisible(other is column)
        self._fit_cells()
        column.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.shown_only.emit(column.name, True)

    def show_all(self) -> None:
        """All bins side by side."""
        if self.alone is not None:
            column, self.alone = self.alone, None
            self._fit_cells()
            for other in self.columns:
                other.show()
            self.shown_only.emit(column.name, False)

    def set_cell_size(self, factor: float) -> None:
        """How much larger than usual photos are shown; 1 is usual."""
        self._enlarged = factor
        self._fit_cells()

    def _fit_cells(self) -> None:
        for column in self.columns:
            column.grid.set_smallest_cell(self._cell_width(column))

    def _cell_width(self, column: BinColumn) -> int:
        return round((LARGE_CELL if column is self.alone else SMALL_CELL) * self._enlarged)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Columns let through what is meant sideways, half a column for one notch, and with Ctrl what means a size."""
        step = self._size_wheel.turn(event)
        if step is not None:
            if step:
                self.size_wanted.emit(step)
            return
        turned = event.angleDelta()
        notches = (turned.x() or turned.y()) / NOTCH
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            notches = -notches
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - round(notches * NARROWEST / 2))
        event.accept()

    # --- drags --------------------------------------------------------------------------------------------------

    def end_drag(self) -> None:
        """Nothing is dragged over the columns any more."""
        self._edge_scroll.stop()
        for column in self.columns:
            column.set_over(over=False)

    def _mark_target(self, place: QPoint) -> None:
        """Qt tells nobody when another column comes to lie under a resting pointer."""
        below = self.at(place)
        for column in self.columns:
            column.set_over(over=column is below)
