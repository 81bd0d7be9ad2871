"""The footer: what works in the background, on which device, how fast, how much longer; pause and cancel."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from clipsorter.ui.controls import ElidedLabel, IconLabel, PushButton, grown, text_button
from clipsorter.ui.icons import icon
from clipsorter.ui.motion import WorkBar
from clipsorter.ui.plain_text import plain_tip
from clipsorter.ui.progress import RUNNING, Effort, Phase, Progress

STARTER = "Starter model"  # as its encoder names itself
HEIGHT = 34  # px, without margins
ROOMY = 1200  # px, in which everything has its words while work goes on
ENOUGH = 900  # px, when it rests
PROCESSOR = re.compile(r"CPU \((\d+) cores?\)")  # as an encoder names the device it works on


class Footer(QFrame):
    """Shows a ``Progress``; the buttons only announce."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()
    failures_wanted = Signal()
    models_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        self._progress = Progress()
        self._effort = Effort.FULL
        self._phase_words = {
            Phase.IDLE: self.tr("Everything stays on this computer."),
            Phase.SCANNING: self.tr("Looking for photos"),
            Phase.STARTING_MODEL: self.tr("Getting ready to look at photos"),
            Phase.LOOKING: self.tr("Looking at photos"),
            Phase.ANSWERING: self.tr("Getting ready to answer"),
            Phase.PAUSED: self.tr("Paused"),
            Phase.DONE: self.tr("All photos looked at"),
            Phase.CANCELLED: self.tr("Stopped. What is done is kept."),
            Phase.STOPPED: self.tr("Stopped by a problem. What is done is kept."),
        }
        self._sign = IconLabel("cpu", 17)
        self._what = QLabel()
        self._bar = WorkBar()
        self._bar.setMaximumWidth(340)
        self._bar.setMinimumWidth(60)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._numbers = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._numbers.setObjectName("muted")
        self._numbers.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)  # before a longer bar
        self._selected = 0  # photos
        self._selection = QLabel()
        self._selection.hide()
        self._device = QToolButton()
        self._device.setAutoRaise(True)
        self._device.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._device.clicked.connect(self.models_wanted)
        self._failures = PushButton()
        self._failures.setIcon(icon("file-warning"))
        self._failures.clicked.connect(self.failures_wanted)
        self.hold = text_button(self.tr("Pause"), "pause")
        self.hold.clicked.connect(self._on_hold)
        self.cancel = text_button(self.tr("Cancel"), "x")
        self.cancel.clicked.connect(self.cancel_wanted)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 6, 10, 6)
        line.addStrut(HEIGHT)
        line.setSpacing(10)
        line.addWidget(self._sign)
        line.addWidget(self._what)
        line.addWidget(self._bar, 4)
        line.addWidget(self._numbers)
        line.addStretch(1)
        line.addWidget(self._selection)
        line.addWidget(self._device)
        for button in (self._failures, self.hold, self.cancel):
            line.addWidget(button)
        self.show_progress(Progress())

    def _name_model(self) -> str:
        return self.tr("Starter model") if self._progress.model == STARTER else self._progress.model

    def _name_device(self) -> str:
        processor = PROCESSOR.fullmatch(self._progress.device)
        return self.tr("CPU (%Ln core(s))", "", int(processor[1])) if processor else self._progress.device

    def _say_model(self) -> str:
        if self._progress.model == STARTER:
            return self.tr(
                "The starter model knows everyday things: pets, food, the sea, documents. It takes children for adults "
                "and is weak on anything rare. Click here for a stronger model."
            )
        return self.tr("Looking at photos with: {}").format(self._progress.model) if self._progress.model else ""

    def show_progress(self, progress: Progress) -> None:
        self._progress = progress
        running = progress.phase in RUNNING
        moving = progress.phase in {Phase.SCANNING, Phase.STARTING_MODEL, Phase.ANSWERING}
        self._what.setText(self._phase_words[progress.phase])
        self._numbers.set_whole(self._say_numbers())
        self._bar.setVisible(running or moving)
        self._bar.setRange(0, 0 if moving else max(progress.total, 1))
        self._bar.setValue(progress.done)
        self._device.setText(" · ".join(filter(None, (self._name_model(), self._name_device()))))
        self._device.setToolTip(plain_tip(self._say_model()))
        self._device.setVisible(bool(progress.model))
        self._failures.setVisible(progress.failed > 0)
        self._show_failures()
        self._show_selection()
        self.hold.setVisible(running)
        self.cancel.setVisible(running)
        paused = progress.phase is Phase.PAUSED
        self.hold.setText(" " + (self.tr("Resume") if paused else self.tr("Pause")))
        self.hold.setAccessibleName(self.hold.text().strip())
        self.hold.setIcon(icon("play" if paused else "pause"))
        done_well = progress.phase is Phase.DONE
        self._sign.set_icon(icon("circle-check" if done_well else "pause" if paused else "cpu"))

    def show_selected(self, photos: int) -> None:
        """Say how many photos are selected, from two on: one is seen."""
        self._selected = photos
        self._selection.setText(self.tr("%Ln photo(s) selected", "", photos))
        self._show_selection()

    @property
    def _is_roomy(self) -> bool:
        return self.width() >= grown(ROOMY if self._progress.phase in RUNNING else ENOUGH, self)

    def _show_selection(self) -> None:
        self._selection.setVisible(self._selected > 1 and self._is_roomy)

    def _show_failures(self) -> None:
        words = self.tr("%Ln file(s) could not be read", "", self._progress.failed)
        is_roomy = self._is_roomy
        self._failures.setText(" " + (words if is_roomy else self.locale().toString(self._progress.failed)))
        self._failures.setAccessibleName(words)
        self._failures.setToolTip("" if is_roomy else words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_failures()
        self._show_selection()

    def show_effort(self, effort: Effort) -> None:
        """Say when work is slower than it could be, and why."""
        self._effort = effort
        self.show_progress(self._progress)

    def words(self) -> str:
        """What stands here now, for tests and screen readers."""
        return " ".join(filter(None, (self._what.text(), self._numbers.whole)))

    def _on_hold(self) -> None:
        if self._progress.phase is Phase.PAUSED:
            self.resume_wanted.emit()
        else:
            self.pause_wanted.emit()

    def _say_numbers(self) -> str:
        progress = self._progress
        match progress.phase:
            case Phase.IDLE | Phase.ANSWERING:
                return ""
            case Phase.SCANNING:
                return self.tr("%Ln photo(s)", "found so far", progress.total)
            case Phase.DONE:
                return self.tr("%Ln photo(s)", "in the folder", progress.total)
        if not progress.total:
            return ""  # it was stopped before anything was found
        number = self.locale().toString
        words = [f"{number(progress.done)} / {number(progress.total)}"]
        if progress.phase is Phase.LOOKING and progress.rate > 0:
            rate = number(progress.rate, "f", 1) if progress.rate < 10 else number(round(progress.rate))
            words.append(self.tr("{} per second").format(rate))
            if progress.seconds_left is not None:
                words.append(self._say_time(progress.seconds_left))
        if effort := self._say_effort():
            words.append(effort)
        return " · ".join(words)

    def _say_effort(self) -> str:
        match self._effort:
            case Effort.HALF:
                return self.tr("half the machine is yours")
            case Effort.HALF_ON_BATTERY:
                return self.tr("on battery: half the machine is yours")
            case Effort.PAUSE_ON_BATTERY:
                return self.tr("waiting for the power supply")
        return ""

    def _say_time(self, seconds: float) -> str:
        if seconds < 50:
            return self.tr("less than a minute left")
        minutes = round(seconds / 60)
        if minutes < 90:
            return self.tr("about %Ln minute(s) left", "", max(minutes, 1))
        return self.tr("about %Ln hour(s) left", "", round(minutes / 60))
