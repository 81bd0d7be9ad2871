"""The session stores decisions, and undo and redo follow them."""

import numpy as np
from pytestqt.qtbot import QtBot

from clipsorter.columns import Digests
from clipsorter.errors import StoreError
from clipsorter.ui.moves import Learned
from clipsorter.ui.session import Session
from tests.ui.fake_engine import FakeEngine
from tests.ui.session.conftest import settle


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
