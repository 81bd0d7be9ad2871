"""Names and fields, line by line: the one layout that all sheets with choices share."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QPlainTextEdit, QWidget

from clipsorter.ui.controls import ChoiceBox

GAP, LINES = 16, 8  # px, between names and fields, and between lines
FIRST_LINE = 8  # px, from the top of a tall field to its first line of text


class Form(QGridLayout):
    """A name stands on the line of its field, opens it with its key, and is what screen readers say."""

    def __init__(self, *, names: int = 0, choices: int = 0) -> None:
        """``names``: least px of the left column; ``choices``: px of a choice that is not to fill its line."""
        super().__init__()
        self._choices = choices
        self._lines = 0
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(GAP)
        self.setVerticalSpacing(LINES)
        self.setColumnMinimumWidth(0, names)
        self.setColumnStretch(1, 1)

    def add_line(self, name: str, field: QWidget | QLayout, *, spoken: QWidget | None = None) -> None:
        """``spoken`` is what gets the name where ``field`` is several things; the first of them otherwise."""
        label = QLabel(name)
        self.addWidget(label, self._lines, 0)
        if isinstance(field, QPlainTextEdit):
            label.setContentsMargins(0, FIRST_LINE, 0, 0)
            self.setAlignment(label, Qt.AlignmentFlag.AlignTop)
        self._put(field)
        target = spoken or (field if isinstance(field, QWidget) else _first(field))
        if target is not None:
            label.setBuddy(target)
            target.setAccessibleName(target.accessibleName() or name)

    def add_below(self, field: QWidget | QLayout) -> None:
        """Another line of the field above."""
        self._put(field)

    def _put(self, field: QWidget | QLayout) -> None:
        if isinstance(field, QLayout):
            self.addLayout(field, self._lines, 1)
        elif isinstance(field, ChoiceBox) and self._choices:
            field.setMinimumWidth(self._choices)
            self.addWidget(field, self._lines, 1, Qt.AlignmentFlag.AlignLeft)
        else:
            self.addWidget(field, self._lines, 1)
        self._lines += 1


def _first(layout: QLayout) -> QWidget | None:
    item = layout.itemAt(0)
    return item.widget() if item is not None else None
