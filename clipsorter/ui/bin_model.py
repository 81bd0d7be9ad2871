"""A bin's photos as a Qt model over numpy arrays."""

from collections.abc import Callable
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap

from clipsorter.columns import Digests, Paths
from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Bin, percent
from clipsorter.ui.plain_text import plain_tip

AnyIndex = QModelIndex | QPersistentModelIndex
Rows = NDArray[np.intp]

ROOT = QModelIndex()

# Put together once: Qt asks for every photo of a selection.
_PHOTO_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)


class PhotoRole(IntEnum):
    """What a delegate asks for beyond Qt's own roles."""

    PHOTO_ID = Qt.ItemDataRole.UserRole  # int
    SIMILARITY = Qt.ItemDataRole.UserRole + 1  # float, cosine
    PROBABILITY = Qt.ItemDataRole.UserRole + 2  # float in [0, 1]
    DECIDED = Qt.ItemDataRole.UserRole + 3  # bool
    DIGEST = Qt.ItemDataRole.UserRole + 4  # str
    SURE = Qt.ItemDataRole.UserRole + 5  # str, how sure the sorting is; empty where it had no say
    HOME = Qt.ItemDataRole.UserRole + 6  # str | None, name of the bin it stands in; None is Unsorted


def empty_bin(name: str | None) -> Bin:
    """A bin without photos."""
    none = np.empty(0, np.float32)
    return Bin(name, np.empty(0, np.int64), none, none, np.empty(0, np.bool_))


_TABLE_LIMIT = 4_000_000  # ids

EMPTY_COLLECTION = Collection(np.empty(0, np.int64), Paths(()), Digests(b""), np.empty((0, 0), np.float32))


