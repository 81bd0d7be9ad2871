"""Every choice in the settings is announced at once, with all the others as they were."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clipsorter.library.settings import Settings
from clipsorter.ui import settings_dialog
from clipsorter.ui.settings_dialog import SettingsDialog

START = Settings(model="ViT-B-32/laion2b", device="cuda:1", excluded=(Path("/private"),))


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> SettingsDialog:
    dialog = SettingsDialog(START, tmp_path)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    dialog.show()
    return dialog


@pytest.fixture
def heard(dialog: SettingsDialog) -> list[Settings]:
    heard: list[Settings] = []
    dialog.changed.connect(heard.append)
    return heard


def press(qtbot: QtBot, dialog: SettingsDialog, name: str) -> None:
    button = next(one for one in dialog.findChildren(QAbstractButton) if one.accessibleName() == name)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_dialog_shows_what_holds_and_announces_nothing_by_itself(
    dialog: SettingsDialog, heard: list[Settings]
) -> None:
    assert dialog.model.text() == START.model
    assert dialog.device.currentText() == "cuda:1"
    assert dialog.excluded.item(0).text() == "/private"
    dialog.model.editingFinished.emit()
    assert heard == []


def test_each_choice_adds_to_the_ones_before(dialog: SettingsDialog, heard: list[Settings]) -> None:
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    dialog.language.setCurrentIndex(dialog.language.findData("zh_CN"))
    dialog.cell_size.setValue(200)
    dialog.device.setCurrentIndex(dialog.device.findData("cpu"))
    after = replace(START, theme="dark", language="zh_CN", cell_size=200, device="cpu")
    assert len(heard) == 4
    assert heard[-1] == after


def test_enter_uses_the_typed_model_and_leaves_the_dialog_open(
    qtbot: QtBot, dialog: SettingsDialog, heard: list[Settings]
) -> None:
    dialog.model.setText("  /models/mine ")
    qtbot.keyClick(dialog.model, Qt.Key.Key_Return)
    assert [one.model for one in heard] == ["/models/mine"]
    assert dialog.isVisible()


def test_an_empty_line_means_the_built_in_model(qtbot: QtBot, dialog: SettingsDialog, heard: list[Settings]) -> None:
    dialog.model.clear()
    qtbot.keyClick(dialog.model, Qt.Key.Key_Return)
    assert [one.model for one in heard] == ["starter"]
    assert dialog.model.text() == "starter"


def test_a_model_folder_is_picked(
    qtbot: QtBot, dialog: SettingsDialog, heard: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["", "/models/picked"]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answers.pop(0))
    press(qtbot, dialog, "Choose a folder…")  # and cancelled
    assert heard == []
    press(qtbot, dialog, "Choose a folder…")
    assert [one.model for one in heard] == ["/models/picked"]
    press(qtbot, dialog, "Built-in")
    assert heard[-1].model == "starter"


def test_folders_are_left_out_once_and_taken_back_in(
    qtbot: QtBot, dialog: SettingsDialog, heard: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/scans")
    press(qtbot, dialog, "Add a folder…")
    press(qtbot, dialog, "Add a folder…")
    assert [one.excluded for one in heard] == [(Path("/private"), Path("/scans"))]
    dialog.excluded.setCurrentRow(0)
    press(qtbot, dialog, "Remove")
    assert heard[-1].excluded == (Path("/scans"),)


def test_the_cut_offs_are_reset_by_their_button(qtbot: QtBot, dialog: SettingsDialog) -> None:
    with qtbot.waitSignal(dialog.cutoffs_reset):
        press(qtbot, dialog, "Reset cut-offs")


def test_everything_that_can_be_chosen_has_a_name(dialog: SettingsDialog) -> None:
    focusable = Qt.FocusPolicy.TabFocus
    nameless = [
        type(one).__name__
        for one in dialog.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & focusable and not one.accessibleName() and not _text_of(one)
    ]
    assert nameless == []


def _text_of(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def test_kinds_of_files_are_left_out_and_taken_back_in(dialog: SettingsDialog, heard: list[Settings]) -> None:
    dialog.formats["GIF"].click()
    dialog.formats["PNG"].click()
    assert heard[-1].left_out == ("PNG", "GIF")
    dialog.formats["GIF"].click()
    assert heard[-1] == replace(START, left_out=("PNG",))
    dialog.sidecar_style.setCurrentIndex(1)
    assert heard[-1] == replace(START, left_out=("PNG",), sidecar_style="lightroom")


def test_a_kind_that_cannot_be_read_here_says_what_to_install(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_dialog, "heif_is_installed", lambda: False)
    monkeypatch.setattr(settings_dialog, "raw_is_installed", lambda: True)
    dialog = SettingsDialog(replace(START, left_out=("HEIC", "of a later version")), tmp_path)
    qtbot.addWidget(dialog)
    assert not dialog.formats["HEIC"].isEnabled()
    assert dialog.formats["Raw"].isEnabled()
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert sum("clipsorter[heif]" in one for one in words) == 1
    assert not any("clipsorter[raw]" in one for one in words)
    heard: list[Settings] = []
    dialog.changed.connect(heard.append)
    dialog.formats["JPEG"].click()
    assert set(heard[-1].left_out) == {"JPEG", "HEIC", "of a later version"}


def test_several_graphics_cards_can_be_chosen_where_several_were_seen(qtbot: QtBot, tmp_path: Path) -> None:
    plain = SettingsDialog(Settings(), tmp_path)
    qtbot.addWidget(plain)
    assert plain.device.findData("all") == -1
    dialog = SettingsDialog(Settings(), tmp_path, siblings=("cuda:1",))
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.changed) as changed:
        dialog.device.setCurrentIndex(dialog.device.findData("all"))
    assert changed.args[0].device == "all"
    assert dialog.device.findData("cuda:1") >= 0


def test_the_keyboard_begins_at_the_first_choice_and_ends_at_close(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = SettingsDialog(Settings(), tmp_path)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.theme.hasFocus)
    dialog.focusPreviousChild()
    focused = dialog.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Close"
