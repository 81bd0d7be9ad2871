"""Which job goes first, and what is dropped, between the window’s thread and the engine thread."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from clipsorter.ui.jobs import JobRunner, Lane
from tests.ui.jobs.conftest import Gate, Recorder


def test_steps_arrive_in_order_and_then_the_end(qtbot: QtBot, runner: JobRunner, heard: Recorder) -> None:
    with qtbot.waitSignal(runner.finished):
        job = runner.start(Lane.WORK, lambda: iter([1, 2, 3]))
    assert heard.events == [1, 2, 3]
    assert heard.finished == [job]
    assert not runner.is_busy(Lane.WORK)


def test_generators_are_made_pumped_and_closed_on_one_other_thread(qtbot: QtBot, runner: JobRunner) -> None:
    threads: list[threading.Thread] = []
    gate = Gate()

    def make() -> Iterator[object]:
        threads.append(threading.current_thread())
        return steps()

    def steps() -> Iterator[object]:
        try:
            threads.append(threading.current_thread())
            gate.hold()
            yield
        finally:
            threads.append(threading.current_thread())

    runner.start(Lane.WORK, make)
    gate.wait_until_held()
    runner.cancel(Lane.WORK)
    gate.open()
    qtbot.waitUntil(lambda: len(threads) == 3)
    assert len(set(threads)) == 1
    assert threads[0] is not threading.main_thread()


def test_the_newest_job_wins_its_lane_after_the_old_one_is_closed(
    qtbot: QtBot, runner: JobRunner, heard: Recorder
) -> None:
    gate = Gate()
    order: list[str] = []

    def old() -> Iterator[object]:
        try:
            gate.hold()
            yield "old"
        finally:
            order.append("old closed")

    def new() -> Iterator[object]:
        order.append("new starts")
        yield "new"

    runner.start(Lane.QUERY, old)
    gate.wait_until_held()
    with qtbot.waitSignal(runner.finished):
        runner.start(Lane.QUERY, new)
        gate.open()
    assert heard.events == ["new"]
    assert order == ["old closed", "new starts"]


def test_a_query_is_answered_between_two_batches_and_a_save_before_it(
    qtbot: QtBot, runner: JobRunner, heard: Recorder
) -> None:
    gate = Gate()

    def work() -> Iterator[object]:
        gate.hold()
        yield "batch 1"
        yield "batch 2"

    runner.start(Lane.WORK, work)
    gate.wait_until_held()
    runner.start(Lane.QUERY, lambda: iter(["ranked"]))
    runner.start(Lane.SAVE, lambda: iter(["saved"]))
    gate.open()
    qtbot.waitUntil(lambda: len(heard.finished) == 3)
    assert heard.events == ["batch 1", "saved", "ranked", "batch 2"]


def test_a_job_that_only_waits_gives_every_other_step_to_the_next_lane(
    qtbot: QtBot, runner: JobRunner, heard: Recorder
) -> None:
    class Waiting(str):
        """A step in which nothing could be done."""

    def work() -> Iterator[object]:
        gate.hold()
        yield from ("walk 1", "walk 2", Waiting("work waits"), "walk 3", "walk 4")

    gate = Gate()
    runner.give_way_on(Waiting)
    runner.start(Lane.WORK, work)
    gate.wait_until_held()
    answer = [Waiting("query waits 1"), Waiting("query waits 2"), Waiting("query waits 3"), "ranked", "told"]
    runner.start(Lane.QUERY, lambda: iter(answer))
    gate.open()
    qtbot.waitUntil(lambda: len(heard.finished) == 2)
    assert heard.events == [
        "walk 1",
        "query waits 1",
        "walk 2",
        "query waits 2",
        "work waits",
        "query waits 3",
        "walk 3",
        "ranked",
        "told",
        "walk 4",
    ]


def test_a_waiting_job_goes_on_at_once_where_no_other_lane_has_anything_to_do(
    qtbot: QtBot, runner: JobRunner, heard: Recorder
) -> None:
    runner.give_way_on(int)
    runner.pause(Lane.WORK)
    runner.start(Lane.WORK, lambda: iter(["batch"]))
    with qtbot.waitSignal(runner.finished):
        runner.start(Lane.QUERY, lambda: iter([1, 2, "ranked"]))
    assert heard.events == [1, 2, "ranked"]


def test_saves_are_a_queue_of_which_none_is_dropped(qtbot: QtBot, runner: JobRunner, heard: Recorder) -> None:
    gate = Gate()

    def slow() -> Iterator[object]:
        gate.hold()
        yield "first"

    jobs = [runner.start(Lane.SAVE, slow)]
    jobs += [runner.start(Lane.SAVE, lambda name=name: iter([name])) for name in ("second", "third")]  # type: ignore[misc]
    gate.open()
    qtbot.waitUntil(lambda: len(heard.finished) == 3)
    assert heard.events == ["first", "second", "third"]
    assert heard.finished == jobs


def test_saves_can_be_neither_cancelled_nor_paused(runner: JobRunner) -> None:
    with pytest.raises(ValueError, match="never dropped"):
        runner.cancel(Lane.SAVE)
    with pytest.raises(ValueError, match="without delay"):
        runner.pause(Lane.SAVE)


def test_a_paused_lane_waits_while_others_go_on(qtbot: QtBot, runner: JobRunner, heard: Recorder) -> None:
    runner.pause(Lane.WORK)
    runner.start(Lane.WORK, lambda: iter(["batch"]))
    with qtbot.waitSignal(runner.finished):
        runner.start(Lane.QUERY, lambda: iter(["ranked"]))
    assert heard.events == ["ranked"]
    assert runner.is_busy(Lane.WORK)
    with qtbot.waitSignal(runner.finished):
        runner.resume(Lane.WORK)
    assert heard.events == ["ranked", "batch"]
