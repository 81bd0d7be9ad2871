"""A desktop whose settings portal reduces motion and then no longer does; says what ``Motion`` makes of it.

Run as a program on a bus of its own: ``dbus-run-session -- python fake_portal.py NAMESPACE KEY``.
"""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant, QDBusVirtualObject
from PySide6.QtWidgets import QApplication

from clipsorter.ui.desktop_motion import INTERFACE, PLACE, PORTAL, DesktopMotion
from clipsorter.ui.motion import motion

VALUES: dict[str, tuple[object, object]] = {  # reduced, full
    "reduced-motion": (1, 0),
    "enable-animations": (False, True),
    "AnimationDurationFactor": ("0", "1"),
}
PATIENCE_MS = 30_000


class Portal(QDBusVirtualObject):
    """Knows one setting."""

    def __init__(self, namespace: str, key: str) -> None:
        super().__init__()
        self._known = [namespace, key]

    def introspect(self, _path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:  # noqa: N802 - Qt's name
        if message.arguments() == self._known:
            answer = message.createReply(QDBusVariant(VALUES[self._known[1]][0]))
        else:
            answer = message.createErrorReply("org.freedesktop.portal.Error.NotFound", "not here")
        return connection.send(answer)


def main() -> int:
    namespace, key = sys.argv[1:]
    app = QApplication(sys.argv[:1])
    bus = QDBusConnection.sessionBus()
    portal = Portal(namespace, key)
    if not (bus.registerVirtualObject(PLACE, portal) and bus.registerService(PORTAL)):
        return 2

    def say() -> None:
        print("reduced" if motion().is_reduced else "full", flush=True)
        if motion().is_reduced:
            change = QDBusMessage.createSignal(PLACE, INTERFACE, "SettingChanged")
            change.setArguments([namespace, key, QDBusVariant(VALUES[key][1])])
            bus.send(change)
        else:
            app.quit()

    motion().changed.connect(say)
    DesktopMotion(motion(), app, bus=QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "window"))
    QTimer.singleShot(PATIENCE_MS, lambda: app.exit(1))
    return app.exec()


if __name__ == "__main__":
    raise SystemExit(main())
