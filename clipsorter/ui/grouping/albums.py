"""Folders and months in the side panel: choose one to see only its photos."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from clipsorter.engine.albums import Albums, DateAlbum, FolderAlbum
from clipsorter.ui.controls import caption
from clipsorter.ui.icons import icon
from clipsorter.ui.plain_text import plain_tip
from clipsorter.ui.searching.token_words import name_month

KEY_ROLE = Qt.ItemDataRole.UserRole
ROW = 30  # px
AT_ONCE = 120  # albums added between two turns of the event loop
MOST_ROWS = 9  # before the list scrolls by itself

AlbumKey = tuple[str, str]  # kind and name: stays the same while photos come and go


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """One album on its way into the tree."""

    key: AlbumKey
    above: AlbumKey | None
    name: str  # for people
    photo_ids: NDArray[np.int64]
    picture: str


class AlbumList(QWidget):
    """Shows albums; hidden while there are none worth showing."""

    chosen = Signal(object, str)  # AlbumKey or None, its name for people

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: dict[AlbumKey, NDArray[np.int64]] = {}
        self._names: dict[AlbumKey, str] = {}
        self._filling = False
        self._below: defaultdict[AlbumKey | None, list[_Entry]] = defaultdict(list)  # not in the tree yet
        self._waiting: deque[tuple[QTreeWidgetItem | None, _Entry]] = deque()
        self._opened: set[AlbumKey] = set()
        self._was: AlbumKey | None = None
        self._more = QTimer(self, interval=0, singleShot=True)
        self._more.timeout.connect(self._add_some)
        self.tree = _Tree()
        self.tree.setAccessibleName(self.tr("Albums"))
        self.tree.itemSelectionChanged.connect(self._on_selected)
        self.tree.itemExpanded.connect(self._on_expanded)
        self.tree.itemCollapsed.connect(self._fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 20, 0, 0)
        column.setSpacing(4)
        column.addWidget(caption(self.tr("ALBUMS")))
        column.addWidget(self.tree)
        self.hide()

    def photo_ids(self, key: AlbumKey) -> NDArray[np.int64]:
        """Of an album; none when it is gone."""
        return self._ids.get(key, np.empty(0, np.int64))

    def name(self, key: AlbumKey) -> str:
        """Of an album, for people; empty when it is gone."""
        return self._names.get(key, "")

    def show_albums(self, albums: Albums, chosen: AlbumKey | None = None) -> None:
        """Instead of those before; what was open stays so, and what was chosen unless another one is named."""
        self._opened = {item.data(0, KEY_ROLE) for item in self.tree.all_items() if item.isExpanded()}
        self._was = chosen or self.current_key()
        entries = [*_folder_entries(albums.folders), *_date_entries(albums.dates)]
        above = {entry.key: entry.above for entry in entries}
        around = above.get(chosen) if chosen else None
        while around is not None:
            self._opened.add(around)
            around = above.get(around)
        self._ids = {entry.key: entry.photo_ids for entry in entries}
        self._names = {entry.key: entry.name for entry in entries}
        self._below = defaultdict(list)
        for entry in entries:
            self._below[entry.above].append(entry)
        self._filling = True
        self.tree.clear()
        self._filling = False
        self._waiting = deque()
        self._fill(None, None)
        self._add_some()
        self.setVisible(bool(entries))

    def _fill(self, item: QTreeWidgetItem | None, key: AlbumKey | None) -> None:
        """Add what is right below an album, once."""
        self._waiting.extend((item, entry) for entry in self._below.pop(key, ()))

    def _add_some(self) -> None:
        """A few at a time: thousands of folders beside each other would hold the window up."""
        self._filling = True
        for _ in range(min(AT_ONCE, len(self._waiting))):
            above, entry = self._waiting.popleft()
            item = self._add(above, entry)
            if entry.key in self._below:
                item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
                if entry.key in self._opened:
                    item.setExpanded(True)  # which fills it
            if entry.key == self._was:
                self.tree.setCurrentItem(item)
        self._filling = False
        if self._waiting:
            self._more.start()
        self._fit()

    def _on_expanded(self, item: QTreeWidgetItem) -> None:
        self._fill(item, item.data(0, KEY_ROLE))
        if not self._filling:
            self._add_some()

    def current_key(self) -> AlbumKey | None:
        chosen = self.tree.selectedItems()
        return chosen[0].data(0, KEY_ROLE) if chosen else None

    def leave(self) -> None:
        """Choose none, without announcing it."""
        self._filling = True
        self.tree.clearSelection()
        self.tree.setCurrentIndex(QModelIndex())
        self._filling = False

    def _add(self, above: QTreeWidgetItem | None, entry: _Entry) -> QTreeWidgetItem:
        number = QLocale().toString(len(entry.photo_ids))
        item = QTreeWidgetItem([entry.name, number])
        item.setData(0, KEY_ROLE, entry.key)
        item.setToolTip(0, plain_tip(entry.key[1] if entry.key[0] == "folder" else entry.name))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{entry.name}, {number}")
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(1, self.palette().placeholderText())
        item.setSizeHint(0, QSize(0, ROW))  # a style sheet is not asked while the tree has not been shown
        if entry.picture:
            item.setIcon(0, icon(entry.picture))
        if above is None:
            self.tree.addTopLevelItem(item)
        else:
            above.addChild(item)
        return item

    def _on_selected(self) -> None:
        if not self._filling:
            key = self.current_key()
            chosen = self.tree.selectedItems()
            self.chosen.emit(key, chosen[0].text(0) if chosen else "")

    def _fit(self) -> None:
        rows = max(1, self.tree.count_shown())
        self.tree.setFixedHeight(rows * ROW + 4)


class _Tree(QTreeWidget):
    """A second click, Space or Esc on the chosen album shows everything again."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("albums")
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setIconSize(QSize(16, 16))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Space} and self.selectedItems():
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def all_items(self) -> list[QTreeWidgetItem]:
        """Those at the top first."""
        waiting = deque(self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        found = []
        while waiting:
            if (item := waiting.popleft()) is not None:
                found.append(item)
                waiting.extend(item.child(row) for row in range(item.childCount()))
        return found

    def count_shown(self) -> int:
        """Rows that are not inside a closed one, up to the most that are in view."""
        index, rows = self.model().index(0, 0), 0
        while index.isValid() and rows < MOST_ROWS:
            index, rows = self.indexBelow(index), rows + 1
        return rows


def _folder_entries(folders: Sequence[FolderAlbum]) -> Iterator[_Entry]:
    for one in folders:
        above, _, name = one.folder.rpartition("/")
        yield _Entry(("folder", one.folder), ("folder", above) if above else None, name, one.photo_ids, "folder")


def _date_entries(dates: Sequence[DateAlbum]) -> Iterator[_Entry]:
    for one in dates:
        year = ("date", str(one.year))
        if one.month is None:
            yield _Entry(year, None, str(one.year), one.photo_ids, "history")
        else:
            key = ("date", f"{one.year}-{one.month:02}")
            yield _Entry(key, year, name_month(one.year, one.month), one.photo_ids, "")
