"""One sorted photo, as the exports write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SortedPhoto:
    """Where one photo landed and how sure the ranking is. Plain values: the engine reads them off its board."""

    file: str  # relative to the sorted folder, with "/"
    path: Path  # absolute; used to find the photo, never written into an export
    bin: str | None  # a category's name; None: Unsorted
    similarity: float  # cosine to its best category, in [-1, 1]
    probability: float  # of that category, in [0, 1]
    margin: float  # best minus runner-up probability, in [0, 1]
    similarities: Mapping[str, float]  # category -> cosine, in the person's order
    tags: tuple[str, ...] = ()  # every category that holds, where several do
