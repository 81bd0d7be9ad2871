"""The page for a search that found nothing leaves every part the height it needs."""

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from clipsorter.ui.searching.no_hits import NoHits, NoHitsPage, Relaxation

PARTS = (Relaxation("a red car", "a red car", 40), Relaxation("-truck", "truck", 12))


@pytest.mark.parametrize("parts", [(), PARTS, PARTS * 2])
def test_no_button_is_squeezed(qtbot: QtBot, parts: tuple[Relaxation, ...]) -> None:
    page = NoHitsPage()
    qtbot.addWidget(page)
    page.resize(900, 640)
    with qtbot.waitExposed(page):
        page.show()
    page.explain(NoHits("a red car, -truck", 80, 0.07, 0.17, parts, growing=True))
    shown = [button for button in page.findChildren(QPushButton) if button.isVisibleTo(page)]
    qtbot.waitUntil(lambda: all(button.height() >= button.sizeHint().height() for button in shown))
    assert len(shown) == 2 + len(parts)
