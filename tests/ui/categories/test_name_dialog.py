"""A list of categories is named before it is kept."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clipsorter.ui.categories.name_dialog import WIDTH, NameDialog


def shown(qtbot: QtBot, *taken: str) -> NameDialog:
    dialog = NameDialog("Keep the categories", "A name for this list of categories:", "Keep", taken)
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


def test_a_list_that_is_kept_is_not_replaced_by_one_of_the_same_name(qtbot: QtBot) -> None:
    dialog = shown(qtbot, "Travel", "Home")
    for text, new, warned in (("Travel", False, True), ("   ", False, False), ("Travels", True, False)):
        dialog.name.setText(text)
        assert dialog.go.isEnabled() is new
        assert bool(dialog.warning.text()) is warned
    dialog.name.setText("Home ")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_its_title_can_be_read(qtbot: QtBot) -> None:
    assert shown(qtbot).width() >= WIDTH
