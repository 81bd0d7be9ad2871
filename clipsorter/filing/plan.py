"""The plan: what would be done to which file, before anything is done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from clipsorter.filing.identity import Identity
from clipsorter.values import Photo

Kind = Literal["move", "copy", "hardlink", "symlink"]
Layout = Literal["category", "category/year", "category/year/month"]
Links = Literal["hardlink", "symlink"]


@dataclass(frozen=True, slots=True)
class ToFile:
    """One photo that a person wants filed, as the engine reads it off the board."""

    photo: Photo
    digest: str  # of the content, 32 hex digits; empty where it is not known
    category: str  # its one home
    others: tuple[str, ...] = ()  # further categories, for links
    taken: datetime | None = None
    reason: str = ""  # for people: "your decision", "97% sure"


@dataclass(frozen=True, slots=True)
class FilingRequest:
    """How to file. ``links`` puts a link into the folders of a photo's other categories."""

    folder: Path  # the photos' common folder
    target: Path  # where the category folders stand or will stand
    mode: Kind = "copy"
    layout: Layout = "category"
    links: Links | None = None
    parents: Mapping[str, str] = field(default_factory=dict)  # category -> category above it
    undated: str = "Undated"  # year folder of a photo that does not say when it was taken


@dataclass(frozen=True, slots=True)
class Operation:
    """One act on one file."""

    kind: Kind
    source: Path  # absolute; for a link in another category the photo's new home
    destination: str  # relative to the target, with "/"
    identity: Identity  # of the source; for a link to the new home that of the photo


@dataclass(frozen=True, slots=True)
class PlannedPhoto:
    """A photo and everything that travels with it: all of it is done, or nothing."""

    number: int  # names it within the plan, from 0
    file: str  # of the photo itself, relative to the plan's folder, with "/"
    category: str
    reason: str
    operations: tuple[Operation, ...]  # the photo first, then companions, then links

    @property
    def home(self) -> str:
        """Where the photo itself goes, relative to the target."""
        return self.operations[0].destination

    @property
    def renamed(self) -> bool:
        """Whether another file has its name there, so that it gets a number."""
        return PurePosixPath(self.home).name != self.operations[0].source.name

    @property
    def size(self) -> int:
        """Bytes of the photo and its companions; links count nothing."""
        return sum(operation.identity.size for operation in self.operations if operation.kind in {"move", "copy"})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A photo with nothing left to do."""

    file: str
    reason: Literal["in place", "same content"]
    there: str  # where it or its twin stands, relative to the target


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know before Apply; ``file`` is empty where it concerns the whole plan."""

    file: str
    reason: str  # a sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that Apply would do, as a value; ``plan_file`` writes and reads it."""

    folder: Path  # absolute; every source stands below it
    target: Path  # absolute; every destination stands below it
    mode: Kind
    layout: Layout
    photos: tuple[PlannedPhoto, ...]
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    bytes_needed: int = 0  # that the target's disk must have
    bytes_free: int = 0  # that it had when the plan was made

    def without(self, numbers: Collection[int]) -> "Plan":
        """The same plan with these photos dropped; they are left where they are."""
        dropped = set(numbers)
        kept = tuple(photo for photo in self.photos if photo.number not in dropped)
        saved = sum(photo.size for photo in self.photos if photo.number in dropped) if self.bytes_needed else 0
        needed = self.bytes_needed - saved
        # The one problem of a whole plan is that the disk has too little room.
        problems = tuple(one for one in self.problems if one.file or needed > self.bytes_free)
        return replace(self, photos=kept, problems=problems, bytes_needed=needed)


@dataclass(frozen=True, slots=True)
class Planning:
    """Progress of making a plan."""

    done: int
    total: int
