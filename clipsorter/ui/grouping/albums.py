"""Folders and months in the side panel: choose one to see only its photos."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from clipsorter.engine.albums import Albums, DateAlbum, FolderAlbum
from clipsorter.ui.controls import caption
from clipsorter.ui.icons import icon
from clipsorter.ui.searching.token_words import name_month

KEY_ROLE = Qt.ItemDataRole.UserRole
ROW = 30  # px
MOST_ROWS = 9  # before the list scrolls by itself

AlbumKey = tuple[str, str]  # kind and name: stays the same while photos come and go


class AlbumList(QWidget):
    """Shows albums; hidden while there are none worth showing."""

    chosen = Signal(object, str)  # AlbumKey or None, its name for people

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: dict[AlbumKey, NDArray[np.int64]] = {}
        self._filling = False
        self.tree = _Tree()
        self.tree.setAccessibleName(self.tr("Albums"))
        self.tree.itemSelectionChanged.connect(self._on_selected)
        self.tree.itemExpanded.connect(self._fit)
        self.tree.itemCollapsed.connect(self._fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addWidget(caption(self.tr("ALBUMS")))
        column.addWidget(self.tree)
        self.hide()

    def photo_ids(self, key: AlbumKey) -> NDArray[np.int64]:
        """Of an album; none when it is gone."""
        return self._ids.get(key, np.empty(0, np.int64))

    def show_albums(self, albums: Albums) -> None:
        """Instead of those before; what was open and chosen stays so."""
        opened = {item.data(0, KEY_ROLE) for item in self.tree.all_items() if item.isExpanded()}
        was = self.current_key()
        self._filling = True
        self._ids = {}
        self.tree.clear()
        self._add_folders(albums.folders)
        self._add_dates(albums.dates)
        for item in self.tree.all_items():
            item.setExpanded(item.data(0, KEY_ROLE) in opened)
            if item.data(0, KEY_ROLE) == was:
                self.tree.setCurrentItem(item)
        self._filling = False
        self.setVisible(self.tree.topLevelItemCount() > 0)
        self._fit()

    def current_key(self) -> AlbumKey | None:
        chosen = self.tree.selectedItems()
        return chosen[0].data(0, KEY_ROLE) if chosen else None

    def leave(self) -> None:
        """Choose none, without announcing it."""
        self._filling = True
        self.tree.clearSelection()
        self.tree.setCurrentIndex(QModelIndex())
        self._filling = False

    def _add_folders(self, folders: Sequence[FolderAlbum]) -> None:
        items: dict[str, QTreeWidgetItem] = {}
        for one in folders:
            above, _, name = one.folder.rpartition("/")
            items[one.folder] = self._add(items.get(above), ("folder", one.folder), name, one.photo_ids, "folder")

    def _add_dates(self, dates: Sequence[DateAlbum]) -> None:
        year_item: QTreeWidgetItem | None = None
        for one in dates:
            if one.month is None:
                name = name_year(one.year)
                year_item = self._add(None, ("date", str(one.year)), name, one.photo_ids, "history")
            else:
                name = name_month(one.year, one.month)
                self._add(year_item, ("date", f"{one.year}-{one.month:02}"), name, one.photo_ids, "")

    def _add(
        self, above: QTreeWidgetItem | None, key: AlbumKey, name: str, photo_ids: NDArray[np.int64], picture: str
    ) -> QTreeWidgetItem:
        number = QLocale().toString(len(photo_ids))
        item = QTreeWidgetItem([name, number])
        item.setData(0, KEY_ROLE, key)
        item.setToolTip(0, key[1] if key[0] == "folder" else name)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{name}, {number}")
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(1, self.palette().placeholderText())
        if picture:
            item.setIcon(0, icon(picture))
        if above is None:
            self.tree.addTopLevelItem(item)
        else:
            above.addChild(item)
        self._ids[key] = photo_ids
        return item

    def _on_selected(self) -> None:
        if not self._filling:
            key = self.current_key()
            chosen = self.tree.selectedItems()
            self.chosen.emit(key, chosen[0].text(0) if chosen else "")

    def _fit(self) -> None:
        rows = min(MOST_ROWS, max(1, self.tree.count_shown()))
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
        waiting = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        found = []
        while waiting:
            if (item := waiting.pop(0)) is not None:
                found.append(item)
                waiting += [item.child(row) for row in range(item.childCount())]
        return found

    def count_shown(self) -> int:
        """Rows that are not inside a closed one."""

        index, rows = self.model().index(0, 0), 0
        while index.isValid():
            index, rows = self.indexBelow(index), rows + 1
        return rows


def name_year(year: int) -> str:
    """As one would write it."""
    return str(year)
