"""No word is cut in a small window, whatever the size of the person's text and the language."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QToolButton,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as StillCut
from pytestqt.qtbot import QtBot

from clipsorter.ui.languages import speak
from tests.ui.looks.conftest import SMALL, OpenWindow, walk

PADDING = 2  # px that a widget can lose before its words do
ARROW = 32  # px of a choice that are not its words


@pytest.fixture
def unchanged_font(quiet_application: QApplication) -> Iterator[QApplication]:
    """Gives the application its own text back before the window goes."""
    font = QFont(quiet_application.font())
    yield quiet_application
    quiet_application.setFont(font)


def cut_words(top: QWidget) -> list[str]:
    """Labels, buttons and choices that have less room than their words need, without a tip that has all of them."""
    found = []
    for widget in top.findChildren(QWidget):
        if widget.window() is not top or not widget.isVisible() or not (words := _words(widget)):
            continue
        needed, has = _needed(widget), widget.size()
        too_wide = needed[0] > has.width() + 1 and not widget.toolTip()
        if too_wide or needed[1] > has.height() + PADDING or (_is_outside(widget, top) and not widget.toolTip()):
            found.append(f"{words!r} needs {needed}, has {has.toTuple()}")
    return found


def cut_when_settled(qtbot: QtBot, top: QWidget) -> list[str]:
    """What stays cut: a count that has just come has no width until its row was laid out."""
    with suppress(StillCut):
        qtbot.waitUntil(lambda: not cut_words(top), timeout=2000)
    return cut_words(top)


def _words(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QToolButton) and widget.toolButtonStyle().name == "ToolButtonIconOnly":
        return ""
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def _needed(widget: QWidget) -> tuple[int, int]:
    """Width and height in px."""
    hint = widget.sizeHint()
    if isinstance(widget, QComboBox):
        return widget.fontMetrics().horizontalAdvance(widget.currentText()) + ARROW, hint.height()
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.minimumSizeHint().width(), widget.heightForWidth(widget.width())
    return hint.width(), hint.height()


def _is_outside(widget: QWidget, top: QWidget) -> bool:
    """Whether part of it lies where nobody can bring it into view."""
    above = widget.parentWidget()
    while above is not None and above is not top:
        if isinstance(above.parentWidget(), QAbstractScrollArea):  # its viewport
            return False
        place = widget.rect().translated(widget.mapTo(above, widget.rect().topLeft()))
        if not above.rect().adjusted(-1, -1, 1, 1).contains(place):
            return True
        above = above.parentWidget()
    return False


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("points", [9, 16])
def test_nothing_is_cut_anywhere(
    qtbot: QtBot, unchanged_font: QApplication, open_window: OpenWindow, language: str, points: int
) -> None:
    speak(language, unchanged_font)
    font = QFont(unchanged_font.font())
    font.setPointSize(points)
    unchanged_font.setFont(font)
    cut: dict[str, list[str]] = {}
    seen = 0
    for name, top in walk(qtbot, open_window()):
        qtbot.wait(20)
        QApplication.sendPostedEvents()  # layouts that were asked for
        seen += 1
        if found := cut_when_settled(qtbot, top):
            cut[name] = found
        if top.width() > SMALL[0] or top.height() > SMALL[1]:
            cut.setdefault(name, []).append(f"is {top.size().toTuple()}")
    assert seen > 18
    assert cut == {}
