"""Finishes the category that is typed, each of several after its comma."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

SEPARATORS = ",，、"
MOST_SHOWN = 8


class CategoryCompleter(QObject):
    """Offers words below a line; the chosen one takes the place of the last part that is typed. GUI thread."""

    def __init__(self, line: QLineEdit, parent: QObject | None = None) -> None:
        super().__init__(parent or line)
        self._line = line
        self._words: tuple[str, ...] = ()
        self._counts: dict[str, int] = {}
        self._meant: dict[str, str] = {}  # what is offered, with its count -> the word
        self._model = QStringListModel(self)
        self.completer = QCompleter(self._model, self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setMaxVisibleItems(MOST_SHOWN)
        self._popup = QListView()
        self._popup.setObjectName("completions")
        self._popup.setAccessibleName(self.tr("Suggested categories"))
        self.completer.setPopup(self._popup)
        self.completer.setWidget(line)
        self.completer.activated[str].connect(self._take)  # type: ignore[index]
        line.textEdited.connect(self._offer)
        line.installEventFilter(self)
        self._popup.installEventFilter(self)  # after the completer's own, so ours comes first

    def set_words(self, words: Sequence[str], counts: Mapping[str, int] | None = None) -> None:
        """In order of preference; ``counts`` are shown behind those that have one."""
        self._words, self._counts = tuple(words), dict(counts or {})

    def matches(self, part: str) -> list[str]:
        """Words that begin like this part, then those in which another word does."""
        wanted = part.casefold()
        if not wanted:
            return []
        folded = [(word, word.casefold()) for word in self._words]
        first = [word for word, low in folded if low.startswith(wanted) and low != wanted]
        inside = [word for word, low in folded if f" {wanted}" in low and word not in first]
        first.sort(key=lambda word: -self._counts.get(word, 0))  # stable: else the order of preference
        return [*first, *inside][:MOST_SHOWN]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab and Enter take what is marked in the list; Enter without a mark adds what is typed."""
        popup = self._popup
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and popup.isVisible():
            marked = popup.currentIndex()
            if event.key() == Qt.Key.Key_Tab and not marked.isValid():
                marked = self._model.index(0)
            if event.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                popup.hide()
                if marked.isValid():
                    self._take(marked.data())
                    return True
                if watched is popup:  # the completer would mark something first
                    QCoreApplication.sendEvent(self._line, event)
                    return True
        return super().eventFilter(watched, event)

    def _offer(self, text: str) -> None:
        found = self.matches(text[_start_of_last(text) :].strip())
        if not found or self._line.cursorPosition() != len(text):
            self._popup.hide()
            return
        number = self._line.locale().toString
        self._meant = {
            f"{word}  ({number(self._counts[word])})" if word in self._counts else word: word for word in found
        }
        self._model.setStringList(list(self._meant))
        self.completer.complete()
        self._popup.setCurrentIndex(QModelIndex())  # nothing is marked until a person marks it

    def _take(self, shown: str) -> None:
        text = self._line.text()
        start = _start_of_last(text)
        before = text[:start] + (" " if start and text[start - 1] == "," else "")
        self._line.setText(before + self._meant[shown])


def _start_of_last(text: str) -> int:
    return max(text.rfind(separator) for separator in SEPARATORS) + 1
