"""The window's panels, as one value that layout and conductor share.

What a person sees at the start is made at once. A strip that has something to say only later is made when it is first
asked for, with the modules it needs, so that the first window does not wait for it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from clipsorter.ui.actions import Actions
from clipsorter.ui.footer import Footer
from clipsorter.ui.photo_area import PhotoArea
from clipsorter.ui.side_panel import SidePanel
from clipsorter.ui.top_bar import TopBar

if TYPE_CHECKING:
    from clipsorter.ui.empty_state import SuggestionStrip
    from clipsorter.ui.filing.recover_bar import RecoverBar
    from clipsorter.ui.message_bar import MessageBar
    from clipsorter.ui.strips import ExportedStrip, FilterStrip, LearningStrip

Strip = TypeVar("Strip", bound=QWidget)

STRIPS = ("messages", "recover", "learning", "filter", "exported", "suggestions")  # from top to bottom


class Panels(QObject):
    """All of them; none knows another. The signals are those of strips that may not be there yet. GUI thread."""

    bug_details_asked = Signal(str)
    category_suggested = Signal(str, tuple)  # name, phrases
    model_wanted = Signal(str)  # id

    def __init__(self, window: QMainWindow) -> None:
        super().__init__()
        self.actions = Actions(window)
        self.side = SidePanel()
        self.top = TopBar(self.actions)
        self.photos = PhotoArea()
        self.footer = Footer()
        self.strips = QVBoxLayout()  # where the strips below appear, between top bar and photos

    @cached_property
    def messages(self) -> MessageBar:
        from clipsorter.ui.message_bar import MessageBar  # noqa: PLC0415 - not for the first window

        messages = MessageBar()
        messages.details_asked.connect(self.bug_details_asked)
        messages.model_wanted.connect(self.model_wanted)
        return self._place("messages", messages)

    @cached_property
    def recover(self) -> RecoverBar:
        from clipsorter.ui.filing.recover_bar import RecoverBar  # noqa: PLC0415 - not for the first window

        return self._place("recover", RecoverBar())

    @cached_property
    def learning(self) -> LearningStrip:
        from clipsorter.ui.strips import LearningStrip  # noqa: PLC0415 - not for the first window

        return self._place("learning", LearningStrip())

    @cached_property
    def filter(self) -> FilterStrip:
        from clipsorter.ui.strips import FilterStrip  # noqa: PLC0415 - not for the first window

        return self._place("filter", FilterStrip())

    @cached_property
    def exported(self) -> ExportedStrip:
        from clipsorter.ui.strips import ExportedStrip  # noqa: PLC0415 - not for the first window

        return self._place("exported", ExportedStrip())

    @cached_property
    def suggestions(self) -> SuggestionStrip:
        from clipsorter.ui.empty_state import SuggestionStrip  # noqa: PLC0415 - as its siblings

        suggestions = SuggestionStrip()
        suggestions.suggested.connect(self.category_suggested)
        return self._place("suggestions", suggestions)

    def _place(self, name: str, strip: Strip) -> Strip:
        above = [other for other in STRIPS[: STRIPS.index(name)] if other in self.__dict__]
        self.strips.insertWidget(len(above), strip)
        return strip
