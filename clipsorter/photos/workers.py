"""Decode workers: as many children as the machine can spare, each minded by a thread.

A thread hands its child one photo at a time and waits for the answer, the child's death or the time limit, whichever
comes first; a child that died or hung is replaced. Answers go to the queue of the call that asked, so what a closed
generator left behind reaches nobody.
"""

import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Protocol, Self

from clipsorter.cores import count_cores
from clipsorter.errors import ClipSorterError
from clipsorter.photos.decode import attempt, attempt_digest
from clipsorter.photos.large import LargePicture, attempt_large
from clipsorter.photos.prepared import Digested, PreparedPhoto, Unreadable
from clipsorter.photos.reasons import Reason
from clipsorter.photos.worker import Worker, WorkerHungError, WorkerLostError
from clipsorter.values import InputShape, Photo

LOOK_AHEAD = 24  # photos: three batches of 8, about 4 MB of answers
POLL_SECONDS = 0.05  # at most this long without a chance to pause, cancel or answer a search
_PATIENCE_BYTES = 20_000_000  # a file of this size gets twice the time...
_MOST_PATIENCE = 6  # ...and none more than six times: 120 s for a 200 MP photo

NO_INPUT = InputShape(1)  # for those who do not want model input

_Task = Callable[[Photo], object]


class Decode(Protocol):
    """What the children do: a top-level function, because it is named to them, not sent."""

    def __call__(self, photo: Photo, shape: InputShape) -> PreparedPhoto | Unreadable:
        """Failure is a value; whatever is raised ends the child."""


@dataclass(slots=True)
class _Call:
    """One running generator and what it gets."""

    task: _Task
    answers: queue.SimpleQueue[tuple[int, Any]] = field(default_factory=queue.SimpleQueue)
    closed: bool = False


class DecodeWorkers:
    """Child processes that prepare photos. A context manager; children start when there is work for them.

    ``shape`` is the model's input, for ``prepare``. ``count`` children (default: one for each core, all of them out
    of the person's way, see ``children``) get ``seconds`` for an ordinary photo and more for a large file. Generators
    may be closed early and several may run, all on one thread.
    """

    def __init__(
        self,
        shape: InputShape = NO_INPUT,
        *,
        count: int | None = None,
        seconds: float = 20.0,
        look_ahead: int = LOOK_AHEAD,
        decode: Decode = attempt,
    ) -> None:
        self._decode: _Task = partial(decode, shape=shape)
        self._count = count if count is not None else count_cores()
        self._seconds = seconds
        self._look_ahead = look_ahead
        self._jobs: queue.SimpleQueue[tuple[_Call, int, Photo] | None] = queue.SimpleQueue()
        self._minders: list[threading.Thread] = []
        self._workers: set[Worker] = set()
        self._lock = threading.Lock()  # guards _workers, _closing, and that no minder is added while closing
        self._closing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self, photos: Iterable[Photo]) -> Generator[PreparedPhoto | Unreadable | None, None, None]:
        """Decode ``photos`` and yield one answer for each, in their order as long as no child has to wait for that.

        Takes at most ``look_ahead`` photos more than it has yielded. Yields None when nothing was done for a moment, so
        that the caller can pause or cancel. Raises ClipSorterError when no child process can be started.
        """
        return self._answers(self._decode, photos)

    def digest(self, photos: Iterable[Photo]) -> Generator[Digested | Unreadable | None, None, None]:
        """Hash the content of ``photos`` without decoding; otherwise as ``prepare``."""
        return self._answers(attempt_digest, photos)

    def enlarge(self, photos: Iterable[Photo]) -> Generator[LargePicture | Unreadable | None, None, None]:
        """Decode ``photos`` as large as a screen shows them; otherwise as ``prepare``."""
        return self._answers(attempt_large, photos)

    def close(self) -> None:
        """End all children, in the middle of a photo if need be. Safe to call twice."""
        with self._lock:
            self._closing = True
            for worker in self._workers:
                worker.kill()
        for _ in self._minders:
            self._jobs.put(None)
        for minder in self._minders:
            minder.join()
        self._minders.clear()

    def _answers(self, task: _Task, photos: Iterable[Photo]) -> Generator[Any, None, None]:
        call = _Call(task)
        waiting = enumerate(photos)
        taken: deque[int] = deque()  # and not yielded, in the order of the photos
        done: dict[int, Any] = {}
        is_more = True
        try:
            while True:
                while is_more and len(taken) < self._look_ahead:
                    if is_more := (numbered := next(waiting, None)) is not None:
                        self._submit(call, *numbered)
                        taken.append(numbered[0])
                if not taken:
                    return
                stands_idle = is_more and len(taken) - len(done) < self._count
                if (number := next((one for one in taken if one in done), None)) is not None and (
                    stands_idle or number == taken[0]
                ):
                    taken.remove(number)
                    yield done.pop(number)
                    continue
                try:
                    number, answer = call.answers.get(timeout=POLL_SECONDS)
                except queue.Empty:
                    yield None
                    continue
                if isinstance(answer, BaseException):
                    raise answer
                done[number] = answer
        finally:
            call.closed = True

    def _submit(self, call: _Call, number: int, photo: Photo) -> None:
        with self._lock:  # another thread may be closing
            if self._closing:
                raise RuntimeError("the decode workers are closed")
            self._jobs.put((call, number, photo))
            if len(self._minders) < self._count:
                minder = threading.Thread(target=self._mind, name="decode minder", daemon=True)
                minder.start()
                self._minders.append(minder)

    def _mind(self) -> None:
        """A minder's life: one child at a time, one photo at a time."""
        if hasattr(signal, "pthread_sigmask"):  # inherited by the child: Ctrl-C is for the parent from the start
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        worker: Worker | None = None
        while (job := self._jobs.get()) is not None and not self._closing:
            call, number, photo = job
            if not call.closed:
                worker, answer = self._answer(worker, call.task, photo)
                call.answers.put((number, answer))
        if worker is not None:
            self._dismiss(worker)

    def _answer(self, worker: Worker | None, task: _Task, photo: Photo) -> tuple[Worker | None, object]:
        """The child's answer, or a value or error that says why there is none; and the child for the next photo."""
        seconds = self._seconds * min(_MOST_PATIENCE, 1 + photo.size / _PATIENCE_BYTES)
        for _ in range(2):  # a child may die of something else than this photo, so it gets a second chance
            try:
                worker = worker or self._hire()
            except (OSError, MemoryError, WorkerLostError, WorkerHungError):
                return None, ClipSorterError("The processes that read photos cannot be started; is the memory full?")
            try:
                return worker, worker.ask(task, photo, seconds)
            except WorkerHungError:
                self._dismiss(worker)
                sentence = Reason.TOO_SLOW.sentence(round(seconds))
                return None, Unreadable(photo, sentence, refused=True, digest=None)
            except WorkerLostError:
                self._dismiss(worker)
                worker = None
                if self._closing:
                    break  # we killed it ourselves, and nobody waits for the answer
            except Exception as error:  # no memory for the answer, or a bug: unsaid, the caller would wait for ever
                self._dismiss(worker)
                return None, error
        return None, Unreadable(photo, Reason.CRASHED.sentence(), refused=True, digest=None)

    def _hire(self) -> Worker:
        worker = Worker()
        with self._lock:
            self._workers.add(worker)
            if self._closing:
                worker.kill()
        try:
            worker.wait_until_ready()
        except (WorkerLostError, WorkerHungError):
            self._dismiss(worker)
            raise
        return worker

    def _dismiss(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.end()
