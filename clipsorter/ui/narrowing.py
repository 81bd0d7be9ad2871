"""Boards narrowed to some photos: pure functions over arrays."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.albums import describe_counts
from clipsorter.ranking.board import Bin, Board


def narrow(board: Board, photo_ids: NDArray[np.int64]) -> Board:
    """The same bins with only these photos; order within a bin stays."""
    return _keep(board, tuple(bin_.take(np.isin(bin_.photo_ids, photo_ids)) for bin_ in board.bins))


def only_confirmed(board: Board) -> Board:
    """The same bins with only the photos a person decided."""
    return _keep(board, tuple(bin_.take(bin_.decided) for bin_ in board.bins))


def _keep(board: Board, bins: tuple[Bin, ...]) -> Board:
    hits = None if board.hits is None else sum(map(len, bins))
    return replace(board, bins=bins, hits=hits, narrowed=True)


def describe(board: Board) -> tuple[tuple[str, float], ...]:
    """The categories that describe all photos of a board, as ``ranking.albums`` has it, and their shares in [0, 1]."""
    named = [bin_ for bin_ in board.bins if bin_.name is not None]
    held = np.array([[len(bin_) for bin_ in named]], np.int64)
    shares, described = describe_counts(held, np.array([sum(len(bin_) for bin_ in board.bins)], np.int64))
    found = [
        (bin_.name or "", float(share))
        for bin_, share, says in zip(named, shares[0], described[0], strict=True)
        if says
    ]
    return tuple(sorted(found, key=lambda one: -one[1]))


def count_confirmed(board: Board) -> int:
    return sum(int(np.count_nonzero(bin_.decided)) for bin_ in board.bins)
