"""Icons exist, are drawn, and follow the palette."""

from importlib.resources import files
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication

from clipsorter.ui.icons import _PaletteIcon, app_icon, icon

NAMES = sorted(
    entry.name.removesuffix(".svg")
    for entry in files("clipsorter.resources").joinpath("icons").iterdir()
    if entry.name.endswith(".svg")
)


def strongest_colour(image: QImage) -> QColor:
    """The most opaque pixel's colour."""
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=QColor.alpha)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something(qapp: QApplication, name: str) -> None:
    assert strongest_colour(icon(name).pixmap(24, 24).toImage()).alpha() > 200


def test_an_icon_without_room_is_nothing(qapp: QApplication, qtlog: Any) -> None:
    said_before = len(qtlog.records)  # by windows of earlier tests
    assert icon("search").pixmap(QSize(0, 16)).isNull()
    engine = _PaletteIcon("search", b"<svg/>", QPalette.ColorRole.WindowText)
    assert engine.scaledPixmap(QSize(0, 0), QIcon.Mode.Normal, QIcon.State.Off, 1.0).isNull()
    assert not qtlog.records[said_before:]


def test_an_icon_takes_the_palette_colour_of_the_moment(qapp: QApplication) -> None:
    before = qapp.palette()
    drawn = icon("search")
    try:
        for colour in ("#ff0000", "#00ff00"):
            palette = QPalette(before)
            palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
            qapp.setPalette(palette)
            assert strongest_colour(drawn.pixmap(48, 48).toImage()).name() == colour
    finally:
        qapp.setPalette(before)


def test_a_disabled_icon_takes_the_disabled_colour(qapp: QApplication) -> None:
    drawn = icon("undo-2").pixmap(48, 48, QIcon.Mode.Disabled).toImage()
    expected = qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
    assert strongest_colour(drawn).name() == expected.name()


def test_an_icon_is_drawn_at_the_pixel_ratio_of_the_screen(qapp: QApplication) -> None:
    pixmap = icon("search").pixmap(QSize(18, 18), 2.0)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (36, 2.0)


def test_a_copied_icon_outlives_the_first(qapp: QApplication) -> None:
    copy = QIcon(icon("star"))
    copy.addPixmap(icon("x").pixmap(16, 16))  # detaches: the engine is cloned
    assert strongest_colour(icon("star").pixmap(24, 24).toImage()).alpha() > 200


def test_an_unknown_name_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_the_app_icon_keeps_its_own_colours(qapp: QApplication) -> None:
    assert app_icon().pixmap(128, 128).toImage().pixelColor(20, 64).blue() > 180
