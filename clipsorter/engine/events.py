"""What the engine says while it works: frozen, per batch, never per photo (a failed photo is rare enough)."""

from dataclasses import dataclass
from pathlib import Path

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Board
from clipsorter.values import Category


@dataclass(frozen=True, slots=True)
class Scanned:
    """The walk has seen this much; ``done`` says that it has ended and the numbers are final."""

    photos: int
    passed: int  # entries that are not photos, hidden, links...
    unchanged: int  # photos already in the cache for this encoder
    done: bool


@dataclass(frozen=True, slots=True)
class EncoderReady:
    """The encoder answers from now on."""

    name: str
    device: str  # "CPU", "NVIDIA GeForce RTX 4070"...


@dataclass(frozen=True, slots=True)
class Embedded:
    """One batch is in the cache."""

    done: int  # photos finished in this run, failures and unchanged ones included
    total: int  # photos found by the scan
    rate: float  # photos per second over the last batches, unchanged ones not counted
    seconds_left: float | None  # None until the rate is known


@dataclass(frozen=True, slots=True)
class PhotoFailed:
    """One photo could not be read; the run goes on."""

    path: Path
    reason: str  # a sentence
    refused: bool  # True: over a limit; False: damaged or unreadable


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index run is over."""

    photos: int
    embedded: int
    unchanged: int
    failed: int
    passed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A new board over the photos of ``collection``."""

    board: Board
    collection: Collection


@dataclass(frozen=True, slots=True)
class Opened:
    """What the library remembers, read once at the start."""

    folders: tuple[Path, ...]  # most recent first
    categories: tuple[Category, ...]
    strictness: float


@dataclass(frozen=True, slots=True)
class Saved:
    """Something a person made is safely stored. ``batch`` names a batch of decisions for undo; 0 for anything else."""

    batch: int = 0


Event = Opened | Saved | Scanned | EncoderReady | Embedded | PhotoFailed | Indexed | Ranked
