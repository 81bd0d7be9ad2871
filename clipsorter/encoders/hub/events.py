"""What a download says while it goes on: frozen, several times a second."""

from dataclasses import dataclass

from clipsorter.encoders.installed import InstalledModel


@dataclass(frozen=True, slots=True)
class Asking:
    """The hub is being asked what there is; said again every fraction of a second."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """Bytes are coming, or awaited; also said every fraction of a second while none come."""

    file: str
    done: int  # bytes of the whole model on disk, those of an earlier run included
    total: int  # bytes of the whole model
    rate: float  # bytes per second over the last seconds; 0: not known yet
    seconds_left: float | None  # None until the rate is known


@dataclass(frozen=True, slots=True)
class Retrying:
    """The network failed and is tried again soon; said again every fraction of a second."""

    reason: str  # what happened, in English, without a full stop
    seconds: float  # until the next attempt


@dataclass(frozen=True, slots=True)
class Verifying:
    """A file is here and is being compared with its hash."""

    file: str
    done: int  # bytes compared
    size: int


@dataclass(frozen=True, slots=True)
class Downloaded:
    """The model is whole, verified and ready to be used."""

    model: InstalledModel


DownloadEvent = Asking | Fetching | Retrying | Verifying | Downloaded
