"""Nothing moves by itself where the person or the desktop does not want it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QProgressBar
from pytestqt.qtbot import QtBot

from clipsorter.library.settings import load_settings
from clipsorter.ui import desktop_motion
from clipsorter.ui.footer import Footer
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.motion import EFFECTS, Motion, ReduceMotion, WorkBar, motion
from clipsorter.ui.progress import Phase, Progress
from clipsorter.ui.settings_dialog import SettingsDialog
from clipsorter.ui.side_panel import Group
from clipsorter.ui.theme import Choice, Theme
from tests.ui.conftest import Pictures
from tests.ui.fake_engine import FakeEngine

FAKE_PORTAL = Path(__file__).parent / "fake_portal.py"


@pytest.fixture
def motion_(qapp: QApplication) -> Iterator[Motion]:
    yield motion()
    motion().choose(ReduceMotion.SYSTEM)
    motion().follow_desktop(reduces=False)


def test_the_persons_choice_comes_before_the_desktops(motion_: Motion) -> None:
    motion_.choose(ReduceMotion.SYSTEM)
    motion_.follow_desktop(reduces=True)
    assert motion_.is_reduced
    motion_.choose(ReduceMotion.OFF)
    assert not motion_.is_reduced
    motion_.choose(ReduceMotion.ON)
    motion_.follow_desktop(reduces=False)
    assert motion_.is_reduced


def test_effects_and_the_blinking_cursor_rest_and_come_back(motion_: Motion) -> None:
    QApplication.setEffectEnabled(Qt.UIEffect.UI_FadeMenu, True)
    flash = QApplication.cursorFlashTime()
    usual = [QApplication.isEffectEnabled(one) for one in EFFECTS]
    motion_.choose(ReduceMotion.ON)
    assert not any(QApplication.isEffectEnabled(one) for one in EFFECTS)
    assert QApplication.cursorFlashTime() == 0
    motion_.choose(ReduceMotion.OFF)
    assert [QApplication.isEffectEnabled(one) for one in EFFECTS] == usual
    assert QApplication.cursorFlashTime() == flash
    QApplication.setEffectEnabled(Qt.UIEffect.UI_FadeMenu, False)


def test_a_bar_without_an_end_stands_still_and_runs_again(qtbot: QtBot, motion_: Motion) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    (bar,) = footer.findChildren(WorkBar)
    footer.show_progress(Progress(Phase.SCANNING))
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    motion_.choose(ReduceMotion.ON)
    assert (bar.value(), bar.maximum()) == (0, 1)
    footer.show_progress(Progress(Phase.LOOKING, 3, 10))
    assert (bar.value(), bar.maximum()) == (3, 10)
    motion_.choose(ReduceMotion.OFF)
    assert (bar.value(), bar.maximum()) == (3, 10)
    footer.show_progress(Progress(Phase.SCANNING))
    assert bar.maximum() == 0


def test_every_bar_of_the_window_obeys(qtbot: QtBot, motion_: Motion, tmp_path: Path) -> None:
    theme = Theme(Choice.LIGHT)
    window = MainWindow(lambda _settings: FakeEngine(), Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    window.open_folder(tmp_path)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE)
    window.sheets.show_models()
    window._conductor.show_group(Group.DUPLICATES)
    qtbot.waitUntil(lambda: len(window.findChildren(QProgressBar)) > 3)  # a card for each model
    window.apply_settings(replace(window.settings, reduce_motion="on"))
    bars = window.findChildren(QProgressBar)
    assert all(isinstance(bar, WorkBar) and bar.maximum() > 0 for bar in bars)
    window.sheets.close_all()
    window.close()
    theme.stop()


def test_the_setting_holds_at_once_and_is_kept(qtbot: QtBot, motion_: Motion, tmp_path: Path) -> None:
    theme = Theme(Choice.LIGHT)
    path = tmp_path / "settings.json"
    window = MainWindow(lambda _settings: FakeEngine(), Pictures, settings_path=path, theme=theme)
    qtbot.addWidget(window)
    dialog = window.sheets.show_settings()
    assert isinstance(dialog, SettingsDialog)
    dialog.reduce_motion.setCurrentIndex(dialog.reduce_motion.findData("on"))
    assert motion_.is_reduced
    assert load_settings(path).reduce_motion == "on"
    dialog.close()
    window.close()
    theme.stop()


@pytest.mark.skipif(not shutil.which("dbus-run-session"), reason="needs dbus-run-session")
@pytest.mark.skipif(sys.platform != "linux", reason="the portal is Linux's")
@pytest.mark.parametrize("key", [" ".join(key) for key in desktop_motion.KEYS])
def test_the_desktop_is_asked_and_listened_to(key: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = ["dbus-run-session", "--", sys.executable, str(FAKE_PORTAL), *key.split()]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert ran.stdout.split() == ["reduced", "full"], ran.stderr


def test_without_an_answer_things_move(qtbot: QtBot, motion_: Motion) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    desktop_motion.DesktopMotion(motion_, footer, bus=desktop_motion.QDBusConnection("nobody"))
    assert not motion_.is_reduced
