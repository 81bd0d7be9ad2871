"""Whether anything in the environment leads to a screen. Whether it lets a window in is seen when Qt starts."""

import os
import sys

_NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def is_screen_named() -> bool:
    """Only Linux is asked: elsewhere there is always a screen."""
    return sys.platform != "linux" or any(map(os.environ.get, _NAMES))