class BinModel(QAbstractListModel):
    """The photos of one bin, or of an overview of several. Looking something up never touches the disk; GUI thread.

    ``pixmap`` gives the picture for a digest or None while it is on its way.
    """

    def __init__(
        self, name: str | None, pixmap: Callable[[str], QPixmap | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bin = empty_bin(name)
        self._collection = EMPTY_COLLECTION
        self._positions: dict[int, int] = {}  # rows looked at since the last change -> rows of the collection
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
            PhotoRole.SURE: self._sure,
            PhotoRole.HOME: self._home,
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

    def rows_of(self, photo_ids: NDArray[np.int64]) -> Rows:
        """The rows of those photos that are in the bin, ascending."""
        rows = _rows_of(photo_ids, self._bin.photo_ids)
        return np.sort(rows[rows >= 0])

    def survivor_near(self, row: int, photo_ids: NDArray[np.int64]) -> int:
        """The first row from ``row`` on whose photo is among ``photo_ids``; else the last before it; else -1."""
        old = self._bin.photo_ids
        if np.any(photo_ids == old[row]):
            return row
        stays = np.flatnonzero(_rows_of(old, photo_ids) >= 0)
        if not len(stays):
            return -1
        after = int(np.searchsorted(stays, row))
        return int(stays[after if after < len(stays) else -1])

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
        meet = len(coming) > 0 and bool(np.any(leaving == coming[0]))  # most often they do, and one look says so
        if not meet and np.all(_rows_of(coming, leaving) < 0):
            self._remove(head, np.delete(np.arange(len(old)), np.s_[head : len(old) - tail]), len(leaving))
            self._insert(head, new, collection)
        else:
            before = _rows_of(new.photo_ids, old.photo_ids)
            known = before >= 0
            if len(new) == len(old) and known.all():  # the same photos in another order
                self._show(old, collection)
                self._move(new)
                self._announce_values()
                return
            gone = np.ones(len(old), np.bool_)
            gone[before[known]] = False
            kept = new.take(np.flatnonzero(known))
            self._move(kept.join(old.take(np.flatnonzero(gone))))
            self._remove(len(kept), np.arange(len(kept)), len(old) - len(kept))
            self._insert(len(kept), kept.join(new.take(np.flatnonzero(~known))), collection)
            self._move(new)
        self._announce_values()

    def _show(self, new: Bin, collection: Collection) -> None:
        self._bin = new
        self._collection = collection
        self._positions.clear()

    def _move(self, new: Bin) -> None:
        """The same photos in another order."""
        if np.array_equal(new.photo_ids, self._bin.photo_ids):
            self._show(new, self._collection)
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        photos = self._bin.photo_ids[[index.row() for index in before]] if before else np.empty(0, np.int64)
        rows = _rows_of(photos, new.photo_ids)
        self._show(new, self._collection)
        self.changePersistentIndexList(before, [self.createIndex(row, 0) for row in rows.tolist()])
        self.layoutChanged.emit()

    def _remove(self, first: int, kept: Rows, count: int) -> None:
        if count:
            self.beginRemoveRows(ROOT, first, first + count - 1)
            self._show(self._bin.take(kept), self._collection)
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
        return _PHOTO_FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = index.row()
        if not 0 <= row < len(self._bin):
            return None
        look_up = self._look_up.get(role)
        return look_up(row) if look_up else None

    def _position(self, row: int) -> int:
        position = self._positions.get(row)
        if position is None:
            position = self._positions[row] = int(np.searchsorted(self._collection.photo_ids, self._bin.photo_ids[row]))
        return position

    def _name(self, row: int) -> str:
        return self._collection.files[self._position(row)].rpartition("/")[2]

    def _home(self, row: int) -> str | None:
        return self._bin.home(row)

    def _sure(self, row: int) -> str:
        compared = self._bin.home(row) is not None or self._bin.similarity[row] or self._bin.probability[row]
        return percent(float(self._bin.probability[row])) if compared and not self._bin.decided[row] else ""

    def _spoken(self, row: int) -> str:
        home = self._bin.home(row)
        words = [self._name(row), self.tr("Unsorted") if home is None else home]
        if self._bin.decided[row]:
            words.append(self.tr("put here by you"))
        elif sure := self._sure(row):
            words.append(sure)
        return ", ".join(words)

    def _explained(self, row: int) -> str:
        file = self._collection.files[self._position(row)]
        sure = self._sure(row)
        if self._bin.decided[row]:
            text = self.tr("You put it here")
        elif not sure:
            return plain_tip(file)
        elif self._bin.home(row) is None:
            text = self.tr("{percent} sure of the closest category, not enough for its bin").format(percent=sure)
        else:
            text = self.tr("{percent} sure of this bin").format(percent=sure)
        number = QLocale().toString(float(self._bin.similarity[row]), "f", 3)
        return plain_tip("\n".join((file, text, self.tr("Similarity {}").format(number))))


def _rows_of(photo_ids: NDArray[np.int64], among: NDArray[np.int64]) -> Rows:
    """Where each id stands in ``among``; -1 where it does not."""
    if not len(photo_ids) or not len(among):
        return np.full(len(photo_ids), -1, np.intp)
    lowest, highest = int(among.min()), int(among.max())
    if highest - lowest < _TABLE_LIMIT:  # a table of all ids is ten times faster than sorting, where it fits
        table = np.full(highest - lowest + 1, -1, np.intp)
        table[among - lowest] = np.arange(len(among))
        outside = (photo_ids < lowest) | (photo_ids > highest)
        rows: Rows = np.where(outside, -1, table[np.where(outside, 0, photo_ids - lowest)])
        return rows
    order = np.argsort(among)
    found = order[np.minimum(np.searchsorted(among, photo_ids, sorter=order), len(among) - 1)]
    return np.where(among[found] == photo_ids, found, -1)


def _common_head(one: NDArray[np.int64], other: NDArray[np.int64]) -> int:
    """How many ids at the beginning are the same."""
    shorter = min(len(one), len(other))
    different = np.flatnonzero(one[:shorter] != other[:shorter])
    return int(different[0]) if len(different) else shorter
