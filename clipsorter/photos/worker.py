"""One decode worker: a child process that runs tasks on photos, and the handle by which its owner asks.

The child ignores Ctrl-C (the parent decides), yields the processor to what the person is doing, may use a bounded
amount of memory, and ends when its parent does, even in the middle of a picture.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.machinery import ModuleSpec
from multiprocessing import connection
from typing import Any

from clipsorter.values import Photo

if sys.platform != "win32":
    import resource

# Measured peaks: 1.3 GiB for a 200 MP progressive 4:4:4 JPEG (2 GiB at the limit of 300 MP), 1.6 GiB for a 177 MP PNG
# with transparency; 0.2 GiB of each is the interpreter with numpy and Pillow.
MEMORY_LIMIT = 3 * 2**30  # bytes of address space
START_SECONDS = 60.0  # until a child answers for the first time, on a machine that is busy
_NICENESS = 5

_context = multiprocessing.get_context("spawn")  # a fork would copy the parent's threads and locks half
_starting = threading.Lock()


class WorkerLostError(Exception):
    """The child died."""


class WorkerHungError(Exception):
    """The child did not answer in time."""


class Worker:
    """One running child. Owned by one thread; only ``kill`` may be called from another."""

    def __init__(self) -> None:
        """Start the child and wait until it is ready; raises WorkerLostError, WorkerHungError or OSError."""
        self._pipe, theirs = _context.Pipe()
        self._process = _context.Process(target=_serve, args=(theirs,), name="clipsorter decode", daemon=True)
        with _starting, _main_module_hidden():
            self._process.start()
        theirs.close()

    def wait_until_ready(self) -> None:
        """Wait for the child's first word; raises as ``ask``."""
        self._receive(START_SECONDS)

    def ask(self, task: Callable[[Photo], object], photo: Photo, seconds: float) -> Any:
        """What ``task(photo)`` returns in the child. Raises WorkerLostError or WorkerHungError; then ``end`` it."""
        try:
            self._pipe.send((task, photo))
        except OSError as error:
            raise WorkerLostError from error
        return self._receive(seconds)

    def kill(self) -> None:
        """End the child at once, whatever it does."""
        self._process.kill()

    def end(self) -> None:
        """Kill the child and take leave of it."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._pipe.close()

    def _receive(self, seconds: float) -> Any:
        ready = connection.wait([self._pipe, self._process.sentinel], seconds)
        if not ready:
            raise WorkerHungError
        if self._pipe not in ready:
            raise WorkerLostError
        try:
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerLostError from error


@contextmanager
def _main_module_hidden() -> Iterator[None]:
    """Keep the child from running the parent's main script again, which spawn does for scripts without a name.

    It would import the window and more. Spawn asks the main module for its spec and leaves ``*.__main__`` alone.
    """
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    main.__spec__ = ModuleSpec("clipsorter.__main__", None)
    try:
        yield
    finally:
        main.__spec__ = spec


def _serve(pipe: "connection.Connection[Any, Any]") -> None:
    """The child's life: answer until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform != "win32":
        os.nice(_NICENESS)
        with suppress(ValueError, OSError):  # a stricter limit than ours is already set
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    with suppress(EOFError, OSError):  # the parent closed its end
        pipe.send("ready")
        while True:
            task, photo = pipe.recv()
            pipe.send(task(photo))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
