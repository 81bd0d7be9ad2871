"""The two menus at the end of the search field: earlier searches, and searching with a picture."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from clipsorter.ui.icons import icon
from clipsorter.ui.searching.pictures import holds_picture


class RecentMenu(QMenu):
    """Earlier searches, newest first."""

    chosen = Signal(str)
    forget_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.phrases: Sequence[str] = ()
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for phrase in self.phrases:
            self.addAction(icon("history"), phrase.replace("&", "&&"), lambda phrase=phrase: self.chosen.emit(phrase))
        self.addSeparator()
        self.addAction(icon("trash-2"), self.tr("Forget these searches"), self.forget_wanted.emit)


class PictureMenu(QMenu):
    """Where a picture to search with can come from."""

    file_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        self.addAction(icon("folder-open"), self.tr("Choose a picture…"), self.file_wanted.emit)
        paste = self.addAction(icon("copy"), self.tr("Paste a picture"), self.paste_wanted.emit)
        paste.setEnabled(holds_picture(QGuiApplication.clipboard().mimeData()))
