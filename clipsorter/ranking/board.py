"""The board: every photo in exactly one bin, best first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Bin:
    """One column of the board. All arrays are aligned, [n], ranked best first."""

    name: str | None  # None: Unsorted
    photo_ids: NDArray[np.int64]
    similarity: NDArray[np.float32]  # cosine to this bin's category; in Unsorted to the best category
    probability: NDArray[np.float32]  # of this bin's category (Unsorted: of the best), in [0, 1]
    margin: NDArray[np.float32]  # best minus runner-up probability, in [0, 1]
    decided: NDArray[np.bool_]  # True where a person put it here

    def __len__(self) -> int:
        return len(self.photo_ids)


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """All bins: the categories in the person's order, then Unsorted. Each photo id stands in exactly one bin."""

    bins: tuple[Bin, ...]
    review: NDArray[np.int64]  # photo ids close between two bins or at a cut-off, most useful question first
    hits: int | None = None  # photos shown when a search filters the board; None without a search

    @property
    def unsorted(self) -> Bin:
        """The last bin: photos that clear no cut-off."""
        return self.bins[-1]
