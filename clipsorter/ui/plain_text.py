"""Names are shown as they are: Qt takes a text that looks like HTML for HTML, and a file may be called anything."""

from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})  # the module html costs more at the start than this


def plain_tip(text: str) -> str:
    """A tool tip that shows ``text`` as it is, line breaks included."""
    if not QtGui.Qt.mightBeRichText(text):
        return text
    return f'<p style="white-space: pre-wrap">{text.translate(_ESCAPES)}</p>'


def plain_label(text: str = "") -> QLabel:
    """A label that shows any text as it is, also when it is set later."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    return label
