"""What every command takes and gives back, known before any of them is loaded.

0: everything asked for was done. 1: done in part, the report names what was not. 2: the input cannot be used.
130 and 143: stopped by Ctrl-C or by the system; what was done is kept.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from clipsorter.library.default_folder import default_data_folder

DONE, PARTLY_DONE, BAD_INPUT = 0, 1, 2
STOPPED = 128  # plus the number of the signal, as shells count

Options = argparse.Namespace
Command = Callable[[Options], int]


def data_folder(options: Options) -> Path:
    """Where this run remembers."""
    chosen: Path | None = options.data
    return chosen.absolute() if chosen else default_data_folder()
