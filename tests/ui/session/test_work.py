"""The session turns wishes into jobs and events into state."""

import threading
from collections.abc import Iterator
from pathlib import Path

from pytestqt.qtbot import QtBot

from clipsorter.engine.events import EntryFailed, PhotoFailed
from clipsorter.errors import CacheDamagedError, EncoderDiedError, FolderError
from clipsorter.ui.jobs import JobRunner
from clipsorter.ui.progress import Phase
from clipsorter.ui.session import Session
from tests.ui.fake_engine import FakeEngine
from tests.ui.session.conftest import CATS_AND_DOGS, FOLDER, photos_on, settle


def test_a_board_that_came_with_more_photos_is_told_from_one_that_was_asked_for(
    qtbot: QtBot, sorted_session: Session
) -> None:
    assert sorted_session.is_unasked  # the last photos have come in
    with qtbot.waitSignal(sorted_session.ranked):
        sorted_session.rank()
    assert not sorted_session.is_unasked


def test_the_model_is_named_before_it_has_anything_to_do(qtbot: QtBot, session: Session) -> None:
    session.open()
    qtbot.waitUntil(lambda: session.progress.model == "fake")
    assert session.progress.phase is Phase.IDLE


def test_opening_reads_what_the_library_remembers(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignals([session.opened, session.categories_changed]):
        session.open()
    assert session.recent == (Path("/older"),)
    assert session.categories == CATS_AND_DOGS


def test_a_folder_is_indexed_and_its_photos_reach_the_board(sorted_session: Session, engine: FakeEngine) -> None:
    assert engine.calls("index") == [(FOLDER,)]
    assert sorted_session.recent == (FOLDER, Path("/older"))
    assert sorted_session.progress.device == "CPU"
    assert (sorted_session.progress.done, sorted_session.progress.total) == (12, 12)


def test_failed_photos_and_folders_are_gathered(qtbot: QtBot, session: Session, engine: FakeEngine) -> None:
    engine.failures = (
        PhotoFailed(FOLDER / "x.jpg", "Damaged.", refused=False),
        EntryFailed(FOLDER / "private", "You have no permission to look into this folder."),
    )
    session.open_folder(FOLDER)
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE)
    assert [failure.path.name for failure in session.failures] == ["x.jpg", "private"]
    assert session.progress.failed == 2


def test_a_search_and_the_strictness_reach_the_engine(
    qtbot: QtBot, sorted_session: Session, engine: FakeEngine
) -> None:
    sorted_session.search("photo-3")
    qtbot.waitUntil(lambda: photos_on(sorted_session) == 1)
    sorted_session.set_strictness(0.8)
    qtbot.waitUntil(lambda: engine.requests[-1].strictness == 0.8)
    assert engine.requests[-1].query == "photo-3"
    assert engine.calls("save_strictness") == [(0.8,)]


def test_photos_come_onto_the_board_while_others_are_looked_at(
    qtbot: QtBot, session: Session, engine: FakeEngine
) -> None:
    paused = threading.Event()

    def before(number: int) -> None:
        assert number == 0 or paused.wait(5)

    def on_progress() -> None:
        if session.progress.done == 4 and not paused.is_set():
            session.pause()
            paused.set()

    engine.before_batch = before
    session.progressed.connect(on_progress)
    session.open_folder(FOLDER)
    qtbot.waitUntil(lambda: photos_on(session) == 8)  # the batch under way when the pause came is finished
    session.resume()
    qtbot.waitUntil(lambda: photos_on(session) == 12)


def test_cancelling_keeps_what_is_done(qtbot: QtBot, session: Session, engine: FakeEngine) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def before(number: int) -> None:
        if number == 1:
            reached.set()
            assert go_on.wait(5)

    engine.before_batch = before
    session.open_folder(FOLDER)
    assert reached.wait(5)
    session.cancel()
    go_on.set()
    assert session.progress.phase is Phase.CANCELLED
    qtbot.waitUntil(lambda: photos_on(session) > 0)
    settle(qtbot, session)
    assert session.progress.phase is Phase.CANCELLED
    assert photos_on(session) < 12


def test_pause_holds_the_run_and_resume_finishes_it(qtbot: QtBot, session: Session, engine: FakeEngine) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def before(number: int) -> None:
        if number == 1:
            reached.set()
            assert go_on.wait(5)

    engine.before_batch = before
    session.open_folder(FOLDER)
    assert reached.wait(5)
    session.pause()
    go_on.set()
    qtbot.waitUntil(lambda: session.progress.done == 8)
    assert session.progress.phase is Phase.PAUSED
    session.resume()
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE)


def test_a_folder_that_is_gone_is_one_error_and_stops_the_run(
    qtbot: QtBot, session: Session, engine: FakeEngine
) -> None:
    engine.fail_with["index"] = FolderError(FOLDER, "Gone.")
    with qtbot.waitSignal(session.failed) as failed:
        session.open_folder(FOLDER)
    assert str(failed.args[0]) == "Gone."
    assert session.progress.phase is Phase.STOPPED


def test_a_damaged_cache_is_told_and_the_folder_looked_at_again(
    qtbot: QtBot, sorted_session: Session, engine: FakeEngine
) -> None:
    settle(qtbot, sorted_session)
    engine.fail_with["rank"] = CacheDamagedError("Put aside.")
    with qtbot.waitSignal(sorted_session.failed) as failed:
        sorted_session.rank()
    assert isinstance(failed.args[0], CacheDamagedError)
    engine.fail_with.clear()
    qtbot.waitUntil(lambda: sorted_session.progress.phase is Phase.DONE)
    assert photos_on(sorted_session) > 0


def test_another_folder_forgets_the_board_of_the_first(qtbot: QtBot, sorted_session: Session) -> None:
    sorted_session.open_folder(Path("/other"))
    assert sorted_session.board is None
    assert sorted_session.collection is None
    qtbot.waitUntil(lambda: photos_on(sorted_session) == 12)
    assert sorted_session.recent[:2] == (Path("/other"), FOLDER)


def test_words_the_model_does_not_know_are_told_once(qtbot: QtBot, sorted_session: Session, engine: FakeEngine) -> None:
    told: list[str] = []
    sorted_session.failed.connect(lambda error: told.append(str(error)))
    engine.unknown = ("魑魅",)
    for phrase in ("a", "b"):
        with qtbot.waitSignal(sorted_session.ranked):
            sorted_session.search(phrase)
    settle(qtbot, sorted_session)
    assert told == ["魑魅"]


def test_closing_and_changing_the_model_do_not_wait_for_an_encoder_that_hangs(qtbot: QtBot) -> None:
    engine, next_one = HangingEngine(), FakeEngine()
    session = Session(lambda: engine, JobRunner())
    session.open_folder(FOLDER)
    assert engine.hangs.wait(20)
    session.change_engine(lambda: next_one)
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE)
    assert engine.closed
    assert ("index", FOLDER) in next_one.asked
    hanging = HangingEngine()
    session.change_engine(lambda: hanging)
    assert hanging.hangs.wait(20)
    session.close()  # would wait for ever
    assert hanging.closed


class HangingEngine(FakeEngine):
    """Its model never answers, until it is told that nobody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = threading.Event()
        self.let_go = threading.Event()

    def index(self, folder: Path) -> Iterator[object]:
        self.hangs.set()
        self.let_go.wait()
        raise EncoderDiedError("closed")
        yield

    def abandon(self) -> None:
        self.let_go.set()
