"""Parts that dialogs share."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout
from pytestqt.qtbot import QtBot

from clipsorter.ui.controls import ChoiceBox
from clipsorter.ui.theme import Choice, Theme

WAYS = {"copy": "Copy", "move": "Move", "hard": "Hard links", "symbolic": "Symbolic links"}


@pytest.fixture(params=[Choice.LIGHT, Choice.DARK])
def theme(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Theme]:
    theme = Theme(request.param)
    yield theme
    theme.choose(Choice.SYSTEM)
    theme.stop()
    qapp.setStyleSheet("")


def test_an_opened_choice_shows_every_row_and_the_chosen_one_readable(qtbot: QtBot, theme: Theme) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    box = ChoiceBox(WAYS, "move")
    QVBoxLayout(dialog).addWidget(box)
    dialog.resize(500, 300)
    dialog.show()
    box.showPopup()
    rows = box.view()
    qtbot.waitUntil(rows.isVisible)
    last = rows.visualRect(rows.model().index(len(WAYS) - 1, 0))
    assert last.height() > 0
    assert last.bottom() < rows.viewport().height()
    chosen = rows.visualRect(rows.model().index(1, 0))
    picture = rows.viewport().grab(chosen).toImage()
    middle = picture.height() // 2
    seen = {QColor(picture.pixel(x, y)).name() for x in range(picture.width()) for y in range(middle - 6, middle + 7)}
    assert theme.colours.chosen in seen
    assert theme.colours.text in seen  # the word's
    box.hidePopup()
