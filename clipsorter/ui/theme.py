"""Light or dark: dresses the application in one of our two palettes, and follows the desktop.

Both are made for the Fusion style, with which the application is started (``FUSION``).
"""

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from clipsorter.ui.colours import DARK, LIGHT, Colours, make_palette
from clipsorter.ui.style_sheet import make_style_sheet

# Arguments of the application: ``QApplication.setStyle`` answers with a style, for which PySide makes 31 enumerations.
FUSION = ("-style", "Fusion")


class Choice(StrEnum):
    """What the person chose; ``SYSTEM`` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


_SCHEMES = {
    Choice.SYSTEM: Qt.ColorScheme.Unknown,
    Choice.LIGHT: Qt.ColorScheme.Light,
    Choice.DARK: Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """Dresses the whole application and keeps following the person's choice or the desktop's.

    A ``choice`` of None dresses nothing before ``choose``: widgets are styled once, when all of them are there.
    Must be told ``stop()`` before a test lets go of it; an application keeps one for life. GUI thread.
    """

    changed = Signal()

    def __init__(self, choice: Choice | None = Choice.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice or Choice.SYSTEM
        self._dressed: Colours | None = None
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        if choice is not None:
            self.choose(choice)

    @property
    def choice(self) -> Choice:
        return self._choice

    @property
    def is_dark(self) -> bool:
        return self._dressed is DARK

    @property
    def colours(self) -> Colours:
        return self._dressed or LIGHT

    def choose(self, choice: Choice) -> None:
        """Switch at once."""
        self._choice = choice
        QGuiApplication.styleHints().setColorScheme(_SCHEMES[choice])
        self._dress()

    def stop(self) -> None:
        """Stop following the desktop."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._dress)

    def _dress(self) -> None:
        scheme = _SCHEMES[self._choice]
        if scheme == Qt.ColorScheme.Unknown:
            scheme = QGuiApplication.styleHints().colorScheme()
        colours = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        if colours is self._dressed:
            return
        self._dressed = colours
        QApplication.setPalette(make_palette(colours))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyleSheet(make_style_sheet(colours))
        self.changed.emit()
