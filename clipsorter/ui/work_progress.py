"""How far the looking at photos is, told as often as a person can read it.

A look that nobody asked for is quiet: nothing is told of it before there is something new to look at.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from clipsorter.engine.events import EntryFailed, KindLeftOut, PhotoFailed
from clipsorter.ui.progress import RUNNING, Phase, Progress

Failure = PhotoFailed | EntryFailed | KindLeftOut
NUMBERS_MS = 80  # between two news of numbers alone; a new phase is told at once


class WorkProgress(QObject):
    """``now`` is always the newest; ``changed`` follows at once, or soon where only numbers are new. GUI thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = Progress()
        self.failures: list[Failure] = []  # of the last look that was told of
        self._found_failures = self.failures  # of the look under way
        self.is_quiet = False
        self._before = Phase.IDLE  # what a question that waits for the model has pushed aside
        self._soon = QTimer(self, singleShot=True, interval=NUMBERS_MS)
        self._soon.timeout.connect(self.changed)

    def show(self, progress: Progress) -> None:
        if progress == self.now:
            return
        before, self.now = self.now, progress
        if before.phase is not progress.phase:
            self._soon.stop()
            self.changed.emit()
        elif not self._soon.isActive():
            self._soon.start()

    def show_phase(self, phase: Phase) -> None:
        self.show(replace(self.now, phase=phase))

    def begin(self, *, quietly: bool = False) -> None:
        """A look at the folder begins."""
        self.is_quiet = quietly
        self._found_failures = []
        if not quietly:
            self.failures = self._found_failures
            self.show(Progress(Phase.SCANNING, device=self.now.device, model=self.now.model))

    def find(self, photos: int, unchanged: int, *, all_found: bool) -> None:
        """So many photos so far, or in all."""
        if self.is_quiet:
            known = unchanged + sum(isinstance(failure, PhotoFailed) for failure in self._found_failures)
            if not all_found or photos == known:
                return
            self.is_quiet = False
            self.failures = self._found_failures
            self.show(replace(self.now, phase=Phase.LOOKING, done=known, total=photos, failed=self._failed))
            return
        ended = all_found and self.now.phase is Phase.SCANNING
        self.show(replace(self.now, phase=Phase.LOOKING if ended else self.now.phase, total=photos))

    def look(self, done: int, total: int, rate: float, seconds_left: float | None) -> None:
        """Another batch of photos was looked at; a pause goes on."""
        if self.is_quiet:
            return  # only keywords are read
        numbers = replace(self.now, done=done, total=total, rate=rate, seconds_left=seconds_left)
        self.show(numbers if numbers.phase is Phase.PAUSED else replace(numbers, phase=Phase.LOOKING))

    @property
    def _failed(self) -> int:
        return sum(failure.files if isinstance(failure, KindLeftOut) else 1 for failure in self.failures)

    def fail(self, failure: Failure) -> None:
        """A photo, a folder or all photos of a kind could not be read."""
        self._found_failures.append(failure)
        if not self.is_quiet:
            self.show(replace(self.now, failed=self._failed))

    def end(self, photos: int) -> None:
        """All of them were looked at."""
        self.is_quiet = False
        self.failures = self._found_failures
        self.show(replace(self.now, phase=Phase.DONE, done=photos, total=photos, failed=self._failed))

    def start_model(self, name: str, *, for_work: bool) -> None:
        """The model is being loaded: for looking at photos, or for a question while nothing else is done."""
        phase = self.now.phase
        if for_work and phase in {Phase.SCANNING, Phase.LOOKING}:
            self.show(replace(self.now, phase=Phase.STARTING_MODEL, model=name))
        elif phase not in RUNNING and phase is not Phase.ANSWERING:
            self._before = phase
            self.show(replace(self.now, phase=Phase.ANSWERING, model=name))

    def name_model(self, name: str) -> None:
        """The model that would look at photos, were there any to look at; one that has begun names itself."""
        if not self.now.model:
            self.show(replace(self.now, model=name))

    def model_is_ready(self, name: str, device: str) -> None:
        self.end_answering()
        phase = Phase.LOOKING if self.now.phase is Phase.STARTING_MODEL else self.now.phase
        self.show(replace(self.now, phase=phase, model=name, device=device))

    def end_answering(self) -> None:
        """The question is answered or has failed; if one waited, go back to what was before it."""
        if self.now.phase is Phase.ANSWERING:
            self.show_phase(self._before)

    def stop(self) -> None:
        """Tell nothing more."""
        self._soon.stop()
