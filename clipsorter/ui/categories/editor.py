"""The sheet for one category: its words, its colour, what it is not, where it belongs, how strictly it takes photos."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QColorDialog,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from clipsorter.ui.categories.names import shorten
from clipsorter.ui.colours import CATEGORY_COLOURS
from clipsorter.ui.controls import ChoiceBox, WrappingLabel
from clipsorter.ui.form import Form
from clipsorter.values import Category

DOT = 18  # px
LINES = 2  # of text that a field shows


class CategoryEditor(QDialog):
    """Emits the category as the person left it; names are checked by whoever hears it."""

    changed = Signal(object)  # Category

    def __init__(
        self,
        category: Category,
        others: Sequence[Category],
        *,
        colour: str,
        strictness: float,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Category “{}”").format(shorten(category.name)))
        self._before = category
        self.name = QLineEdit(category.name)
        self.name.setObjectName("entry")
        self.colours = ColourRow(colour)
        self.phrases = _lines(category.phrases, self.tr("puppy\nour dog Rex"))
        self.context = QLineEdit(category.context)
        self.context.setObjectName("entry")
        self.context.setPlaceholderText(self.tr("a dog breed"))
        self.exclude = _lines(category.exclude, self.tr("boxing match"))
        possible = {name: shorten(name) for name in _possible_parents(category.name, others)}
        self.above = ChoiceBox({"": self.tr("None"), **possible}, category.parent)
        self.own = QCheckBox(self.tr("Only for this category"))
        self.own.setChecked(category.cutoff is not None)
        self.strictness = QSlider(Qt.Orientation.Horizontal)
        self.strictness.setRange(0, 100)
        self.strictness.setValue(round(100 * (strictness if category.cutoff is None else category.cutoff)))
        self.strictness.setEnabled(self.own.isChecked())
        self.own.toggled.connect(self.strictness.setEnabled)
        self._lay_out()
        self.name.setFocus()
        self.name.selectAll()

    def _lay_out(self) -> None:
        form = Form()
        strict = QHBoxLayout()
        strict.setSpacing(10)
        strict.addWidget(self.own)
        loose, sure = QLabel(self.tr("Sort everything")), QLabel(self.tr("Only sure matches"))
        for label in (loose, sure):
            label.setObjectName("muted")
        strict.addWidget(loose)
        strict.addWidget(self.strictness, 1)
        strict.addWidget(sure)
        form.add_line(self.tr("Name"), self.name)
        form.add_line(self.tr("Colour"), self.colours)
        form.add_line(self.tr("Also called"), self.phrases)
        form.add_line(self.tr("What it is"), self.context)
        form.add_line(self.tr("But not"), self.exclude)
        form.add_line(self.tr("Belongs to"), self.above)
        form.add_line(self.tr("Strictness"), strict, spoken=self.strictness)
        hint = WrappingLabel(
            self.tr("One phrase per line. “Also called” widens the category; “But not” keeps photos out of it.")
        )
        hint.setObjectName("muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setObjectName("filled")
        self._ok.setText(self.tr("Save"))
        self.name.textChanged.connect(lambda text: self._ok.setEnabled(bool(text.strip())))
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(hint)
        column.addWidget(buttons)
        self.resize(max(520, self.sizeHint().width()), self.sizeHint().height())

    def edited(self) -> Category:
        """The category as the fields say it."""
        return replace(
            self._before,
            name=self.name.text(),
            phrases=_texts(self.phrases),
            exclude=_texts(self.exclude),
            context=" ".join(self.context.text().split()),
            colour=self.colours.chosen if self.colours.was_changed else self._before.colour,
            cutoff=self.strictness.value() / 100 if self.own.isChecked() else None,
            parent=str(self.above.currentData() or ""),
        )

    def accept(self) -> None:
        if self.edited() != self._before:
            self.changed.emit(self.edited())
        super().accept()


class ColourRow(QWidget):
    """The colours of the palette and one of one's own; exactly one is chosen."""

    def __init__(self, chosen: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = chosen
        self.was_changed = False
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        self._group = QButtonGroup(self)
        for number, colour in enumerate(CATEGORY_COLOURS, 1):
            button = self._button(dot(colour), self.tr("Colour {}").format(number))
            button.setChecked(colour == chosen)
            button.clicked.connect(lambda _checked, colour=colour: self._choose(colour))
            line.addWidget(button)
        self._own = self._button(dot(chosen), self.tr("Another colour…"))
        self._own.setText("…")
        self._own.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._own.setChecked(chosen not in CATEGORY_COLOURS)
        self._show_own(chosen)
        self._own.clicked.connect(self._ask)
        line.addWidget(self._own)
        line.addStretch()
        self.setFocusProxy(self._group.checkedButton() or self._own)

    def _button(self, picture: QIcon, words: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(picture)
        button.setIconSize(QSize(DOT, DOT))
        button.setCheckable(True)
        button.setToolTip(words)
        button.setAccessibleName(words)
        self._group.addButton(button)
        return button

    def _choose(self, colour: str) -> None:
        self.was_changed = self.was_changed or colour != self.chosen
        self.chosen = colour
        self._show_own(colour)

    def _show_own(self, colour: str) -> None:
        if colour not in CATEGORY_COLOURS:
            self._own.setIcon(dot(colour))
            self._own.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _ask(self) -> None:
        colour = QColorDialog.getColor(QColor(self.chosen), self, self.tr("Another colour…"))
        if colour.isValid():
            self._choose(colour.name())


def dot(colour: str) -> QIcon:
    """A filled circle."""
    picture = QPixmap(DOT * 3, DOT * 3)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(picture.rect().adjusted(3, 3, -3, -3))
    painter.end()
    return QIcon(picture)


def _lines(texts: Sequence[str], example: str) -> QPlainTextEdit:
    field = QPlainTextEdit("\n".join(texts))
    field.setObjectName("entry")
    field.setPlaceholderText(example)
    field.setTabChangesFocus(True)
    field.setFixedHeight(field.fontMetrics().lineSpacing() * LINES + 18)
    return field


def _texts(field: QPlainTextEdit) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in field.toPlainText().splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _possible_parents(name: str, others: Sequence[Category]) -> list[str]:
    """All but the category itself and what is below it."""
    below = {name}
    while more := {one.name for one in others if one.parent in below} - below:
        below |= more
    return [one.name for one in others if one.name not in below]
