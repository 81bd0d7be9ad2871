"""The rectangle a person draws to choose what it touches."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QRubberBand, QStyle, QStyleOptionRubberBand, QWidget


class RubberBand:
    """Remembered in px of a view's content, so it keeps its first corner while the view scrolls."""

    def __init__(self) -> None:
        self._from = QPoint()
        self._area = QRect()

    @property
    def is_drawn(self) -> bool:
        return not self._area.isNull()

    def begin(self, corner: QPoint) -> None:
        """The mouse went down here; nothing is drawn before it moves."""
        self._from = corner

    def stretch_to(self, corner: QPoint) -> QRect:
        """Draw the band up to here; returns what must be painted again."""
        before, self._area = self._area, QRect(self._from, corner).normalized()
        return before.united(self._area).adjusted(-2, -2, 2, 2)

    def end(self) -> None:
        self._area = QRect()

    def paint(self, painter: QPainter, view: QWidget, offset: int) -> None:
        """Draw it in the view's style; ``offset`` is how far the view has scrolled down, in px."""
        option = QStyleOptionRubberBand()
        option.initFrom(view)
        option.shape = QRubberBand.Shape.Rectangle
        option.opaque = False
        option.rect = self._area.translated(0, -offset)
        view.style().drawControl(QStyle.ControlElement.CE_RubberBand, option, painter, view)
