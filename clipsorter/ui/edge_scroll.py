"""A drag that rests near an edge of a wide area scrolls it."""

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea

_EDGE = 56  # px from the left and right end where it scrolls
_STEP_MS = 16


class EdgeScroll(QObject):
    """Must be told where the drag is, because no mouse event arrives during a drag. GUI thread."""

    stepped = Signal(QPoint)  # the area moved under the pointer, which is here (global px)

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._place = QPoint()  # global px
        self._timer = QTimer(self, interval=_STEP_MS)
        self._timer.timeout.connect(self._step)

    def follow(self, place: QPoint) -> None:
        """The drag is here, in global px."""
        self._place = place
        if self._speed() and not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _speed(self) -> int:
        """Px per step, the faster the closer to the edge; negative to the left; 0 away from the edges."""
        x, width = self._area.viewport().mapFromGlobal(self._place).x(), self._area.viewport().width()
        if x < _EDGE:
            return -(_EDGE - max(0, x)) // 3
        if x > width - _EDGE:
            return (_EDGE - max(0, width - x)) // 3
        return 0

    def _step(self) -> None:
        bar, speed = self._area.horizontalScrollBar(), self._speed()
        mirrored = self._area.layoutDirection() == Qt.LayoutDirection.RightToLeft
        bar.setValue(bar.value() + (-speed if mirrored else speed))
        if speed:
            self.stepped.emit(self._place)
        else:
            self.stop()
