"""The session turns wishes into jobs and events into state."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from clipsorter.columns import Digests
from clipsorter.engine.events import EntryFailed, PhotoFailed
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.tuning import Tuned
from clipsorter.errors import CacheDamagedError, CategoryError, EncoderDiedError, FolderError, StoreError
from clipsorter.ui.footer import Phase
from clipsorter.ui.history import Learned
from clipsorter.ui.jobs import JobRunner, Lane
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


def test_a_board_that_came_with_more_photos_is_told_from_one_that_was_asked_for(
    qtbot: QtBot, sorted_session: Session
) -> None:
    assert sorted_session.is_unasked  # the last photos have come in
    with qtbot.waitSignal(sorted_session.ranked):
        sorted_session.rank()
    assert not sorted_session.is_unasked


def test_opening_reads_what_the_library_remembers(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignals([session.opened, session.categories_changed]):
        session.open()
    assert session.recent == (Path("/older"),)
    assert session.categories == CATS_AND_DOGS


def test_a_category_typed_before_the_library_was_read_is_added_to_what_is_there(
    qtbot: QtBot, session: Session, engine: FakeEngine
) -> None:
    session.add_categories("beach")
    assert engine.calls("save_categories") == []
    session.open()
    qtbot.waitUntil(lambda: names(session) == ["cat", "dog", "beach"])
    settle(qtbot, session)
    assert engine.calls("save_categories") == [(("cat", "dog", "beach"), {})]


def test_another_model_brings_its_own_cutoffs(qtbot: QtBot, sorted_session: Session) -> None:
    tuned = (Category("cat", cutoff=0.9), Category("dog"))
    with qtbot.waitSignal(sorted_session.opened):
        sorted_session.change_engine(lambda: FakeEngine(remembered=tuned))
    assert sorted_session.categories == tuned


def test_a_category_that_comes_back_after_the_model_changed_has_its_cutoff_for_the_new_one(
    qtbot: QtBot, sorted_session: Session
) -> None:
    session = sorted_session
    session.remove_category("dog")
    other = FakeEngine(remembered=(Category("cat"),))
    other.tuned_to, other.cutoffs = "new", {"dog": 0.7}
    with qtbot.waitSignal(session.opened):
        session.change_engine(lambda: other)
    session.undo()
    assert session.categories == (Category("cat"), Category("dog", cutoff=0.7))
    settle(qtbot, session)


def test_the_model_that_answers_brings_its_own_strictness_and_cutoffs(
    qtbot: QtBot, sorted_session: Session, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = engine.rank

    def rank(folder: Path, request: RankRequest) -> Iterator[object]:
        yield Tuned("older", 0.9, {"cat": 0.7})
        yield from plain(folder, request)

    monkeypatch.setattr(engine, "rank", rank)
    with qtbot.waitSignals([sorted_session.strictness_changed, sorted_session.categories_changed]):
        sorted_session.rank()
    assert sorted_session.categories == (Category("cat", cutoff=0.7), Category("dog"))
    request = sorted_session.request
    assert (request.strictness, request.tuned_to) == (0.9, "older")
    assert not engine.calls("save_categories")
    settle(qtbot, sorted_session)


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


def test_a_decision_moves_the_photo_and_undo_and_redo_follow(
    qtbot: QtBot, sorted_session: Session, engine: FakeEngine
) -> None:
    session = sorted_session
    heard: list[Learned] = []
    session.learned.connect(heard.append)
    photo = np.array([1], np.int64)

    def bin_of_photo() -> str | None:
        assert session.board is not None
        return next(bin_.name for bin_ in session.board.bins if 1 in bin_.photo_ids)

    assert bin_of_photo() == "dog"
    session.decide(photo, "cat")
    qtbot.waitUntil(lambda: bin_of_photo() == "cat")
    assert [decision.bin for decision in engine.batches[0]] == ["cat"]
    assert [one.moves for one in heard] == [1]
    assert session.can_undo
    session.undo()
    qtbot.waitUntil(lambda: bin_of_photo() == "dog")
    assert engine.calls("undo") == [(1,)]
    session.redo()
    qtbot.waitUntil(lambda: bin_of_photo() == "cat")
    assert engine.calls("redo") == [(1,)]
    assert not session.can_redo
    assert len(heard) == 1


def test_two_photos_of_one_content_are_one_decision(sorted_session: Session, engine: FakeEngine) -> None:
    assert sorted_session.collection is not None
    twin = sorted_session.collection.digests[0]
    object.__setattr__(
        sorted_session.collection, "digests", Digests.of((twin, twin, *sorted_session.collection.digests[2:]))
    )
    sorted_session.decide(np.array([1, 2], np.int64), "cat")
    sorted_session.close()
    assert [decision.digest for decision in engine.batches[0]] == [twin]


def test_a_decision_that_could_not_be_stored_cannot_be_undone(
    qtbot: QtBot, sorted_session: Session, engine: FakeEngine
) -> None:
    engine.fail_with["decide"] = StoreError("Disk full.")
    with qtbot.waitSignal(sorted_session.failed):
        sorted_session.decide(np.array([1], np.int64), "cat")
    assert not sorted_session.can_undo


def test_decisions_are_stored_even_when_the_window_closes_at_once(sorted_session: Session, engine: FakeEngine) -> None:
    for number in range(1, 6):
        sorted_session.decide(np.array([number], np.int64), "cat")
    sorted_session.close()
    assert len(engine.batches) == 5
    assert engine.closed


@pytest.mark.parametrize("typed", ["bird, fish", "bird，fish", "bird、fish", " bird ,, fish , CAT "])
def test_several_categories_at_once_without_doubles(sorted_session: Session, typed: str) -> None:
    sorted_session.add_categories(typed)
    assert names(sorted_session) == ["cat", "dog", "bird", "fish"]


def test_phrases_travel_with_a_suggested_category(sorted_session: Session) -> None:
    sorted_session.add_categories("海滩", ("a beach",))
    assert sorted_session.categories[-1] == Category("海滩", phrases=("a beach",))


def test_renaming_carries_the_decisions_along_and_back(
    qtbot: QtBot, sorted_session: Session, engine: FakeEngine
) -> None:
    session = sorted_session
    session.rename_category("cat", "  our   cat ")
    assert names(session) == ["our cat", "dog"]
    session.undo()
    assert names(session) == ["cat", "dog"]
    session.redo()
    assert names(session) == ["our cat", "dog"]
    settle(qtbot, session)
    assert [call[1] for call in engine.calls("save_categories")] == [
        {"cat": "our cat"},
        {"our cat": "cat"},
        {"cat": "our cat"},
    ]


@pytest.mark.parametrize("name", ["", "   ", "DOG"])
def test_a_name_that_is_empty_or_taken_is_refused(qtbot: QtBot, sorted_session: Session, name: str) -> None:
    with qtbot.waitSignal(sorted_session.failed) as failed:
        sorted_session.rename_category("cat", name)
    assert isinstance(failed.args[0], CategoryError)
    assert names(sorted_session) == ["cat", "dog"]


def test_a_name_may_change_its_case(sorted_session: Session) -> None:
    sorted_session.rename_category("cat", "Cat")
    assert names(sorted_session) == ["Cat", "dog"]


def test_removing_and_reordering_can_be_undone(sorted_session: Session) -> None:
    session = sorted_session
    session.reorder_categories(["dog", "cat"])
    session.remove_category("dog")
    assert names(session) == ["cat"]
    session.undo()
    session.undo()
    assert names(session) == ["cat", "dog"]
    assert not session.can_undo


def test_an_order_that_lost_a_name_is_ignored(sorted_session: Session) -> None:
    sorted_session.reorder_categories(["dog"])
    assert names(sorted_session) == ["cat", "dog"]


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


def test_undoing_at_once_what_could_not_be_stored_is_no_second_error(
    qtbot: QtBot, sorted_session: Session, engine: FakeEngine
) -> None:
    heard: list[Exception] = []
    sorted_session.failed.connect(heard.append)
    engine.fail_with["decide"] = StoreError("The disk is full.")
    sorted_session.decide(np.array([1, 2], np.int64), "cat")
    sorted_session.undo()
    sorted_session.redo()
    settle(qtbot, sorted_session)
    assert [str(error) for error in heard] == ["The disk is full."]
    assert engine.calls("undo") == engine.calls("redo") == []
    assert not sorted_session.can_undo
    assert not sorted_session.can_redo


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
