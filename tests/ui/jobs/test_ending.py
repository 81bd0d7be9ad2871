"""Jobs that are cancelled, that fail, and the end of all of them."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.errors import FolderError
from clipsorter.ui.jobs import JobRunner, Lane
from tests.ui.jobs.conftest import WAIT, Gate, Recorder


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
