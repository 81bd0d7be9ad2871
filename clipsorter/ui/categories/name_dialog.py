"""The sheet that asks for the name of a list of categories."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from clipsorter.ui.controls import WrappingLabel, grown

WIDTH = 400  # px: a title and a name of some words


class NameDialog(QDialog):
    """``chosen()`` is what was typed, in single spaces; the button waits until it is a new name."""

    def __init__(self, title: str, question: str, verb: str, old: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._old = old
        label = WrappingLabel(question)
        self.name = QLineEdit(old)
        self.name.setObjectName("entry")
        self.name.setAccessibleName(question)
        self.name.selectAll()
        label.setBuddy(self.name)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.go = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.go.setObjectName("filled")
        self.go.setText(verb)
        self.name.textChanged.connect(self._allow)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        for part in (label, self.name, buttons):
            column.addWidget(part)
        self.setMinimumWidth(grown(WIDTH, self))
        self._allow()

    def chosen(self) -> str:
        """The name."""
        return " ".join(self.name.text().split())

    def _allow(self) -> None:
        self.go.setEnabled(self.chosen() not in {"", self._old})
