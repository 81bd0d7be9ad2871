"""One sheet's line to the engine: a job at a time, heard in handfuls, stopped only between two files."""

import threading
import time
from collections.abc import Callable, Generator, Iterator

from PySide6.QtCore import QObject, Signal

from clipsorter.ui.engine_like import EngineLike
from clipsorter.ui.jobs import Job, Lane
from clipsorter.ui.session import Session

HANDFUL_S = 0.05  # events of this long are told together: a thousand files a second must not keep the window busy

Ask = Callable[[EngineLike], Iterator[object]]


class Desk(QObject):
    """Asks the engine and hears the answer; GUI thread. A new question replaces the one before."""

    heard = Signal(object)  # tuple of the engine's events, in their order
    failed = Signal(object)  # Exception; ``ended`` follows
    ended = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self._stop = threading.Event()
        session.runner.stepped.connect(self._on_stepped)
        session.runner.failed.connect(self._on_failed)
        session.runner.finished.connect(self._on_finished)

    @property
    def is_busy(self) -> bool:
        return self._job is not None

    @property
    def is_paused(self) -> bool:
        return self._session.runner.is_paused(Lane.FILING)

    def ask(self, ask: Ask) -> None:
        """Start a job in the filing lane."""
        self._session.runner.resume(Lane.FILING)
        self._stop = stop = threading.Event()
        self._job = self._session.lend(Lane.FILING, lambda engine: gathered(ask(engine), stop))

    def pause(self) -> None:
        """Hold after the current files, until ``resume``."""
        self._session.runner.pause(Lane.FILING)

    def resume(self) -> None:
        self._session.runner.resume(Lane.FILING)

    def stop(self) -> None:
        """End after the current file; what was done is still heard, then ``ended``."""
        self._stop.set()
        self.resume()

    def leave(self) -> None:
        """Hear nothing more."""
        self._stop.set()
        self.resume()
        if self._job is not None:
            self._session.runner.cancel(Lane.FILING)
            self._job = None

    def _on_stepped(self, job: Job, event: object) -> None:
        if job is self._job:
            self.heard.emit(event)

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self.failed.emit(error)

    def _on_finished(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self.ended.emit()


def gathered(
    events: Iterator[object], stop: threading.Event, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[tuple[object, ...]]:
    """``events`` in handfuls: the first alone and at once, then what came in ``HANDFUL_S`` seconds of ``clock``.

    Ends between two events when ``stop`` is set. Whatever was gathered when the events end in an error is told before
    it. Engine thread; ``stop`` from any.
    """
    handful: list[object] = []
    try:
        due = clock()
        while not stop.is_set():
            try:
                handful.append(next(events))
            except StopIteration:
                break
            except Exception:
                if handful:
                    yield tuple(handful)
                raise
            if clock() >= due:
                yield tuple(handful)
                handful.clear()
                due = clock() + HANDFUL_S
    finally:
        if isinstance(events, Generator):
            events.close()  # files: whatever was begun is complete and in the journal after this
    if handful:
        yield tuple(handful)
