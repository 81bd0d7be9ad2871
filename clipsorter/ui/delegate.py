"""How one photo looks in a grid."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clipsorter.photos.formats import is_video
from clipsorter.ui.bin_model import PhotoRole
from clipsorter.ui.geometry import GAP
from clipsorter.ui.thumbnails import RADIUS

CAPTION = 0.87  # of the application's font size

_BADGE = 10.0  # px, radius of the check mark's disc
_STAR = QPolygonF(
    [QTransform().rotate(36 * number).map(QPointF(0, -6.2 if number % 2 == 0 else -2.6)) for number in range(10)]
)
_PLAY = QPolygonF([QPointF(-3.0, -4.6), QPointF(4.8, 0.0), QPointF(-3.0, 4.6)])
_CHECK = QPolygonF([QPointF(-4.2, 0.2), QPointF(-1.2, 3.4), QPointF(4.4, -3.4)])


class PhotoDelegate(QStyledItemDelegate):
    """A 4:3 picture with round corners over its file name and how sure the sorting is, where it had a say.

    Chosen photos wear a ring and a check mark, photos put there by a person a star, videos a triangle: nothing is said
    by colour alone.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._font = QFont()
        self._font_for = ""

    def cell_height(self, width: int) -> int:
        """Height of a cell of this width, gaps included."""
        return self.picture_size(width).height() + self._caption_height() + GAP

    @staticmethod
    def picture_size(cell_width: int) -> QSize:
        """Of the picture in a cell of this width."""
        width = max(1, cell_width - GAP)
        return QSize(width, max(1, width * 3 // 4))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return option.rect.size()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        palette = QGuiApplication.palette()
        inside = cell.adjusted(GAP // 2, GAP // 2, -GAP // 2, -GAP // 2)
        picture = QRect(inside.topLeft(), self.picture_size(cell.width()))
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_picture(painter, picture, index.data(Qt.ItemDataRole.DecorationRole), palette)
        if chosen:
            _ring(painter, picture, palette.color(QPalette.ColorRole.Highlight), 3.0, inset=1.5)
        elif state & QStyle.StateFlag.State_MouseOver:
            _ring(painter, picture, palette.color(QPalette.ColorRole.PlaceholderText), 2.0, inset=1.0)
        if state & QStyle.StateFlag.State_HasFocus:
            _ring(painter, picture, palette.color(QPalette.ColorRole.Text), 1.6, inset=-2.2)
        near, far = picture.left() + _BADGE + 4.0, picture.right() - _BADGE - 3.0
        if mirrored:
            near, far = far, near
        if chosen:
            _paint_check(painter, QPointF(far, picture.top() + _BADGE + 4.0), palette)
        if is_video(index.data(Qt.ItemDataRole.DisplayRole)):
            _paint_sign(painter, QPointF(near, picture.bottom() - _BADGE - 3.0), _PLAY)
        if index.data(PhotoRole.DECIDED):
            _paint_sign(painter, QPointF(near, picture.top() + _BADGE + 4.0), _STAR)
        top = picture.bottom() + 4  # below the focus ring
        caption = QRect(inside.left(), top, inside.width(), inside.bottom() + 1 - top)
        self._paint_caption(painter, caption.adjusted(2, 0, -2, 0), index, palette, mirrored=mirrored)

    @staticmethod
    def _paint_picture(painter: QPainter, place: QRect, pixmap: QPixmap | None, palette: QPalette) -> None:
        if pixmap is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.alternateBase())
            painter.drawRoundedRect(place, RADIUS, RADIUS)
            return
        size = place.size() * painter.device().devicePixelRatioF()
        if abs(size.width() - pixmap.width()) < 2 and abs(size.height() - pixmap.height()) < 2:
            painter.drawPixmap(place.topLeft(), pixmap)  # pixel for pixel: fast and sharp
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, pixmap)

    def _paint_caption(
        self,
        painter: QPainter,
        place: QRect,
        index: QModelIndex | QPersistentModelIndex,
        palette: QPalette,
        *,
        mirrored: bool,
    ) -> None:
        name, sure = index.data(Qt.ItemDataRole.DisplayRole), index.data(PhotoRole.SURE)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        self._paint_line(painter, place, name, sure, mirrored=mirrored)

    def _paint_line(self, painter: QPainter, place: QRect, name: str, sure: str, *, mirrored: bool) -> None:
        """A name that gives way in its middle, and behind it a few characters that do not."""
        font = self._caption_font()
        metrics = QFontMetrics(font)
        room = place.width() - (metrics.horizontalAdvance(sure) + 6 if sure else 0)
        start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if mirrored:
            start, end = end, start
        painter.setFont(font)
        painter.drawText(place, end | Qt.AlignmentFlag.AlignVCenter, sure)
        name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(place, start | Qt.AlignmentFlag.AlignVCenter, name)

    def _caption_height(self) -> int:
        return QFontMetrics(self._caption_font()).height() + 6

    def _caption_font(self) -> QFont:
        key = QApplication.font().key()
        if key != self._font_for:
            self._font_for = key
            self._font = QFont(QApplication.font())
            if self._font.pointSizeF() > 0:
                self._font.setPointSizeF(self._font.pointSizeF() * CAPTION)
            else:
                self._font.setPixelSize(max(1, round(self._font.pixelSize() * CAPTION)))
        return self._font


def _ring(painter: QPainter, place: QRect, colour: QColor, width: float, *, inset: float) -> None:
    painter.setPen(QPen(colour, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = RADIUS - inset
    painter.drawRoundedRect(QRectF(place).adjusted(inset, inset, -inset, -inset), radius, radius)


def _paint_check(painter: QPainter, centre: QPointF, palette: QPalette) -> None:
    painter.setPen(QPen(palette.color(QPalette.ColorRole.HighlightedText), 1.5))
    painter.setBrush(palette.highlight())
    painter.drawEllipse(centre, _BADGE, _BADGE)
    pen = QPen(palette.color(QPalette.ColorRole.HighlightedText), 2.0)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(_CHECK.translated(centre))


def _paint_sign(painter: QPainter, centre: QPointF, sign: QPolygonF) -> None:
    """White on a dark disc, so it shows on any picture in either theme."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawEllipse(centre, _BADGE - 0.5, _BADGE - 0.5)
    painter.setBrush(QBrush(Qt.GlobalColor.white))
    painter.drawPolygon(sign.translated(centre))
