"""The one bridge between the window's thread and the engine thread.

The engine's work comes as generators. One background thread, the engine thread, makes and pumps them one step at a
time, always the most urgent lane first, so a search is answered between two batches of an index run and no engine
object ever needs a lock. What a superseded or cancelled job still reports is dropped in one place (``_on_reported``),
so nobody else ever asks whether a result is stale.

A job that can only wait says so with an event of a known kind (``give_way_on``); every other step then goes to the next
lane. So a folder is walked and decoded while a search waits for the model. A lane can be held to a share of the time
(``set_share``); it then rests between its steps, and nobody else does.
"""

import atexit
import logging
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterator
from enum import IntEnum

from PySide6.QtCore import QObject, Signal, Slot

from clipsorter.errors import ClipSorterError
from clipsorter.ui.duty_cycle import DutyCycle

logger = logging.getLogger(__name__)

MakeSteps = Callable[[], Iterator[object]]
Clock = Callable[[], float]  # seconds that only grow


class Lane(IntEnum):
    """Lower runs first."""

    SAVE = 0  # what a person made: a queue, nothing is ever dropped
    QUERY = 1  # the newest wins
    PHOTO = 2  # about the one photo that is looked at; the newest wins
    FILING = 3  # a person's files: one sheet at a time asks; the newest wins
    ASIDE = 4  # what nobody waits for but is soon done: suggestions, duplicates; the newest wins
    WORK = 5  # the newest wins


class Job:
    """One generator on its way through the engine thread; the token that signals carry."""

    __slots__ = ("cancelled", "lane", "make_steps", "steps", "waits")

    def __init__(self, lane: Lane, make_steps: MakeSteps) -> None:
        self.lane = lane
        self.make_steps = make_steps  # called on the engine thread
        self.steps: Iterator[object] | None = None  # engine thread only
        self.waits = False  # engine thread only: its turn comes after the others'
        self.cancelled = False  # written under the runner's lock


