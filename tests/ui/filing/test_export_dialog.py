"""A report is written step by step; one that is stopped leaves nothing behind."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clipsorter.engine.exporting import Export, Exported
from clipsorter.ui.filing.desk import Ask, Desk
from clipsorter.ui.filing.export_dialog import ExportDialog
from clipsorter.ui.jobs import Lane
from clipsorter.ui.session import Session
from tests.ui.filing.conftest import EACH, PATIENCE_MS


def asking(session: Session, path: Path) -> Ask:
    assert session.answer is not None
    assert session.folder is not None
    answer, folder = session.answer, session.folder

    def ask(engine: object) -> Iterator[object]:
        return engine.export(Export("json", path), answer, folder, session.categories)

    return ask


def test_the_report_stands_whole_and_the_sheet_closes(
    qtbot: QtBot, session: Session, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "board.json"
    dialog = ExportDialog(asking(session, path), path.name, desk)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    done: list[Exported] = []
    dialog.exported.connect(done.append)
    dialog.open()
    qtbot.waitUntil(lambda: not dialog.isVisible() and not desk.is_busy, timeout=PATIENCE_MS)
    assert [(one.path, one.photos) for one in done] == [(path, 2 * EACH)]
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 2 * EACH


@pytest.mark.parametrize("older", ["", "an older report"])
def test_a_stopped_export_leaves_what_was_there(
    *, qtbot: QtBot, session: Session, desk: Desk, tmp_path: Path, older: str
) -> None:
    path = tmp_path / "board.json"
    if older:
        path.write_text(older)
    session.runner.pause(Lane.FILING)
    dialog = ExportDialog(asking(session, path), path.name, desk)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    desk.pause()
    dialog.open()
    dialog.reject()
    qtbot.waitUntil(lambda: not dialog.isVisible() and not desk.is_busy, timeout=PATIENCE_MS)
    assert list(tmp_path.glob(".clipsorter*")) == []
    if path.exists():  # it may have been done before Stop was heard
        assert path.read_text(encoding="utf-8") == older or len(json.loads(path.read_text())) == 2 * EACH
