"""From typed words to an exit status.

0: everything asked for was done. 1: done in part, the report names what was not. 2: the input cannot be used.
130 and 143: stopped by Ctrl-C or by the system; what was done is kept.
"""

import argparse
import errno
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from clipsorter.cli.commands import COMMANDS
from clipsorter.cli.output import tell
from clipsorter.cli.parser import VALUE_OPTIONS, build_parser
from clipsorter.cli.running import PARTLY_DONE, data_folder
from clipsorter.errors import ClipSorterError, QueryError
from clipsorter.photos.scan import check_folder

BAD_INPUT = 2
STOPPED = 128  # plus the number of the signal, as shells count
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")  # without one of them Qt ends the process with a core dump
_DISK_TROUBLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class _Terminated(BaseException):
    """SIGTERM, raised where the program is, so that every ``finally`` runs."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line (without the program's name); returns the exit status."""
    _occupy_standard_streams()
    options = build_parser().parse_args(put_command_first(arguments))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name the terminal cannot show must not stop the program
            stream.reconfigure(errors="replace")
    previous = signal.signal(signal.SIGTERM, _terminate)
    try:
        status = _open_window(options) if options.command == "window" else COMMANDS[options.command](options)
        sys.stdout.flush()  # while trouble with it can still be told
        return status
    except ClipSorterError as error:
        tell(f"clipsorter: {error}")
        if isinstance(error, QueryError):
            tell(f"  {options.query}\n  {' ' * error.position}^")
        return BAD_INPUT
    except KeyboardInterrupt:
        tell("\nStopped. What was done is kept; the same command goes on from there.")
        return STOPPED + signal.SIGINT
    except _Terminated:
        return STOPPED + signal.SIGTERM
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
        signal.signal(signal.SIGTERM, previous)


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
        if word in COMMANDS or word == "window":
            return [rest.pop(position), *rest]
        if not word.startswith("-"):
            break
        if word in {"-h", "--help", "--version"}:
            return rest
        position += 2 if word in VALUE_OPTIONS else 1
    return ["window", *rest]


def _open_window(options: argparse.Namespace) -> int:
    # A desktop hands over everything that was dropped on the icon; one folder is shown at a time.
    first = options.paths[0] if options.paths else None
    folder = check_folder(first.parent if first.is_file() else first) if first else None
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _SCREENS):
        raise ClipSorterError(
            'There is no screen for a window here; without one it is: clipsorter sort FOLDER --into "dog, beach".'
        )
    # Only here: the other commands must work where Qt's system libraries are missing.
    try:
        from clipsorter.ui.app import run_window  # noqa: PLC0415
    except ImportError as error:
        if (error.name or "").startswith("clipsorter"):
            raise
        raise ClipSorterError(f"The window cannot be opened: {error}. The README names what Qt needs.") from error

    return run_window(data_folder(options), folder, options.model, options.device)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated
