"""From typed words to an exit status.

Nothing heavy is loaded before it is known what is wanted: the window and ``--version`` wait for no other command.
"""

import argparse
import errno
import gc
import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from clipsorter.cli.contract import BAD_INPUT, PARTLY_DONE, STOPPED, data_folder
from clipsorter.cli.parser import COMMAND_NAMES, VALUE_OPTIONS, build_parser
from clipsorter.cli.terminal import point_at, tell
from clipsorter.errors import ClipSorterError, QueryError
from clipsorter.presence import is_file

COMMAND_LIKE = re.compile("[a-z][a-z-]{1,19}")
_DISK_TROUBLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class _Terminated(BaseException):
    """SIGTERM or SIGHUP, raised where the program is, so that every ``finally`` runs."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def run(arguments: Sequence[str]) -> int:
    """Run one command line (without the program's name); returns the exit status."""
    _occupy_standard_streams()
    options = build_parser().parse_args(put_command_first(arguments))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name the terminal cannot show must not stop the program
            stream.reconfigure(errors="replace")
    previous = {number: signal.signal(number, _terminate) for number in _end_signals()}
    try:
        status = _open_window(options) if options.command == "window" else _run_command(options)
        sys.stdout.flush()  # while trouble with it can still be told
        return status
    except ClipSorterError as error:
        tell(f"clipsorter: {error}")
        if isinstance(error, QueryError):
            tell(point_at(options.query, error.position))
        return BAD_INPUT
    except KeyboardInterrupt:
        tell("\nStopped. What was done is kept; the same command goes on from there.")
        return STOPPED + signal.SIGINT
    except _Terminated as terminated:
        return STOPPED + terminated.number
    except BrokenPipeError:  # the reader of a pipe has seen enough
        _drop_output()
        return STOPPED + signal.SIGPIPE
    except OSError as error:
        if error.filename is not None or error.errno not in _DISK_TROUBLE:
            raise
        _drop_output()
        tell(f"clipsorter: Standard output cannot be written: {error.strerror}.")
        return PARTLY_DONE
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _occupy_standard_streams() -> None:
    """Where a stream was closed by the caller, open nothing in its place: else a database would get its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:  # taken by something opened meanwhile, or no such number on this system
                os.close(descriptor)
            setattr(sys, name, open(os.devnull, "r+" if number == 0 else "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _drop_output() -> None:
    """What is still buffered goes nowhere, so that it makes no second trouble at the end of the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def put_command_first(arguments: Sequence[str]) -> list[str]:
    """``--data X sort F`` becomes ``sort --data X F``; without a command the window is meant."""
    rest = list(arguments)
    position = 0
    while position < len(rest):
        word = rest[position] = "self-test" if rest[position] == "--self-test" else rest[position]
        if word in COMMAND_NAMES:
            return [rest.pop(position), *rest]
        if not word.startswith("-"):
            break
        if word in {"-h", "--help", "--version"}:
            return rest
        position += 2 if word in VALUE_OPTIONS else 1
    return ["window", *rest]


def _run_command(options: argparse.Namespace) -> int:
    # Only here: the engine comes along, with numpy, Pillow and SQLite, which the window's first picture does not need.
    from clipsorter.cli.commands import COMMANDS  # noqa: PLC0415

    try:
        return COMMANDS[options.command](options)
    except MemoryError as error:
        raise ClipSorterError(
            "There is not enough memory. What was done is kept; please close other programs and try again."
        ) from error


def _check_paths(paths: Sequence[Path]) -> Path | None:
    """The folder to show. A desktop hands over all that was dropped on the icon; one folder is shown at a time."""
    if not paths:
        return None
    word = str(paths[0])
    if COMMAND_LIKE.fullmatch(word) and not paths[0].exists():  # more likely a slip of the pen than a folder
        from difflib import get_close_matches  # noqa: PLC0415 - 9 ms that nothing else needs

        near = get_close_matches(word.casefold(), sorted(COMMAND_NAMES), 1)
        meant = f'did you mean "{near[0]}"?' if near else "clipsorter --help lists the commands."
        raise ClipSorterError(f'"{word}" is neither a command nor a folder here; {meant}')
    from clipsorter.photos.scan import check_folder  # noqa: PLC0415 - numpy comes along

    return check_folder(paths[0].parent if is_file(paths[0]) else paths[0])


def _open_window(options: argparse.Namespace) -> int:
    folder = _check_paths(options.paths)
    from clipsorter.cli.screens import is_screen_named  # noqa: PLC0415 - other commands need no screen

    if not is_screen_named():
        raise ClipSorterError(
            'There is no screen for a window here; without one it is: clipsorter sort FOLDER --into "dog, beach".'
        )
    gc.disable()  # nearly all that is made until the window stands is kept, and looking through it takes 10 ms
    # Only here: the other commands must work where Qt's system libraries are missing.
    try:
        from clipsorter.ui.app import run_window  # noqa: PLC0415
    except ImportError as error:
        if (error.name or "").startswith("clipsorter"):
            raise
        raise ClipSorterError(f"The window cannot be opened: {error}. The README names what Qt needs.") from error

    return run_window(data_folder(options), folder, options.model, options.device)


def _end_signals() -> list[int]:
    """A request to end, and the end of the terminal unless the command was started to outlive it (nohup)."""
    hangup: int | None = getattr(signal, "SIGHUP", None)  # not on Windows
    if hangup is None or signal.getsignal(hangup) is signal.SIG_IGN:
        return [signal.SIGTERM]
    return [signal.SIGTERM, hangup]


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated(number)
