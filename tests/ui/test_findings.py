"""What is found in a folder besides its bins is asked for in turn, and nothing is lost."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from clipsorter.engine.duplicates import Duplicates, Group
from clipsorter.engine.exploring import SuggestedCategory
from clipsorter.engine.tuning import Tuned
from clipsorter.engine.vocabulary import Word
from clipsorter.ui import findings as module
from clipsorter.ui.findings import Findings
from clipsorter.ui.jobs import Job, JobRunner, Lane
from clipsorter.ui.progress import Phase
from clipsorter.ui.session import Session
from tests.ui.fake_engine import FakeEngine

FOLDER = Path("/photos")


@pytest.fixture
def engine() -> FakeEngine:
    engine = FakeEngine(photos=200)
    engine.suggested = (SuggestedCategory(Word("boat", "船"), 7, ("photo-1.jpg",), (f"{1:032x}",)),)
    engine.duplicates = Duplicates((Group(("photo-5.jpg", "photo-6.jpg"), "photo-5.jpg"),), ())
    return engine


@pytest.fixture
def session(qtbot: QtBot, engine: FakeEngine) -> Iterator[Session]:
    session = Session(lambda: engine, JobRunner())
    yield session
    session.close()


@pytest.fixture
def findings(session: Session) -> Findings:
    return Findings(session)


def begin(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.opened):
        session.open()
    session.open_folder(FOLDER)


def settle(qtbot: QtBot, session: Session) -> None:
    busy = session.runner.is_busy
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE and not any(busy(lane) for lane in Lane))


def test_of_all_photos_in_the_end_everything_is_found(qtbot: QtBot, session: Session, findings: Findings) -> None:
    begin(qtbot, session)
    settle(qtbot, session)
    assert findings.suggested.categories[0].count == 7
    assert len(findings.albums.folders[0].photo_ids) == 3
    assert findings.duplicates == 1


def test_what_is_asked_for_while_another_answer_is_on_its_way_waits(
    qtbot: QtBot, session: Session, findings: Findings, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = threading.Event(), threading.Event()
    suggest = engine.suggest

    def slow(folder: Path, limit: int) -> Iterator[object]:
        asked.set()
        go_on.wait(60)
        yield from suggest(folder, limit)

    monkeypatch.setattr(engine, "suggest", slow)
    begin(qtbot, session)
    qtbot.waitUntil(asked.is_set)
    findings.compare()  # as a person who opens the page
    go_on.set()
    settle(qtbot, session)
    assert findings.suggested.categories
    assert findings.albums.folders
    assert findings.duplicates == 1


def test_many_photos_are_compared_only_when_a_person_wants_it(
    qtbot: QtBot, session: Session, findings: Findings, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "UNASKED", 100)
    begin(qtbot, session)
    settle(qtbot, session)
    assert findings.duplicates is None
    findings.compare()
    settle(qtbot, session)
    assert findings.duplicates == 1
    findings.compare()
    settle(qtbot, session)
    assert len(engine.calls("find_duplicates")) == 1


def test_another_folder_begins_with_nothing(qtbot: QtBot, session: Session, findings: Findings) -> None:
    begin(qtbot, session)
    settle(qtbot, session)
    with qtbot.waitSignals([findings.suggested_changed, findings.albums_changed, findings.duplicates_changed]):
        session.open_folder(Path("/others"))
        assert findings.duplicates is None
        assert findings.albums.folders == ()
    settle(qtbot, session)
    assert findings.duplicates == 1


def test_another_model_is_asked_for_its_own_suggestions(
    qtbot: QtBot, session: Session, findings: Findings, engine: FakeEngine
) -> None:
    begin(qtbot, session)
    settle(qtbot, session)
    asked = len(engine.calls("suggest"))
    assert asked
    session._on_stepped(Job(Lane.QUERY, engine.open), Tuned("another", 0.5, {}))
    session.rank()
    settle(qtbot, session)
    assert len(engine.calls("suggest")) == asked + 1
