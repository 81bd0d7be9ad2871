"""What a sheet hears of a run: soon at first, then in handfuls."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from clipsorter.ui.filing.desk import HANDFUL_S, gathered


def ticking() -> Iterator[float]:
    """A clock that goes on by a fifth of a handful whenever it is read."""
    return (tick * HANDFUL_S / 5 for tick in count())


def test_the_first_event_is_told_at_once_and_the_rest_in_handfuls() -> None:
    told = list(gathered(iter(range(30)), threading.Event(), clock=ticking().__next__))
    assert [event for handful in told for event in handful] == list(range(30))
    assert told[0] == (0,)
    assert min(len(handful) for handful in told[1:-1]) >= 4


def test_what_was_gathered_is_told_before_an_error() -> None:
    def failing() -> Iterator[int]:
        yield from range(3)
        raise OSError("gone")

    told = gathered(failing(), threading.Event(), clock=lambda: 0.0)
    assert [next(told), next(told)] == [(0,), (1, 2)]
    with pytest.raises(OSError, match="gone"):
        next(told)


def test_a_stop_ends_it_between_two_events_and_closes_what_was_asked() -> None:
    stop, closed = threading.Event(), []

    def endless() -> Iterator[int]:
        try:
            yield from count()
        finally:
            closed.append(True)

    events = endless()  # held here, so that nothing but the desk closes it
    told = gathered(events, stop, clock=ticking().__next__)
    assert next(told) == (0,)
    stop.set()
    assert list(told) == []
    assert closed == [True]
