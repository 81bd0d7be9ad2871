"""Sort real files into folders: where to and how, the folders as they will be, then the work and its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from clipsorter.engine.events import Ranked
from clipsorter.filing.plan import FilingRequest, Kind, Plan, Planning
from clipsorter.filing.preview import Outline, outline
from clipsorter.ui.controls import ChoiceBox, WrappingLabel, filled_button, fit, text_button
from clipsorter.ui.engine_like import EngineLike
from clipsorter.ui.error_words import explain
from clipsorter.ui.file_manager import show_in_file_manager
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.filing.filing_run import FilingRun
from clipsorter.ui.filing.plan_model import Column, PlanModel
from clipsorter.ui.filing.run_page import RunPage
from clipsorter.ui.filing.words import say_reason, say_size
from clipsorter.ui.form import Form
from clipsorter.ui.languages import join_sentences
from clipsorter.ui.motion import WorkBar

REST_MS = 250  # a plan is made anew when nothing was typed for this long


@dataclass(frozen=True, slots=True)
class ToSort:
    """The board that is to become folders."""

    ranked: Ranked
    folder: Path
    parents: Mapping[str, str]  # category -> category above it
    query: str = ""  # what the board is narrowed to


class ApplyDialog(QDialog):
    """One sheet, two pages: the plan, then the run. Touches nothing before Apply."""

    filed = Signal()  # photos may stand elsewhere now

    def __init__(self, board: ToSort, target: Path, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sort files into folders"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._board = board
        self._desk = desk
        self._plans = False  # the desk works on a plan
        self.model = PlanModel(self)
        self.model.changed.connect(self._show_kept)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask_for_plan)
        self.page = RunPage()
        self.run = FilingRun(desk, self.page, self)
        self.run.ended.connect(self._on_run_ended)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_plan_page(target))
        self._pages.addWidget(self.page)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(self._pages, 1)
        column.addLayout(self._make_buttons())
        desk.heard.connect(self._on_heard)
        desk.failed.connect(self._on_failed)
        desk.ended.connect(self._on_ended)
        fit(self, 900, 640)
        self._show_kept()
        self._ask_for_plan()

    # -- making --------------------------------------------------------------------------------------------------

    def _make_plan_page(self, target: Path) -> QWidget:
        self.target = QLineEdit(str(target))
        self.target.setObjectName("entry")
        self.target.textChanged.connect(self._rest.start)
        choose = text_button(self.tr("Choose a folder…"), "folder-open")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._pick_target)
        self.mode = ChoiceBox(
            {
                "copy": self.tr("Copy: your photos stay where they are"),
                "move": self.tr("Move: can be taken back at any time"),
                "hardlink": self.tr("Hard links: no space, same disk only"),
                "symlink": self.tr("Symbolic links: no space, break when photos move"),
            }
        )
        self.layout_ = ChoiceBox(
            {
                "category": self.tr("Category"),
                "category/year": self.tr("Category / year"),
                "category/year/month": self.tr("Category / year / month"),
            }
        )
        self.links = QCheckBox(self.tr("Also link each photo into the folders of its other categories"))
        for box in (self.mode, self.layout_):
            box.currentIndexChanged.connect(self._rest.start)
        self.links.toggled.connect(self._rest.start)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.target, 1)
        where.addWidget(choose)
        form = Form()
        form.add_line(self.tr("Sort into"), where)
        form.add_line(self.tr("How"), self.mode)
        form.add_line(self.tr("Folders"), self.layout_)
        form.add_below(self.links)
        self.notice = WrappingLabel()
        self.notice.setObjectName("muted")
        self.problem = WrappingLabel()
        self.problem.setObjectName("problem")
        self.problem.hide()
        self.tree = _make_tree(self.model)
        self.tree.setAccessibleName(self.tr("The folders as they will be"))
        self.summary = WrappingLabel()
        self._making = WorkBar()
        self._making.setAccessibleName(self.tr("Making the plan"))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(form)
        column.addWidget(self.notice)
        column.addWidget(self.problem)
        column.addWidget(self.tree, 1)
        column.addWidget(self._making)
        column.addWidget(self.summary)
        return page

    def _make_buttons(self) -> QHBoxLayout:
        self.show_folder = text_button(self.tr("Show the folder"), "external-link")
        self.show_folder.clicked.connect(self._show_target)
        self.take_back = text_button(self.tr("Undo"), "undo-2")
        self.take_back.clicked.connect(self._take_back)
        self.leave = text_button(self.tr("Cancel"))
        self.leave.clicked.connect(self.reject)
        self.go = filled_button(self.tr("Sort"), "check")
        self.go.clicked.connect(self._apply)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.show_folder)
        line.addStretch(1)
        for button in (self.take_back, self.leave, self.go):
            line.addWidget(button)
        for button in (self.show_folder, self.take_back, self.leave, self.go):
            button.setAutoDefault(False)
        self.show_folder.hide()
        self.take_back.hide()
        return line

    # -- the plan ------------------------------------------------------------------------------------------------

    def request(self) -> FilingRequest:
        """What the person chose."""
        return FilingRequest(
            self._board.folder,
            Path(self.target.text().strip()).expanduser(),
            mode=self.mode.currentData(),
            layout=self.layout_.currentData(),
            links="symlink" if self.links.isChecked() else None,
            parents=self._board.parents,
            undated=self.tr("Undated"),
        )

    def _pick_target(self) -> None:
        start = Path(self.target.text()).parent
        if picked := QFileDialog.getExistingDirectory(self, self.tr("Choose where the folders go"), str(start)):
            self.target.setText(picked)

    def _ask_for_plan(self) -> None:
        self._rest.stop()
        self.model.show_outline(None)
        self._show_problem("")
        if not Path(self.target.text().strip()).expanduser().is_absolute():
            self._plans = False
            self._making.hide()
            self._show_problem(self.tr("Choose a folder to sort into."))
            self._show_kept()
            return
        ranked, request = self._board.ranked, self.request()
        self._plans = True
        self._making.setRange(0, 0)
        self._making.show()
        self._show_kept()
        self._desk.ask(lambda engine: _planned(engine, ranked, request))

    def _on_heard(self, events: tuple[object, ...]) -> None:
        for event in events:
            if isinstance(event, Planning):
                self._making.setRange(0, event.total)
                self._making.setValue(event.done)
            elif isinstance(event, Outline):
                self._plans = False
                self._making.hide()
                self.model.show_outline(event)
                self._show_outline(event)

    def _show_outline(self, shown: Outline) -> None:
        if len(shown.shelves) <= 30:
            self.tree.expandToDepth(0 if len(shown.plan.photos) > 40 else 1)
        self.tree.setCurrentIndex(self.model.index(0, 0))
        whole = [say_reason(one.reason) for one in shown.plan.problems if not one.file]
        self._show_problem(join_sentences(whole))

    def _show_problem(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def _on_failed(self, error: Exception) -> None:
        if self._plans:
            said = explain(error)
            self._show_problem(said.detail or join_sentences((said.title, said.advice)))

    def _on_ended(self) -> None:
        if self._plans:
            self._plans = False
            self._making.hide()
            self._show_kept()

    def _show_kept(self) -> None:
        plan, kept = self.model.plan, self.model.kept
        mode: Kind = self.mode.currentData()
        verbs = {
            "copy": self.tr("Copy %Ln photo(s)", "", kept),
            "move": self.tr("Move %Ln photo(s)", "", kept),
            "hardlink": self.tr("Link %Ln photo(s)", "", kept),
            "symlink": self.tr("Link %Ln photo(s)", "", kept),
        }
        self.go.setText(" " + verbs[mode])
        self.go.setAccessibleName(verbs[mode])
        fits = plan is not None and plan.bytes_needed <= plan.bytes_free
        self.go.setEnabled(kept > 0 and fits and not self._rest.isActive())
        self.notice.setText(self._say_notice())
        self.summary.setText(self._say_summary(plan, kept))

    def _say_notice(self) -> str:
        words = [self.tr("Nothing is touched until you press the button below. Clear a box to leave something out.")]
        if self._board.query:
            words.append(self.tr("Only photos that match the search “{}” are sorted.").format(self._board.query))
        return join_sentences(words)

    def _say_summary(self, plan: Plan | None, kept: int) -> str:
        if plan is None:
            return self.tr("Making the plan…") if self._plans else ""
        if not kept and not plan.photos:
            return self.tr("There is nothing to sort: the photos are in no category, or in their folders already.")
        photos = self.tr("%Ln photo(s)", "", kept)
        folders = self.tr("%Ln folder(s)", "", self.model.folders_kept)
        words = [self.tr("{} in {}").format(photos, folders)]
        if self.model.kept_size not in {0, plan.bytes_needed}:  # a link has none; a copy needs as much again
            words.append(say_size(self.model.kept_size))
        words.append(
            self.tr("{} needed, {} free").format(say_size(plan.bytes_needed), say_size(plan.bytes_free))
            if plan.bytes_needed
            else self.tr("no further space needed, {} free").format(say_size(plan.bytes_free))
        )
        return " · ".join(words)

    # -- the run -------------------------------------------------------------------------------------------------

    def _apply(self) -> None:
        plan = self.model.plan
        if plan is None or not plan.photos:
            return
        self._pages.setCurrentWidget(self.page)
        self._show_buttons(working=True)
        self.run.apply(plan)

    def _take_back(self) -> None:
        tally, plan = self.run.tally, self.model.plan
        if plan is not None:
            self._show_buttons(working=True)
            self.run.undo(tally.run, plan.mode, plan.target, tally.filed)

    def _on_run_ended(self) -> None:
        self._show_buttons(working=False)
        if self.run.changed_files:
            self.filed.emit()
        self.leave.setFocus()

    def _show_buttons(self, *, working: bool) -> None:
        tally = self.run.tally
        self.go.hide()
        self.leave.setText(self.tr("Close"))
        self.leave.setAccessibleName(self.leave.text())
        self.leave.setVisible(not working)
        self.take_back.setVisible(not working and tally.filed > 0)
        self.show_folder.setVisible(not working and tally.filed > 0)

    def _show_target(self) -> None:
        if plan := self.model.plan:
            show_in_file_manager(plan.target)

    # -- leaving -------------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Close; while files are at work, stop between two files first and show what came of it."""
        if self.run.is_on:
            self.page.stop.click()
            return
        self._desk.leave()
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.focusWidget() in {self.target, self.tree}:
            event.accept()  # Enter in a field means that field, never Apply
            return
        super().keyPressEvent(event)


def _planned(engine: EngineLike, ranked: Ranked, request: FilingRequest) -> Iterator[object]:
    """The plan's progress and then its outline, both made on the engine thread."""
    for event in engine.plan(ranked, request):
        yield outline(event) if isinstance(event, Plan) else event


def _make_tree(model: PlanModel) -> QTreeView:
    tree = QTreeView()
    tree.setObjectName("plan")
    tree.setModel(model)
    tree.setUniformRowHeights(True)
    tree.setIndentation(18)
    header = tree.header()
    header.setStretchLastSection(True)
    header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Interactive)
    for column, width in ((Column.NAME, 360), (Column.PHOTOS, 80), (Column.SIZE, 90)):
        header.resizeSection(column, width)
    return tree
