"""The photos that a person has selected, over all grids of a board."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from clipsorter.ui.photo_pane import PhotoPane
from clipsorter.ui.photo_wishes import NO_IDS, Ids

_ADDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class PhotoSelection(QObject):
    """Spans several grids only while Ctrl or Shift is held; ``panes`` gives those that are shown. GUI thread."""

    counted = Signal(int)  # photos selected, once whatever changed is over

    def __init__(self, panes: Callable[[], Sequence[PhotoPane]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panes = panes
        self._still = False
        self._count_timer = QTimer(self, interval=0, singleShot=True)
        self._count_timer.timeout.connect(self._count)

    def ids(self) -> Ids:
        """Of all panes, [n] int64."""
        chosen = [pane.selected_ids() for pane in self._panes()]
        return np.concatenate(chosen) if chosen else NO_IDS

    def clear(self) -> None:
        for pane in self._panes():
            pane.grid.clearSelection()

    def on_moved(self, pane: PhotoPane) -> None:
        """The selection in a pane has changed."""
        if self._still:
            return
        if not QGuiApplication.keyboardModifiers() & _ADDING and pane.grid.selectionModel().hasSelection():
            with self.untouched():
                for other in self._panes():
                    if other is not pane and other.grid.selectionModel().hasSelection():
                        other.grid.clearSelection()
        self._count_timer.start()

    def count_soon(self) -> None:
        """What is shown has changed."""
        self._count_timer.start()

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """What changes now, no person has changed."""
        self._still = True
        try:
            yield
        finally:
            self._still = False

    def _count(self) -> None:
        self.counted.emit(sum(pane.grid.selected_count() for pane in self._panes()))
