"""How near one photo is to every category: bars, the nearest first, each with the cut-off that decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import QEvent, QLocale, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clipsorter.ui.plain_text import plain_tip

_ROW = 42  # px
_BAR = 8  # px
_MARK = 5  # px that a cut-off's mark stands out of its bar, above and below


@dataclass(frozen=True, slots=True)
class Similarity:
    """One category as one photo sees it."""

    name: str
    colour: str  # "#rrggbb"
    cosine: float  # -inf: the category cannot be compared
    cutoff: float  # -inf: everything belongs
    here: bool = False  # the photo stands in this category


class SimilarityBars(QWidget):
    """One row per category, from 0 to a little beyond the largest number.

    What the bars show is also said in words, to screen readers.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Similarity, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Similarity to every category"))

    @property
    def rows(self) -> tuple[Similarity, ...]:
        """As they are shown."""
        return self._rows

    def show_similarities(self, rows: Sequence[Similarity]) -> None:
        """In any order; the nearest is shown first."""
        self._rows = tuple(sorted(rows, key=lambda one: -one.cosine))
        self.setAccessibleDescription("; ".join(map(self._say, self._rows)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, _ROW * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _ROW * len(self._rows))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            row = event.pos().y() // _ROW  # type: ignore[attr-defined]
            self.setToolTip(plain_tip(self._say(self._rows[row])) if 0 <= row < len(self._rows) else "")
        return super().event(event)

    def _say(self, row: Similarity) -> str:
        words = [row.name, self.tr("similarity {}").format(_number(row.cosine))]
        if isfinite(row.cutoff):
            words.append(self.tr("cut-off {}").format(_number(row.cutoff)))
        return ", ".join(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            values = [value for row in self._rows for value in (row.cosine, row.cutoff) if isfinite(value)]
            highest = max([0.1, *values]) * 1.04
            for number, row in enumerate(self._rows):
                place = QRect(0, number * _ROW, self.width(), _ROW)
                if event.rect().intersects(place):
                    self._paint_row(painter, place.adjusted(1, 0, -1, 0), row, highest)
        finally:
            painter.end()

    def _paint_row(self, painter: QPainter, place: QRect, row: Similarity, highest: float) -> None:
        palette, metrics = self.palette(), self.fontMetrics()
        words = QRect(place.left(), place.top() + 2, place.width(), metrics.height())
        number = _number(row.cosine)
        room = words.width() - metrics.horizontalAdvance(number) - 10
        font = painter.font()
        font.setBold(row.here)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, name)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(words, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter, number)
        bar = QRectF(place.left(), words.bottom() + 7, place.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)

        def across(value: float) -> float:
            return bar.width() * value / highest

        if row.cosine > 0:  # away from a category is no nearness at all
            filled = QRectF(bar)
            filled.setWidth(max(float(_BAR), across(row.cosine)))
            painter.setBrush(QColor(row.colour))
            painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
        if isfinite(row.cutoff):
            x = bar.left() + min(max(across(row.cutoff), 1.0), bar.width() - 1)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 2))
            painter.drawLine(QPointF(x, bar.top() - _MARK), QPointF(x, bar.bottom() + _MARK))


def _number(value: float) -> str:
    return QLocale().toString(round(value, 2) + 0.0, "f", 2) if isfinite(value) else "–"  # never "-0.00"
