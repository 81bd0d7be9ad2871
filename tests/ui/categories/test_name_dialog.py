"""A list of categories is named before it is kept."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clipsorter.ui.categories.name_dialog import WIDTH, NameDialog


def shown(qtbot: QtBot, old: str = "") -> NameDialog:
    dialog = NameDialog("Keep the categories", "A name for this list of categories:", "Keep", old)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_a_name_is_typed_and_kept_with_enter(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    assert not dialog.go.isEnabled()
    qtbot.keyClicks(dialog.name, "  Our   summer ")
    assert dialog.go.isEnabled()
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.result() == NameDialog.DialogCode.Accepted
    assert dialog.chosen() == "Our summer"


def test_the_old_name_and_an_empty_one_are_no_new_name(qtbot: QtBot) -> None:
    dialog = shown(qtbot, "Travel")
    assert dialog.name.selectedText() == "Travel"
    for text, new in (("Travel", False), ("   ", False), ("Travels", True)):
        dialog.name.setText(text)
        assert dialog.go.isEnabled() is new


def test_its_title_can_be_read(qtbot: QtBot) -> None:
    assert shown(qtbot).width() >= WIDTH
