"""A runner, what it said, and a gate that holds its thread."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from clipsorter.ui.jobs import Job, JobRunner

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
