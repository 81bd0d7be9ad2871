"""What nobody foresaw, for those who can mend it: the redacted story, to copy or to save with the log."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from clipsorter.engine.diagnosis import versions, write_report
from clipsorter.errors import FolderError
from clipsorter.redaction import redact
from clipsorter.ui.controls import WrappingLabel, fit

REPORT_NAME = "clipsorter-report.zip"


class BugDialog(QDialog):
    """Shows one unforeseen error. Photos, folders and the account are never named in what can be copied or saved."""

    def __init__(self, trace: str, data_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data_folder = data_folder
        self.setWindowTitle(self.tr("Something unexpected went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        told = versions()
        self._facts = told
        words = WrappingLabel(
            self.tr(
                "Your photos are safe. This text says where in the program it happened; it names no photo and no "
                "folder. Please add it when you report this."
            )
        )
        facts = "\n".join(f"{name}: {fact}" for name, fact in told.items())
        self.text = QPlainTextEdit(redact(f"{trace.strip()}\n\n{facts}\n"))
        self.text.setReadOnly(True)
        self.text.setObjectName("entry")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Technical details"))
        self.outcome = WrappingLabel("")
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save = buttons.addButton(self.tr("Save with log…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._choose_place)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addWidget(words)
        column.addWidget(self.text, 1)
        column.addWidget(self.outcome)
        column.addWidget(buttons)
        fit(self, 680, 440)

    def write(self, path: Path) -> None:
        """Write the report with the log to a new file, and say whether that worked."""
        try:
            write_report(path, self._data_folder, self._facts, [self.text.toPlainText()])
        except FolderError as error:
            self.outcome.setText(str(error))
        else:
            self.outcome.setText(self.tr("Saved as {name}.").format(name=path.name))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.outcome.setText(self.tr("Copied."))

    def _choose_place(self) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save with log…"),
            str(Path(documents) / REPORT_NAME),
            self.tr("Archive (*.zip)"),
            options=QFileDialog.Option.DontConfirmOverwrite,  # nothing is ever overwritten: write says so
        )
        if chosen:
            self.write(Path(chosen))
