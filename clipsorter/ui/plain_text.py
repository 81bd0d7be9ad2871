"""Names are shown as they are: Qt takes a text that looks like HTML for HTML, and a file may be called anything."""

from html import escape

from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def plain_tip(text: str) -> str:
    """A tool tip that shows ``text`` as it is, line breaks included."""
    if not QtGui.Qt.mightBeRichText(text):
        return text
    return f'<p style="white-space: pre-wrap">{escape(text)}</p>'


def plain_label(text: str = "") -> QLabel:
    """A label that shows any text as it is, also when it is set later."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    return label
