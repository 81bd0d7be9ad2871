"""Where work in the background stands, as values. Knows nothing of Qt."""

from dataclasses import dataclass
from enum import Enum, auto


class Phase(Enum):
    """Where background work stands."""

    IDLE = auto()
    SCANNING = auto()
    STARTING_MODEL = auto()
    LOOKING = auto()
    ANSWERING = auto()  # no photos are looked at, but a question waits for the model
    PAUSED = auto()
    DONE = auto()
    CANCELLED = auto()
    STOPPED = auto()  # by an error, which the message bar tells


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: all that the footer and the taskbar show."""

    phase: Phase = Phase.IDLE
    done: int = 0  # photos
    total: int = 0  # photos; while SCANNING: found so far
    rate: float = 0.0  # photos per second
    seconds_left: float | None = None
    device: str = ""
    model: str = ""
    failed: int = 0


class Effort(Enum):
    """How hard background work may work now, and why."""

    FULL = auto()
    HALF = auto()  # as the person wishes
    HALF_ON_BATTERY = auto()
    PAUSE_ON_BATTERY = auto()


RUNNING = frozenset({Phase.SCANNING, Phase.STARTING_MODEL, Phase.LOOKING, Phase.PAUSED})
