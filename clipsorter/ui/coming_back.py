"""Photos that came, went or changed while the person was elsewhere are there when they come back to the window."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from clipsorter.ui.jobs import Job, Lane
from clipsorter.ui.session import Session

LEAST_REST = 3.0  # seconds between two looks: whoever switches to and fro has copied nothing in between
REST = 20  # times as long as a look took: at most a twentieth of the time goes into looking at what has not changed


class ComingBack(QObject):
    """Lets a session look again, unseen, each time the program comes to the front. Lives as long as ``parent``.

    Nothing is watched meanwhile: network drives tell nobody of changes, and a disk that sleeps is left asleep.
    """

    def __init__(self, session: Session, parent: QObject, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._session = session
        self._clock = clock
        self._began: float | None = None  # the look that was asked for here and goes on
        self._not_before = 0.0  # of the clock
        session.runner.finished.connect(self._rest)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        self._coming = application.applicationStateChanged.connect(self._look)

    def stop(self) -> None:
        """Look no more; to be said before the session is closed."""
        QObject.disconnect(self._coming)

    def _look(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive and self._clock() >= self._not_before:
            self._began = self._clock()
            self._session.look_quietly()

    def _rest(self, ended: Job) -> None:
        if ended.lane is Lane.WORK:
            now = self._clock()
            took = now - self._began if self._began is not None else 0.0
            self._began = None
            self._not_before = now + max(LEAST_REST, REST * took)
