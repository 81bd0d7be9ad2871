"""One decode worker: a child process that runs tasks on photos, and the handle by which its owner asks.

The child ignores Ctrl-C (the parent decides), yields the processor to what the person is doing, may use a bounded
amount of memory, and ends when its parent does, even in the middle of a picture.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import connection
from typing import Any

from clipsorter.children import settle_in, spawn
from clipsorter.values import Photo

if sys.platform != "win32":
    import resource

# Measured peaks: 1.3 GiB for a 200 MP progressive 4:4:4 JPEG (2 GiB at the limit of 300 MP), 1.6 GiB for a 177 MP PNG
# with transparency; 0.2 GiB of each is the interpreter with numpy and Pillow.
MEMORY_LIMIT = 3 * 2**30  # bytes of address space
END_SECONDS = 2.0  # a killed child needs milliseconds, unless its disk holds it
START_SECONDS = 60.0  # until a child answers for the first time, on a machine that is busy


class WorkerLostError(Exception):
    """The child died."""


class WorkerHungError(Exception):
    """The child did not answer in time."""


class Worker:
    """One running child. Owned by one thread; only ``kill`` may be called from another."""

    def __init__(self) -> None:
        """Start the child and return; ``wait_until_ready`` comes next. Raises OSError."""
        self._process, self._pipe = spawn(_serve, name="clipsorter decode")

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
        """Kill the child and take leave of it; one that waits for a dead disk is left to the system after a moment."""
        self._process.kill()
        self._process.join(END_SECONDS)
        if self._process.exitcode is not None:
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


def _serve(pipe: "connection.Connection[Any, Any]") -> None:
    """The child's life: answer until the parent is gone."""
    settle_in()
    if sys.platform != "win32":
        with suppress(ValueError, OSError):  # a stricter limit than ours is already set
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    with suppress(EOFError, OSError):  # the parent closed its end
        pipe.send("ready")
        while True:
            task, photo = pipe.recv()
            pipe.send(task(photo))
