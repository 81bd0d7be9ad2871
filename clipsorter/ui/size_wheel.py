"""The wheel with Ctrl: photos larger or smaller, one step for each notch."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent

from clipsorter.ui.controls import NOTCH


class SizeWheel:
    """Counts what a fine wheel or a touchpad turns until it is a whole step."""

    def __init__(self) -> None:
        self._turned = 0  # eighths of a degree since the last step

    def turn(self, event: QWheelEvent) -> int | None:
        """Larger (1), smaller (-1) or not yet (0); None where the wheel means something else."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return None
        event.accept()
        self._turned += event.angleDelta().y()
        if abs(self._turned) < NOTCH:
            return 0
        step = 1 if self._turned > 0 else -1
        self._turned = 0
        return step
