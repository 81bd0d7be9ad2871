"""What a dragged photo carries: its id for us, its file for other programs."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QLocale, QMetaType, QMimeData, QPoint, QRect, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QDrag, QFont, QGuiApplication, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QWidget

PHOTOS_MIME = "application/x-clipsorter-photos"
URIS_MIME = "text/uri-list"
STACKED = 3  # pictures in a drag's stack

_STEP = 8  # px between two pictures of the stack
_PICTURE = QSize(112, 84)
# Ids mean something in this process only: another ClipSorter's drag is files like any other program's.
_OURS = secrets.token_bytes(8)


ReadPhotos = Callable[[QMimeData], object | None]  # the photos of a drag, None for any other


class PhotosMime(QMimeData):
    """Photo ids at once, file addresses only when another program asks for them: a drag of 100,000 starts at once."""

    def __init__(self, photo_ids: NDArray[np.int64], paths: Callable[[], Sequence[Path]]) -> None:
        super().__init__()
        self._paths = paths
        self.setData(PHOTOS_MIME, QByteArray(_OURS + np.ascontiguousarray(photo_ids, np.int64).tobytes()))

    def formats(self) -> list[str]:
        return [PHOTOS_MIME, URIS_MIME]

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype in (PHOTOS_MIME, URIS_MIME)

    def retrieveData(self, mimetype: str, preferred: QMetaType | QMetaType.Type) -> object:
        if mimetype == URIS_MIME:
            # as_uri encodes a name's own bytes, so a name that is no valid text still arrives.
            return [QUrl.fromEncoded(path.as_uri().encode("ascii")) for path in self._paths()]
        return super().retrieveData(mimetype, preferred)


def photo_ids_of(mime: QMimeData) -> NDArray[np.int64] | None:
    """The photos in a drag from this very window, [n] int64; None for anything else."""
    if not mime.hasFormat(PHOTOS_MIME):
        return None
    content = bytes(mime.data(PHOTOS_MIME).data())
    ids = content.removeprefix(_OURS)
    if ids == content or len(ids) % np.dtype(np.int64).itemsize:
        return None
    return np.frombuffer(ids, np.int64)


def read_nothing(_mime: QMimeData) -> None:
    """What a drag means where photos cannot be dropped yet."""


def run_drag(source: QWidget, mime: PhotosMime, count: int, pictures: Sequence[QPixmap]) -> None:
    """Let the person drag until the button is released. Other programs are only ever offered a copy."""
    drag = QDrag(source)
    drag.setMimeData(mime)
    drag.setPixmap(draw_stack(count, pictures, source.devicePixelRatioF()))
    drag.setHotSpot(QPoint(_PICTURE.width() // 3, _PICTURE.height() // 2))
    drag.exec(Qt.DropAction.CopyAction, Qt.DropAction.CopyAction)


def draw_stack(count: int, pictures: Sequence[QPixmap], ratio: float) -> QPixmap:
    """Up to three pictures on top of one another with the number of photos beside them."""
    palette = QGuiApplication.palette()
    stack = list(pictures[:STACKED]) or [QPixmap()]
    spread = (len(stack) - 1) * _STEP
    badge = QRect(_PICTURE.width() - 30, 0, 46, 24)
    size = QSize(max(_PICTURE.width() + spread, badge.right() + 1), _PICTURE.height() + spread + _STEP)
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(Qt.PenStyle.NoPen)
    for depth, photo in reversed(list(enumerate(stack))):
        place = QRect(QPoint(depth * _STEP, _STEP + depth * _STEP), _PICTURE)
        if photo.isNull():
            painter.setBrush(palette.mid())
            painter.drawRoundedRect(place, 7, 7)
        else:
            painter.drawPixmap(place, photo)
    if count > 1:
        text = QLocale().toString(count)
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        badge.setLeft(badge.right() + 1 - max(badge.width(), painter.fontMetrics().horizontalAdvance(text) + 18))
        painter.setBrush(palette.highlight())
        painter.drawRoundedRect(QRectF(badge), 12, 12)
        painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture
