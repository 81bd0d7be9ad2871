"""Render the icon for desktops: ``python packaging/desktop/render_icons.py FOLDER``.

Writes PNGs in the sizes of the hicolor theme, ``clipsorter.ico`` for Windows and ``clipsorter.icns`` for the Mac.
"""

import io
import sys
from importlib.resources import files
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)  # px
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)


def render(drawing: bytes, side: int) -> Image.Image:
    """The drawing as a square picture of ``side`` px with transparency."""
    picture = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(buffer.data().data())))


def main(folder: Path) -> None:
    drawing = files("clipsorter.resources").joinpath("icons", "clipsorter.svg").read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    for side in SIZES:
        render(drawing, side).save(folder / f"clipsorter-{side}.png", optimize=True)
    render(drawing, 256).save(folder / "clipsorter.ico", sizes=[(side, side) for side in ICO_SIZES])
    render(drawing, 1024).save(folder / "clipsorter.icns")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
