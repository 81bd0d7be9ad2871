"""What the desktop shows of work in the background: progress on the taskbar, a word at the end of a long run."""

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from clipsorter.ui.icons import app_icon
from clipsorter.ui.progress import RUNNING, Phase
from clipsorter.ui.session import Session

LONG_SECONDS = 60.0  # of looking at photos: long enough to have turned to something else
MESSAGE_MS = 10_000
DESKTOP_FILE = "application://clipsorter.desktop"

ShowProgress = Callable[[float | None], None]  # share done in [0, 1]; None: no work


def show_on_taskbar(share: float | None) -> None:
    """Tell the launcher how far the work is, where the system has such a sign (Linux: Unity's LauncherEntry).

    Plasma, Ubuntu's dock and others listen to it: https://wiki.ubuntu.com/Unity/LauncherAPI, "Low level DBus API".
    """
    bus = QDBusConnection.sessionBus()
    if sys.platform != "linux" or not bus.isConnected():
        return
    message = QDBusMessage.createSignal("/clipsorter", "com.canonical.Unity.LauncherEntry", "Update")
    message.setArguments([DESKTOP_FILE, {"progress": share or 0.0, "progress-visible": share is not None}])
    bus.send(message)


class DesktopSigns(QObject):
    """Follows a session for as long as it lives; says nothing while the person looks at the window."""

    def __init__(
        self,
        session: Session,
        window: QWidget,
        *,
        show_progress: ShowProgress = show_on_taskbar,
        notify: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._show_progress = show_progress
        self._notify = notify or self._notify_by_tray
        self._clock = clock
        self._began: float | None = None  # of the run under way
        self._shown: float | None = None
        session.progressed.connect(self._follow)

    def _follow(self) -> None:
        progress = self._session.progress
        running = progress.phase in RUNNING
        share = round(progress.done / progress.total, 2) if running and progress.total else None
        if share != self._shown:
            self._shown = share
            self._show_progress(share)
        if running and self._began is None:
            self._began = self._clock()
        elif not running and self._began is not None:
            lasted = self._clock() - self._began
            self._began = None
            if progress.phase is Phase.DONE and lasted >= LONG_SECONDS and not self._window.isActiveWindow():
                QApplication.alert(self._window)
                self._notify(self.tr("%Ln photo(s) looked at.", "", progress.total))

    def _notify_by_tray(self, words: str) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            tray = QSystemTrayIcon(app_icon(), self)
            tray.messageClicked.connect(self._window.activateWindow)
            tray.show()
            tray.showMessage("ClipSorter", words, app_icon(), MESSAGE_MS)
            QTimer.singleShot(MESSAGE_MS, tray, tray.deleteLater)
