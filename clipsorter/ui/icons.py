"""Icons: stroke drawings recoloured from the palette at paint time, so they follow light and dark at once."""

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from clipsorter.ui.resource_files import resource_file

APP_ICON = "clipsorter"


@cache
def icon(name: str, role: QPalette.ColorRole = QPalette.ColorRole.WindowText) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in the palette's colour for ``role``; GUI thread.

    Raises FileNotFoundError for a name that has no file.
    """
    drawing = _drawing(name)
    return QIcon(_keep(_PaletteIcon(name, drawing, role)))


def app_icon() -> QIcon:
    """ClipSorter's own icon, in its own colours."""
    return icon(APP_ICON)


@cache
def _drawing(name: str) -> bytes:
    return resource_file("icons", f"{name}.svg").read_bytes()


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace(b"currentColor", colour.encode())))


class _PaletteIcon(QIconEngine):
    """Draws one SVG in the application palette's current colour, at whatever size and pixel ratio is asked for."""

    def __init__(self, name: str, drawing: bytes, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._name = name
        self._drawing = drawing
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        group = QPalette.ColorGroup.Disabled if mode == QIcon.Mode.Disabled else QPalette.ColorGroup.Active
        colour = QGuiApplication.palette().color(group, self._role)
        _renderer(self._name, colour.name()).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        pixmap = QPixmap(size * scale)
        if pixmap.isNull():  # a view that has no room for the icon asks all the same
            return pixmap
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _keep(_PaletteIcon(self._name, self._drawing, self._role))


_kept: list[_PaletteIcon] = []  # Qt owns an engine but not its Python half, which must live as long


def _keep(engine: _PaletteIcon) -> _PaletteIcon:
    _kept.append(engine)
    return engine
