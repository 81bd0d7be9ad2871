"""Coming back to the window looks at the folder again, and nothing is seen of it unless something is new."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.engine.events import Embedded, Indexed, PhotoFailed, Scanned
from clipsorter.errors import FolderError
from clipsorter.ui.coming_back import LEAST_REST, REST, ComingBack
from clipsorter.ui.jobs import JobRunner, Lane
from clipsorter.ui.progress import Phase
from clipsorter.ui.session import Session
from tests.ui.fake_engine import FakeEngine

FOLDER = Path("/photos")
DAMAGED = PhotoFailed(FOLDER / "damaged.jpg", "It is damaged.", refused=False)


class Folder(FakeEngine):
    """Twelve photos that are known, until ``coming``, ``gone`` or ``failing`` say more; a look takes ``seconds``."""

    coming = 0
    gone = 0
    failing: tuple[PhotoFailed, ...] = ()
    seconds = 0.0
    now = 100.0

    def index(self, folder: Path) -> Iterator[object]:
        if not self.shown:
            yield from super().index(folder)
            return
        self._ask("index", folder)
        known = self.photos - self.gone
        found = known + self.coming + len(self.failing)
        yield Scanned(found, 0, known, done=False)
        yield from self.failing
        yield Scanned(found, 0, known, done=True)
        if self.coming:
            self.photos += self.coming
            self.shown = self.photos
            yield Embedded(self.photos, self.photos, 8.0, None)
        self.now += self.seconds
        yield Indexed(found, self.coming, known, len(self.failing), 0, 1.0, self.coming + self.gone)


@pytest.fixture
def engine() -> Folder:
    return Folder()


@pytest.fixture
def session(qtbot: QtBot, engine: Folder) -> Iterator[Session]:
    """All photos are looked at."""
    session = Session(lambda: engine, JobRunner())
    with qtbot.waitSignal(session.opened):
        session.open()
    session.open_folder(FOLDER)
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE and not is_busy(session))
    engine.asked.clear()
    yield session
    session.close()


@pytest.fixture
def coming_back(session: Session, engine: Folder) -> Iterator[ComingBack]:
    parent = QObject()
    yield ComingBack(session, parent, clock=lambda: engine.now)
    parent.deleteLater()


def is_busy(session: Session) -> bool:
    return any(session.runner.is_busy(lane) for lane in Lane)


def come_back(qtbot: QtBot, session: Session) -> list[Phase]:
    """Switch to the program; the phases that were told of until all was quiet again."""
    phases: list[Phase] = []

    def note() -> None:
        phases.append(session.progress.phase)

    session.progressed.connect(note)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: not is_busy(session))
    session.progressed.disconnect(note)
    return phases


def test_nothing_new_is_not_seen(qtbot: QtBot, session: Session, engine: Folder, coming_back: ComingBack) -> None:
    board = session.board
    assert come_back(qtbot, session) == []
    assert engine.asked == [("index", FOLDER)]
    assert session.board is board


def test_new_photos_are_looked_at_and_shown(
    qtbot: QtBot, session: Session, engine: Folder, coming_back: ComingBack
) -> None:
    engine.coming = 3
    phases = come_back(qtbot, session)
    assert phases[0] is Phase.LOOKING
    assert phases[-1] is Phase.DONE
    assert session.progress.total == 15
    assert session.collection is not None
    assert len(session.collection) == 15
    assert session.is_unasked


def test_photos_that_went_leave_the_board(
    qtbot: QtBot, session: Session, engine: Folder, coming_back: ComingBack
) -> None:
    engine.gone = 2
    before = session.board
    assert Phase.LOOKING not in come_back(qtbot, session)
    assert session.progress.total == 10
    assert session.board is not before


def test_what_cannot_be_read_is_told_when_it_is_new(
    qtbot: QtBot, session: Session, engine: Folder, coming_back: ComingBack
) -> None:
    engine.failing = (DAMAGED,)
    with qtbot.waitSignal(session.progressed):  # numbers alone are told a little later
        come_back(qtbot, session)
    assert (session.failures, session.progress.failed) == ([DAMAGED], 1)
    engine.now += LEAST_REST
    assert come_back(qtbot, session) == []
    assert session.failures == [DAMAGED]


@pytest.mark.parametrize("lane", [Lane.WORK, Lane.FILING])
def test_work_under_way_is_left_alone(
    qtbot: QtBot, session: Session, engine: Folder, coming_back: ComingBack, lane: Lane
) -> None:
    session.runner.pause(lane)
    session.lend(lane, lambda engine: iter(()))
    session.look_quietly()
    session.runner.resume(lane)
    qtbot.waitUntil(lambda: not is_busy(session))
    assert engine.asked == []


def test_a_stopped_look_is_not_begun_again(
    qtbot: QtBot, session: Session, engine: Folder, coming_back: ComingBack
) -> None:
    session.look()
    session.cancel()
    qtbot.waitUntil(lambda: not is_busy(session))
    engine.asked.clear()
    assert come_back(qtbot, session) == []
    assert engine.asked == []


def test_a_folder_that_is_gone_is_told_once(
    qtbot: QtBot, session: Session, engine: Folder, coming_back: ComingBack
) -> None:
    engine.fail_with["index"] = FolderError(FOLDER, "There is no folder /photos.")
    told: list[Exception] = []
    session.failed.connect(told.append)
    assert come_back(qtbot, session) == [Phase.STOPPED]
    engine.now += LEAST_REST
    assert come_back(qtbot, session) == []
    assert len(told) == 1


def test_a_long_look_is_followed_by_a_long_rest(
    qtbot: QtBot, session: Session, engine: Folder, coming_back: ComingBack
) -> None:
    engine.seconds = 2.0
    come_back(qtbot, session)
    assert engine.asked == [("index", FOLDER)]
    engine.now += REST * 2.0 - 1
    come_back(qtbot, session)
    assert engine.asked == [("index", FOLDER)]
    engine.now += 1
    come_back(qtbot, session)
    assert engine.asked == [("index", FOLDER)] * 2
