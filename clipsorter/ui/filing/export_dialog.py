"""A report on its way to the disk: how far, and Stop. It closes itself at the end."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from clipsorter.engine.exporting import Exported, Exporting
from clipsorter.ui.controls import fit
from clipsorter.ui.filing.desk import Ask, Desk
from clipsorter.ui.filing.run_page import RunPage


class ExportDialog(QDialog):
    """A report that is stopped leaves nothing behind, and an older one of that name as it was."""

    exported = Signal(object)  # Exported
    failed = Signal(object)  # Exception

    def __init__(self, ask: Ask, name: str, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self._exported: Exported | None = None
        self._error: Exception | None = None
        self.page = RunPage()
        self.page.pause_wanted.connect(desk.pause)
        self.page.resume_wanted.connect(desk.resume)
        self.page.stop_wanted.connect(desk.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.addWidget(self.page, 1)
        fit(self, 520, 180)
        desk.heard.connect(self._on_heard)
        desk.failed.connect(self._on_failed)
        desk.ended.connect(self._on_ended)
        self.page.begin(self.tr("Writing “{}”…").format(name), 0)
        desk.ask(ask)

    def _on_heard(self, events: tuple[object, ...]) -> None:
        for event in events:
            if isinstance(event, Exporting):
                self.page.show_done(event.done, event.total, "")
            elif isinstance(event, Exported):
                self._exported = event

    def _on_failed(self, error: Exception) -> None:
        self._error = error

    def _on_ended(self) -> None:
        if self._exported is not None:
            self.exported.emit(self._exported)
            self.accept()
        else:
            super().reject()
            if self._error is not None:
                self.failed.emit(self._error)

    def reject(self) -> None:
        """Stop first; then close."""
        if self._desk.is_busy:
            self.page.stop.click()
            return
        super().reject()
