"""With 100,000 photos, nothing a person does keeps the window from answering."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.theme import Choice, Theme
from tests.ui import long_day
from tests.ui.conftest import Pictures
from tests.ui.watchdog import Watchdog, Watched

PHOTOS = 100_000
DAYS = 3  # a step is slow when it is slow on every one of them: other programs take the caches away now and then
LONGEST = 0.25  # s of processor time; the goal of 0.05 is measured by tests/benchmarks/responding.py

pytestmark = pytest.mark.slow


@pytest.fixture
def fresh_memory() -> Iterator[None]:
    """What earlier tests left in this process is no part of what the collector has to look through in a window."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def watch_a_day(qtbot: QtBot, place: Path) -> list[Watched]:
    theme = Theme(Choice.LIGHT)
    engine = long_day.LargeEngine(PHOTOS)
    window = MainWindow(lambda _settings: engine, Pictures, settings_path=place / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    (place / "photos").mkdir(parents=True)
    dog = Watchdog()
    try:
        with dog.listening():
            long_day.spend(window, place / "photos", dog)
    finally:
        window.close()
        theme.stop()
    return dog.watched


@pytest.mark.usefixtures("quiet_application", "fresh_memory")
def test_no_step_of_a_long_day_keeps_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    slow: set[str] | None = None
    for day in range(DAYS):
        watched = watch_a_day(qtbot, tmp_path / str(day))
        assert len(watched) > 30
        assert all(one.steps for one in watched)
        found = {one.name for one in watched if one.longest > LONGEST}
        slow = found if slow is None else slow & found
        if not slow:
            break
    assert slow == set()


def test_the_watchdog_hears_a_step_that_works_too_long(qtbot: QtBot) -> None:
    dog = Watchdog()
    with dog.listening():
        dog.do("count", lambda: sum(range(3_000_000)))
        long_day.settle()
        dog.do("nothing", lambda: None)
        long_day.settle()
    count, nothing = dog.watched
    assert count.longest > 5 * nothing.longest
