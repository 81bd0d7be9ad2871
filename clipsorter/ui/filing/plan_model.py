"""A plan as a tree: folders as they will be, the photos in them, and what stays behind with its reason.

No object per photo: an index carries the number of the folder it is in, so 100,000 photos cost what their plan costs.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QLocale, QModelIndex, QObject, Qt, Signal

from clipsorter.filing.plan import Plan, PlannedPhoto
from clipsorter.filing.preview import PART, Outline, Shelf
from clipsorter.ui.filing.words import say_reason, say_size
from clipsorter.ui.icons import icon
from clipsorter.ui.model_index import ROOT, Index
from clipsorter.ui.plain_text import plain_tip

MOST_ANNOUNCED = 200  # rows of one folder


class Column(IntEnum):
    """From left to right."""

    NAME = 0
    PHOTOS = 1
    SIZE = 2
    NOTE = 3


_LeftBehind = tuple[str, str, Sequence[tuple[str, str]]]  # icon, words, (file, reason) of each

_GROUP = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_FOLDER = _GROUP | Qt.ItemFlag.ItemIsUserCheckable
_LINE = _GROUP | Qt.ItemFlag.ItemNeverHasChildren
_PHOTO = _FOLDER | Qt.ItemFlag.ItemNeverHasChildren


def _say_room(size: int) -> str:
    """Nothing for a link, which takes none: "0 bytes" would read as an empty photo."""
    return say_size(size) if size else ""


class PlanModel(QAbstractItemModel):
    """Each folder and each photo has a box; what is not ticked is dropped from the plan. GUI thread."""

    changed = Signal()  # what is kept

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._outline: Outline | None = None
        self._dropped: set[int] = set()  # numbers of photos
        self._kept: list[int] = []  # photos kept in each folder and below
        self._counts: list[int] = []  # photos in each folder and below
        self._sizes: list[int] = []  # bytes of those kept
        self._links: list[int] = []
        self._rows: list[int] = [0]  # below each folder, the target first, then below each group
        self._groups: list[_LeftBehind] = []

    # -- what it shows -------------------------------------------------------------------------------------------

    def show_outline(self, outline: Outline | None) -> None:
        """Show another plan, whole; None shows nothing."""
        self.beginResetModel()
        self._outline = outline
        self._dropped.clear()
        shelves = self._shelves
        self._counts = [0] * len(shelves)
        self._sizes = [0] * len(shelves)
        self._links = [0] * len(shelves)
        for number in range(len(shelves) - 1, -1, -1):  # a folder comes before those in it
            shelf = shelves[number]
            self._counts[number] += len(shelf.photos)
            self._sizes[number] += sum(shelf.sizes)
            self._links[number] += shelf.links
            if number:
                for totals in (self._counts, self._sizes, self._links):
                    totals[shelf.parent] += totals[number]
        self._kept = list(self._counts)
        self._groups = self._left_behind() if outline else []
        self._rows = [len(shelf.folders) + len(shelf.photos) for shelf in shelves] or [0]
        self._rows[0] += len(self._groups)
        self._rows += [len(lines) for _, _, lines in self._groups]
        self.endResetModel()
        self.changed.emit()

    def _left_behind(self) -> list[_LeftBehind]:
        plan = self._outline.plan if self._outline else None
        if plan is None:
            return []
        groups: list[_LeftBehind] = []
        problems = [(one.file, say_reason(one.reason)) for one in plan.problems if one.file]
        if problems:
            groups += _in_parts("triangle-alert", self.tr("Cannot be sorted"), problems)
        there = [
            (one.file, self.tr("as “{}”").format(one.there) if one.reason == "same content" else one.there)
            for one in plan.skipped
        ]
        if there:
            groups += _in_parts("circle-check", self.tr("There already"), there)
        return groups

    @property
    def plan(self) -> Plan | None:
        """The plan without what was dropped."""
        if self._outline is None:
            return None
        return self._outline.plan.without(self._dropped) if self._dropped else self._outline.plan

    @property
    def kept(self) -> int:
        """Photos that the plan would still file."""
        return self._kept[0] if self._kept else 0

    @property
    def kept_size(self) -> int:
        """Bytes of these."""
        return self._sizes[0] if self._sizes else 0

    @property
    def folders_kept(self) -> int:
        """Folders that get photos."""
        dropped = self._dropped
        return len({shelf.path for shelf in self._shelves if any(one.number not in dropped for one in shelf.photos)})

    # -- structure -----------------------------------------------------------------------------------------------

    @property
    def _shelves(self) -> Sequence[Shelf]:
        return self._outline.shelves if self._outline else ()

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        # A view asks this for every row of a folder that is opened: no detours.
        owner = self._owner_of_children(parent)
        if owner < 0 or not (0 <= row < self._rows[owner] and 0 <= column < len(Column) and parent.column() <= 0):
            return QModelIndex()
        return self.createIndex(row, column, owner)

    def parent(self, child: Index = ROOT) -> QModelIndex:  # type: ignore[override]
        owner = child.internalId()
        if not child.isValid() or owner == 0:
            return QModelIndex()
        if owner < len(self._shelves):
            shelf = self._shelves[owner]
            return self.createIndex(shelf.row, 0, shelf.parent)
        return self.createIndex(self._own_rows + owner - len(self._shelves), 0, 0)

    def rowCount(self, parent: Index = ROOT) -> int:
        owner = self._owner_of_children(parent)
        return self._rows[owner] if owner >= 0 and parent.column() <= 0 else 0

    def hasChildren(self, parent: Index = ROOT) -> bool:
        return self.rowCount(parent) > 0

    def columnCount(self, parent: Index = ROOT) -> int:
        return len(Column)

    @property
    def _own_rows(self) -> int:
        """Rows of the target itself, before the groups."""
        return len(self._shelves[0].folders) + len(self._shelves[0].photos) if self._shelves else 0

    def _owner_of_children(self, parent: Index) -> int:
        """What the rows below ``parent`` carry: their folder's number or, beyond those, their group's; -1: none."""
        if not parent.isValid():
            return 0
        owner, row = parent.internalId(), parent.row()
        if owner == 0 and row >= self._own_rows:
            return len(self._shelves) + row - self._own_rows
        if owner < len(self._shelves) and row < len(folders := self._shelves[owner].folders):
            return folders[row]
        return -1

    def _folder(self, index: Index) -> int | None:
        """The number of the folder in this row; None where it is none."""
        number = self._owner_of_children(index)
        return number if 0 < number < len(self._shelves) else None

    def _photo(self, index: Index) -> tuple[PlannedPhoto, int] | None:
        """The photo in this row and its bytes."""
        owner = index.internalId()
        if owner < len(self._shelves):
            shelf = self._shelves[owner]
            place = index.row() - len(shelf.folders)
            if 0 <= place < len(shelf.photos):
                return shelf.photos[place], shelf.sizes[place]
        return None

    # -- what stands in a cell -----------------------------------------------------------------------------------

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return (self.tr("Name"), self.tr("Photos"), self.tr("Size"), self.tr("Note"))[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self._owner_of_children(index) < 0:
            return _LINE if index.internalId() >= len(self._shelves) or index.column() else _PHOTO
        return _FOLDER if self._folder(index) and index.column() == Column.NAME else _GROUP

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._outline is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if (folder := self._folder(index)) is not None:
            return self._folder_data(folder, index.column(), role)
        if (photo := self._photo(index)) is not None:
            return self._photo_data(*photo, index.column(), role)
        return self._group_data(index, role)

    def _folder_data(self, number: int, column: int, role: int) -> Any:
        shelf, kept, counted = self._shelves[number], self._kept[number], self._counts[number]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                links = self.tr("%Ln link(s)", "", self._links[number]) if self._links[number] else ""
                number_kept = QLocale().toString(kept)
                return (shelf.name, number_kept, _say_room(self._sizes[number]), links)[column]
            case Qt.ItemDataRole.DecorationRole if column == Column.NAME:
                return icon("images" if shelf.part else "folder")
            case Qt.ItemDataRole.CheckStateRole if column == Column.NAME and counted:
                whole, some = Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked
                return (whole if kept == counted else some) if kept else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(f"{self._outline.plan.target / shelf.path}") if self._outline else None
            case Qt.ItemDataRole.AccessibleTextRole if column == Column.NAME:
                said = (shelf.name, self.tr("%Ln photo(s)", "", kept), _say_room(self._sizes[number]))
                return ", ".join(filter(None, said))
        return None

    def _photo_data(self, photo: PlannedPhoto, size: int, column: int, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (photo.home.rpartition("/")[2], "", _say_room(size), self._note(photo))[column]
            case Qt.ItemDataRole.DecorationRole if column == Column.NAME:
                return icon("images" if len(photo.operations) > 1 else "image")
            case Qt.ItemDataRole.CheckStateRole if column == Column.NAME:
                return Qt.CheckState.Unchecked if photo.number in self._dropped else Qt.CheckState.Checked
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip("\n".join([photo.file, *(one.destination for one in photo.operations)]))
            case Qt.ItemDataRole.AccessibleTextRole if column == Column.NAME:
                return ", ".join(filter(None, (photo.home.rpartition("/")[2], _say_room(size), self._note(photo))))
        return None

    def _note(self, photo: PlannedPhoto) -> str:
        """What is special about it first, else why it goes there."""
        notes = []
        if photo.renamed:
            notes.append(self.tr("another file has its name there, so it gets a number"))
        folder = photo.home.rpartition("/")[0]
        if along := [one for one in photo.operations[1:] if one.destination.rpartition("/")[0] == folder]:
            notes.append(self.tr("with {}").format(", ".join(one.source.name for one in along)))
        return "; ".join(notes) or say_reason(photo.reason)

    def _group_data(self, index: Index, role: int) -> Any:
        owner, column = index.internalId(), index.column()
        if owner < len(self._shelves):
            picture, words, lines = self._groups[index.row() - self._own_rows]
            number = QLocale().toString(len(lines))
            shown, whole = (words, number, "", ""), f"{words}, {number}"
        else:
            file, reason = self._groups[owner - len(self._shelves)][2][index.row()]
            picture, shown, whole = "", (file, "", "", reason), f"{file}, {reason}"
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown[column]
            case Qt.ItemDataRole.DecorationRole if column == Column.NAME and picture:
                return icon(picture)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(whole)
            case Qt.ItemDataRole.AccessibleTextRole if column == Column.NAME:
                return whole
        return None

    # -- dropping ------------------------------------------------------------------------------------------------

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != Column.NAME:
            return False
        keep = Qt.CheckState(value) != Qt.CheckState.Unchecked
        if (folder := self._folder(index)) is not None:
            self._keep_folder(folder, keep)
            self._announce_below(self.createIndex(index.row(), 0, index.internalId()))
            above = self._shelves[folder].parent
        elif (photo := self._photo(index)) is not None:
            above = index.internalId()
            self._keep_photos(above, [photo], keep)
        else:
            return False
        self.dataChanged.emit(index, self.sibling(index.row(), Column.NOTE, index))
        while above:
            shelf = self._shelves[above]
            row = self.createIndex(shelf.row, 0, shelf.parent)
            self.dataChanged.emit(row, row.siblingAtColumn(Column.NOTE))
            above = shelf.parent
        self.changed.emit()
        return True

    def _keep_folder(self, number: int, keep: bool) -> None:
        shelf = self._shelves[number]
        for below in shelf.folders:
            self._keep_folder(below, keep)
        self._keep_photos(number, list(zip(shelf.photos, shelf.sizes, strict=True)), keep)

    def _keep_photos(self, number: int, photos: Sequence[tuple[PlannedPhoto, int]], keep: bool) -> None:
        """Keep or drop photos that stand in one folder; its counts and those above follow."""
        turned = [(photo.number, size) for photo, size in photos if (photo.number in self._dropped) == keep]
        numbers = [one for one, _ in turned]
        self._dropped = self._dropped.difference(numbers) if keep else self._dropped.union(numbers)
        sign = 1 if keep else -1
        count, size = sign * len(turned), sign * sum(size for _, size in turned)
        while True:
            self._kept[number] += count
            self._sizes[number] += size
            if not number:
                return
            number = self._shelves[number].parent

    def _announce_below(self, index: QModelIndex) -> None:
        """Rows by rows, as long as they are few: of many a view asks each (90 ms at 5,000) and repaints them anyway."""
        if 0 < (rows := self.rowCount(index)) <= MOST_ANNOUNCED:
            self.dataChanged.emit(self.index(0, 0, index), self.index(rows - 1, Column.NOTE, index))
        folder = self._folder(index)
        for row in range(len(self._shelves[folder].folders) if folder else 0):
            self._announce_below(self.index(row, 0, index))


def _alignment(column: int) -> Qt.AlignmentFlag:
    number = column in {Column.PHOTOS, Column.SIZE}
    return (Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter


def _in_parts(picture: str, words: str, lines: Sequence[tuple[str, str]]) -> list[_LeftBehind]:
    """One group, or several where so many lines would hold the window up."""
    if len(lines) <= PART:
        return [(picture, words, lines)]
    starts = range(0, len(lines), PART)
    return [
        (picture, f"{words}, {start + 1} – {min(start + PART, len(lines))}", lines[start : start + PART])
        for start in starts
    ]
