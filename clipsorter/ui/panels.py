"""The window's panels, as one value that layout and conductor share."""

from dataclasses import dataclass

from clipsorter.ui.actions import Actions
from clipsorter.ui.empty_state import SuggestionStrip
from clipsorter.ui.filing.recover_bar import RecoverBar
from clipsorter.ui.footer import Footer
from clipsorter.ui.learning_strip import ExportedStrip, FilterStrip, LearningStrip
from clipsorter.ui.message_bar import MessageBar
from clipsorter.ui.photo_area import PhotoArea
from clipsorter.ui.side_panel import SidePanel
from clipsorter.ui.top_bar import TopBar


@dataclass(frozen=True, slots=True)
class Panels:
    """All of them; none knows another."""

    actions: Actions
    side: SidePanel
    top: TopBar
    messages: MessageBar
    recover: RecoverBar
    learning: LearningStrip
    filter: FilterStrip
    exported: ExportedStrip
    suggestions: SuggestionStrip
    photos: PhotoArea
    footer: Footer
