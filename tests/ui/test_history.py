"""What can be undone, in order."""

import pytest

from clipsorter.ui.history import MOST_STEPS, DecisionChange, History, keep_cutoffs
from clipsorter.values import Category


def test_changes_come_back_newest_first_and_go_forward_again() -> None:
    history, first, second = History(), DecisionChange(1), DecisionChange(2)
    history.add(first)
    history.add(second)
    assert [history.take_back(), history.take_back()] == [second, first]
    assert not history.can_undo
    assert [history.put_back(), history.put_back()] == [first, second]
    assert not history.can_redo


def test_a_new_change_forgets_what_was_undone() -> None:
    history = History()
    history.add(DecisionChange(1))
    history.take_back()
    history.add(DecisionChange(2))
    assert not history.can_redo


def test_a_change_that_did_not_happen_is_forgotten_wherever_it_is() -> None:
    history, change = History(), DecisionChange(1)
    history.add(change)
    history.forget(change)
    assert not history.can_undo
    history.add(change)
    history.take_back()
    history.forget(change)
    assert not history.can_redo
    history.forget(change)


def test_the_oldest_changes_fall_out() -> None:
    history = History()
    for number in range(MOST_STEPS + 5):
        history.add(DecisionChange(number))
    kept = []
    while history.can_undo:
        kept.append(history.take_back())
    assert len(kept) == MOST_STEPS


def test_nothing_to_undo_is_an_error() -> None:
    with pytest.raises(IndexError):
        History().take_back()


def test_an_edit_that_is_taken_back_keeps_the_cut_offs_of_the_model_of_now() -> None:
    before = (Category("cat", cutoff=0.9), Category("gone", cutoff=0.8))
    now = (Category("tom", cutoff=0.3), Category("new", cutoff=0.2))
    assert keep_cutoffs(before, now, {"tom": "cat"}, {}) == (Category("cat", cutoff=0.3), Category("gone"))
    came_back = keep_cutoffs(before, now, {"tom": "cat"}, {"cat": 0.5, "gone": 0.6})
    assert came_back == (Category("cat", cutoff=0.3), Category("gone", cutoff=0.6))
