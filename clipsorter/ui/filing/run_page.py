"""Files at work: how far, pause, stop between two files; then what came of it, file by file where it did not."""

from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QVBoxLayout, QWidget

from clipsorter.ui.controls import ElidedLabel, IconLabel, WrappingLabel, announce, text_button
from clipsorter.ui.icons import icon
from clipsorter.ui.motion import WorkBar

WIDEST = 680  # px, comfortable to read
MOST_LISTED = 5_000  # lines; a list that nobody can read to its end need not hold a million


class State(Enum):
    """Of the work that the page tells of."""

    WORKING = auto()
    HELD = auto()
    STOPPING = auto()
    ENDED = auto()


class RunPage(QWidget):
    """Shows counts and sentences that others make; its buttons only announce."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = State.ENDED
        self._sign = IconLabel("download", 44)
        self.title = WrappingLabel()
        self.title.setObjectName("subtitle")
        self.words = WrappingLabel()
        self.bar = WorkBar()
        self.bar.setAccessibleName(self.tr("Progress"))
        self.numbers = QLabel()
        self.numbers.setObjectName("muted")
        self.file = ElidedLabel()
        self.file.setObjectName("muted")
        self.hold = text_button(self.tr("Pause"), "pause")
        self.hold.clicked.connect(self._on_hold)
        self.stop = text_button(self.tr("Stop"), "x")
        self.stop.setToolTip(self.tr("Stop between two files; what is done can be taken back"))
        self.stop.clicked.connect(self._on_stop)
        for button in (self.hold, self.stop):
            button.setAutoDefault(False)
        self.left = QListWidget()
        self.left.setObjectName("failures")
        self.left.setAccessibleName(self.tr("What was not done, and why"))
        self.left.setWordWrap(True)
        for label in (self.title, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        below = QHBoxLayout()
        below.addWidget(self.numbers)
        below.addSpacing(12)
        below.addWidget(self.file, 1)
        below.addWidget(self.hold)
        below.addWidget(self.stop)
        column = QVBoxLayout(_middle_of(self))
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        column.addLayout(below)
        column.addWidget(self.left, 8)
        column.addStretch(1)

    def begin(self, title: str, total: int, words: str = "") -> None:
        """Work starts; ``total`` 0 means that nobody knows how much."""
        self._set_state(State.WORKING)
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.left.clear()
        self.left.hide()
        self._sign.set_icon(icon("download"))
        self.show_done(0, total, "")

    def show_done(self, done: int, total: int, file: str) -> None:
        """So many of so many are through; ``file`` is the newest."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        number = self.locale().toString
        self.numbers.setText(f"{number(done)} / {number(total)}" if total else "")
        self.file.set_whole(file)

    def add_left(self, file: str, reason: str) -> None:
        """One file that was not done, and why."""
        if self.left.count() < MOST_LISTED:
            self.left.addItem(f"{file}\n{reason}")
            self.left.show()

    def end(self, title: str, words: str, *, well: bool) -> None:
        """The work is over; ``well``: everything that was asked for was done."""
        self._set_state(State.ENDED)
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._sign.set_icon(icon("circle-check" if well else "triangle-alert"))
        announce(self.title)

    def _set_state(self, state: State) -> None:
        self.state = state
        working = state is not State.ENDED
        for widget in (self.bar, self.numbers, self.file, self.hold, self.stop):
            widget.setVisible(working)
        held = state is State.HELD
        self.hold.setText(" " + (self.tr("Resume") if held else self.tr("Pause")))
        self.hold.setAccessibleName(self.hold.text().strip())
        self.hold.setIcon(icon("play" if held else "pause"))
        for button in (self.hold, self.stop):
            button.setEnabled(state is not State.STOPPING)

    def _on_hold(self) -> None:
        if self.state is State.HELD:
            self._set_state(State.WORKING)
            self.resume_wanted.emit()
        else:
            self._set_state(State.HELD)
            self.pause_wanted.emit()

    def _on_stop(self) -> None:
        self._set_state(State.STOPPING)
        self.stop_wanted.emit()


def _middle_of(page: QWidget) -> QWidget:
    """A part of the page that is not wider than text should be."""
    middle = QWidget()
    middle.setMaximumWidth(WIDEST)
    whole = QHBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addStretch(1)
    whole.addWidget(middle, WIDEST)
    whole.addStretch(1)
    return middle
