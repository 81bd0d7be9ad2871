"""What the engine says while it works: frozen, per batch, never per photo (a failed photo is rare enough)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Board
from clipsorter.ranking.changes import BoardChange
from clipsorter.ranking.overview import NO_OVERVIEW, Overview
from clipsorter.ranking.queries import SearchResult
from clipsorter.ranking.similarity import Ranking
from clipsorter.values import Category, Decision


@dataclass(frozen=True, slots=True)
class Scanned:
    """The walk has seen this much; ``done`` says that it has ended and the numbers are final."""

    photos: int
    passed: int  # entries that are not photos, hidden, links...
    unchanged: int  # photos already in the cache for this encoder
    done: bool


@dataclass(frozen=True, slots=True)
class EncoderStarting:
    """The model is being loaded; said again every fraction of a second until EncoderReady."""

    name: str


@dataclass(frozen=True, slots=True)
class EncoderReady:
    """The encoder answers from now on."""

    name: str
    device: str  # "CPU", "NVIDIA GeForce RTX 4070"...
    siblings: tuple[str, ...] = ()  # other devices of the same kind, by torch's names ("cuda:1")


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
class EntryFailed:
    """A folder, or an entry of one, could not be looked into; photos known to be there are kept. The run goes on."""

    path: Path
    reason: str  # a sentence


@dataclass(frozen=True, slots=True)
class KindLeftOut:
    """Photos of one kind were left out: reading them needs an optional part that is not installed."""

    first: Path  # one of them
    files: int
    reason: str  # a sentence


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index run is over."""

    photos: int
    embedded: int
    unchanged: int
    failed: int
    passed: int
    seconds: float
    changed: int  # photos that came, went, came back, moved or have another content: 0 where a board is as it was


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """A new board over the photos of ``collection``, and what it was made from."""

    board: Board
    collection: Collection
    ranking: Ranking  # aligned with the collection
    cutoffs: NDArray[np.float32]  # [K], on the cosine
    unknown: tuple[str, ...] = ()  # categories whose words the model does not know; only decisions fill them
    search: SearchResult | None = None  # what filtered the board, aligned with the collection
    counts: Mapping[str, int] = field(default_factory=dict)  # photos per category on the board, those below it included
    overview: Overview = NO_OVERVIEW  # all photos of the board in one order; made only for a board that is to be shown


@dataclass(frozen=True, slots=True, eq=False)
class Previewed:
    """What decisions would do, were they stored."""

    change: BoardChange  # between the board of now and that of ``after``
    after: Ranked


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The answer to a search over the photos of ``collection``."""

    result: SearchResult  # aligned with the collection
    collection: Collection


@dataclass(frozen=True, slots=True)
class Opened:
    """What the library remembers, read once at the start."""

    folders: tuple[Path, ...]  # most recent first
    categories: tuple[Category, ...]
    strictness: float
    tuned_to: str = ""  # id of the encoder that strictness and cut-offs are meant for; "": no model is here
    restored: Path | None = None  # the copy that was used because the library itself was gone
    cutoffs: Mapping[str, float] = field(default_factory=dict)  # as in ``tuning.Tuned``
    model: str = ""  # what people call the chosen model; "": it is not here


@dataclass(frozen=True, slots=True, eq=False)
class Recalled:
    """The photos of a folder and what a person said of them."""

    collection: Collection
    decisions: Mapping[str, Sequence[Decision]]  # by digest, photos of other folders included
    spoilt: int = 0  # photos left out because a disk spoilt what was known of them: the next index run looks again


@dataclass(frozen=True, slots=True)
class Saved:
    """Something a person made is safely stored. ``batch`` names a batch of decisions for undo; 0 for anything else."""

    batch: int = 0


Event = (
    Opened
    | Recalled
    | Saved
    | Scanned
    | EncoderStarting
    | EncoderReady
    | Embedded
    | EntryFailed
    | PhotoFailed
    | KindLeftOut
    | Indexed
    | Ranked
    | Previewed
    | Found
)
