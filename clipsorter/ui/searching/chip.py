"""One part of a search, as a pill: click or Enter edits it, Backspace or its cross removes it."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy

from clipsorter.ui.icons import icon
from clipsorter.ui.plain_text import plain_tip

LONGEST = 240  # px of words; what is longer stands whole in the tip
CROSS = 14  # px
ICON = 22  # px
HEIGHT = 30  # px


class Chip(QPushButton):
    """``words`` are shown, ``spoken`` is what a screen reader says; ``kind`` is for the style sheet."""

    edit_wanted = Signal()
    removed = Signal()
    left_by = Signal(int)  # -1 or 1: the keyboard goes on to the chip before or after
    typed = Signal(str)  # a letter that belongs into the line
    focused = Signal()

    def __init__(self, words: str, spoken: str, kind: str, *, picture: QIcon | None = None) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self._words = words
        self._cross = icon("x")
        if picture is not None:
            self.setIcon(picture)
            self.setIconSize(QSize(ICON, ICON))
        self.setToolTip(plain_tip(words))
        self.setAccessibleName(spoken)
        self.setAccessibleDescription(self.tr("Enter to edit, Backspace to remove"))
        self.clicked.connect(self.edit_wanted)
        self._longest = LONGEST
        self._fit()

    def show_picture(self, image: QImage) -> None:
        """A square from its middle, in place of the icon."""
        side = min(image.width(), image.height())
        square = image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)
        wanted = QSize(ICON, ICON) * self.devicePixelRatioF()
        mode = Qt.TransformationMode.SmoothTransformation
        self.setIcon(QIcon(QPixmap.fromImage(square.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio, mode))))

    @property
    def words(self) -> str:
        """All of them, also where they are cut on the screen."""
        return self._words

    def sizeHint(self) -> QSize:
        usual = super().sizeHint()
        return QSize(usual.width() + CROSS + 8, HEIGHT)

    def fit_into(self, room: int) -> int:
        """Cut the words so that the chip is at most ``room`` px wide, where that is possible; returns its width."""
        self._longest = LONGEST
        self._fit()
        if (over := self.sizeHint().width() - room) > 0:
            words = min(LONGEST, self.fontMetrics().horizontalAdvance(self._words))
            self._longest = max(0, words - over)
            self._fit()
        return self.sizeHint().width()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self._longest)
        self.setText(shown.replace("&", "&&"))

    def _cross_place(self) -> QRect:
        return QRect(self.width() - CROSS - 8, (self.height() - CROSS) // 2, CROSS, CROSS)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        self._cross.paint(painter, self._cross_place())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self._cross_place().left() - 4:
            event.accept()
            QTimer.singleShot(0, self, self.removed.emit)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Backspace | Qt.Key.Key_Delete:
                self.removed.emit()
            case Qt.Key.Key_Left:
                self.left_by.emit(-1)
            case Qt.Key.Key_Right:
                self.left_by.emit(1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space | Qt.Key.Key_F2:
                self.edit_wanted.emit()
            case _ if event.text().isprintable() and event.text():
                self.typed.emit(event.text())
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()
