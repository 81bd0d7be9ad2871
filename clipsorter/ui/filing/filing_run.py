"""One run of apply, undo or recover, told on a run page: the events of ``filing`` become words and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from clipsorter.filing.events import (
    Finished,
    PhotoFiled,
    PhotoLeftAlone,
    PhotoNotFiled,
    PhotoReturned,
    Started,
)
from clipsorter.filing.plan import Kind, Plan
from clipsorter.filing.recover import Run, Way
from clipsorter.ui.error_words import explain
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.filing.run_page import RunPage
from clipsorter.ui.filing.words import say_reason
from clipsorter.ui.languages import join_sentences


@dataclass(slots=True)
class Tally:
    """What was heard so far."""

    run: str = ""
    total: int = 0
    filed: int = 0
    not_filed: int = 0
    returned: int = 0
    left_alone: int = 0
    stopped_by: str = ""

    @property
    def done(self) -> int:
        return self.filed + self.not_filed + self.returned + self.left_alone

    @property
    def untouched(self) -> int:
        return max(self.total - self.done, 0)


class FilingRun(QObject):
    """Asks one desk, fills one page. ``ended`` says that the page shows the result."""

    ended = Signal()

    def __init__(self, desk: Desk, page: RunPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._page = page
        self._error: Exception | None = None
        self._mode: Kind = "copy"
        self._target = Path()
        self._does: Literal["file", "undo"] = "file"
        self.tally = Tally()
        self.is_on = False
        desk.heard.connect(self._on_heard)
        desk.failed.connect(self._on_failed)
        desk.ended.connect(self._on_ended)
        page.pause_wanted.connect(desk.pause)
        page.resume_wanted.connect(desk.resume)
        page.stop_wanted.connect(desk.stop)

    @property
    def changed_files(self) -> bool:
        """Whether photos may stand elsewhere now."""
        return bool(self.tally.filed or self.tally.returned)

    def apply(self, plan: Plan) -> None:
        """Do a plan."""
        self._begin(plan.mode, plan.target, "file", len(plan.photos))
        self._desk.ask(lambda engine: engine.apply(plan))

    def undo(self, run: str, mode: Kind, target: Path, total: int, only: Sequence[int] | None = None) -> None:
        """Take a run back, whole or some of its photos."""
        self._begin(mode, target, "undo", total)
        self._desk.ask(lambda engine: engine.undo_run(run, only=only))

    def recover(self, run: Run, way: Way) -> None:
        """Finish an interrupted run, or take it back."""
        self._begin(run.mode, run.target, "file" if way == "finish" else "undo", run.total)
        self._desk.ask(lambda engine: engine.recover_run(run.run, way))

    def _begin(self, mode: Kind, target: Path, does: Literal["file", "undo"], total: int) -> None:
        self._mode, self._target, self._does, self._error = mode, target, does, None
        self.tally = Tally(total=total)
        self.is_on = True
        titles = {
            "move": self.tr("Moving photos…"),
            "copy": self.tr("Copying photos…"),
            "hardlink": self.tr("Linking photos…"),
            "symlink": self.tr("Linking photos…"),
        }
        back = {
            "move": self.tr("Bringing photos back…"),
            "copy": self.tr("Removing the copies…"),
            "hardlink": self.tr("Removing the links…"),
            "symlink": self.tr("Removing the links…"),
        }
        self._page.begin((titles if does == "file" else back)[mode], total)

    # -- what the engine says ------------------------------------------------------------------------------------

    def _on_heard(self, events: Sequence[object]) -> None:
        if not self.is_on:
            return
        tally = self.tally
        newest: PhotoFiled | PhotoNotFiled | PhotoReturned | PhotoLeftAlone | None = None
        for event in events:
            match event:
                case Started(run, total):
                    tally.run, tally.total = run, total
                case PhotoFiled():
                    tally.filed += 1
                    newest = event
                case PhotoReturned():
                    tally.returned += 1
                    newest = event
                case PhotoNotFiled():
                    tally.not_filed += 1
                    newest = event
                    self._page.add_left(event.file, say_reason(event.reason))
                case PhotoLeftAlone():
                    tally.left_alone += 1
                    newest = event
                    self._page.add_left(event.file, say_reason(event.reason))
                case Finished():
                    tally.run, tally.stopped_by = event.run, event.stopped_by
                    tally.total = tally.done + event.untouched
        if newest is not None:
            self._page.show_done(newest.done, newest.total, newest.file)

    def _on_failed(self, error: Exception) -> None:
        self._error = error

    def _on_ended(self) -> None:
        if not self.is_on:
            return
        self.is_on = False
        tally, words = self.tally, []
        if tally.not_filed:
            words.append(self.tr("%Ln photo(s) stayed where they were; the list says why.", "", tally.not_filed))
        if tally.left_alone:
            words.append(self.tr("%Ln photo(s) were left alone; the list says why.", "", tally.left_alone))
        if tally.untouched and not self._error:
            words.append(self.tr("%Ln photo(s) were not begun.", "", tally.untouched))
        if tally.stopped_by:
            words.append(say_reason(tally.stopped_by))
        if self._error is not None:
            said = explain(self._error)
            words += [said.title, said.advice, said.detail]
        well = not (tally.not_filed or tally.left_alone or tally.untouched or self._error)
        self._page.end(self._result(), join_sentences(words), well=well)
        self.ended.emit()

    def _result(self) -> str:
        filed, name = self.tally.filed, self._target.name
        if self._does == "undo" and self._mode == "copy":
            return self.tr("%Ln copy(ies) were removed; your photos stayed where they were.", "", self.tally.returned)
        if self._does == "undo" and self._mode != "move":
            return self.tr("%Ln link(s) were removed; your photos stayed where they were.", "", self.tally.returned)
        if self._does == "undo":
            return self.tr("%Ln photo(s) are back where they were.", "", self.tally.returned)
        match self._mode:
            case "move":
                return self.tr("%Ln photo(s) were moved to “{}”.", "", filed).format(name)
            case "copy":
                return self.tr("%Ln photo(s) were copied to “{}”.", "", filed).format(name)
            case _:
                return self.tr("%Ln photo(s) were linked into “{}”.", "", filed).format(name)
