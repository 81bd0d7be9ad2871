"""What filing says while it works, frozen; one event per photo, so that a caller can stop between any two."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Started:
    """A run has its journal; ``run`` names it for undo and recover."""

    run: str
    total: int  # photos


@dataclass(frozen=True, slots=True)
class PhotoFiled:
    """A photo and all that travels with it stand at their new place."""

    number: int
    file: str  # relative to the plan's folder
    place: Path
    done: int  # photos finished in this run, with and without success
    total: int


@dataclass(frozen=True, slots=True)
class PhotoNotFiled:
    """A photo is where it was. ``torn``: part of it could not be brought back; recover will."""

    number: int
    file: str
    reason: str  # a sentence
    done: int
    total: int
    torn: bool = False


@dataclass(frozen=True, slots=True)
class PhotoReturned:
    """A photo is back where it was before the run."""

    number: int
    file: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PhotoLeftAlone:
    """A photo stays where it is. ``by_person``: because a person changed something; else because the disk failed."""

    number: int
    file: str
    reason: str
    done: int
    total: int
    by_person: bool = True


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event. ``untouched`` photos were not begun, because of ``stopped_by`` (a sentence, or empty)."""

    run: str
    filed: int = 0
    not_filed: int = 0
    returned: int = 0
    left_alone: int = 0
    untouched: int = 0
    stopped_by: str = ""

    @property
    def complete(self) -> bool:
        """Everything that was asked for was done."""
        return not (self.not_filed or self.left_alone or self.untouched)


FilingEvent = Started | PhotoFiled | PhotoNotFiled | PhotoReturned | PhotoLeftAlone | Finished