class JobRunner(QObject):
    """Starts jobs and reports on them. All public methods belong on the GUI thread; the signals arrive there.

    The thread starts with the first job and ends in ``close``.
    """

    stepped = Signal(object, object)  # Job, event
    failed = Signal(object, object)  # Job, Exception; ``finished`` follows
    finished = Signal(object)  # Job; not for cancelled ones
    _reported = Signal(object, str, object)

    def __init__(self, parent: QObject | None = None, *, clock: Clock = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._live: list[Job] = []  # GUI thread only: jobs whose results somebody still wants
        self._wake = threading.Condition()
        self._inbox: list[Job] = []  # guarded by _wake
        self._paused: set[Lane] = set()  # guarded by _wake
        self._duties: dict[Lane, DutyCycle] = {}  # guarded by _wake
        self._rest_until: dict[Lane, float] = {}  # guarded by _wake
        self._closing = False  # guarded by _wake
        self._finally_do: Callable[[], None] | None = None  # guarded by _wake
        self._thread: threading.Thread | None = None
        self._waiting_kind: type[object] | None = None
        self._reported.connect(self._on_reported)

    def give_way_on(self, kind: type[object]) -> None:
        """Events of this kind mean that a job only waits. To be said before the first job starts."""
        self._waiting_kind = kind

    def start(self, lane: Lane, make_steps: MakeSteps) -> Job:
        """Queue a job. In every lane but SAVE it replaces the one before, which is closed first."""
        if self._closing:
            raise RuntimeError("The job runner is closed.")
        if lane is not Lane.SAVE:
            self.cancel(lane)
        job = Job(lane, make_steps)
        self._live.append(job)
        self._ensure_thread()
        with self._wake:
            self._inbox.append(job)
            self._wake.notify()
        return job

    def cancel(self, lane: Lane) -> None:
        """Close the lane's job after its current step; nothing more is heard of it."""
        if lane is Lane.SAVE:
            raise ValueError("What a person made is never dropped.")
        with self._wake:
            for job in [job for job in self._live if job.lane is lane]:
                job.cancelled = True
                self._live.remove(job)
            self._wake.notify()

    def pause(self, lane: Lane) -> None:
        """Hold the lane's job after its current step, and every later one, until ``resume``."""
        if lane is Lane.SAVE:
            raise ValueError("What a person made is stored without delay.")
        with self._wake:
            self._paused.add(lane)

    def resume(self, lane: Lane) -> None:
        with self._wake:
            self._paused.discard(lane)
            self._wake.notify()

    def is_paused(self, lane: Lane) -> bool:
        return lane in self._paused

    def set_share(self, lane: Lane, share: float) -> None:
        """Let the lane work for this share of the time, in (0, 1], from now on; a rest under way ends."""
        if lane is not Lane.WORK:
            raise ValueError("Only work in the background may be slowed down.")
        with self._wake:
            self._duties[lane] = DutyCycle(share)
            self._rest_until.pop(lane, None)
            self._wake.notify()

    def is_busy(self, lane: Lane) -> bool:
        """Whether the lane has a job that has neither ended nor been cancelled."""
        return any(job.lane is lane for job in self._live)

    def close(self, finally_do: Callable[[], None] | None = None) -> None:
        """Cancel all work, finish every SAVE job, run ``finally_do`` on the engine thread, and wait for its end.

        Blocks for at most the current step, the saves and ``finally_do``. Safe to call twice; only the first counts.
        """
        if self._closing:
            return
        if finally_do and self._thread is None:
            self._ensure_thread()
        for lane in (lane for lane in Lane if lane is not Lane.SAVE):
            self.cancel(lane)
        with self._wake:
            self._finally_do = finally_do
            self._closing = True
            self._wake.notify()
        if self._thread:
            self._thread.join()
        self._live.clear()

    def _ensure_thread(self) -> None:
        if self._thread is None:
            # A daemon, so that a program that forgot to close still ends; atexit then drains the saves all the same.
            self._thread = threading.Thread(target=self._loop, name="clipsorter-engine", daemon=True)
            atexit.register(_close_forgotten, weakref.ref(self))
            self._thread.start()

    # -- engine thread -------------------------------------------------------------------------------------------

    def _loop(self) -> None:
        active: list[Job] = []
        while self._take(active):
            for job in [job for job in active if job.cancelled]:
                active.remove(job)
                self._close_steps(job)
            with self._wake:
                ready = [job for job in active if self._may_run(job)]
            if ready:
                job = min(ready, key=lambda job: (job.waits, job.lane))  # the oldest of the most urgent lane
                for other in active:
                    other.waits = False
                if not self._advance(job):
                    active.remove(job)
        if self._finally_do:
            try:
                self._finally_do()
            except Exception:
                logger.exception("Closing the engine failed")

    def _take(self, active: list[Job]) -> bool:
        """Add new jobs; waits while there is nothing to do. False: closing, and all is done."""
        with self._wake:
            while not (self._inbox or self._closing or any(job.cancelled or self._may_run(job) for job in active)):
                self._wake.wait(self._until_rested(active))
            active += self._inbox
            self._inbox.clear()
            return bool(active) or not self._closing

    def _may_run(self, job: Job) -> bool:
        """Under the lock."""
        return job.lane not in self._paused and self._rest_until.get(job.lane, 0.0) <= self._clock()

    def _until_rested(self, active: list[Job]) -> float | None:
        """Seconds until the next rest ends; None where nothing rests. Under the lock."""
        ends = [self._rest_until[job.lane] for job in active if job.lane in self._rest_until.keys() - self._paused]
        return max(0.0, min(ends) - self._clock()) if ends else None

    def _rest_after(self, lane: Lane, seconds: float) -> None:
        with self._wake:
            self._rest_until.pop(lane, None)
            if (duty := self._duties.get(lane)) and (rest := duty.rest_after(seconds)):
                self._rest_until[lane] = self._clock() + rest

    def _advance(self, job: Job) -> bool:
        """One step. False when the job has ended or failed."""
        began = self._clock()
        try:
            job.steps = job.steps or job.make_steps()
            event = next(job.steps)
        except StopIteration:
            self._reported.emit(job, "finished", None)
            return False
        except Exception as error:
            if not isinstance(error, ClipSorterError):
                logger.exception("A job in lane %s failed", job.lane.name)
            self._reported.emit(job, "failed", error)
            return False
        self._rest_after(job.lane, self._clock() - began)
        job.waits = self._waiting_kind is not None and isinstance(event, self._waiting_kind)
        self._reported.emit(job, "stepped", event)
        return True

    def _close_steps(self, job: Job) -> None:
        # Here and not where it was cancelled: another thread may not close a running generator.
        try:
            if isinstance(job.steps, Generator):
                job.steps.close()
        except Exception:
            logger.exception("A job in lane %s failed while closing", job.lane.name)

    # -- GUI thread ----------------------------------------------------------------------------------------------

    @Slot(object, str, object)
    def _on_reported(self, job: Job, kind: str, payload: object) -> None:
        if job not in self._live:
            return  # superseded or cancelled: its results are nobody's
        if kind == "stepped":
            self.stepped.emit(job, payload)
            return
        self._live.remove(job)
        if kind == "failed":
            self.failed.emit(job, payload)
        self.finished.emit(job)


def _close_forgotten(runner: weakref.ref[JobRunner]) -> None:
    if alive := runner():
        alive.close()
