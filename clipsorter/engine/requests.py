"""What a caller asks of the engine, frozen."""

from dataclasses import dataclass

from clipsorter.values import Category

DEFAULT_STRICTNESS = 0.5


@dataclass(frozen=True, slots=True)
class RankRequest:
    """One board to be made. ``query`` filters it, empty shows everything."""

    categories: tuple[Category, ...]
    strictness: float = DEFAULT_STRICTNESS  # in [0, 1]; 0: nothing goes to Unsorted
    query: str = ""
