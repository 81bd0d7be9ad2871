"""What stands behind "Details": nothing of the person's, ready to copy or to save."""

import zipfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from clipsorter.ui.bug_dialog import BugDialog
from clipsorter.ui.error_words import explain
from clipsorter.ui.message_bar import MessageBar

TRACE = 'File "/home/anna/app.py", line 3\nValueError: “/home/anna/holiday.jpg” is odd'


def test_the_text_can_be_copied_and_names_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = BugDialog(TRACE, tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "ValueError" in copied
    assert "holiday" not in copied
    assert "anna" not in copied
    assert dialog.outcome.text()


def test_a_report_is_saved_once_and_never_over_something(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = BugDialog(TRACE, tmp_path)
    qtbot.addWidget(dialog)
    dialog.write(tmp_path / "report.zip")
    assert "report.zip" in dialog.outcome.text()
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert "ValueError" in archive.read("report.json").decode()
    dialog.write(tmp_path / "report.zip")
    assert "exists already" in dialog.outcome.text()


def test_details_are_offered_only_where_there_are_some(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_error(explain(ValueError("x")))
    assert bar.details.isHidden()
    bar.show_error(explain(ValueError("x")), TRACE)
    assert not bar.details.isHidden()
    with qtbot.waitSignal(bar.details_asked) as asked:
        qtbot.mouseClick(bar.details, Qt.MouseButton.LeftButton)
    assert asked.args == [TRACE]
