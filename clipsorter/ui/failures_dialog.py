"""The sheet of files that could not be read."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from clipsorter.engine.events import KindLeftOut
from clipsorter.ui.controls import WrappingLabel, fit
from clipsorter.ui.file_manager import show_in_file_manager
from clipsorter.ui.plain_text import plain_tip
from clipsorter.ui.reason_words import say_reason
from clipsorter.ui.work_progress import Failure


class FailuresDialog(QDialog):
    """Which files could not be read and why; a double click opens the folder of one."""

    def __init__(self, failures: Sequence[Failure], folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Could not be read"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = WrappingLabel(self.tr("These files were left out. Nothing was changed; double-click one to find it."))
        self.list = QListWidget()
        self.list.setObjectName("failures")
        self.list.setAccessibleName(self.windowTitle())
        self.list.setWordWrap(True)
        for failure in failures:
            path = failure.first if isinstance(failure, KindLeftOut) else failure.path
            shown = str(path.relative_to(folder) if path.is_relative_to(folder) else path)
            if isinstance(failure, KindLeftOut) and failure.files > 1:
                shown = self.tr("{} and %Ln more file(s)", "", failure.files - 1).format(shown)
            row = QListWidgetItem(f"{shown}\n{say_reason(failure.reason)}", self.list)
            row.setToolTip(plain_tip(str(path)))
            row.setData(Qt.ItemDataRole.UserRole, str(path))
        self.list.itemActivated.connect(self._show_file)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.show_button = buttons.addButton(self.tr("Show in folder"), QDialogButtonBox.ButtonRole.ActionRole)
        self.show_button.clicked.connect(lambda: self._show_file(self.list.currentItem()))
        self.list.setCurrentRow(0)
        column = QVBoxLayout(self)
        column.addWidget(words)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        fit(self, 640, 420)

    def _show_file(self, row: QListWidgetItem | None) -> None:
        if row is not None:
            show_in_file_manager(Path(row.data(Qt.ItemDataRole.UserRole)).parent)
