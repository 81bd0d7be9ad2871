"""How long each thing that a person does keeps the window's thread, with 100,000 photos."""

import os
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.theme import Choice, Theme
from tests.benchmarks.figures import Figure
from tests.ui import long_day
from tests.ui.conftest import Pictures
from tests.ui.watchdog import Watchdog

PHOTOS = 100_000
GOAL = 50.0  # ms


def measure(*, quick: bool) -> Iterator[Figure]:
    """Processor time of the longest turn of the event loop; medians over several days."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    taken: dict[str, list[float]] = defaultdict(list)
    days = 1 if quick else 5
    for _ in range(days):
        for name, seconds in _spend_a_day().items():
            taken[name].append(seconds * 1000)
    for name, times in taken.items():
        method = "longest turn, processor time, median"
        yield Figure(f"window, {PHOTOS:,} photos: {name}", statistics.median(times), "ms", days, method, GOAL)


def _spend_a_day() -> dict[str, float]:
    engine = long_day.LargeEngine(PHOTOS)
    theme = Theme(Choice.LIGHT)
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "photos").mkdir()
        path = Path(place) / "settings.json"
        window = MainWindow(lambda _settings: engine, Pictures, settings_path=path, theme=theme)
        window.show()
        dog = Watchdog()
        with dog.listening():
            long_day.spend(window, Path(place) / "photos", dog)
        window.close()
        theme.stop()
    return {one.name: one.longest for one in dog.watched}
