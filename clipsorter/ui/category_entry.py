"""The line where categories are typed, there before there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from clipsorter.ui.controls import TextLine
from clipsorter.ui.icons import icon

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class CategoryEntry(TextLine):
    """The line below the list: type names, Enter adds. Several at once with commas, Chinese ones included."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("entry")
        self.setPlaceholderText(self.tr("Add a category…"))
        self.setAccessibleName(self.tr("Add a category"))
        self.setToolTip(self.tr("Type one or several, separated by commas, and press Enter"))
        add = self.addAction(icon("plus"), QLineEdit.ActionPosition.LeadingPosition)
        add.setText(self.tr("Add"))
        add.triggered.connect(self._on_return)
        self.returnPressed.connect(self._on_return)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)

    def _on_return(self) -> None:
        text = self.text().strip()
        self.setText("")  # unlike clear(), not to be undone: Undo takes the category back
        if text:
            self.entered.emit(text)
