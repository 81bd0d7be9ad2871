"""The photos of a board in one order, whichever bins they stand in."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.board import Bin, Board
from clipsorter.ranking.ordering import locate
from clipsorter.ranking.queries import SearchResult


@dataclass(frozen=True, slots=True, eq=False)
class Overview(Bin):
    """As a bin, but with photos of several; each photo once. ``name`` says nothing."""

    names: tuple[str | None, ...]  # of the bins
    homes: NDArray[np.int16]  # [n], where in ``names`` the bin of each photo stands
    is_ranked: bool = False  # by a search; else the newest photo comes first

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Overview":
        """The overview of only these of its photos, in this order."""
        return self._with(Bin.take(self, rows), self.homes[rows])

    def join(self, other: Bin) -> "Overview":
        """The overview with another one's photos behind its own."""
        assert isinstance(other, Overview)
        joined = Bin.join(self, other)
        homes = np.concatenate([self.homes, other.homes + np.int16(len(self.names))])
        return replace(self._with(joined, homes), names=self.names + other.names)

    def home(self, row: int) -> str | None:
        return self.names[int(self.homes[row])]

    def homes_of(self, rows: NDArray[np.intp]) -> tuple[str | None, ...]:
        return tuple(self.names[home] for home in np.unique(self.homes[rows]).tolist())

    def narrow(self, board: Board) -> "Overview":
        """Only the photos that stand on ``board``, in this order."""
        return self.take(np.isin(self.photo_ids, np.concatenate([one.photo_ids for one in board.bins])))

    def _with(self, photos: Bin, homes: NDArray[np.int16]) -> "Overview":
        columns = (photos.photo_ids, photos.similarity, photos.probability, photos.decided)
        return Overview(None, *columns, self.names, homes, self.is_ranked)


_NONE = np.empty(0, np.float32)
NO_OVERVIEW = Overview(None, np.empty(0, np.int64), _NONE, _NONE, np.empty(0, np.bool_), (), np.empty(0, np.int16))


def order_newest_first(taken: NDArray[np.datetime64]) -> NDArray[np.intp]:
    """Rows [N] by the time a photo was ``taken`` [N]; those that do not say (NaT) last; equal ones by row."""
    age = np.where(np.isnat(taken), np.iinfo(np.int64).max, -taken.astype("datetime64[us]").astype(np.int64))
    return np.argsort(age, kind="stable")


def choose_order(newest: NDArray[np.intp], search: SearchResult | None) -> tuple[NDArray[np.intp], bool]:
    """The order of a search's answer, or, where it only sets conditions, ``newest``; and whether a search ranks it."""
    if search is None or not search.similarity.any():
        return newest, False
    return search.order, True


def gather(board: Board, photo_ids: NDArray[np.int64], order: NDArray[np.intp], *, is_ranked: bool = False) -> Overview:
    """All photos of ``board`` in this order: rows of ``photo_ids`` [N], which hold every photo of the board."""
    ids = np.concatenate([one.photo_ids for one in board.bins])
    place = np.full(len(photo_ids), -1, np.intp)  # among the photos of the board
    place[locate(photo_ids)(ids)] = np.arange(len(ids))
    rows = place[order]
    rows = rows[rows >= 0]
    homes = np.repeat(np.arange(len(board.bins), dtype=np.int16), [len(one) for one in board.bins])
    return Overview(
        None,
        ids[rows],
        np.concatenate([one.similarity for one in board.bins])[rows],
        np.concatenate([one.probability for one in board.bins])[rows],
        np.concatenate([one.decided for one in board.bins])[rows],
        tuple(one.name for one in board.bins),
        homes[rows],
        is_ranked,
    )
