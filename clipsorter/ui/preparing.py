"""Imports what the session needs, while the window already answers.

The engine, which knows nothing of Qt, is imported on its own thread. The window's rooms are imported on the window's
thread, one in each turn of the event loop: PySide makes classes and enums when they are first used, and two threads
doing so at once have ended a start in a crash.
"""

import gc
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module

from PySide6.QtCore import QObject

from clipsorter.ui.jobs import JobRunner, Lane
from clipsorter.ui.turns import Turns

ROOMS = (  # none takes longer than a turn may
    *("bin_model", "grid", "board_view", "searching.conducting", "categories.conducting", "grouping.conducting"),
    *("viewing.conducting", "filing.sheets", "filing.recover_bar", "strips", "category_list"),
    *("categories.sets_menu", "conductor", "background", "coming_back", "desktop_motion", "desktop_signs", "session"),
)


class Preparing(QObject):
    """One start's. GUI thread."""

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._turns = Turns(self)

    def begin(self, then: Callable[[], None]) -> None:
        """``then`` follows when all is there."""
        job = self._runner.start(Lane.SAVE, _import_engine)
        rooms = (partial(import_module, f"clipsorter.ui.{room}") for room in ROOMS)
        # What was imported stays: looking through it for garbage would hold the window for 50 ms now and then.
        steps: tuple[Callable[[], object], ...] = (*rooms, gc.freeze, then)
        self._runner.finished.connect(lambda ended: self._turns.take(steps) if ended is job else None)

    def stop(self) -> None:
        """Go on with nothing."""
        self._turns.stop()


def _import_engine() -> Iterator[object]:
    import_module("clipsorter.engine.engine")
    yield None
