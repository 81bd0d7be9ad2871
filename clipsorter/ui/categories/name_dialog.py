"""The sheet that asks for the name of a list of categories."""

from collections.abc import Collection

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from clipsorter.ui.controls import WrappingLabel, grown

WIDTH = 400  # px: a title and a name of some words


class NameDialog(QDialog):
    """``chosen()`` is what was typed, in single spaces; the button waits until no list is called so."""

    def __init__(
        self, title: str, question: str, verb: str, taken: Collection[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._taken = frozenset(taken)
        label = WrappingLabel(question)
        self.name = QLineEdit()
        self.name.setObjectName("entry")
        self.name.setAccessibleName(question)
        label.setBuddy(self.name)
        self.warning = WrappingLabel()
        self.warning.setObjectName("problem")
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
        for part in (label, self.name, self.warning, buttons):
            column.addWidget(part)
        self.setMinimumWidth(grown(WIDTH, self))
        self.warning.setMinimumHeight(self.fontMetrics().height())  # nothing moves when it speaks
        self._allow()

    def chosen(self) -> str:
        """The name."""
        return " ".join(self.name.text().split())

    def _allow(self) -> None:
        is_taken = self.chosen() in self._taken
        self.go.setEnabled(bool(self.chosen()) and not is_taken)
        self.warning.setText(self.tr("There is a list of this name already.") if is_taken else "")
