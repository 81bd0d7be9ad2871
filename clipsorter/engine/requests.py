"""What a caller asks of the engine, frozen."""

from dataclasses import dataclass
from pathlib import Path

from clipsorter.library.strictness import DEFAULT_STRICTNESS
from clipsorter.values import Category


@dataclass(frozen=True, slots=True)
class Sample:
    """Pictures that photos are to look like; several count as one, their mean."""

    digests: tuple[str, ...] = ()  # of photos in the library
    files: tuple[Path, ...] = ()  # images anywhere


@dataclass(frozen=True, slots=True)
class RankRequest:
    """One board to be made. ``query`` and ``samples`` filter it; without both it shows everything."""

    categories: tuple[Category, ...]
    strictness: float = DEFAULT_STRICTNESS  # in [0, 1]; 0: nothing goes to Unsorted
    query: str = ""
    samples: tuple[Sample, ...] = ()
    nearest: int = 0  # photos to show, the most similar first, where none is similar enough
    tuned_to: str = ""  # id of the encoder that strictness and cut-offs are meant for; "": whichever answers
