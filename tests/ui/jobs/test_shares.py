"""A lane that is held to a share of the time rests between its steps."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.ui.jobs import JobRunner, Lane
from tests.ui.jobs.conftest import WAIT, Recorder


class Clock:
    """Time that passes only when a step says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def slow_steps(clock: Clock, count: int) -> Iterator[object]:
    for number in range(count):
        clock.now += 2.0
        yield number


def test_a_lane_held_to_a_share_rests_while_the_others_go_on(qtbot: QtBot, qapp: QApplication) -> None:
    clock = Clock()
    runner = JobRunner(clock=clock)
    heard = Recorder(runner)
    runner.set_share(Lane.WORK, 0.5)
    with qtbot.waitSignal(runner.stepped):
        work = runner.start(Lane.WORK, lambda: slow_steps(clock, 3))
    with qtbot.waitSignal(runner.finished):
        query = runner.start(Lane.QUERY, lambda: iter(["answer"]))
    assert heard.events == [0, "answer"]  # the work still rests: no time has passed
    assert heard.finished == [query]
    with qtbot.waitSignal(runner.finished):
        runner.set_share(Lane.WORK, 1.0)  # ends the rest at once
    assert heard.events == [0, "answer", 1, 2]
    assert heard.finished == [query, work]
    runner.close()


def test_a_rest_ends_by_itself(
    qtbot: QtBot, runner: JobRunner, heard: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clipsorter.ui.duty_cycle.SLICE_SECONDS", 0.0)
    runner.set_share(Lane.WORK, 0.5)
    with qtbot.waitSignal(runner.finished):
        runner.start(Lane.WORK, lambda: iter(range(5)))
    assert heard.events == [0, 1, 2, 3, 4]


def test_a_resting_lane_can_be_cancelled_and_closed(qtbot: QtBot, qapp: QApplication) -> None:
    clock = Clock()
    runner = JobRunner(clock=clock)
    closed = threading.Event()

    def steps() -> Iterator[object]:
        try:
            yield from slow_steps(clock, 100)
        finally:
            closed.set()

    runner.set_share(Lane.WORK, 0.5)
    with qtbot.waitSignal(runner.stepped):
        runner.start(Lane.WORK, steps)
    runner.cancel(Lane.WORK)
    assert closed.wait(WAIT)
    clock.now += 60.0
    with qtbot.waitSignal(runner.stepped):
        runner.start(Lane.WORK, lambda: slow_steps(clock, 100))
    runner.close()


@pytest.mark.parametrize("lane", [Lane.SAVE, Lane.QUERY])
def test_only_background_work_may_be_slowed_down(runner: JobRunner, lane: Lane) -> None:
    with pytest.raises(ValueError, match="background"):
        runner.set_share(lane, 0.5)
