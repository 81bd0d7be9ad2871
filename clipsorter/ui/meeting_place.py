"""Where a second start looks for the window that stands, without anything that costs a first start time."""

import os
import sys
from pathlib import Path

SOCKET_NAME = "window.socket"
LONGEST_PATH = 100  # bytes; a socket's path may have 104 on macOS and 108 on Linux, its end included


def meeting_place(data_folder: Path) -> str | None:
    """The name of the local socket where first and second start meet; None where its path is too long for one."""
    absolute = os.path.abspath(data_folder)  # noqa: PTH100 - Path.absolute keeps ".."
    if sys.platform == "win32":  # a pipe, which has a name of its own instead of a place
        from hashlib import sha256  # noqa: PLC0415 - only here, and not free

        return f"clipsorter-{sha256(os.fsencode(absolute.casefold())).hexdigest()[:24]}"
    place = Path(absolute, SOCKET_NAME)
    return str(place) if len(os.fsencode(place)) <= LONGEST_PATH else None


def may_be_met(data_folder: Path) -> bool:
    """False when surely no window stands there: nobody made the socket. A pipe of Windows has to be tried."""
    place = meeting_place(data_folder)
    return place is not None and (sys.platform == "win32" or Path(place).exists())
