"""The side panel: the folder, the categories, and the groups that need a person's eye."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QMenu, QScrollArea, QVBoxLayout, QWidget

from clipsorter.presence import is_folder
from clipsorter.ui.category_entry import CategoryEntry
from clipsorter.ui.controls import (
    ElidedLabel,
    GroupRow,
    IconLabel,
    caption,
    filled_button,
    grown,
    icon_button,
    menu_button,
)
from clipsorter.ui.icons import icon

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from clipsorter.ui.categories.sets_menu import SetsMenu
    from clipsorter.ui.categories.suggestions import SuggestionGroup
    from clipsorter.ui.category_list import CategoryList
    from clipsorter.ui.grouping.albums import AlbumList

MOST_RECENT = 8
WIDTH, WIDEST = 262, 340  # px, with the usual and with larger text


class Group(StrEnum):
    """Photos gathered by what a person should know about them, across all bins."""

    UNSORTED = "unsorted"
    REVIEW = "review"
    DUPLICATES = "duplicates"
    CONFIRMED = "confirmed"
    UNREADABLE = "unreadable"


class SidePanel(QFrame):
    """Shows and announces; it decides nothing."""

    folder_wanted = Signal()
    recent_chosen = Signal(object)  # Path
    folder_again = Signal()  # look at the folder again
    folder_shown = Signal()  # show it in the file manager
    everything_chosen = Signal(bool)  # whether all photos are wanted in one grid
    group_chosen = Signal(object)  # Group, or None when one is switched off

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setFixedWidth(min(grown(WIDTH, self), WIDEST))
        self.folder = FolderCard()
        self.entry = CategoryEntry()
        self.folder.folder_wanted.connect(self.folder_wanted)
        self.folder.recent_chosen.connect(self.recent_chosen)
        self.folder.again_wanted.connect(self.folder_again)
        self.folder.shown_wanted.connect(self.folder_shown)

        inside = QWidget()
        column = self._column = QVBoxLayout(inside)
        column.setContentsMargins(12, 12, 10, 12)
        column.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.addWidget(caption(self.tr("CATEGORIES")))
        self._head.addStretch()
        column.addLayout(self._head)
        column.addSpacing(4)
        column.addWidget(self.entry)
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("sideArea")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A viewport of ours: to learn which class Qt's own has, PySide loads every widget class there is (10 ms).
        area.setViewport(QWidget())
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        self._bar = area.verticalScrollBar()
        self._bar.rangeChanged.connect(self._on_range)
        self._bar.actionTriggered.connect(self._stay)  # the person slides it
        self._aim: int | None = None  # px, to slide to when there is that much
        inside.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 14, 2, 0)
        whole.setSpacing(0)
        card = QVBoxLayout()
        card.setContentsMargins(12, 0, 10, 0)
        card.addWidget(self.folder)
        self.sort = filled_button(self.tr("Sort files…"), "download")
        self.sort.setToolTip(self.tr("Sort files into folders…"))
        self.sort.hide()
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 10, 12)
        foot.addWidget(self.sort)
        whole.addLayout(card)
        whole.addWidget(area, 1)
        whole.addLayout(foot)

    @property
    def scrolled(self) -> int:
        """How far it has slid, in px."""
        return self._bar.value()

    def scroll_to(self, place: int) -> None:
        """Slide there, as soon as there is that much of it, unless the person slides it meanwhile."""
        self._aim = place
        self._slide()

    def _slide(self) -> None:
        if self._aim is not None:
            self._bar.setValue(self._aim)
            if self._bar.value() == self._aim:
                self._aim = None

    def _stay(self) -> None:
        self._aim = None

    def _on_range(self, _least: int, most: int) -> None:
        """Where it slides, the bar takes the place of the margin: what is in it ends where the card above it does."""
        self._column.setContentsMargins(12, 12, 0 if most else 10, 12)
        self._slide()

    @cached_property
    def categories(self) -> CategoryList:
        """Above the entry; made when there is a session that could fill it."""
        from clipsorter.ui.category_list import CategoryList  # noqa: PLC0415 - not for the first window

        categories = CategoryList()
        place = self._column.indexOf(self.entry)
        self._column.insertWidget(place, categories)
        self._column.insertSpacing(place + 1, 4)
        return categories

    @cached_property
    def sets(self) -> SetsMenu:
        """The menu of category lists, beside the heading; made with the session."""
        from clipsorter.ui.categories.sets_menu import SetsMenu  # noqa: PLC0415 - see categories

        menu = SetsMenu(self)
        self._head.addWidget(menu_button("list", self.tr("Lists of categories"), menu))
        return menu

    @cached_property
    def suggestions(self) -> SuggestionGroup:
        """Below the groups; made with the session."""
        from clipsorter.ui.categories.suggestions import SuggestionGroup  # noqa: PLC0415 - see categories

        suggestions = SuggestionGroup()
        self._column.insertWidget(self._column.count() - 1, suggestions)
        return suggestions

    @cached_property
    def albums(self) -> AlbumList:
        """At the end of the panel; made with the session."""
        from clipsorter.ui.grouping.albums import AlbumList  # noqa: PLC0415 - see categories

        albums = AlbumList()
        self._column.insertWidget(self._column.count() - 1, albums)
        return albums

    @cached_property
    def groups(self) -> dict[Group, GroupRow]:
        """Below the entry; made when there is first something to gather."""
        groups = {
            Group.UNSORTED: GroupRow("inbox", self.tr("Unsorted")),
            Group.REVIEW: GroupRow("eye", self.tr("Needs review")),
            Group.DUPLICATES: GroupRow("copy", self.tr("Duplicates")),
            Group.CONFIRMED: GroupRow("star", self.tr("Confirmed by me")),
            Group.UNREADABLE: GroupRow("file-warning", self.tr("Could not be read")),
        }
        groups[Group.UNREADABLE].setCheckable(False)
        groups[Group.DUPLICATES].set_count(None)
        self._smart = caption(self.tr("SMART GROUPS"))
        below = self._column.indexOf(self.suggestions)
        self._column.insertSpacing(below, 20)
        self._column.insertWidget(below + 1, self._smart)
        self._column.insertSpacing(below + 2, 6)
        for offset, piece in enumerate(groups.values(), 3):
            self._column.insertWidget(below + offset, piece)
        self._smart.hide()  # until there is something to gather
        for group, row in groups.items():
            row.hide()
            row.clicked.connect(lambda checked, group=group: self._on_group(group, checked))
        return groups

    @cached_property
    def everything(self) -> GroupRow:
        """Above the categories; made when there are first photos."""
        row = GroupRow("images", self.tr("All photos"))
        row.setToolTip(self.tr("All photos in one grid (Ctrl+3)"))
        row.clicked.connect(self.everything_chosen)
        self._column.insertWidget(0, row)
        self._column.insertSpacing(1, 14)
        return row

    def show_everything(self, count: int | None) -> None:
        """How many photos there are in all bins; None: there is no board yet."""
        if count is not None or "everything" in self.__dict__:
            self.everything.set_count(count)

    def mark_everything(self, *, chosen: bool) -> None:
        """Show whether all photos are seen in one grid, without announcing it."""
        if chosen or "everything" in self.__dict__:
            self.everything.setChecked(chosen)

    def show_groups(self, counts: Mapping[Group, int] | None) -> None:
        """None: there is no board yet, so nothing to gather or to sort. Failures show only when there are some."""
        if counts is None and "groups" not in self.__dict__:
            return
        rows = self.groups.items()
        self._smart.setVisible(counts is not None)
        self.sort.setVisible(counts is not None)
        for group, row in rows:
            count = counts.get(group, 0) if counts else 0
            if group is not Group.DUPLICATES:
                row.set_count(count)
            row.setVisible(counts is not None and (group is not Group.UNREADABLE or count > 0))

    def show_duplicates(self, count: int | None) -> None:
        """They are counted seldom; None: not yet."""
        if count is None and "groups" not in self.__dict__:
            return
        self.groups[Group.DUPLICATES].set_count(count)

    def mark_group(self, chosen: Group | None) -> None:
        """Show which group narrows the board, without announcing it."""
        for group, row in self.groups.items():
            row.setChecked(group is chosen)

    def _on_group(self, group: Group, checked: bool) -> None:
        if group is Group.UNREADABLE:
            self.group_chosen.emit(group)
            return
        self.mark_group(group if checked else None)
        self.group_chosen.emit(group if checked else None)


class FolderCard(QFrame):
    """The folder's name and number of photos; a click anywhere opens the menu with the recent ones."""

    folder_wanted = Signal()
    recent_chosen = Signal(object)  # Path
    again_wanted = Signal()
    shown_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._path: Path | None = None
        self._name = ElidedLabel()
        self._name.setObjectName("heading")
        self._count = QLabel()
        self._count.setObjectName("muted")
        self._more = icon_button("chevron-down", self.tr("Change the folder"))
        self._more.clicked.connect(self._open_menu)
        self._menu = QMenu(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(11, 8, 5, 9)
        grid.setHorizontalSpacing(9)
        grid.setVerticalSpacing(0)
        grid.addWidget(IconLabel("folder-open", 20), 0, 0)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._more, 0, 2)
        grid.addWidget(self._count, 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        self._recent: tuple[Path, ...] = ()
        self.show_folder(None, None)

    def show_folder(self, path: Path | None, photos: int | None) -> None:
        """None for photos: not counted yet."""
        self._path = path
        if path is None:
            self._name.set_whole(self.tr("No folder yet"))
            self._count.setText(self.tr("Choose one to start"))
            return
        self._name.set_whole("/".join(path.parts[-2:]) if len(path.parts) > 2 else str(path), str(path))
        self._count.setText("…" if photos is None else self.tr("%Ln photo(s)", "in the folder", photos))

    def show_recent(self, folders: Sequence[Path]) -> None:
        self._recent = tuple(folders[:MOST_RECENT])

    def make_menu(self) -> QMenu:
        """The menu as it opens now."""
        self._menu.clear()
        self._menu.addAction(icon("folder-open"), self.tr("Choose a folder…"), self.folder_wanted.emit)
        if self._path:
            self._menu.addAction(icon("refresh-cw"), self.tr("Look at the photos again"), self.again_wanted.emit)
            self._menu.addAction(icon("external-link"), self.tr("Show in file manager"), self.shown_wanted.emit)
        if others := [path for path in self._recent if path != self._path]:
            self._menu.addSeparator()
            for path in others:
                self._menu.addAction(self._recent_action(path))
        return self._menu

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open_menu()

    def _recent_action(self, path: Path) -> QAction:
        action = QAction(icon("history"), str(path), self._menu)
        action.setEnabled(is_folder(path))  # an unplugged disk comes back: shown, not dropped
        action.triggered.connect(lambda: self.recent_chosen.emit(path))
        return action

    def _open_menu(self) -> None:
        menu = self.make_menu()
        menu.setMinimumWidth(self.width())
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
