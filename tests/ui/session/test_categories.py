"""The session edits the list of categories, and every edit can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from clipsorter.engine.requests import RankRequest
from clipsorter.engine.tuning import Tuned
from clipsorter.errors import CategoryError
from clipsorter.ui.session import Session
from clipsorter.values import Category
from tests.ui.fake_engine import FakeEngine
from tests.ui.session.conftest import names, settle


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
