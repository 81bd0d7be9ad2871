"""The strips above the board: what a move has taught, what the board is narrowed to, what was written."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from clipsorter.ui.controls import IconLabel, WrappingLabel, icon_button, text_button
from clipsorter.ui.languages import join_sentences
from clipsorter.ui.plain_text import plain_tip


class Strip(QFrame):
    """A line above the board: a sign, words, and what can be done about them. Hidden until it has something to say."""

    def __init__(self, ground: str, sign: str, parent: QWidget | None = None) -> None:
        """``ground`` is what the style sheet calls its look, ``sign`` the name of its icon."""
        super().__init__(parent)
        self.setObjectName(ground)
        self.words = WrappingLabel()
        line = self._line = QHBoxLayout(self)
        line.setContentsMargins(12, 5, 6, 5)
        line.setSpacing(8)
        line.addWidget(IconLabel(sign))
        line.addWidget(self.words, 1)
        self.hide()

    def add_buttons(self, *buttons: QWidget) -> None:
        """At the right end, in this order."""
        for button in buttons:
            self._line.addWidget(button)


class LearningStrip(Strip):
    """Says what a person's moves changed, with the way to look at it and the way back."""

    review_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("strip", "sparkles", parent)
        self._review = text_button(self.tr("Show what needs review"), "eye")
        self._review.clicked.connect(self.review_wanted)
        self._undo = text_button(self.tr("Undo"), "undo-2")
        self._undo.clicked.connect(self.undo_wanted)
        hide = icon_button("x", self.tr("Hide"))
        hide.clicked.connect(self.hide)
        self.add_buttons(self._review, self._undo, hide)

    def show_learned(self, moves: int, changed: int, questions: int) -> None:
        """``moves`` decided by the person, ``changed`` photos that changed bin by themselves since."""
        if changed:
            parts = [self.tr("%Ln move(s) learned.", "", moves)]
            parts.append(self.tr("%Ln other photo(s) changed bin.", "", changed))
        else:
            parts = [self.tr("%Ln photo(s) put in place.", "", moves)]
        if questions:
            parts.append(self.tr("%Ln photo(s) waiting for your answer.", "", questions))
        self.words.setText(join_sentences(parts))
        self._review.setVisible(questions > 0)
        self.show()


class FilterStrip(Strip):
    """Says that the board shows only some of the photos, and shows all of them again."""

    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("filterBar", "eye", parent)
        everything = text_button(self.tr("Show all photos"), "x")
        everything.clicked.connect(self.all_wanted)
        self.add_buttons(everything)

    def show_words(self, words: str) -> None:
        self.words.setText(words)
        self.show()


class ExportedStrip(Strip):
    """Says that a file was written, and opens it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("filterBar", "circle-check", parent)
        self._path = Path()
        look = text_button(self.tr("Open"), "external-link")
        look.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path))))
        hide = icon_button("x", self.tr("Hide"))
        hide.clicked.connect(self.hide)
        self.add_buttons(look, hide)

    def show_exported(self, path: Path, photos: int) -> None:
        """``path`` was written and holds so many photos."""
        self._path = path
        self.words.setText(self.tr("%Ln photo(s) written to “{}”.", "", photos).format(path.name))
        self.words.setToolTip(plain_tip(str(path)))
        self.show()
