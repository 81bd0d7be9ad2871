"""The search field: filters as you type, says how many photos match and what it does not understand; Esc clears."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QStyle, QStyleOptionFrame, QWidget

from clipsorter.ui.controls import IconLabel, icon_button

PAUSE_MS = 150  # a search starts when typing rests this long; faster would rank for every letter


class SearchField(QFrame):
    """``searched`` carries the trimmed phrase, once per real change; an empty one shows everything."""

    searched = Signal(str)
    problem_changed = Signal()
    left = Signal()  # Esc in an empty field, Return or Down: the person wants to go on to the photos

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setMinimumHeight(40)
        self._asked = ""
        self.problem = ""  # why the phrase cannot be understood
        self.problem_at = 0  # px from the left edge to the character that is meant
        self._rest = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._rest.timeout.connect(self._ask)

        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Describe what you want to see…"))
        self.line.setAccessibleName(self.tr("Search photos"))
        self.line.textChanged.connect(self._on_typed)
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(self._on_return)
        self.setFocusProxy(self.line)
        self.hits = QLabel()
        self.hits.setObjectName("muted")
        self._clear = icon_button("x", self.tr("Clear the search"))
        self._clear.clicked.connect(self.clear)
        self._clear.hide()

        line = QHBoxLayout(self)
        line.setContentsMargins(11, 3, 6, 3)
        line.setSpacing(6)
        line.addWidget(IconLabel("search", 18, QPalette.ColorRole.PlaceholderText))
        line.addWidget(self.line, 1)
        line.addWidget(self.hits)
        line.addWidget(self._clear)
        escape = QShortcut(QKeySequence("Esc"), self.line, self._on_escape)
        escape.setContext(escape.context().WidgetShortcut)

    def focus(self) -> None:
        """Take the keyboard; typing replaces what stands there."""
        self.line.setFocus()
        self.line.selectAll()

    def clear(self) -> None:
        """Show everything again, at once."""
        self.line.clear()
        self._ask()

    def show_hits(self, hits: int | None) -> None:
        """None: no search is on."""
        self.hits.setText("" if hits is None else self.tr("%Ln photo(s)", "search hits", hits))

    def show_problem(self, words: str, position: int) -> None:
        """Point at a character of the phrase that was asked, until something else is typed."""
        text = self.line.text()
        before = text[: position + len(text) - len(text.lstrip())]
        option = QStyleOptionFrame()
        self.line.initStyleOption(option)
        inside = self.line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self.line)
        self.problem = words
        self.problem_at = self.line.x() + inside.x() + self.line.fontMetrics().horizontalAdvance(before)
        self.line.setAccessibleDescription(words)
        self.problem_changed.emit()

    def _forget_problem(self) -> None:
        if self.problem:
            self.show_problem("", 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            self.style().polish(self)
        return super().eventFilter(watched, event)

    def _on_typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._forget_problem()
        self._rest.start()

    def _on_return(self) -> None:
        self._ask()
        self.left.emit()

    def _on_escape(self) -> None:
        if self.line.text():
            self.clear()
        else:
            self.left.emit()

    def _ask(self) -> None:
        self._rest.stop()
        phrase = self.line.text().strip()
        if phrase != self._asked:
            self._asked = phrase
            self.searched.emit(phrase)
