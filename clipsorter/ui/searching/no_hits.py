"""The page for a search that found nothing: why, part by part, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clipsorter.ui.controls import IconLabel, WrappingLabel, filled_button, text_button
from clipsorter.ui.languages import join_sentences

WIDTH = 540  # px
LONGEST_PART = 40  # characters of a part on its button


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One part of the search and how many photos match without it."""

    text: str  # as it stands in the phrase; empty: the picture that was given
    name: str  # for people
    hits: int


@dataclass(frozen=True, slots=True)
class NoHits:
    """Why nothing was found."""

    phrase: str
    photos: int  # that were compared
    nearest: float | None  # similarity of the photo that comes closest, None: looks did not decide
    cutoff: float  # similarity it would need
    relaxations: tuple[Relaxation, ...] = ()
    growing: bool = False  # photos are still coming in


class NoHitsPage(QWidget):
    """Shows a ``NoHits``; the buttons only announce."""

    nearest_wanted = Signal()
    leave_out_wanted = Signal(str)  # text of the part
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget()
        inside.setFixedWidth(WIDTH)
        self.title = WrappingLabel()
        self.title.setObjectName("subtitle")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.why = WrappingLabel()
        self.why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self.title, self.why):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.nearest = filled_button(self.tr("Show the nearest anyway"), "images")
        self.nearest.clicked.connect(self.nearest_wanted)
        clear = text_button(self.tr("Clear the search"), "x")
        clear.clicked.connect(self.clear_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch()
        buttons.addWidget(self.nearest)
        buttons.addWidget(clear)
        buttons.addStretch()
        self._parts = QVBoxLayout()
        self._parts.setSpacing(6)
        column = QVBoxLayout(inside)
        column.setSpacing(12)
        self._inside, self._column = inside, column
        column.addWidget(self.title)
        column.addWidget(self.why)
        column.addLayout(self._parts)
        column.addSpacing(6)
        column.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addWidget(IconLabel("search", 48, QPalette.ColorRole.PlaceholderText), 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addSpacing(8)
        whole.addWidget(inside, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)

    def explain(self, no_hits: NoHits) -> None:
        """Say it in words."""
        if no_hits.phrase:
            title = self.tr("Nothing matches “{}”").format(no_hits.phrase)
        else:
            title = self.tr("Nothing looks like this picture")
        self.title.setText(title)
        self.why.setText(join_sentences(self._reasons(no_hits)))
        self.setAccessibleName(title)
        self.setAccessibleDescription(self.why.text())
        self.nearest.setVisible(no_hits.nearest is not None)
        self._show_parts(no_hits.relaxations)
        # A centred item gets the height of its hint, which does not know how often these texts wrap.
        self._inside.setFixedHeight(self._column.totalHeightForWidth(WIDTH))

    def _reasons(self, no_hits: NoHits) -> list[str]:
        words = []
        if no_hits.nearest is not None and no_hits.nearest < no_hits.cutoff:
            number = self.locale().toString
            words.append(
                self.tr("The nearest photo has a similarity of {nearest}; a match starts at {cutoff}.").format(
                    nearest=number(no_hits.nearest, "f", 2), cutoff=number(no_hits.cutoff, "f", 2)
                )
            )
        if len(no_hits.relaxations) < 2 and no_hits.phrase:
            words.append(self.tr("Try fewer or plainer words, for example “dog” or “people at a table”."))
        elif no_hits.phrase and not any(part.hits for part in no_hits.relaxations):
            words.append(self.tr("Leaving out one part alone does not help."))
        if no_hits.growing:
            words.append(self.tr("Photos are still coming in; matches appear by themselves."))
        return words

    def _show_parts(self, parts: Sequence[Relaxation]) -> None:
        while (item := self._parts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        helpful = [part for part in parts if part.hits and part.text and len(parts) > 1]
        for part in helpful:
            button = text_button(self._say(part).replace("&", "&&"), "x")
            button.setAccessibleName(self._say(part))
            button.clicked.connect(lambda _checked, text=part.text: self.leave_out_wanted.emit(text))
            self._parts.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            button.show()  # now, so that its height counts
        if helpful:
            lead = QLabel(self.tr("What stands in the way:"))
            lead.setObjectName("muted")
            self._parts.insertWidget(0, lead, 0, Qt.AlignmentFlag.AlignHCenter)
            lead.show()

    def _say(self, part: Relaxation) -> str:
        name = part.name if len(part.name) <= LONGEST_PART else f"{part.name[:LONGEST_PART]}…"
        return self.tr("Leave out {}: %Ln photo(s)", "", part.hits).format(name)
