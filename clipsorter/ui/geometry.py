"""Where a grid's cells stand: plain arithmetic, so a million cells cost no more than ten.

Everything is in logical px of the content, whose first row starts at y = 0; a view subtracts its scroll offset.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

GAP = 8  # px between two pictures; a rubber band can begin there


@dataclass(frozen=True, slots=True)
class Geometry:
    """``count`` cells in rows of ``columns``; every cell is ``cell_width`` x ``cell_height`` and includes its gaps."""

    count: int
    columns: int  # >= 1
    cell_width: int  # >= 1
    cell_height: int  # >= 1
    mirrored: bool = False  # right-to-left: the first cell of a row stands at its right end

    @staticmethod
    def fit(count: int, width: int, smallest: int, *, mirrored: bool = False) -> "Geometry":
        """As many columns as fit into ``width`` with cells no narrower than ``smallest``; the height is still 1."""
        columns = max(1, width // max(1, smallest))
        return Geometry(count, columns, max(1, width // columns), 1, mirrored)

    @property
    def rows(self) -> int:
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        """Of the whole content."""
        return self.rows * self.cell_height

    def cell(self, number: int) -> QRect:
        """The whole cell, gaps included."""
        row, column = divmod(number, self.columns)
        if self.mirrored:
            column = self.columns - 1 - column
        return QRect(column * self.cell_width, row * self.cell_height, self.cell_width, self.cell_height)

    def at(self, point: QPoint) -> int:
        """The cell whose inside (its rectangle less half a gap on each side) contains the point, or -1."""
        left = point.x() % self.cell_width
        top = point.y() % self.cell_height
        half = GAP // 2
        if not (half <= left < self.cell_width - half and half <= top < self.cell_height - half):
            return -1
        column = point.x() // self.cell_width
        if not 0 <= column < self.columns or point.y() < 0:
            return -1
        if self.mirrored:
            column = self.columns - 1 - column
        number = (point.y() // self.cell_height) * self.columns + column
        return number if number < self.count else -1

    def spans(self, area: QRect) -> Iterator[tuple[int, int]]:
        """First and last cell (inclusive) of every stretch of cells that a rectangle touches, in order.

        Stretches that follow one another without a hole are joined.
        """
        first_column = max(0, area.left() // self.cell_width)
        last_column = min(self.columns - 1, area.right() // self.cell_width)
        first_row = max(0, area.top() // self.cell_height)
        last_row = min(self.rows - 1, area.bottom() // self.cell_height)
        if first_column > last_column or first_row > last_row:
            return
        if self.mirrored:
            first_column, last_column = self.columns - 1 - last_column, self.columns - 1 - first_column
        if last_column - first_column + 1 == self.columns:
            yield first_row * self.columns, min(self.count, (last_row + 1) * self.columns) - 1
            return
        for row in range(first_row, last_row + 1):
            first = row * self.columns + first_column
            if first < self.count:
                yield first, min(self.count - 1, row * self.columns + last_column)

    def within(self, top: int, bottom: int) -> range:
        """The cells that a horizontal stripe from ``top`` (inclusive) to ``bottom`` (exclusive) touches."""
        if bottom <= max(0, top):
            return range(0)
        first = max(0, top // self.cell_height) * self.columns
        last = ((bottom - 1) // self.cell_height + 1) * self.columns
        return range(min(first, self.count), min(last, self.count))
