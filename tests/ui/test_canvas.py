"""A picture is fitted, looked at closely, and never lost from view."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.ui.canvas import CLOSEST, MARGIN, STEP, Canvas

MIDDLE = QPointF(200, 150)


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    """400 x 300 px, showing a picture of 800 x 400 px."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show()
    canvas.show_image(picture(800, 400))
    return canvas


def picture(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    return image


def near(one: QPointF, other: QPointF) -> bool:
    return (one - other).manhattanLength() < 0.01


def test_a_large_picture_is_fitted_into_the_middle(canvas: Canvas) -> None:
    assert canvas.is_fitted
    assert canvas.place().width() == pytest.approx(400 - 2 * MARGIN)
    assert near(canvas.place().center(), MIDDLE)


def test_a_tiny_picture_is_not_blown_up_to_the_whole_window(canvas: Canvas) -> None:
    canvas.show_image(picture(20, 20))
    assert canvas.place().width() == pytest.approx(40)


def test_what_is_under_the_pointer_stays_there(canvas: Canvas) -> None:
    canvas.show_image(picture(800, 600))
    at, fitted = QPointF(120, 140), canvas.scale
    before = (at - canvas.place().topLeft()) / canvas.scale
    for _ in range(8):
        turn = QPoint(0, 120)
        event = QWheelEvent(
            at, at, QPoint(), turn, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(canvas, event)
    assert canvas.scale == pytest.approx(fitted * STEP**8)
    assert near((at - canvas.place().topLeft()) / canvas.scale, before)


def test_zoom_has_an_end_on_both_sides(canvas: Canvas) -> None:
    canvas.zoom(1e6)
    assert canvas.scale == CLOSEST
    canvas.zoom(1e-9)
    assert canvas.is_fitted
    assert near(canvas.place().center(), MIDDLE)


def test_a_drag_moves_the_picture_but_never_out_of_view(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom(8)
    left = canvas.place().left()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    qtbot.mouseMove(canvas, QPoint(170, 150))
    assert canvas.place().left() == pytest.approx(left - 30)
    qtbot.mouseMove(canvas, QPoint(-20_000, -20_000))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton)
    assert near(canvas.place().bottomRight(), QRectF(canvas.rect()).bottomRight())


def test_a_fitted_picture_does_not_follow_the_pointer(qtbot: QtBot, canvas: Canvas) -> None:
    before = canvas.place()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    qtbot.mouseMove(canvas, QPoint(100, 100))
    assert canvas.place() == before


def test_a_double_click_shows_every_pixel_and_then_all_again(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert canvas.scale == pytest.approx(1)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert canvas.is_fitted


def test_another_picture_is_fitted_again_and_none_is_harmless(canvas: Canvas) -> None:
    canvas.zoom(4)
    canvas.show_image(picture(300, 900))
    assert canvas.is_fitted
    canvas.show_image(QImage(), "not readable")
    canvas.zoom(4)
    assert canvas.is_fitted
    assert not canvas.grab().isNull()
