"""Child processes: started fresh, out of the person's way, and never outliving their parent.

``spawn`` is the parent's side, ``settle_in`` the first thing a child calls. The decode workers and the encoder use
both, so that they behave alike.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from multiprocessing import connection
from multiprocessing.context import SpawnProcess

# Children work on every core, so this is what keeps the machine the person's: beside one of them a thread of niceness 0
# gets nine tenths of a core (beside one of 5 three quarters). Beside one of 19 all of it: a film would stop the work.
NICENESS = 10
if sys.platform == "win32":
    import ctypes

    BELOW_NORMAL = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS: the same on Windows, which has no niceness
    THIS_PROCESS = ctypes.c_void_p(-1)  # as GetCurrentProcess documents it

_context = multiprocessing.get_context("spawn")  # a fork would copy the parent's threads and locks half
_starting = threading.Lock()


def spawn(serve: Callable[..., None], *arguments: object, name: str) -> tuple[SpawnProcess, connection.Connection]:
    """Start ``serve(pipe, *arguments)`` in a fresh interpreter; returns the process and our end of the pipe.

    The child's end is closed with the child, so reading from ours then ends with EOFError. Any thread.
    """
    ours, theirs = _context.Pipe()
    process = _context.Process(target=serve, args=(theirs, *arguments), name=name, daemon=True)
    with _starting, _main_module_hidden():
        process.start()
    theirs.close()
    return process, ours


def settle_in() -> None:
    """Called by a child before its work: Ctrl-C is the parent's to handle, others go first, and it ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetPriorityClass(THIS_PROCESS, BELOW_NORMAL)
    else:
        os.nice(NICENESS)
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)  # at once, even in the middle of a picture: nobody waits for the answer


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
