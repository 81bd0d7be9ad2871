"""What was done to files so far: every run and every photo in it, to be taken back or finished, whole or in part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clipsorter.filing.recover import Run, RunPhoto, Way
from clipsorter.presence import is_folder
from clipsorter.ui.controls import WrappingLabel, fit, text_button
from clipsorter.ui.empty_state import ExplainingPage
from clipsorter.ui.engine_like import EngineLike
from clipsorter.ui.error_words import explain
from clipsorter.ui.file_manager import show_in_file_manager
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.filing.filing_run import FilingRun
from clipsorter.ui.filing.lines_model import LinesModel, view_lines
from clipsorter.ui.filing.run_page import RunPage
from clipsorter.ui.filing.words import say_reason, say_time
from clipsorter.ui.languages import join_sentences


@dataclass(frozen=True, slots=True)
class Listed:
    """All runs, newest first."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Detailed:
    """The photos of one run."""

    run: str
    photos: tuple[RunPhoto, ...]


class HistoryDialog(QDialog):
    """Runs above, the chosen run's photos below."""

    filed = Signal()  # photos may stand elsewhere now

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("History of sorted files"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self.runs = LinesModel[Run](
            (self.tr("When"), self.tr("What"), self.tr("State"), self.tr("Folder")),
            self._say_run,
            _picture_of_run,
            self,
        )
        self.photos = LinesModel[RunPhoto](
            (self.tr("Photo"), self.tr("State"), self.tr("Place")), self._say_photo, _picture_of_photo, self
        )
        self.page = RunPage()
        self.run = FilingRun(desk, self.page, self)
        self.run.ended.connect(self._on_run_ended)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_list_page())
        self._pages.addWidget(self.page)
        self.nothing = ExplainingPage()
        self.nothing.explain(
            "history",
            self.tr("Nothing has been sorted yet"),
            self.tr("Every time you sort files into folders, it is written down here, with the way back."),
        )
        self._pages.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(self._pages, 1)
        column.addLayout(self._make_buttons())
        desk.heard.connect(self._on_heard)
        desk.failed.connect(self._on_failed)
        fit(self, 900, 600)
        self._show_buttons()
        self._list()

    # -- making --------------------------------------------------------------------------------------------------

    def _make_list_page(self) -> QWidget:
        self.words = WrappingLabel(
            self.tr("Everything that was done to your files. A run can be taken back at any time, whole or in part.")
        )
        self.words.setObjectName("muted")
        self.run_list = view_lines(self.runs, 170, 240, 120)
        self.run_list.setAccessibleName(self.tr("Runs, newest first"))
        self.run_list.selectionModel().currentChanged.connect(self._show_photos)
        self.photo_list = view_lines(self.photos, 300, 220)
        self.photo_list.setAccessibleName(self.tr("Photos of the chosen run"))
        self.photo_list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.photo_list.selectionModel().selectionChanged.connect(self._on_photos_chosen)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.addWidget(self.run_list)
        both.addWidget(self.photo_list)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.words)
        column.addWidget(both, 1)
        return page

    def _make_buttons(self) -> QHBoxLayout:
        self.finish = text_button(self.tr("Finish"), "play")
        self.finish.setToolTip(self.tr("Do the rest of this run"))
        self.finish.clicked.connect(lambda: self.recover("finish"))
        self.undo_run = text_button(self.tr("Undo the run"), "undo-2")
        self.undo_run.clicked.connect(self._undo)
        self.undo_photos = text_button(self.tr("Undo the chosen photos"), "undo-2")
        self.undo_photos.clicked.connect(self._undo_chosen)
        self.show_folder = text_button(self.tr("Show the folder"), "external-link")
        self.show_folder.clicked.connect(self._show_target)
        self.back = text_button(self.tr("Back to the history"), "arrow-left")
        self.back.clicked.connect(self._go_back)
        self.leave = text_button(self.tr("Close"))
        self.leave.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.setSpacing(8)
        for button in (self.back, self.finish, self.undo_run, self.undo_photos, self.show_folder):
            line.addWidget(button)
        line.addStretch(1)
        line.addWidget(self.leave)
        for button in (self.back, self.finish, self.undo_run, self.undo_photos, self.show_folder, self.leave):
            button.setAutoDefault(False)
        return line

    # -- what it shows -------------------------------------------------------------------------------------------

    def _list(self) -> None:
        self._desk.ask(list_runs)

    def _on_heard(self, events: tuple[object, ...]) -> None:
        for event in events:
            if isinstance(event, Listed):
                self._show_runs(event.runs)
            elif isinstance(event, Detailed) and (run := self.chosen) is not None and run.run == event.run:
                self.photos.show_values(event.photos)
                self._show_buttons()

    def _show_runs(self, runs: tuple[Run, ...]) -> None:
        before = self.chosen.run if self.chosen else ""
        self.runs.show_values(runs)
        self.photos.show_values(())
        row = next((row for row, run in enumerate(runs) if run.run == before), 0)
        self.run_list.setCurrentIndex(self.runs.index(row, 0))
        self._show_buttons()
        if self._pages.currentWidget() is not self.page:
            self._pages.setCurrentIndex(0 if runs else self._pages.indexOf(self.nothing))
            self._show_buttons()

    def _on_failed(self, error: Exception) -> None:
        if not self.run.is_on:
            said = explain(error)
            self.words.setText(join_sentences((said.title, said.advice, said.detail)))

    @property
    def chosen(self) -> Run | None:
        """The run that buttons speak of."""
        row = self.run_list.currentIndex().row()
        return self.runs.values[row] if 0 <= row < len(self.runs.values) else None

    def _show_photos(self) -> None:
        self.photos.show_values(())
        run = self.chosen
        if run is not None and run.state != "damaged":
            self._desk.ask(lambda engine: _detailed(engine, run.run))
        self._show_buttons()

    def _chosen_photos(self) -> list[RunPhoto]:
        rows = (index.row() for index in self.photo_list.selectionModel().selectedRows())
        return [photo for row in rows if (photo := self.photos.values[row]).state in {"filed", "kept", "open"}]

    def _show_buttons(self, *, working: bool = False) -> None:
        run, lists = self.chosen, self._pages.currentIndex() == 0
        works = self._pages.currentWidget() is self.page
        for button in (self.finish, self.undo_run, self.undo_photos, self.show_folder):
            button.setVisible(lists)
        self.back.setVisible(works and not working)
        self.leave.setVisible(not working)
        state = run.state if run else "damaged"
        self.finish.setEnabled(state in {"interrupted", "stopped"})
        self.undo_run.setEnabled(state in {"complete", "stopped", "interrupted"})
        self.undo_photos.setEnabled(self.undo_run.isEnabled() and bool(self._chosen_photos()))
        self.show_folder.setEnabled(run is not None and state != "damaged" and is_folder(run.target))

    def _on_photos_chosen(self) -> None:
        self._show_buttons()

    def _say_run(self, run: Run) -> tuple[str, ...]:
        states = {
            "complete": self.tr("Done"),
            "stopped": self.tr("Stopped"),
            "undone": self.tr("Taken back"),
            "interrupted": self.tr("Interrupted"),
            "damaged": self.tr("Its record is damaged"),
        }
        if run.state == "damaged":
            return run.run, "", states[run.state], ""
        did = {
            "move": self.tr("%Ln photo(s) moved", "", run.filed),
            "copy": self.tr("%Ln photo(s) copied", "", run.filed),
            "hardlink": self.tr("%Ln photo(s) linked", "", run.filed),
            "symlink": self.tr("%Ln photo(s) linked", "", run.filed),
        }[run.mode]
        rest = run.total - run.filed - run.returned
        parts = [did] if run.filed or not run.returned else []
        parts += [self.tr("%Ln taken back", "photos", run.returned)] if run.returned else []
        parts += [self.tr("%Ln not done", "photos", rest)] if rest else []
        return say_time(run.started), ", ".join(parts), states[run.state], str(run.target)

    def _say_photo(self, photo: RunPhoto) -> tuple[str, ...]:
        stays = self.chosen is not None and self.chosen.mode != "move"  # the photo itself never went anywhere
        states = {
            "filed": self.tr("Done") if stays else self.tr("In its new place"),
            "returned": self.tr("Taken back") if stays else self.tr("Back where it was"),
            "failed": self.tr("Stayed where it was"),
            "kept": self.tr("Left alone"),
            "open": self.tr("Interrupted"),
        }
        place = "" if photo.state == "returned" else str(photo.place)  # nothing of it is there any more
        return photo.file, states[photo.state], say_reason(photo.reason) if photo.reason else place

    # -- acting --------------------------------------------------------------------------------------------------

    def recover(self, way: Way, run: Run | None = None) -> None:
        """Finish a run, or take it back; the chosen one where none is named."""
        if (run := run or self.chosen) is not None:
            self._begin()
            self.run.recover(run, way)

    def _undo(self) -> None:
        if (run := self.chosen) is not None:
            if run.state == "interrupted":
                self.recover("undo")
                return
            self._begin()
            self.run.undo(run.run, run.mode, run.target, run.filed)

    def _undo_chosen(self) -> None:
        run, photos = self.chosen, self._chosen_photos()
        if run is not None and photos:
            self._begin()
            self.run.undo(run.run, run.mode, run.target, len(photos), [photo.number for photo in photos])

    def _begin(self) -> None:
        self._pages.setCurrentWidget(self.page)
        self._show_buttons(working=True)

    def _on_run_ended(self) -> None:
        self._show_buttons()
        self.back.setFocus()
        if self.run.changed_files:
            self.filed.emit()

    def _go_back(self) -> None:
        self._pages.setCurrentIndex(0)
        self._show_buttons()
        self._list()

    def _show_target(self) -> None:
        if (run := self.chosen) is not None:
            show_in_file_manager(run.target)

    def reject(self) -> None:
        """Close; while files are at work, stop between two files first and show what came of it."""
        if self.run.is_on:
            self.page.stop.click()
            return
        self._desk.leave()
        super().reject()


def list_runs(engine: EngineLike) -> Iterator[Listed | None]:
    """Ask a desk for all runs; yields exactly one Listed, at the end."""
    for runs in engine.runs():
        yield None if runs is None else Listed(runs)


def _detailed(engine: EngineLike, run: str) -> Iterator[Detailed]:
    yield Detailed(run, engine.run_photos(run))


def _picture_of_run(run: Run) -> str:
    return {"complete": "circle-check", "undone": "undo-2", "stopped": "pause"}.get(run.state, "triangle-alert")


def _picture_of_photo(photo: RunPhoto) -> str:
    pictures = {"filed": "circle-check", "returned": "undo-2", "failed": "image", "kept": "image"}
    return pictures.get(photo.state, "triangle-alert")
