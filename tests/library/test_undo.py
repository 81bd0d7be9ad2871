"""Random deciding, undoing and redoing against a model that keeps whole states."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from clipsorter.library.deciding import Change, changes_between, decided, replayed
from clipsorter.library.library import Library
from clipsorter.values import Decision
from tests.library.builders import digest

DIGESTS = [digest(number) for number in range(3)]
BINS = ["dog", "beach", "city"]
decisions = st.one_of(
    st.builds(Decision, st.sampled_from(DIGESTS), st.sampled_from([*BINS, None]), st.just("yes")),
    st.builds(Decision, st.sampled_from(DIGESTS), st.sampled_from(BINS), st.just("no")),
)
State = frozenset[Decision]


def after(state: State, batch: list[Decision]) -> State:
    """The words of the specification, one by one."""
    for word in batch:
        state = frozenset(
            other
            for other in state
            if other.digest != word.digest
            or not (other.bin == word.bin or (other.verdict == "yes" and word.verdict == "yes"))
        ) | {word}
    return state


class UndoMachine(RuleBasedStateMachine):
    """Undo and redo as a window does them: a stack, and restarts in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "library.db"
        self.library = Library.open(self.path)
        self.states: list[State] = [frozenset()]
        self.batches: list[int] = []
        self.position = 0  # batches standing

    @rule(batch=st.lists(decisions, max_size=5))
    def decide(self, batch: list[Decision]) -> None:
        del self.states[self.position + 1 :], self.batches[self.position :]
        self.batches.append(self.library.decide(batch))
        self.states.append(after(self.states[self.position], batch))
        self.position += 1

    @precondition(lambda self: self.position > 0)
    @rule()
    def undo(self) -> None:
        self.position -= 1
        self.library.undo(self.batches[self.position])

    @precondition(lambda self: self.position < len(self.batches))
    @rule()
    def redo(self) -> None:
        self.library.redo(self.batches[self.position])
        self.position += 1

    @rule()
    def restart(self) -> None:
        self.library.close()
        self.library = Library.open(self.path)

    @invariant()
    def what_stands_is_what_stood(self) -> None:
        stored = self.library.decisions()
        assert {word for words in stored.values() for word in words} == self.states[self.position]
        assert all(word.digest == key for key, words in stored.items() for word in words)

    def teardown(self) -> None:
        self.library.close()
        self.folder.cleanup()


UndoMachine.TestCase.settings = settings(max_examples=12, stateful_step_count=16, deadline=None)
TestUndo = UndoMachine.TestCase


@settings(max_examples=25, deadline=None)
@given(
    batches=st.lists(st.lists(decisions, min_size=1, max_size=3), min_size=1, max_size=6),
    order=st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=12),
)
def test_in_any_order_nobody_gets_two_homes_and_nothing_breaks(
    batches: list[list[Decision]], order: list[tuple[bool, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library.db") as library:
        numbers = [library.decide(batch) for batch in batches]
        for is_undo, position in order:
            number = numbers[position % len(numbers)]
            (library.undo if is_undo else library.redo)(number)
            for words in library.decisions().values():
                assert sum(word.verdict == "yes" for word in words) <= 1
                assert len({word.bin for word in words}) == len(words)


rows = st.dictionaries(st.integers(0, 4), st.just(False)).flatmap(
    lambda noes: st.one_of(st.just(noes), st.integers(0, 4).map(lambda home: {**noes, home: True}))
)
words = st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=6)


@given(before=rows, said=words, said_later=words)
def test_taking_back_touches_no_row_that_was_changed_later(
    before: dict[int, bool], said: list[tuple[int, bool]], said_later: list[tuple[int, bool]]
) -> None:
    middle = before
    for number, verdict in said:
        middle = decided(middle, number, verdict)
    now = middle
    for number, verdict in said_later:
        now = decided(now, number, verdict)
    result, took_place = replayed(now, [change.reversed() for change in changes_between(before, middle)])
    later = {change.bin for change in changes_between(middle, now)}
    assert not took_place & later
    assert {number: result.get(number) for number in later} == {number: now.get(number) for number in later}
    if not later:
        assert result == before


def test_a_home_is_not_entered_again_beside_a_newer_one() -> None:
    assert replayed({1: True}, [Change(0, None, True)]) == ({1: True}, frozenset())


def test_one_home_is_left_before_the_other_is_entered_however_they_were_logged() -> None:
    move = [Change(1, None, True), Change(0, True, None)]
    for logged in (move, move[::-1]):
        assert replayed({0: True}, logged) == ({1: True}, frozenset({0, 1}))
