"""A calm line above the photos: sorting, or taking it back, was interrupted; finish it, or take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clipsorter.ui.controls import announce, icon_button, text_button
from clipsorter.ui.filing.words import say_time
from clipsorter.ui.strips import Strip

if TYPE_CHECKING:
    from clipsorter.filing.recover import Run


class RecoverBar(Strip):
    """Hidden until a run is shown; nothing happens until the person says what."""

    chosen = Signal(str)  # "finish" or "undo"
    details_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("strip", "history", parent)
        self.finish = text_button(self.tr("Finish"), "play")
        self.finish.clicked.connect(lambda: self.chosen.emit("finish"))
        self.undo = text_button(self.tr("Undo"), "undo-2")
        self.undo.clicked.connect(lambda: self.chosen.emit("undo"))
        details = text_button(self.tr("History…"), "history")
        details.clicked.connect(self.details_wanted)
        hide = icon_button("x", self.tr("Hide"))
        hide.clicked.connect(self.hide)
        self.add_buttons(self.finish, self.undo, details, hide)

    def show_run(self, run: Run) -> None:
        """Say what was interrupted and how far it was; nothing is lost either way."""
        if run.undoing:
            counts = self.tr("%Ln photo(s) are still where they were sorted to", "", run.filed)
            words = self.tr("Taking sorted files back was interrupted ({}): {}. Nothing is lost.")
            self.words.setText(words.format(say_time(run.started), counts))
        else:
            counts = self.tr("%Ln photo(s) had been sorted", "", run.filed)
            words = self.tr("Sorting files was interrupted ({}): {} of {}. Nothing is lost.")
            self.words.setText(words.format(say_time(run.started), counts, self.locale().toString(run.total)))
        finish = self.tr("Finish taking back") if run.undoing else self.tr("Finish")
        self.finish.setText(f" {finish}")
        self.finish.setAccessibleName(finish)
        self.undo.setHidden(run.undoing)  # that is what finishing does
        self.show()
        announce(self.words)
