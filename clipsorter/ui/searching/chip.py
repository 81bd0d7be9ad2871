"""One part of a search, as a pill: click or Enter edits it, Backspace or its cross removes it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QIcon,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from clipsorter.ui.icons import icon
from clipsorter.ui.plain_text import plain_tip

LONGEST = 190  # px of words
SHORTEST = 92  # px of a chip whose words are cut
SPACING = 6  # px between chips
UNBOUNDED = 16_777_215  # px; Qt's own word for it (QWIDGETSIZE_MAX)
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

    def fit_into(self, width: int) -> int:
        """Cut the words so that the chip is at most so wide; returns how wide it would like to be, in px."""
        self._longest = LONGEST
        self._fit()
        wanted = self.sizeHint().width()
        if wanted > width:
            words = min(LONGEST, self.fontMetrics().horizontalAdvance(self._words))
            self._longest = max(0, words - (wanted - width))
            self._fit()
        return wanted

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


class ChipRow(QScrollArea):
    """Chips beside each other; when there is no room for all, it slides, the newest in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self._inside = QWidget()
        self._line = QHBoxLayout(self._inside)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(SPACING)
        self.setWidget(self._inside)
        self._inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._chips: list[Chip] = []
        self._room = UNBOUNDED
        self.hide()

    @property
    def chips(self) -> tuple[Chip, ...]:
        """From left to right."""
        return tuple(self._chips)

    def left_of(self, chip: Chip) -> int:
        """Where a chip begins, in px of the parent."""
        return self.x() + self._inside.x() + chip.x()

    def fit_into(self, room: int) -> None:
        """Be at most so wide, in px: the longest chips are cut first; only when all are short does the row slide."""
        self._room = room
        self.setMaximumWidth(room)
        wanted = sorted(chip.fit_into(UNBOUNDED) for chip in self._chips)
        left = room - SPACING * max(0, len(wanted) - 1)
        widest = UNBOUNDED
        for place, width in enumerate(wanted):
            share = left // (len(wanted) - place)
            if width > share:
                widest = max(SHORTEST, share)
                break
            left -= width
        for chip in self._chips:
            chip.fit_into(widest)
        self.updateGeometry()

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Instead of those before, of which the ones that are in both stay."""
        for gone in [chip for chip in self._chips if chip not in chips]:
            self._line.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._chips = list(chips)
        for place, chip in enumerate(self._chips):
            self._line.insertWidget(place, chip)
            chip.show()
        for one, following in zip(self._chips, self._chips[1:], strict=False):
            QWidget.setTabOrder(one, following)
        self.setVisible(bool(self._chips))
        self.fit_into(self._room)
        self.updateGeometry()
        if self._chips:
            QTimer.singleShot(0, self, self._show_newest)

    def _show_newest(self) -> None:
        if self._chips and not any(chip.hasFocus() for chip in self._chips):
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().maximum())

    def sizeHint(self) -> QSize:
        return QSize(self._inside.sizeHint().width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_newest()
