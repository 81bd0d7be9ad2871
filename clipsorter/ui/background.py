"""How hard photos are looked at: as the person wishes, and gently on battery."""

from collections.abc import Callable

import psutil
from PySide6.QtCore import QObject, QTimer, Signal

from clipsorter.library.settings import Settings
from clipsorter.ui.jobs import JobRunner, Lane
from clipsorter.ui.progress import Effort, Phase
from clipsorter.ui.session import Session

POWER_MS = 20_000  # between two looks at the power supply
HALF = 0.5  # share of the time


def on_battery() -> bool:
    """Whether the machine runs on its battery now; False where there is none or nobody knows."""
    try:
        battery = psutil.sensors_battery()
    except (OSError, ValueError):  # a container without /sys, a driver whose files cannot be read
        return False
    return battery is not None and battery.power_plugged is False


def effort_for(settings: Settings, on_battery: bool) -> Effort:
    """What the person's choices mean now."""
    if on_battery and settings.on_battery == "pause":
        return Effort.PAUSE_ON_BATTERY
    if settings.effort == "half":
        return Effort.HALF
    return Effort.HALF_ON_BATTERY if on_battery and settings.on_battery == "half" else Effort.FULL


class Background(QObject):
    """Holds the looking at photos to the effort that is right now. A pause of the person's own is left alone."""

    effort_changed = Signal(object)  # Effort

    def __init__(
        self,
        settings: Settings,
        session: Session,
        runner: JobRunner,
        parent: QObject | None = None,
        *,
        on_battery: Callable[[], bool] = on_battery,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._session = session
        self._runner = runner
        self._on_battery = on_battery
        self._held = False  # by us, for the battery
        self.effort = Effort.FULL
        self._timer = QTimer(self, interval=POWER_MS)
        self._timer.timeout.connect(self.look_at_power)
        self._timer.start()
        session.progressed.connect(self._hold_new_work)

    def apply(self, settings: Settings) -> None:
        """Let other choices hold from now on."""
        self._settings = settings
        self.look_at_power()

    def look_at_power(self) -> None:
        """Ask where the power comes from, and work accordingly."""
        effort = effort_for(self._settings, self._on_battery())
        if effort is self.effort:
            return
        self.effort = effort
        self._runner.set_share(Lane.WORK, HALF if effort in {Effort.HALF, Effort.HALF_ON_BATTERY} else 1.0)
        if effort is Effort.PAUSE_ON_BATTERY:
            self._hold_new_work()
        elif self._held:
            self._held = False
            if self._session.progress.phase is Phase.PAUSED:
                self._session.resume()
        self.effort_changed.emit(effort)

    def _hold_new_work(self) -> None:
        """Work that begins on battery waits too; what the person resumes by hand goes on."""
        if self.effort is not Effort.PAUSE_ON_BATTERY:
            return
        phase = self._session.progress.phase
        if phase in {Phase.IDLE, Phase.DONE, Phase.CANCELLED, Phase.STOPPED}:
            self._held = False  # the next run is held anew
        elif not self._held and phase in {Phase.SCANNING, Phase.LOOKING}:
            self._held = True
            self._session.pause()
