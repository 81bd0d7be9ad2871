"""From typed words to an exit status.

0: everything asked for was done. 1: done in part, the report names what was not. 2: the input cannot be used.
130 and 143: stopped by Ctrl-C or by the system; what was done is kept.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from clipsorter.cli.commands import COMMANDS
from clipsorter.cli.parser import VALUE_OPTIONS, build_parser
from clipsorter.cli.running import data_folder
from clipsorter.errors import ClipSorterError, QueryError
from clipsorter.photos.scan import check_folder

BAD_INPUT = 2
STOPPED = 128  # plus the number of the signal, as shells count


class _Terminated(BaseException):
    """SIGTERM, raised where the program is, so that every ``finally`` runs."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line (without the program's name); returns the exit status."""
    options = build_parser().parse_args(put_command_first(arguments))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name the terminal cannot show must not stop the program
            stream.reconfigure(errors="replace")
    previous = signal.signal(signal.SIGTERM, _terminate)
    try:
        return _open_window(options) if options.command == "window" else COMMANDS[options.command](options)
    except QueryError as error:
        print(f"clipsorter: {error}\n  {options.query}\n  {' ' * error.position}^", file=sys.stderr)
        return BAD_INPUT
    except ClipSorterError as error:
        print(f"clipsorter: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("\nStopped. What was done is kept; the same command goes on from there.", file=sys.stderr)
        return STOPPED + signal.SIGINT
    except _Terminated:
        return STOPPED + signal.SIGTERM
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STOPPED + signal.SIGPIPE
    finally:
        signal.signal(signal.SIGTERM, previous)


def put_command_first(arguments: Sequence[str]) -> list[str]:
    """``--data X sort F`` becomes ``sort --data X F``; without a command the window is meant."""
    rest = list(arguments)
    position = 0
    while position < len(rest):
        word = rest[position]
        if word in COMMANDS or word == "window":
            return [rest.pop(position), *rest]
        if not word.startswith("-"):
            break
        if word in {"-h", "--help", "--version"}:
            return rest
        position += 2 if word in VALUE_OPTIONS else 1
    return ["window", *rest]


def _open_window(options: argparse.Namespace) -> int:
    folder = check_folder(options.folder) if options.folder else None
    # Only here: the other commands must work where Qt's system libraries are missing.
    from clipsorter.ui.app import run_window  # noqa: PLC0415

    return run_window(data_folder(options), folder, options.model, options.device)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated
