"""What stands where photos will be: the welcome, and pages that explain an empty place."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from clipsorter.ui.controls import (
    IconLabel,
    PushButton,
    WrappingLabel,
    filled_button,
    icon_button,
    text_button,
    text_scale,
)
from clipsorter.ui.icons import app_icon, icon

TEXT_WIDTH = 600  # px, about 90 letters
CHIPS_PER_ROW = 5  # fewer with larger text


class Welcome(QWidget):
    """The first thing a person sees: one button, and some categories to begin with."""

    folder_wanted = Signal()
    suggested = Signal(str, tuple)  # name, phrases
    models_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(QSize(88, 88), self.devicePixelRatio()))
        title = QLabel(self.tr("Sort your photos by meaning"))
        title.setObjectName("title")
        words = _CentredText(
            self.tr(
                "Pick a folder, then say in your own words what to look for: “beach”, “our dog”, “receipts”.\n"
                "Nothing leaves this computer, and your files stay where they are."
            )
        )
        self.choose = filled_button(self.tr("Choose a folder…"), "folder-open")
        self.choose.setProperty("large", True)
        self.choose.setToolTip("Ctrl+O")
        self.choose.clicked.connect(self.folder_wanted)
        drop = QLabel(self.tr("or drop one here"))
        drop.setObjectName("muted")
        start = QLabel(self.tr("Some categories to begin with:"))
        start.setObjectName("muted")
        self.suggestions = Suggestions()
        self.suggestions.suggested.connect(self.suggested)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(3)
        for piece, space in ((picture, 8), (title, 0), (words, 12), (self.choose, 0), (drop, 26), (start, 2)):
            column.addWidget(piece, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(space)
        column.addWidget(self.suggestions, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        stronger = text_button(self.tr("Get a stronger model…"), "sparkles")
        note = QLabel(self.tr("The built-in model is for the first minutes; stronger ones see more"))
        note.setObjectName("muted")
        column.addWidget(note, 0, Qt.AlignmentFlag.AlignHCenter)
        stronger.clicked.connect(self.models_wanted)
        column.addWidget(stronger, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(4)


class Suggestions(QWidget):
    """Everyday categories to click. Each carries plain English phrases, which every model understands."""

    suggested = Signal(str, tuple)  # name, phrases

    def __init__(self, parent: QWidget | None = None, *, centred: bool = True) -> None:
        super().__init__(parent)
        self._chips: dict[str, QPushButton] = {}
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        everyday = self._everyday()
        in_a_row = max(2, int(CHIPS_PER_ROW / text_scale(self)))
        for first in range(0, len(everyday), in_a_row):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addStretch(int(centred))
            for name, phrases in everyday[first : first + in_a_row]:
                row.addWidget(self._make_chip(name, phrases))
            row.addStretch(1)
            rows.addLayout(row)

    def show_taken(self, names: set[str]) -> None:
        """Categories that exist are not offered again."""
        for name, chip in self._chips.items():
            chip.setEnabled(name not in names)

    def _make_chip(self, name: str, phrases: tuple[str, ...]) -> QPushButton:
        chip = PushButton(name)
        chip.setObjectName("suggestion")
        chip.setIcon(icon("plus"))
        chip.setIconSize(QSize(14, 14))
        chip.setAccessibleName(self.tr("Add the category {}").format(name))
        chip.clicked.connect(lambda: self.suggested.emit(name, phrases))
        self._chips[name] = chip
        return chip

    def _everyday(self) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (self.tr("People"), ("people", "a person", "a group of friends")),
            (self.tr("Pets"), ("a dog", "a cat")),
            (self.tr("Food"), ("food", "a meal on a plate")),
            (self.tr("Beach"), ("a beach", "the sea")),
            (self.tr("Mountains"), ("mountains",)),
            (self.tr("City"), ("a city street", "buildings")),
            (self.tr("Flowers"), ("flowers",)),
            (self.tr("Vehicles"), ("a car", "a vehicle")),
            (self.tr("Documents"), ("a document", "a receipt", "a page of text")),
            (self.tr("Screenshots"), ("a screenshot",)),
        ]


class SuggestionStrip(QFrame):
    """Offers everyday categories above a board that has none yet."""

    suggested = Signal(str, tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filterBar")
        self.suggestions = Suggestions(centred=False)
        self.suggestions.suggested.connect(self._on_suggested)
        self.in_use = False  # a person who takes one may want another
        words = WrappingLabel(
            self.tr("What is in your photos? Type a category on the left, or start with one of these:")
        )
        hide = icon_button("x", self.tr("Hide"))
        hide.clicked.connect(self._dismiss)
        self._dismissed = False
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 10)
        head = QHBoxLayout()
        sign = IconLabel("sparkles")
        head.addWidget(sign)
        head.addWidget(words, 1)
        head.addWidget(hide)
        column.addLayout(head)
        below = QHBoxLayout()
        below.addSpacing(sign.width() + head.spacing())  # where the words begin
        below.addWidget(self.suggestions)
        column.addLayout(below)
        self.hide()

    def offer(self, wanted: bool) -> None:
        self.setVisible(wanted and not self._dismissed)

    def _on_suggested(self, name: str, phrases: tuple[str, ...]) -> None:
        self.in_use = True
        self.suggested.emit(name, phrases)

    def _dismiss(self) -> None:
        self._dismissed = True
        self.hide()


class ExplainingPage(QWidget):
    """Says why there is nothing here and what can be done."""

    button_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = IconLabel("image", 48, QPalette.ColorRole.PlaceholderText)
        self.title = _CentredText()
        self.title.setObjectName("subtitle")
        self.words = _CentredText()
        self.words.setObjectName("muted")
        self._button = filled_button("")
        self._button.clicked.connect(self.button_pressed)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(2)
        for piece in (self._sign, self.title, self.words, self._button):
            column.addWidget(piece, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def explain(self, icon_name: str, title: str, words: str, button: str = "") -> None:
        """An empty ``button`` is not shown."""
        self._sign.set_icon(icon(icon_name, QPalette.ColorRole.PlaceholderText))
        self.title.set_words(title)
        self.words.set_words(words)
        self._button.setText(button)
        self._button.setAccessibleName(button)
        self._button.setVisible(bool(button))


class _CentredText(WrappingLabel):
    """A paragraph of comfortable width; a centred label does not ask its layout for the height it needs."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedWidth(TEXT_WIDTH)
        self.set_words(text)

    def set_words(self, text: str) -> None:
        self.setText(text)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(max(0, self.heightForWidth(TEXT_WIDTH)))
