"""Whether anything may move by itself: as the person chose, or else as the desktop says.

What moves by itself here are the bars of work whose length nobody knows, Qt's fading menus and tips, and the blinking
cursor. What follows the hand, such as scrolling at an edge during a drag, is not motion in this sense.
"""

from enum import StrEnum
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QProgressBar

EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)


class ReduceMotion(StrEnum):
    """What the person chose; ``SYSTEM`` follows the desktop."""

    SYSTEM = "system"
    ON = "on"
    OFF = "off"


class Motion(QObject):
    """Holds for the whole application. GUI thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice = ReduceMotion.SYSTEM
        self._desktop_reduces = False  # until it says so
        self.is_reduced = False
        self._usual_effects: tuple[Qt.UIEffect, ...] = ()
        self._usual_flash = QApplication.cursorFlashTime()

    def choose(self, choice: ReduceMotion) -> None:
        """Hold at once."""
        self.choice = choice
        self._settle()

    def follow_desktop(self, reduces: bool) -> None:
        """What the desktop's own setting says now."""
        self._desktop_reduces = reduces
        self._settle()

    def _settle(self) -> None:
        reduced = self.choice is ReduceMotion.ON or (self.choice is ReduceMotion.SYSTEM and self._desktop_reduces)
        if reduced is self.is_reduced:
            return
        self.is_reduced = reduced
        if reduced:
            self._usual_effects = tuple(one for one in EFFECTS if QApplication.isEffectEnabled(one))
            self._usual_flash = QApplication.cursorFlashTime()
        for effect in self._usual_effects:
            QApplication.setEffectEnabled(effect, not reduced)
        QApplication.setCursorFlashTime(0 if reduced else self._usual_flash)
        self.changed.emit()


def motion() -> Motion:
    """The one of the running application."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return _motion_of(app)


@cache
def _motion_of(app: QApplication) -> Motion:
    return Motion(app)


class WorkBar(QProgressBar):
    """Progress of work. A range from 0 to 0 runs to and fro, or stands empty where motion is reduced."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextVisible(False)
        self._is_endless = False
        self._motion = motion()
        self._motion.changed.connect(self._show_endless)

    def setRange(self, minimum: int, maximum: int) -> None:
        self._is_endless = minimum == maximum == 0
        if self._is_endless:
            self._show_endless()
        else:
            super().setRange(minimum, maximum)

    def _show_endless(self) -> None:
        if self._is_endless:
            super().setRange(0, 1 if self._motion.is_reduced else 0)
            self.setValue(0)
