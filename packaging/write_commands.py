"""Write the command-line reference from the parser itself: ``python packaging/write_commands.py [FILE]``."""

import argparse
import os
import sys
from pathlib import Path

from clipsorter.cli.parser import build_parser

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
WIDTH = "100"  # columns
HEAD = """\
# Command line

Written by `packaging/write_commands.py` from what the program itself says; a test keeps it current.

Progress goes to standard error, answers to standard output. Exit status: 0 when everything asked for was done, 1 when a
part could not be (each photo is named), 2 for input that cannot be used, 130 and 143 when stopped by Ctrl-C or by the
system.
"""


def reference() -> str:
    """The whole page, the same on every machine and in every terminal."""
    os.environ["COLUMNS"] = WIDTH
    os.environ["NO_COLOR"] = "1"
    parser = build_parser()
    parts = [HEAD, _block(parser)]
    for name, command in _commands(parser).items():
        parts.append(f"## {name}\n\n{_block(command)}")
        parts += [f"### {name} {inner}\n\n{_block(below)}" for inner, below in _commands(command).items()]
    return "\n".join(parts)


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:  # argparse has no public way to its commands
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _block(parser: argparse.ArgumentParser) -> str:
    return f"```\n{parser.format_help().rstrip()}\n```\n"


if __name__ == "__main__":
    (Path(sys.argv[1]) if sys.argv[1:] else PAGE).write_text(reference(), "utf-8")
