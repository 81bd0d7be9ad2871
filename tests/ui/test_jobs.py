"""The bridge between the window's thread and the engine thread."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.errors import FolderError
from clipsorter.ui.jobs import Job, JobRunner, Lane

WAIT = 5.0  # seconds until a gate that nobody opened fails its test


class Recorder:
    """What the runner said, in order."""

    def __init__(self, runner: JobRunner) -> None:
        self.events: list[object] = []
        self.errors: list[Exception] = []
        self.finished: list[Job] = []
        runner.stepped.connect(lambda job, event: self.events.append(event))
        runner.failed.connect(lambda job, error: self.errors.append(error))
        runner.finished.connect(self.finished.append)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    runner.close()


@pytest.fixture
def heard(runner: JobRunner) -> Recorder:
    return Recorder(runner)


class Gate:
    """Holds the engine thread inside a step until the test lets it go."""

    def __init__(self) -> None:
        self._entered = threading.Event()
        self._opened = threading.Event()

    def hold(self) -> None:
        self._entered.set()
        assert self._opened.wait(WAIT)

    def wait_until_held(self) -> None:
        assert self._entered.wait(WAIT)

    def open(self) -> None:
        self._opened.set()


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


def test_a_cancelled_job_is_closed_and_never_heard_of_again(qtbot: QtBot, runner: JobRunner, heard: Recorder) -> None:
    gate = Gate()
    log: list[str] = []

    def steps() -> Iterator[object]:
        try:
            gate.hold()
            yield "too late"
            log.append("ran on")
        finally:
            log.append("closed")

    runner.start(Lane.WORK, steps)
    gate.wait_until_held()
    runner.cancel(Lane.WORK)
    gate.open()
    with qtbot.waitSignal(runner.finished):  # a later job's end proves that all earlier reports have been delivered
        runner.start(Lane.QUERY, lambda: iter(["answer"]))
    assert log == ["closed"]
    assert heard.events == ["answer"]


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


def test_a_paused_job_can_be_cancelled(qtbot: QtBot, runner: JobRunner) -> None:
    gate = Gate()
    closed = threading.Event()

    def steps() -> Iterator[object]:
        try:
            gate.hold()
            yield 1
            yield 2
        finally:
            closed.set()

    runner.start(Lane.WORK, steps)
    gate.wait_until_held()
    runner.pause(Lane.WORK)
    gate.open()
    runner.cancel(Lane.WORK)
    assert closed.wait(WAIT)


def test_an_error_for_the_person_is_reported_without_a_traceback(
    qtbot: QtBot, runner: JobRunner, heard: Recorder, tmp_path: object, caplog: pytest.LogCaptureFixture
) -> None:
    def steps() -> Iterator[object]:
        yield "batch"
        raise FolderError(None, "Gone.")  # type: ignore[arg-type]

    with qtbot.waitSignals([runner.failed, runner.finished], order="strict"):
        runner.start(Lane.WORK, steps)
    assert [str(error) for error in heard.errors] == ["Gone."]
    assert not caplog.records


def test_a_bug_is_reported_and_logged_and_the_thread_lives_on(
    qtbot: QtBot, runner: JobRunner, heard: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    with qtbot.waitSignal(runner.failed):
        runner.start(Lane.WORK, lambda: iter([1 / 0]))
    assert "ZeroDivisionError" in caplog.text
    with qtbot.waitSignal(runner.finished):
        runner.start(Lane.WORK, lambda: iter(["next"]))
    assert heard.events == ["next"]


def test_a_job_that_fails_to_close_does_not_stop_the_engine(
    qtbot: QtBot, runner: JobRunner, heard: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()

    def bad() -> Iterator[object]:
        try:
            gate.hold()
            yield 1
        finally:
            raise OSError("disk gone")

    runner.start(Lane.WORK, bad)
    gate.wait_until_held()
    with qtbot.waitSignal(runner.finished):
        runner.start(Lane.WORK, lambda: iter(["next"]))
        gate.open()
    assert heard.events == ["next"]
    assert "failed while closing" in caplog.text


def test_close_cancels_work_finishes_saves_and_then_does_the_last_thing(qapp: QApplication) -> None:
    runner = JobRunner()
    gate = Gate()
    log: list[str] = []
    threads: list[threading.Thread] = []

    def endless() -> Iterator[object]:
        try:
            gate.hold()
            while True:
                yield
        finally:
            log.append("work closed")

    def save(name: str) -> Iterator[object]:
        yield
        log.append(name)

    def last() -> None:
        log.append("engine closed")
        threads.append(threading.current_thread())

    runner.start(Lane.WORK, endless)
    gate.wait_until_held()
    runner.start(Lane.SAVE, lambda: save("first saved"))
    runner.start(Lane.SAVE, lambda: save("second saved"))
    gate.open()
    runner.close(last)
    assert log == ["work closed", "first saved", "second saved", "engine closed"]
    assert threads[0] is not threading.main_thread()
    assert not threads[0].is_alive()


def test_close_ends_a_paused_job(qapp: QApplication) -> None:
    runner = JobRunner()
    closed: list[bool] = []
    gate = Gate()

    def steps() -> Iterator[object]:
        try:
            gate.hold()
            yield
        finally:
            closed.append(True)

    runner.start(Lane.WORK, steps)
    gate.wait_until_held()
    runner.pause(Lane.WORK)
    gate.open()
    runner.close()
    assert closed == [True]


def test_close_is_safe_twice_and_without_any_job(qapp: QApplication) -> None:
    runner = JobRunner()
    runner.close()
    runner.close()
    with pytest.raises(RuntimeError):
        runner.start(Lane.QUERY, lambda: iter([]))


def test_nothing_is_delivered_after_close(qtbot: QtBot) -> None:
    runner = JobRunner()
    heard = Recorder(runner)
    runner.start(Lane.SAVE, lambda: iter(["saved"]))
    runner.close()
    other = JobRunner()
    with qtbot.waitSignal(other.finished):
        other.start(Lane.QUERY, lambda: iter([]))
    other.close()
    assert heard.events == []


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
