"""A picture that can be looked at closely: the wheel and keys zoom, dragging moves it."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from clipsorter.ui.controls import NOTCH

MOST_ENLARGED = 2.0  # when fitted: a small picture is not lost on a large screen, nor blown up to nothing but pixels
CLOSEST = 16.0  # screen px per picture px
STEP = 1.25  # one turn of the wheel, one key
SQUARE = 4.0  # device px per picture px; from here on a person wants to see the pixels
TOUCHING = 1.001  # of the fitted size: a zoom out that ends so near to it fits the picture again
MARGIN = 12  # px around a fitted picture


class Canvas(QWidget):
    """Fitted to the window until a person zooms. All sizes in logical px; GUI thread."""

    zoomed = Signal(float)  # screen px per picture px

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self.words = ""  # in place of a picture
        self._scale: float | None = None  # None: fitted
        self._centre = QPointF()  # of the view, in picture px
        self._grip: QPointF | None = None  # where the pointer holds the picture
        self.setMinimumSize(200, 150)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_image(self, image: QImage, words: str = "") -> None:
        """Another picture, fitted; a null one shows ``words`` instead."""
        self._pixmap = QPixmap.fromImage(image)
        self.words = words if image.isNull() else ""
        self.fit()

    @property
    def scale(self) -> float:
        """Screen px per picture px as shown now."""
        return self._fitting() if self._scale is None else self._scale

    @property
    def is_fitted(self) -> bool:
        return self._scale is None

    def fit(self) -> None:
        """Show all of it."""
        self._scale = None
        self._settle()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Enlarge; what is below ``at`` (default: the middle) stays there. Never smaller than fitted."""
        if self._pixmap.isNull():
            return
        at = at or QRectF(self.rect()).center()
        before, fitting = self.scale, self._fitting()
        held = self._to_picture(at)
        scale = min(max(before * factor, fitting), max(CLOSEST, fitting))
        self._scale = None if scale <= fitting * TOUCHING else scale
        self._centre = held - (at - QRectF(self.rect()).center()) / scale
        self._settle()

    def place(self) -> QRectF:
        """Where the picture lies."""
        size = QSizeF(self._pixmap.size()) * self.scale
        middle = QRectF(self.rect()).center()
        return QRectF(middle - self._centre * self.scale, size)

    def _fitting(self) -> float:
        if self._pixmap.isNull():
            return 1.0
        room = self.size() - QSize(2 * MARGIN, 2 * MARGIN)
        whole = min(room.width() / self._pixmap.width(), room.height() / self._pixmap.height())
        return max(min(whole, MOST_ENLARGED / self.devicePixelRatioF()), 1e-3)

    def _to_picture(self, at: QPointF) -> QPointF:
        return (at - self.place().topLeft()) / self.scale

    def _settle(self) -> None:
        """Keep the picture in view: no empty ground beside a side that could fill it."""
        size, scale = QSizeF(self._pixmap.size()), self.scale
        seen = QSizeF(self.size()) / scale
        self._centre = QPointF(
            _within(self._centre.x(), size.width(), seen.width()),
            _within(self._centre.y(), size.height(), seen.height()),
        )
        movable = self._scale is not None and not self._pixmap.isNull()
        self.setCursor(Qt.CursorShape.OpenHandCursor if movable else Qt.CursorShape.ArrowCursor)
        self.zoomed.emit(scale)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / NOTCH
        if turns:
            self.zoom(STEP**turns, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._scale is not None:
            self._grip = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self.move_by(event.position() - self._grip)
            self._grip = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self._settle()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """One picture px per screen px, and back."""
        if self._scale is None:
            self.zoom(1 / self.devicePixelRatioF() / self.scale, event.position())
        else:
            self.fit()

    def move_by(self, way: QPointF | QPoint) -> None:
        """Push the picture, as far as there is something to see."""
        self._centre -= QPointF(way) / self.scale
        self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        if self._pixmap.isNull():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)
        else:
            smooth = self.scale * self.devicePixelRatioF() < SQUARE
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            place = self.place()
            seen = place.intersected(QRectF(event.rect()).adjusted(-2, -2, 2, 2))
            source = QRectF((seen.topLeft() - place.topLeft()) / self.scale, seen.size() / self.scale)
            painter.drawPixmap(seen, self._pixmap, source)
        painter.end()


def _within(centre: float, size: float, seen: float) -> float:
    return size / 2 if size <= seen else min(max(centre, seen / 2), size - seen / 2)
