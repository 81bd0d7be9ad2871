"""The bar above the photos: search, and the few things that are needed all the time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from clipsorter.ui.actions import Actions
from clipsorter.ui.controls import action_button, announce, menu_button
from clipsorter.ui.plain_text import plain_label, plain_tip

if TYPE_CHECKING:
    from clipsorter.ui.search_field import SearchField
    from clipsorter.ui.strictness import StrictnessButton


class TopBar(QWidget):
    """``strictness_changed`` carries a value in [0, 1].

    Before there is a folder, nothing is offered that could not do anything: search and photo tools are made when they
    are first asked for.
    """

    strictness_changed = Signal(float)
    recent_changed = Signal(tuple)  # tuple[str, ...], searches, newest first

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.recent_searches: tuple[str, ...] = ()  # what the search offers when it is made
        self.menu = QMenu(self)
        actions.fill_menu(self.menu)
        self.problem = plain_label()
        self.problem.setObjectName("problem")
        self.problem.hide()
        line = self._line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self._stretch = QWidget()
        line.addWidget(self._stretch, 1)
        line.addWidget(action_button(actions.swap_theme))
        line.addWidget(menu_button("menu", self.tr("Menu"), self.menu))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.problem)

    @cached_property
    def search(self) -> SearchField:
        """At the left."""
        from clipsorter.ui.search_field import SearchField  # noqa: PLC0415 - not for the first window

        search = SearchField()
        search.hide()
        search.problem_changed.connect(self._show_problem)
        search.show_recent(self.recent_searches)
        search.recent_changed.connect(self.recent_changed)
        self._line.insertWidget(0, search, 1)
        return search

    @cached_property
    def strictness(self) -> StrictnessButton:
        """Among the photo tools."""
        from clipsorter.ui.strictness import StrictnessButton  # noqa: PLC0415 - not for the first window

        strictness = StrictnessButton()
        strictness.hide()
        strictness.changed.connect(self.strictness_changed)
        return strictness

    @cached_property
    def _photo_tools(self) -> list[QToolButton]:
        """Between the search and the stretch."""
        actions = self._actions
        shown = (actions.undo, actions.redo, actions.columns, actions.grid, actions.together)
        tools = [*(action_button(action) for action in shown), self.strictness]
        place = self._line.indexOf(self._stretch)
        self._line.insertSpacing(place, 4)
        for offset, tool in enumerate(tools, 1):
            tool.hide()
            self._line.insertWidget(place + offset, tool)
        return tools

    def focus_search(self) -> None:
        """Give the search field the keyboard."""
        self.search.focus()

    def paste_picture(self) -> None:
        """Search with the picture on the clipboard."""
        self.search.paste_picture()

    def show_tools(self, *, wanted: bool) -> None:
        """Whether there are photos that these could work on."""
        for tool in (self.search, *self._photo_tools):
            tool.setVisible(wanted)
        self._stretch.setVisible(not wanted)

    def _show_problem(self) -> None:
        """Below the field, with an arrow under the character that is meant where there is room for that."""
        words = f"↑ {self.search.problem}"
        room = self.width() - self.problem.fontMetrics().horizontalAdvance(words) - 2
        self.problem.setText(words)
        self.problem.setContentsMargins(max(0, min(self.search.problem_at, room)), 0, 0, 0)
        self.problem.setToolTip(plain_tip(self.search.problem))
        self.problem.setVisible(bool(self.search.problem))
        announce(self.problem)
