"""What happened between two boards of the same photos, in numbers that can be said in a sentence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.board import Board
from clipsorter.ranking.ordering import locate

SAMPLES = 4  # photos that show what a flow consists of
NOBODY = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Flow:
    """Photos that went from one bin to another; None is Unsorted."""

    source: str | None
    target: str | None
    count: int
    samples: tuple[int, ...]  # photo ids, the best of the bin they came into first, none that the person moved


@dataclass(frozen=True, slots=True)
class BoardChange:
    """What a decision did to a board."""

    changed: int  # photos that stand in another bin than before
    moved: int  # of those, the ones that the person moved
    flows: tuple[Flow, ...]  # the largest first

    @property
    def followed(self) -> int:
        """Photos that changed bin because others were moved: what was learned."""
        return self.changed - self.moved


def compare_boards(before: Board, after: Board, moved: NDArray[np.int64] = NOBODY) -> BoardChange:
    """Count the photos that changed bin, those that the person ``moved`` (photo ids) apart.

    Bins are compared by name, so one that only changed its place in the list changes nothing. Photos that stand on one
    of the boards only are left out.
    """
    old_ids, old_bins = _flatten(before)
    new_ids, new_bins = _flatten(after)
    names = list(dict.fromkeys(column.name for board in (before, after) for column in board.bins))
    old_names = np.array([names.index(column.name) for column in before.bins])[old_bins]
    new_names = np.array([names.index(column.name) for column in after.bins])[new_bins]
    row_before = np.full(len(new_ids), -1, np.intp)
    if len(old_ids):
        both = np.isin(new_ids, old_ids)
        row_before[both] = locate(old_ids)(new_ids[both])
    rows = np.flatnonzero(row_before >= 0)
    rows = rows[old_names[row_before[rows]] != new_names[rows]]
    by_person = np.isin(new_ids[rows], moved)
    pairs = old_names[row_before[rows]] * len(names) + new_names[rows]
    kinds, counts = np.unique(pairs, return_counts=True)
    flows = [
        Flow(
            names[kind // len(names)],
            names[kind % len(names)],
            int(count),
            tuple(new_ids[rows[(pairs == kind) & ~by_person][:SAMPLES]].tolist()),
        )
        for kind, count in zip(kinds.tolist(), counts, strict=True)
    ]
    return BoardChange(len(rows), int(by_person.sum()), tuple(sorted(flows, key=lambda flow: -flow.count)))


def _flatten(board: Board) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Photo ids [N], bin by bin and best first, and the number of the bin each stands in [N]."""
    sizes = [len(column) for column in board.bins]
    return np.concatenate([column.photo_ids for column in board.bins]), np.repeat(np.arange(len(sizes)), sizes)
