"""A bin's photos as a Qt model over numpy arrays."""

from collections.abc import Callable
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Bin

AnyIndex = QModelIndex | QPersistentModelIndex
Rows = NDArray[np.intp]

ROOT = QModelIndex()


class PhotoRole(IntEnum):
    """What a delegate asks for beyond Qt's own roles."""

    PHOTO_ID = Qt.ItemDataRole.UserRole  # int
    SIMILARITY = Qt.ItemDataRole.UserRole + 1  # float, cosine
    PROBABILITY = Qt.ItemDataRole.UserRole + 2  # float in [0, 1]
    DECIDED = Qt.ItemDataRole.UserRole + 3  # bool
    DIGEST = Qt.ItemDataRole.UserRole + 4  # str


def empty_bin(name: str | None) -> Bin:
    """A bin without photos."""
    none = np.empty(0, np.float32)
    return Bin(name, np.empty(0, np.int64), none, none, none, np.empty(0, np.bool_))


EMPTY_COLLECTION = Collection(np.empty(0, np.int64), (), (), np.empty((0, 0), np.float32))


class BinModel(QAbstractListModel):
    """The photos of one bin, best first. Looking something up never touches the disk; GUI thread.

    ``pixmap`` gives the picture for a digest or None while it is on its way.
    """

    def __init__(
        self, name: str | None, pixmap: Callable[[str], QPixmap | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bin = empty_bin(name)
        self._collection = EMPTY_COLLECTION
        self._pixmap = pixmap
        self._look_up: dict[int, Callable[[int], object]] = {
            Qt.ItemDataRole.DisplayRole: self._name,
            Qt.ItemDataRole.DecorationRole: lambda row: self._pixmap(self.digest(row)),
            Qt.ItemDataRole.ToolTipRole: self._explained,
            Qt.ItemDataRole.AccessibleTextRole: self._spoken,
            PhotoRole.PHOTO_ID: lambda row: int(self._bin.photo_ids[row]),
            PhotoRole.SIMILARITY: lambda row: float(self._bin.similarity[row]),
            PhotoRole.PROBABILITY: lambda row: float(self._bin.probability[row]),
            PhotoRole.DECIDED: lambda row: bool(self._bin.decided[row]),
            PhotoRole.DIGEST: self.digest,
        }

    @property
    def bin(self) -> Bin:
        return self._bin

    @property
    def collection(self) -> Collection:
        return self._collection

    def digest(self, row: int) -> str:
        return self._collection.digests[self._position(row)]

    def row_of(self, photo_id: int) -> int:
        """The row of a photo, or -1. Looks at all photos of the bin."""
        found = np.flatnonzero(self._bin.photo_ids == photo_id)
        return int(found[0]) if len(found) else -1

    def survivor_near(self, row: int, photo_ids: NDArray[np.int64]) -> int:
        """The first row from ``row`` on whose photo is among ``photo_ids``; else the last before it; else -1."""
        stays = np.isin(self._bin.photo_ids, photo_ids)
        after = np.flatnonzero(stays[row:])
        if len(after):
            return row + int(after[0])
        before = np.flatnonzero(stays[:row])
        return int(before[-1]) if len(before) else -1

    # --- a new ranking ------------------------------------------------------------------------------------------

    def set_bin(self, new: Bin, collection: Collection) -> None:
        """Show another ranking; photos that stay keep their selection.

        Rows are announced exactly. One stretch that left and one that came are one removal and one insertion; anything
        else becomes at most four steps: the photos that stay move to the front in their new order, the others are
        removed behind them, new ones are added there, and all move to their final places.
        """
        old = self._bin
        if np.array_equal(old.photo_ids, new.photo_ids):
            self._show(new, collection)
            self._announce_values()
            return
        head = _common_head(old.photo_ids, new.photo_ids)
        tail = _common_head(old.photo_ids[head:][::-1], new.photo_ids[head:][::-1])
        leaving = old.photo_ids[head : len(old) - tail]
        coming = new.photo_ids[head : len(new) - tail]
        # Until the leaving photos are gone, names are looked up in the old collection: the new one need not know them.
        if not np.isin(coming, leaving).any():
            self._remove(head, np.delete(np.arange(len(old)), np.s_[head : len(old) - tail]), len(leaving))
            self._insert(head, new, collection)
        else:
            stays = np.isin(old.photo_ids, new.photo_ids)
            known = np.isin(new.photo_ids, old.photo_ids)
            kept = new.photo_ids[known]
            self._move(_take(old, np.concatenate([_rows_of(kept, old.photo_ids), np.flatnonzero(~stays)])))
            self._remove(len(kept), np.arange(len(kept)), int(np.count_nonzero(~stays)))
            order = np.concatenate([np.flatnonzero(known), np.flatnonzero(~known)])
            self._insert(len(kept), _take(new, order), collection)
            self._move(new)
        self._announce_values()

    def _show(self, new: Bin, collection: Collection) -> None:
        self._bin = new
        self._collection = collection

    def _move(self, new: Bin) -> None:
        """The same photos in another order."""
        if np.array_equal(new.photo_ids, self._bin.photo_ids):
            self._bin = new
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        photos = self._bin.photo_ids[[index.row() for index in before]] if before else np.empty(0, np.int64)
        rows = _rows_of(photos, new.photo_ids)
        self._bin = new
        self.changePersistentIndexList(before, [self.index(row, 0) for row in rows.tolist()])
        self.layoutChanged.emit()

    def _remove(self, first: int, kept: Rows, count: int) -> None:
        if count:
            self.beginRemoveRows(ROOT, first, first + count - 1)
            self._bin = _take(self._bin, kept)
            self.endRemoveRows()

    def _insert(self, first: int, new: Bin, collection: Collection) -> None:
        """``new`` is the present ranking with further photos from row ``first`` on."""
        if count := len(new) - len(self._bin):
            self.beginInsertRows(ROOT, first, first + count - 1)
            self._show(new, collection)
            self.endInsertRows()
        else:
            self._show(new, collection)

    def _announce_values(self) -> None:
        if len(self._bin):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._bin) - 1, 0))

    # --- what views ask -----------------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._bin)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled | flag.ItemNeverHasChildren

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = index.row()
        if not 0 <= row < len(self._bin):
            return None
        look_up = self._look_up.get(role)
        return look_up(row) if look_up else None

    def _position(self, row: int) -> int:
        return int(np.searchsorted(self._collection.photo_ids, self._bin.photo_ids[row]))

    def _name(self, row: int) -> str:
        return self._collection.files[self._position(row)].rpartition("/")[2]

    def _spoken(self, row: int) -> str:
        where = self._bin.name if self._bin.name is not None else self.tr("Unsorted")
        if self._bin.decided[row]:
            text = self.tr("{name}, {bin}, {percent}, put here by you")
        else:
            text = self.tr("{name}, {bin}, {percent}")
        return text.format(name=self._name(row), bin=where, percent=percent(float(self._bin.probability[row])))

    def _explained(self, row: int) -> str:
        similarity = QLocale().toString(float(self._bin.similarity[row]), "f", 3)
        sure = percent(float(self._bin.probability[row]))
        if self._bin.name is None:
            text = self.tr(
                "{file}\n{percent} sure of the closest category, not enough for its bin\nSimilarity {number}"
            )
        else:
            text = self.tr("{file}\n{percent} sure of this bin\nSimilarity {number}")
        if self._bin.decided[row]:
            text = self.tr("{file}\nYou put it here\nSimilarity {number}")
        return text.format(file=self._collection.files[self._position(row)], percent=sure, number=similarity)


def percent(probability: float) -> str:
    """As people read it, rounded down: only what is certain is 100 %."""
    return f"{int(probability * 100 + 1e-4)}%"


def _take(ranking: Bin, rows: Rows) -> Bin:
    return Bin(
        ranking.name,
        ranking.photo_ids[rows],
        ranking.similarity[rows],
        ranking.probability[rows],
        ranking.margin[rows],
        ranking.decided[rows],
    )


def _rows_of(photo_ids: NDArray[np.int64], among: NDArray[np.int64]) -> Rows:
    """Where each id stands in ``among``, which holds them all."""
    order = np.argsort(among)
    return order[np.searchsorted(among, photo_ids, sorter=order)]


def _common_head(one: NDArray[np.int64], other: NDArray[np.int64]) -> int:
    """How many ids at the beginning are the same."""
    shorter = min(len(one), len(other))
    different = np.flatnonzero(one[:shorter] != other[:shorter])
    return int(different[0]) if len(different) else shorter
