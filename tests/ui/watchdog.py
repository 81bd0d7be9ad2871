"""How long the window's thread works without looking at the event loop, told for each thing that a person does."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer, Slot


@dataclass(slots=True)
class Watched:
    """Processor time of the GUI thread: a busy machine lengthens it little, while it can stretch the clock tenfold."""

    name: str
    steps: list[float] = field(default_factory=list)  # seconds, one for each turn of the event loop

    @property
    def longest(self) -> float:
        return max(self.steps, default=0.0)


class Watchdog(QObject):
    """Hears the event loop of the thread that it is made on. What is done is done inside a turn, and counted."""

    def __init__(self) -> None:
        super().__init__()
        self.watched: list[Watched] = []
        self._since: float | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.connect(self._on_turn)
        dispatcher.aboutToBlock.connect(self._on_turn)
        try:
            yield
        finally:
            dispatcher.awake.disconnect(self._on_turn)
            dispatcher.aboutToBlock.disconnect(self._on_turn)

    def do(self, name: str, act: Callable[[], object]) -> None:
        """Do something in the next turn; what follows is counted under its name."""

        def begin() -> None:
            self.watched.append(Watched(name))
            act()

        QTimer.singleShot(0, self, begin)

    @Slot()
    def _on_turn(self) -> None:
        now = time.thread_time()
        if self._since is not None and self.watched:
            self.watched[-1].steps.append(now - self._since)
        self._since = now
