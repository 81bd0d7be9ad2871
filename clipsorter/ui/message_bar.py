"""One inline bar for whatever goes wrong: it interrupts nobody and stays until it is read."""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from clipsorter.ui.controls import IconLabel, WrappingLabel, announce, icon_button, text_button
from clipsorter.ui.error_words import ErrorWords
from clipsorter.ui.languages import join_sentences


class MessageBar(QFrame):
    """Shows the newest error. The same one twice is shown once."""

    closed = Signal()
    model_wanted = Signal(str)  # id of the model that would help
    details_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errorBar")
        self._words: ErrorWords | None = None
        self._details = ""
        self.text = WrappingLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details = text_button(self.tr("Details…"))
        self.details.clicked.connect(lambda: self.details_asked.emit(self._details))
        self.model = text_button("", "sparkles")
        self.model.clicked.connect(lambda: self.model_wanted.emit(self._words.model if self._words else ""))
        self.remedy = text_button("")
        self.remedy.hide()
        self.remedy.clicked.connect(self._on_remedy)
        self._then: Callable[[], None] = self.clear
        close = icon_button("x", self.tr("Close this message"))
        close.clicked.connect(self.clear)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 7, 6, 7)
        line.setSpacing(10)
        line.addWidget(IconLabel("triangle-alert", 20), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.text, 1)
        line.addWidget(self.model, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.remedy, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.details, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def show_error(
        self, words: ErrorWords, details: str = "", *, remedy: str = "", then: Callable[[], None] | None = None
    ) -> None:
        """Show what happened and what to do; ``details`` for programmers stand behind a button.

        ``remedy`` is the text of a button that closes the message and does ``then``.
        """
        self.remedy.setText(remedy)
        self.remedy.setAccessibleName(remedy)
        self.remedy.setVisible(bool(remedy))
        self._then = then or self.clear
        self._words = words
        self._details = details
        self.details.setVisible(bool(details))
        self.model.setText(" " + self.tr("A model that reads this: {}…").format(words.model_name))
        self.model.setVisible(bool(words.model))
        lines = [join_sentences((f"<b>{escape(words.title)}</b>", escape(words.advice)))]
        if words.detail:
            lines.append(f"<span>{escape(words.detail)}</span>")
        self.text.setText("<br>".join(lines))
        self.text.setAccessibleName(f"{words.title} {words.advice}")
        self.show()
        announce(self.text)

    def _on_remedy(self) -> None:
        then = self._then
        self.clear()
        then()

    def clear(self) -> None:
        if self._words:
            self._words = None
            self.hide()
            self.closed.emit()
