"""A session over an engine of the tests' own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from clipsorter.ui.jobs import JobRunner, Lane
from clipsorter.ui.progress import Phase
from clipsorter.ui.session import Session
from clipsorter.values import Category
from tests.ui.fake_engine import FakeEngine

FOLDER = Path("/photos")
CATS_AND_DOGS = (Category("cat"), Category("dog"))


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(remembered=CATS_AND_DOGS, folders=(Path("/older"),))


@pytest.fixture
def session(qtbot: QtBot, engine: FakeEngine) -> Iterator[Session]:
    session = Session(lambda: engine, JobRunner())
    yield session
    session.close()
    assert engine.closed or not engine.asked


@pytest.fixture
def sorted_session(qtbot: QtBot, session: Session) -> Session:
    """The folder is open, all its photos are on the board."""
    with qtbot.waitSignal(session.opened):
        session.open()
    session.open_folder(FOLDER)
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE and photos_on(session) == 12)
    return session


def photos_on(session: Session) -> int:
    return sum(len(bin_) for bin_ in session.board.bins) if session.board else 0


def names(session: Session) -> list[str]:
    return [category.name for category in session.categories]


def settle(qtbot: QtBot, session: Session) -> None:
    """Wait until the engine thread has nothing more to say."""
    runner = session.runner
    qtbot.waitUntil(lambda: not any(runner.is_busy(lane) for lane in Lane))
