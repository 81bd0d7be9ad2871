"""Whether a window could be shown. Qt ends the whole process where it finds no screen, so this looks before it does."""

import re
import socket
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

SECONDS = 2.0  # for a display server that is there, but does not answer
# ":1", "unix:1" and ":1.0": a server on this machine, X(7); with another name before the colon one far away.
_LOCAL_DISPLAY = re.compile(r"(?:unix|)(?:/unix|):(\d+)(?:\.\d+)?")


def has_screen(environment: Mapping[str, str]) -> bool:
    """Whether ``environment`` leads to a display server that answers; True where that cannot be told.

    Only Linux is asked: elsewhere there is always a screen. A server far away is believed in, not called.
    """
    if sys.platform != "linux" or environment.get("QT_QPA_PLATFORM"):
        return True
    return _has_wayland(environment) or _has_x11(environment.get("DISPLAY", ""))


def _has_wayland(environment: Mapping[str, str]) -> bool:
    name, folder = environment.get("WAYLAND_DISPLAY", ""), environment.get("XDG_RUNTIME_DIR", "")
    return bool(name) and _answers(str(Path(folder, name)))  # an absolute name stands for itself


def _has_x11(display: str) -> bool:
    if not display:
        return False
    local = _LOCAL_DISPLAY.fullmatch(display)
    if local is None:
        return True
    path = f"/tmp/.X11-unix/X{local[1]}"
    return _answers(path) or _answers(f"\0{path}")  # the second without a file: Linux's abstract names


def _answers(address: str) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.settimeout(SECONDS)
        try:
            line.connect(address)
        except (OSError, ValueError):  # nobody there; too long a name, a NUL in it
            return False
        return True
