"""What a search consists of, as chips: pictures first, then the parts of the phrase that are complete."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from clipsorter.ui.searching.chip import Chip
from clipsorter.ui.searching.chip_flow import ChipFlow
from clipsorter.ui.searching.token_words import name_token, say_token
from clipsorter.ui.searching.tokens import Token, join, start_of


class Terms(ChipFlow):
    """Holds tokens and pictures; what a person takes away is gone when ``removed`` says so. GUI thread."""

    chips_changed = Signal()
    removed = Signal()
    edit_wanted = Signal(str)  # the text of a token that stands here no more
    line_wanted = Signal()  # the keyboard goes on behind the last chip
    typed = Signal(str)  # letters that belong into the line

    def __init__(self, line: QWidget, parent: QWidget | None = None) -> None:
        """``line`` is where the person types."""
        super().__init__(line, parent)
        self._tokens: list[Token] = []
        self._token_chips: list[Chip] = []
        self._pictures: list[tuple[object, Chip]] = []

    def phrase_with(self, rest: str) -> str:
        """All that is asked for in words, when ``rest`` is still being typed."""
        return join(self._tokens, rest).strip()

    @property
    def pictures(self) -> tuple[object, ...]:
        """What was given to ``add_picture`` and is still there."""
        return tuple(meaning for meaning, _ in self._pictures)

    @property
    def has_tokens(self) -> bool:
        return bool(self._tokens)

    def add_tokens(self, tokens: Sequence[Token]) -> None:
        self._tokens += tokens
        self._show()

    def add_picture(self, meaning: object, words: str, picture: QIcon) -> Chip:
        """Returns its chip; ``meaning`` is handed on as it is."""
        chip = self._hear(Chip(words, self.tr("Looks like {}").format(words), "picture", picture=picture))
        self._pictures.append((meaning, chip))
        chip.removed.connect(lambda: self._remove_picture(meaning))
        self._show()
        return chip

    def clear(self) -> None:
        self._tokens, self._pictures = [], []
        self._show()

    def clear_tokens(self) -> None:
        """Only pictures stay."""
        self._tokens = []
        self._show()

    def leave_out(self, text: str) -> None:
        """Take every token of this text away."""
        self._tokens = [token for token in self._tokens if token.text != text]
        self._show()

    def focus_last(self) -> None:
        self.chips[-1].setFocus(Qt.FocusReason.TabFocusReason)

    def chip_at(self, position: int) -> tuple[Chip | None, int]:
        """The chip that has a character of the whole phrase, or None and where in the rest the character is."""
        starts = [start_of(self._tokens, place) for place in range(len(self._tokens) + 1)]
        place = sum(start <= position for start in starts) - 1
        if 0 <= place < len(self._token_chips):
            return self._token_chips[place], 0
        return None, position - starts[-1]

    def _show(self) -> None:
        before = {chip.property("token"): chip for chip in self._token_chips}
        self._token_chips = []
        for token in self._tokens:
            chip = before.pop(token.text, None)
            if chip is None:
                chip = self._hear(Chip(name_token(token.meaning), say_token(token.meaning), token.kind))
                chip.setProperty("token", token.text)
                chip.removed.connect(lambda chip=chip: self._remove_token(chip))
                chip.edit_wanted.connect(lambda chip=chip: self._edit_token(chip))
            self._token_chips.append(chip)
        self.show_chips([*(chip for _, chip in self._pictures), *self._token_chips])
        self.chips_changed.emit()

    def _hear(self, chip: Chip) -> Chip:
        chip.left_by.connect(lambda step: self._step_from(chip, step))
        chip.typed.connect(self.typed)
        chip.focused.connect(lambda: self.ensureWidgetVisible(chip, 0, 0))
        return chip

    def _step_from(self, chip: Chip, step: int) -> None:
        place = self.chips.index(chip) + step
        if place >= len(self.chips):
            self.line_wanted.emit()
        elif place >= 0:
            self.chips[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _remove_token(self, chip: Chip) -> None:
        del self._tokens[self._token_chips.index(chip)]
        self._after_removal(chip)

    def _remove_picture(self, meaning: object) -> None:
        chip = next(chip for one, chip in self._pictures if one is meaning)
        self._pictures = [(one, other) for one, other in self._pictures if one is not meaning]
        self._after_removal(chip)

    def _after_removal(self, chip: Chip) -> None:
        had_keyboard, place = chip.hasFocus(), self.chips.index(chip)
        self._show()
        if had_keyboard and self.chips:
            self.chips[min(place, len(self.chips) - 1)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.line_wanted.emit()
        self.removed.emit()

    def _edit_token(self, chip: Chip) -> None:
        token = self._tokens.pop(self._token_chips.index(chip))
        self._show()
        self.edit_wanted.emit(token.text)
