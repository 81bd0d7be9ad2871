"""Write categories as keywords that other programs read: how many of what first, then the work, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clipsorter.engine.events import Ranked
from clipsorter.engine.filing_steps import Album, TagCounts, TagRequest
from clipsorter.filing.exiftool import is_installed
from clipsorter.filing.sidecar import Style
from clipsorter.filing.tags import SidecarLeftAlone, SidecarWritten, TagsFinished
from clipsorter.ui.controls import ChoiceBox, WrappingLabel, filled_button, fit, text_button
from clipsorter.ui.error_words import explain
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.filing.lines_model import LinesModel, view_lines
from clipsorter.ui.filing.run_page import RunPage
from clipsorter.ui.filing.words import say_reason
from clipsorter.ui.form import Form
from clipsorter.ui.languages import join_sentences
from clipsorter.values import Category

Task = Literal["count", "write", "remove"]


@dataclass(frozen=True, slots=True)
class ToTag:
    """The board whose categories become keywords."""

    ranked: Ranked
    folder: Path
    categories: tuple[Category, ...]
    query: str = ""  # what the board is narrowed to; keywords are written for all photos


class TagDialog(QDialog):
    """One sheet, two pages: what would be written, then the run. Touches nothing before its button is pressed."""

    ended = Signal()  # the page shows a result

    def __init__(self, board: ToTag, desk: Desk, parent: QWidget | None = None, *, style: Style = "digikam") -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Write keywords"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._board = board
        self._desk = desk
        self._task: Task = "count"
        self._error: Exception | None = None
        self._finished: TagsFinished | None = None
        self.counts = LinesModel[tuple[str, int]](
            (self.tr("Keyword"), self.tr("Photos")), self._say_count, lambda _line: "", self
        )
        headings = (self.tr("Folder"), self.tr("Photos"), self.tr("What it shows"))
        self.albums = LinesModel[Album](headings, self._say_album, lambda _album: "folder", self)
        self.page = RunPage()
        self.page.pause_wanted.connect(desk.pause)
        self.page.resume_wanted.connect(desk.resume)
        self.page.stop_wanted.connect(desk.stop)
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._count)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_choice_page(style))
        self._pages.addWidget(self.page)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(self._pages, 1)
        column.addLayout(self._make_buttons())
        desk.heard.connect(self._on_heard)
        desk.failed.connect(self._on_failed)
        desk.ended.connect(self._on_ended)
        fit(self, 720, 600)
        self._count()

    # -- making --------------------------------------------------------------------------------------------------

    def _make_choice_page(self, style: Style) -> QWidget:
        words = WrappingLabel(
            self.tr(
                "Categories become keywords in small .xmp files beside the photos, which Lightroom, digiKam, darktable "
                "and others read. Keywords of others are kept, and ours can be removed at any time."
            )
        )
        words.setObjectName("muted")
        self.which = ChoiceBox(
            {"fits": self.tr("Every category that fits well enough"), "confirmed": self.tr("Only what I confirmed")}
        )
        self.style_ = ChoiceBox(
            {
                "digikam": self.tr("IMG.jpg.xmp (digiKam, darktable)"),
                "lightroom": self.tr("IMG.xmp (Lightroom, Adobe)"),
            },
            style,
        )
        self.with_albums = QCheckBox(self.tr("Also what describes the folder a photo is in"))
        self.inside = QCheckBox(self.tr("Also into the photos themselves (JPEG, PNG, TIFF, WebP)"))
        self.inside.setEnabled(is_installed())
        self.inside.setToolTip(
            self.tr("Written by ExifTool; each photo is compared, pixel by pixel, before the new file takes its place")
            if is_installed()
            else self.tr("This needs ExifTool, which is not installed")
        )
        form = Form()
        for name, box in ((self.tr("Keywords"), self.which), (self.tr("New files are named"), self.style_)):
            form.add_line(name, box)
            box.currentIndexChanged.connect(self._rest.start)
        form.add_below(self.with_albums)
        form.add_below(self.inside)
        for tick in (self.with_albums, self.inside):
            tick.toggled.connect(self._rest.start)
        self.count_list = view_lines(self.counts, 360)
        self.count_list.setAccessibleName(self.tr("Photos for each keyword"))
        self.album_list = view_lines(self.albums, 260)
        self.album_list.setAccessibleName(self.tr("What each folder shows"))
        self.album_list.hide()
        self.summary = WrappingLabel()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(words)
        column.addLayout(form)
        column.addWidget(self.count_list, 1)
        column.addWidget(self.album_list, 1)
        column.addWidget(self.summary)
        return page

    def _make_buttons(self) -> QHBoxLayout:
        self.remove = text_button(self.tr("Remove our keywords"), "trash-2")
        self.remove.setToolTip(self.tr("Only what ClipSorter wrote below this folder; everything else stays"))
        self.remove.clicked.connect(self._remove)
        self.leave = text_button(self.tr("Cancel"))
        self.leave.clicked.connect(self.reject)
        self.go = filled_button(self.tr("Write keywords"), "check")
        self.go.clicked.connect(self._write)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.remove)
        line.addStretch(1)
        line.addWidget(self.leave)
        line.addWidget(self.go)
        for button in (self.remove, self.leave, self.go):
            button.setAutoDefault(False)
        return line

    # -- what would be written -----------------------------------------------------------------------------------

    def request(self) -> TagRequest:
        """What the person chose."""
        return TagRequest(
            self._board.categories,
            confirmed_only=self.which.currentData() == "confirmed",
            albums=self.with_albums.isChecked(),
            style=self.style_.currentData(),
            embed=self.inside.isChecked(),
        )

    def _count(self) -> None:
        self.summary.setText(self.tr("Counting…"))
        self.go.setEnabled(False)
        self._ask("count", self._writing(dry_run=True))

    def _writing(self, *, dry_run: bool) -> Callable[..., Iterator[object]]:
        board, request = self._board, self.request()
        return lambda engine: engine.tag(board.ranked, board.folder, request, dry_run=dry_run)

    def _show_counts(self, counts: TagCounts) -> None:
        self.counts.show_values([line for line in counts.photos if line[1]])
        self.albums.show_values(counts.albums)
        self.album_list.setVisible(bool(counts.albums))

    def _show_would(self, would: TagsFinished) -> None:
        words = [self.tr("%Ln file(s) would be written.", "", would.changed)]
        if would.unchanged:
            words.append(self.tr("%Ln need no change.", "files", would.unchanged))
        if would.left_alone:
            words.append(self.tr("%Ln cannot be written and would be left alone.", "files", would.left_alone))
        if self._board.query:
            words.append(
                self.tr("All photos get keywords, not only those that match the search “{}”.").format(self._board.query)
            )
        self.summary.setText(join_sentences(words))
        self.go.setEnabled(would.changed > 0)

    def _say_count(self, line: tuple[str, int]) -> tuple[str, ...]:
        return line[0], self.locale().toString(line[1])

    def _say_album(self, album: Album) -> tuple[str, ...]:
        named = ", ".join(f"{name} {round(share * 100)}%" for name, share in album.categories)
        return album.folder or self._board.folder.name, self.locale().toString(album.photos), named or "–"

    # -- the run -------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        self._begin("write", self.tr("Writing keywords…"), self._writing(dry_run=False))

    def _remove(self) -> None:
        folder = self._board.folder
        self._begin("remove", self.tr("Removing our keywords…"), lambda engine: engine.untag(folder))

    def _begin(self, task: Task, title: str, ask: Callable[..., Iterator[object]]) -> None:
        self._pages.setCurrentWidget(self.page)
        for button in (self.go, self.remove, self.leave):
            button.hide()
        self.page.begin(title, 0)
        self._ask(task, ask)

    def _ask(self, task: Task, ask: Callable[..., Iterator[object]]) -> None:
        self._task, self._error, self._finished = task, None, None
        self._tally = TagsFinished(0, 0, 0)
        self._desk.ask(ask)

    def _on_heard(self, events: tuple[object, ...]) -> None:
        tally = self._tally
        for event in events:
            match event:
                case TagCounts():
                    self._show_counts(event)
                case SidecarWritten(sidecar, changed, done, total):
                    tally = replace(tally, changed=tally.changed + changed, unchanged=tally.unchanged + (not changed))
                    self._show_done(sidecar, done, total)
                case SidecarLeftAlone(sidecar, reason, done, total):
                    tally = replace(tally, left_alone=tally.left_alone + 1)
                    self._show_done(sidecar, done, total)
                    if self._task != "count":
                        self.page.add_left(str(sidecar), say_reason(reason))
                case TagsFinished():
                    self._finished = tally = event
        self._tally = tally

    def _show_done(self, sidecar: Path, done: int, total: int) -> None:
        if self._task != "count":
            self.page.show_done(done, total, sidecar.name)

    def _on_failed(self, error: Exception) -> None:
        self._error = error

    def _on_ended(self) -> None:
        if self._task == "count":
            if self._error is not None:
                said = explain(self._error)
                self.summary.setText(join_sentences((said.title, said.detail)))
            elif self._finished is not None:
                self._show_would(self._finished)
            return
        changed, words = self._tally.changed, []
        wrote = self._task == "write"
        if self._tally.left_alone:
            words.append(self.tr("%Ln file(s) were left alone; the list says why.", "", self._tally.left_alone))
        if self._finished is None and self._error is None:
            words.append(self.tr("Stopped; the rest was not begun."))
        if self._error is not None:
            said = explain(self._error)
            words += [said.title, said.advice, said.detail]
        title = (
            self.tr("Keywords were written to %Ln file(s).", "", changed)
            if wrote
            else self.tr("Our keywords were removed from %Ln file(s).", "", changed)
        )
        self.page.end(title, join_sentences(words), well=self._finished is not None and self._finished.complete)
        self.leave.setText(self.tr("Close"))
        self.leave.setAccessibleName(self.leave.text())
        self.leave.show()
        self.leave.setFocus()
        self.remove.setVisible(wrote and changed > 0)
        self.ended.emit()

    def reject(self) -> None:
        """Close; while files are at work, stop between two of them first and show what came of it."""
        if self._task != "count" and self._desk.is_busy:
            self.page.stop.click()
            return
        self._desk.leave()
        super().reject()
