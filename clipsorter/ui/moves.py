"""Decisions on their way: from the person's word until a board shows them and what they taught. Knows nothing of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Board
from clipsorter.ranking.changes import compare_boards
from clipsorter.ui.history import DecisionChange
from clipsorter.ui.jobs import Job
from clipsorter.values import Decision

NONE: NDArray[np.int64] = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Learned:
    """What the decisions since the last look have changed."""

    moves: int  # photos decided
    changed: int  # other photos that stand in another bin since
    questions: int  # photos that need review now


def decide_photos(
    collection: Collection, photo_ids: NDArray[np.int64], bin_names: Sequence[str | None]
) -> tuple[Decision, ...]:
    """A person's word on each of these photos, once for those with the same content."""
    digests = [collection.digests[row] for row in collection.positions(photo_ids)]
    return tuple(Decision(digest, name) for digest, name in dict(zip(digests, bin_names, strict=True)).items())


class Moves:
    """Remembers what is being stored, and which photos the person has decided since the last board."""

    def __init__(self) -> None:
        self._saves: dict[Job, DecisionChange] = {}  # under way
        self._awaited = NONE  # photo ids

    def decide(self, photo_ids: NDArray[np.int64]) -> None:
        self._awaited = np.union1d(self._awaited, photo_ids)

    def save(self, job: Job, change: DecisionChange) -> None:
        self._saves[job] = change

    def end(self, job: Job) -> DecisionChange | None:
        """A job has ended; the change that it stored, or failed to store, if that was its work."""
        return self._saves.pop(job, None)

    def forget(self) -> None:
        """The person took something back: what the next board changes was not taught."""
        self._awaited = NONE

    def learn(self, before: Board | None, board: Board) -> Learned | None:
        """What the moves have changed, once all are stored and a board has come; None where there are none."""
        if not len(self._awaited) or self._saves:
            return None
        moves, self._awaited = self._awaited, NONE
        changed = compare_boards(before, board, moves).followed if before else 0
        return Learned(len(moves), changed, len(board.review))
