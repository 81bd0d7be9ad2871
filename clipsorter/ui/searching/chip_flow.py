"""Chips, and behind the last of them the line to type in, running on in rows like the words of a paragraph."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from clipsorter.ui.searching.chip import HEIGHT, Chip

SPACING = 6  # px between chips
BETWEEN_ROWS = 5  # px
MOST_ROWS = 4  # that are in view; more of them slide
LEAST_LINE = 60  # px to type in; where less is left in a row, the line begins the next one


def flow(widths: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Where parts so wide begin, as (px from the left, row); whatever has no room in a row begins the next one."""
    places: list[tuple[int, int]] = []
    left, row = 0, 0
    for width in widths:
        if left and left + width > room:
            left, row = 0, row + 1
        places.append((left, row))
        left += width + SPACING
    return places


class ChipFlow(QScrollArea):
    """As high as its rows; of more than ``MOST_ROWS`` the newest are in view, and the one with the keyboard."""

    def __init__(self, line: QWidget, parent: QWidget | None = None) -> None:
        """``line`` is laid out behind the chips and gets the rest of its row."""
        super().__init__(parent)
        self.setObjectName("bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self._inside = _Paragraph()
        self._inside.parts_changed.connect(self._place)
        self._line = line
        line.setParent(self._inside)
        self.setWidget(self._inside)
        self._inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._chips: list[Chip] = []

    @property
    def chips(self) -> tuple[Chip, ...]:
        """As they are read."""
        return tuple(self._chips)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Instead of those before, of which the ones that are in both stay."""
        for gone in [chip for chip in self._chips if chip not in chips]:
            gone.hide()
            gone.deleteLater()
        self._chips = list(chips)
        for chip in self._chips:
            chip.setParent(self._inside)
            chip.show()
        for one, following in pairwise((*self._chips, self._line)):
            QWidget.setTabOrder(one, following)
        self._place()

    def _place(self) -> None:
        room = self.viewport().width()
        widths = [chip.fit_into(room) for chip in self._chips]
        *places, (line_left, line_row) = flow([*widths, min(LEAST_LINE, room)], room)
        high = max(HEIGHT, self._line.sizeHint().height())  # large text needs more to type than in a chip
        step = high + BETWEEN_ROWS
        for chip, width, (left, row) in zip(self._chips, widths, places, strict=True):
            chip.setGeometry(left, row * step + (high - HEIGHT) // 2, width, HEIGHT)
        self._line.setGeometry(line_left, line_row * step, room - line_left, high)
        self._inside.resize(room, line_row * step + high)
        self.setFixedHeight(min(line_row, MOST_ROWS - 1) * step + high)
        QTimer.singleShot(0, self, self._show_newest)

    def _show_newest(self) -> None:
        held = next((chip for chip in self._chips if chip.hasFocus()), self._line)
        self.ensureWidgetVisible(held, 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()


class _Paragraph(QWidget):
    """What the parts lie on."""

    parts_changed = Signal()  # one has another font

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.parts_changed.emit()
        return super().event(event)
