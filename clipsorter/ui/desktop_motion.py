"""Asks the desktop whether it reduces motion, and goes on listening where it can tell of changes.

Linux: the settings portal, which needs no desktop of a certain make. Windows: "Animation effects". macOS: "Reduce
motion". Everything else, and a desktop that does not answer, counts as no.
"""

import ctypes
import sys
from collections.abc import Callable

from PySide6.QtCore import SLOT, QObject, QSettings, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant

from clipsorter.ui.motion import Motion

# https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html
PORTAL = "org.freedesktop.portal.Desktop"
PLACE = "/org/freedesktop/portal/desktop"
INTERFACE = "org.freedesktop.portal.Settings"
# Where the answer stands, the newest way first, and what it means: GNOME's and KDE's own settings come through as well.
KEYS: dict[tuple[str, str], Callable[[object], bool]] = {
    ("org.freedesktop.appearance", "reduced-motion"): lambda value: value == 1,
    ("org.gnome.desktop.interface", "enable-animations"): lambda value: value is False,
    ("org.kde.kdeglobals.KDE", "AnimationDurationFactor"): lambda value: str(value) in {"0", "0.0"},
}
SPI_GETCLIENTAREAANIMATION = 0x1042  # winuser.h


class DesktopMotion(QObject):
    """Tells ``motion`` what the desktop says, now and later. GUI thread; nothing waits for an answer."""

    def __init__(self, motion: Motion, parent: QObject, *, bus: QDBusConnection | None = None) -> None:
        """``bus``: another than the session's, for tests."""
        super().__init__(parent)
        self._motion = motion
        self._said: dict[tuple[str, str], bool] = {}
        self._bus = bus or QDBusConnection.sessionBus()
        if sys.platform == "win32":
            motion.follow_desktop(_windows_reduces())
        elif sys.platform == "darwin":
            motion.follow_desktop(_mac_reduces())
        elif self._bus.isConnected():
            hear = SLOT("_hear(QDBusMessage)")
            self._bus.connect(PORTAL, PLACE, INTERFACE, "SettingChanged", self, hear)  # type: ignore[call-overload]
            for key in KEYS:
                self._ask(key)

    def _ask(self, key: tuple[str, str]) -> None:
        question = QDBusMessage.createMethodCall(PORTAL, PLACE, INTERFACE, "ReadOne")
        question.setArguments(list(key))
        watcher = QDBusPendingCallWatcher(self._bus.asyncCall(question), self)
        watcher.finished.connect(lambda done: self._read(key, done))

    def _read(self, key: tuple[str, str], done: QDBusPendingCallWatcher) -> None:
        answer = done.reply()
        if answer.type() is QDBusMessage.MessageType.ReplyMessage and answer.arguments():
            self._take(key, answer.arguments()[0])
        done.deleteLater()

    @Slot(QDBusMessage)
    def _hear(self, message: QDBusMessage) -> None:
        words = message.arguments()
        if len(words) == 3 and (key := (str(words[0]), str(words[1]))) in KEYS:
            self._take(key, words[2])

    def _take(self, key: tuple[str, str], value: object) -> None:
        """The first key that was answered decides: a desktop that knows the newest way keeps the others for show."""
        self._said[key] = KEYS[key](value.variant() if isinstance(value, QDBusVariant) else value)
        self._motion.follow_desktop(next(self._said[known] for known in KEYS if known in self._said))


def _windows_reduces() -> bool:
    """Settings > Accessibility > Visual effects > Animation effects."""
    on = ctypes.c_int(1)
    libraries = getattr(ctypes, "windll", None)  # there on Windows only
    asked = libraries and libraries.user32.SystemParametersInfoW(SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(on), 0)
    return bool(asked) and not on.value


def _mac_reduces() -> bool:
    """System Settings > Accessibility > Display > Reduce motion, as it is stored."""
    stored = QSettings(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, "com.apple", "universalaccess")
    return str(stored.value("reduceMotion", "")).lower() in {"1", "true"}
