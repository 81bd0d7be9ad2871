"""With 100,000 photos, nothing a person does keeps the window from answering."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.theme import Choice, Theme
from tests.ui import long_day
from tests.ui.conftest import Pictures
from tests.ui.watchdog import Watchdog

PHOTOS = 100_000
LONGEST = 0.25  # s of processor time; the goal of 0.05 is measured by tests/benchmarks/responding.py

pytestmark = pytest.mark.slow


def test_no_step_of_a_long_day_keeps_the_window(qtbot: QtBot, quiet_application: QApplication, tmp_path: Path) -> None:
    engine = long_day.LargeEngine(PHOTOS)
    theme = Theme(Choice.LIGHT)
    window = MainWindow(lambda _settings: engine, Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    (tmp_path / "photos").mkdir()
    dog = Watchdog()
    try:
        with dog.listening():
            long_day.spend(window, tmp_path / "photos", dog)
    finally:
        window.close()
        theme.stop()
    assert len(dog.watched) > 30
    assert all(one.steps for one in dog.watched)
    assert {one.name: round(one.longest, 3) for one in dog.watched if one.longest > LONGEST} == {}


def test_the_watchdog_hears_a_step_that_works_too_long(qtbot: QtBot) -> None:
    dog = Watchdog()
    with dog.listening():
        dog.do("count", lambda: sum(range(3_000_000)))
        long_day.settle()
        dog.do("nothing", lambda: None)
        long_day.settle()
    count, nothing = dog.watched
    assert count.longest > 5 * nothing.longest
