"""The sheets come and go as a whole."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QMainWindow
from pytestqt.qtbot import QtBot

from clipsorter.engine.exporting import Export
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.filing.sheets import FilingSheets
from clipsorter.ui.panels import Panels
from clipsorter.ui.session import Session
from tests.ui.filing.conftest import PATIENCE_MS

OPENING: dict[str, Callable[[FilingSheets, Path], object]] = {
    "apply": lambda sheets, _: sheets.show_apply(),
    "tags": lambda sheets, _: sheets.show_tags(),
    "history": lambda sheets, _: sheets.show_history(),
    "export": lambda sheets, place: sheets.export(Export("table", place / "table.csv", "en", "Unsorted")),
}


@pytest.mark.parametrize("sheet", OPENING)
def test_a_closed_sheet_leaves_neither_itself_nor_its_desk(
    sheet: str, qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    panels = Panels(window)
    window.setCentralWidget(panels.photos)
    sheets = FilingSheets(panels, session, window)
    OPENING[sheet](sheets, tmp_path)
    (dialog,) = window.findChildren(QDialog)
    (desk,) = dialog.findChildren(Desk)
    gone: list[bool] = []
    dialog.destroyed.connect(lambda: gone.append(True))
    qtbot.waitUntil(lambda: bool(gone) or not desk.is_busy, timeout=PATIENCE_MS)
    if not gone:  # a report that is written closes its sheet
        dialog.close()
    qtbot.waitUntil(lambda: bool(gone))
    assert not window.findChildren(QDialog)
    assert len(window.findChildren(Desk)) == 1  # that which looks for an interrupted run at the start
