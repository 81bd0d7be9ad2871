"""Opens the filing sheets: from the menu's actions, and at the start where a run was interrupted."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from clipsorter.engine.exporting import Export
from clipsorter.filing.contact_sheet import Language
from clipsorter.filing.recover import Run, Way
from clipsorter.filing.sidecar import Style
from clipsorter.ui.engine_like import EngineLike
from clipsorter.ui.error_words import explain
from clipsorter.ui.filing.apply_dialog import ApplyDialog, ToSort
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.filing.export_dialog import ExportDialog
from clipsorter.ui.filing.history_dialog import HistoryDialog, Listed, list_runs
from clipsorter.ui.filing.tag_dialog import TagDialog, ToTag
from clipsorter.ui.languages import speaks_chinese
from clipsorter.ui.panels import Panels
from clipsorter.ui.session import Session


class FilingSheets(QObject):
    """At most one sheet is open, over the window; GUI thread."""

    def __init__(self, panels: Panels, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panels = panels
        self._session = session
        self._targets: dict[Path, Path] = {}  # photo folder -> where its photos went last
        self.sidecar_style: Style = "digikam"  # as the settings say
        self._interrupted: Run | None = None
        self._start = Desk(session, self)
        self._start.heard.connect(self._on_runs)
        self._start.failed.connect(lambda error: panels.messages.show_error(explain(error)))
        panels.actions.apply.triggered.connect(self.show_apply)
        panels.actions.tag.triggered.connect(self.show_tags)
        panels.actions.filing_history.triggered.connect(self.show_history)
        panels.actions.export_sheet.triggered.connect(lambda: self.choose_export("sheet"))
        panels.actions.export_table.triggered.connect(lambda: self.choose_export("table"))
        panels.recover.chosen.connect(self._recover)
        panels.recover.details_wanted.connect(self.show_history)
        session.opened.connect(self._look_for_interrupted)
        if session.is_open:
            self._look_for_interrupted()

    def show_apply(self) -> None:
        """Plan, preview, apply."""
        session = self._session
        if session.answer is None or session.folder is None:
            return
        folder = session.folder
        parents = {category.name: category.parent for category in session.categories if category.parent}
        board = ToSort(session.answer, folder, parents, session.query)
        target = self._targets.get(folder, folder.parent / self.tr("{} sorted").format(folder.name))
        desk = Desk(session)
        dialog = ApplyDialog(board, target, desk, self._window)
        dialog.filed.connect(session.look)
        dialog.filed.connect(lambda: self._remember_target(folder, dialog.request().target))
        _open(dialog, desk)

    def _remember_target(self, folder: Path, target: Path) -> None:
        self._targets[folder] = target

    def show_history(self) -> HistoryDialog:
        """Every run so far."""
        self._panels.recover.hide()
        desk = Desk(self._session)
        dialog = HistoryDialog(desk, self._window)
        dialog.filed.connect(self._session.look)
        _open(dialog, desk)
        return dialog

    def show_tags(self) -> None:
        """Count, then write keywords."""
        session = self._session
        if session.answer is not None and session.folder is not None:
            board = ToTag(session.answer, session.folder, session.categories, session.query)
            desk = Desk(session)
            dialog = TagDialog(board, desk, self._window, style=self.sidecar_style)
            dialog.ended.connect(session.look)  # keywords in a photo make another content of it
            _open(dialog, desk)

    def choose_export(self, kind: Literal["sheet", "table"]) -> None:
        """Let the person say where the board goes as a page or a table, and write it."""
        session = self._session
        if session.folder is None or session.board is None:
            return
        sheet = kind == "sheet"
        title = self.tr("Export a contact sheet") if sheet else self.tr("Export a table")
        files = self.tr("Web pages (*.html)") if sheet else self.tr("Tables (*.csv);;Data for programs (*.json)")
        ending = ".html" if sheet else ".csv"
        start = session.folder.parent / f"{session.folder.name or 'photos'}{ending}"
        picked, _ = QFileDialog.getSaveFileName(self._window, title, str(start), files)
        if picked:
            path = Path(picked)
            language: Language = "zh" if speaks_chinese() else "en"
            path = path if path.suffix else path.with_suffix(ending)
            as_json = not sheet and path.suffix.lower() == ".json"
            self.export(Export("json" if as_json else kind, path, language, self.tr("Unsorted")))

    def export(self, export: Export) -> None:
        """Write the board as it is shown, with its progress."""
        session = self._session
        if (answer := session.answer) is not None and (folder := session.folder) is not None:
            categories, panels = session.categories, self._panels

            def ask(engine: EngineLike) -> Iterator[object]:
                return engine.export(export, answer, folder, categories)

            desk = Desk(session)
            dialog = ExportDialog(ask, export.path.name, desk, self._window)
            dialog.exported.connect(lambda done: panels.exported.show_exported(done.path, done.photos))
            dialog.failed.connect(lambda error: panels.messages.show_error(explain(error)))
            _open(dialog, desk)

    def _look_for_interrupted(self) -> None:
        self._start.ask(list_runs)

    def _on_runs(self, events: Sequence[object]) -> None:
        for event in events:
            if isinstance(event, Listed):
                self._interrupted = next((run for run in event.runs if run.state == "interrupted"), None)
                if self._interrupted is not None:
                    self._panels.recover.show_run(self._interrupted)

    def _recover(self, way: Way) -> None:
        if self._interrupted is not None:
            self.show_history().recover(way, self._interrupted)

    @property
    def _window(self) -> QWidget:
        return self._panels.photos.window()


def _open(sheet: QDialog, desk: Desk) -> None:
    """Over its window; the desk hears no more than the sheet lives."""
    desk.setParent(sheet)
    sheet.open()
