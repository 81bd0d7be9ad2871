"""What a re-rank changed, and boards narrowed to some photos: pure functions over arrays."""

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.board import Bin, Board


def count_moved(before: Board, after: Board, decided: NDArray[np.int64]) -> int:
    """How many photos of both boards stand in another bin now, those in ``decided`` (photo ids) not counted."""
    old_ids, old_bins = _bin_of_each(before)
    new_ids, new_bins = _bin_of_each(after)
    _, old_rows, new_rows = np.intersect1d(old_ids, new_ids, assume_unique=True, return_indices=True)
    names_before = np.array([bin_.name or "" for bin_ in before.bins], dtype=object)
    names_after = np.array([bin_.name or "" for bin_ in after.bins], dtype=object)
    moved = names_before[old_bins[old_rows]] != names_after[new_bins[new_rows]]
    return int(np.count_nonzero(moved & ~np.isin(old_ids[old_rows], decided)))


def _bin_of_each(board: Board) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Photo ids [N] and the index of the bin each stands in [N]."""
    ids = np.concatenate([bin_.photo_ids for bin_ in board.bins])
    return ids, np.repeat(np.arange(len(board.bins)), [len(bin_) for bin_ in board.bins])


def narrow(board: Board, photo_ids: NDArray[np.int64]) -> Board:
    """The same bins with only these photos; order within a bin stays."""
    return Board(
        tuple(_keep(bin_, np.isin(bin_.photo_ids, photo_ids)) for bin_ in board.bins), board.review, board.hits
    )


def only_confirmed(board: Board) -> Board:
    """The same bins with only the photos a person decided."""
    return Board(tuple(_keep(bin_, bin_.decided) for bin_ in board.bins), board.review, board.hits)


def count_confirmed(board: Board) -> int:
    return sum(int(np.count_nonzero(bin_.decided)) for bin_ in board.bins)


def _keep(bin_: Bin, kept: NDArray[np.bool_]) -> Bin:
    return Bin(
        bin_.name,
        bin_.photo_ids[kept],
        bin_.similarity[kept],
        bin_.probability[kept],
        bin_.margin[kept],
        bin_.decided[kept],
    )
