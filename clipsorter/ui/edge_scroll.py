"""A drag that rests near an edge of an area scrolls it."""

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea

_EDGE = 56  # px from the ends where it scrolls
_STEP_MS = 16


class EdgeScroll(QObject):
    """Must be told where the drag is, because no mouse event arrives during a drag. GUI thread."""

    stepped = Signal(QPoint)  # the area moved under the pointer, which is here (global px)

    def __init__(self, area: QAbstractScrollArea, along: Qt.Orientation = Qt.Orientation.Horizontal) -> None:
        super().__init__(area)
        self._area = area
        self._across = along == Qt.Orientation.Horizontal
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
        """Px per step, the faster the closer to the edge; negative to the left or up; 0 away from the edges."""
        inside, size = self._area.viewport().mapFromGlobal(self._place), self._area.viewport().size()
        at, length = (inside.x(), size.width()) if self._across else (inside.y(), size.height())
        if at < _EDGE:
            return -(_EDGE - max(0, at)) // 3
        if at > length - _EDGE:
            return (_EDGE - max(0, length - at)) // 3
        return 0

    def _step(self) -> None:
        bar = self._area.horizontalScrollBar() if self._across else self._area.verticalScrollBar()
        speed = self._speed()
        mirrored = self._across and self._area.layoutDirection() == Qt.LayoutDirection.RightToLeft
        bar.setValue(bar.value() + (-speed if mirrored else speed))
        if speed:
            self.stepped.emit(self._place)
        else:
            self.stop()
