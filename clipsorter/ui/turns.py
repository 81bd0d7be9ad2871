"""Long work of the window's own thread, cut into steps between which the window answers."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

STEP_MS = 1  # 0 would do a step in the same turn as the layouts that the one before asked for


class Turns(QObject):
    """Takes steps one after the other, and after each leaves a turn of the event loop to what it has caused."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: list[Callable[[], object]] = []
        self._resting = False
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._on_turn)

    @property
    def are_over(self) -> bool:
        return not self._timer.isActive()

    def take(self, steps: Sequence[Callable[[], object]]) -> None:
        """Begin with these soon, instead of what is left of those before."""
        self._steps = list(steps)
        self._resting = False
        self._timer.start()

    def stop(self) -> None:
        """Take no more steps."""
        self._timer.stop()

    def _on_turn(self) -> None:
        self._resting = not self._resting
        if not self._steps:
            self._timer.stop()
        elif not self._resting:
            self._steps.pop(0)()
