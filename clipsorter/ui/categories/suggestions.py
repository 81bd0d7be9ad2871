"""Categories that the photos ask for: a word, how many photos it describes, and four of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from clipsorter.ui.controls import caption, icon_button
from clipsorter.ui.plain_text import plain_label, plain_tip

MOST = 4  # shown at once
SAMPLE = 50  # px
GAP = 4  # px


@dataclass(frozen=True, slots=True)
class SuggestedBin:
    """One category to add with a click."""

    name: str  # as the person reads it
    phrases: tuple[str, ...]  # what the model is asked besides
    count: int
    digests: tuple[str, ...]  # of up to four photos


class SuggestionGroup(QWidget):
    """Shows the first few of those that are not taken; hidden while there are none."""

    chosen = Signal(str, tuple)  # name, phrases
    pictures_wanted = Signal()  # ``wanted_pictures`` are others now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered: tuple[SuggestedBin, ...] = ()
        self._refused: set[str] = set()
        self._taken: set[str] = set()
        self._pictures: dict[str, QPixmap] = {}
        self._rows: list[SuggestionRow] = []
        head = QHBoxLayout()
        head.addWidget(caption(self.tr("SUGGESTIONS")))
        self._hide = icon_button("x", self.tr("Hide the suggestions"))
        self._hide.setIconSize(QSize(14, 14))
        self._hide.clicked.connect(self._refuse_all)
        head.addWidget(self._hide)  # not above the pluses: a taken category moves it down to where one was clicked
        head.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 16, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self.hide()

    @property
    def rows(self) -> tuple["SuggestionRow", ...]:
        """As they are shown."""
        return tuple(self._rows)

    def offer(self, suggested: Sequence[SuggestedBin]) -> None:
        """Instead of those before; what a person refused is not offered again."""
        self._offered = tuple(suggested)
        self._fill()

    def show_taken(self, names: set[str]) -> None:
        """Categories that exist are not offered."""
        self._taken = {name.casefold() for name in names}
        self._fill()

    def show_picture(self, digest: str, picture: QPixmap) -> None:
        """One of the samples."""
        self._pictures[digest] = picture
        for row in self._rows:
            row.show_picture(digest, picture)

    def wanted_pictures(self) -> tuple[str, ...]:
        """Samples that are on the screen without a picture."""
        shown = [digest for row in self._rows for digest in row.suggested.digests]
        return tuple(digest for digest in shown if digest not in self._pictures)

    def _fill(self) -> None:
        shown = [one for one in self._offered if one.name.casefold() not in self._taken | self._refused][:MOST]
        if shown == [row.suggested for row in self._rows]:
            return
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [SuggestionRow(one) for one in shown]
        for row in self._rows:
            self._column.addWidget(row)
            row.chosen.connect(self.chosen)
            for digest in row.suggested.digests:
                if picture := self._pictures.get(digest):
                    row.show_picture(digest, picture)
        self.setVisible(bool(self._rows))
        if self.wanted_pictures():
            self.pictures_wanted.emit()

    def _refuse_all(self) -> None:
        self._refused |= {row.suggested.name.casefold() for row in self._rows}
        self._fill()


class SuggestionRow(QWidget):
    """A word with its number and samples; a click or Enter on its plus adds it."""

    chosen = Signal(str, tuple)

    def __init__(self, suggested: SuggestedBin, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.suggested = suggested
        name = plain_label(suggested.name)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        name.setToolTip(plain_tip(suggested.name))
        count = QLabel(self.locale().toString(suggested.count))
        count.setObjectName("muted")
        self.add = icon_button("plus", self.tr("Add the category {}").format(suggested.name))
        self.add.setAccessibleDescription(self.tr("%Ln photo(s) look like this", "", suggested.count))
        self.add.clicked.connect(lambda: self.chosen.emit(suggested.name, suggested.phrases))
        self._samples = _Samples(suggested.digests)
        line = QHBoxLayout()
        line.setContentsMargins(8, 0, 0, 0)
        line.addWidget(name, 1)
        line.addWidget(count)
        line.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self._samples)

    def show_picture(self, digest: str, picture: QPixmap) -> None:
        self._samples.show_picture(digest, picture)


class _Samples(QWidget):
    """Up to four small pictures in a row."""

    def __init__(self, digests: tuple[str, ...]) -> None:
        super().__init__()
        self._digests = digests
        self._pictures: dict[str, QPixmap] = {}
        self.setFixedHeight(SAMPLE)

    def show_picture(self, digest: str, picture: QPixmap) -> None:
        if digest in self._digests:
            self._pictures[digest] = picture
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for place, digest in enumerate(self._digests):
            square = QRectF(8 + place * (SAMPLE + GAP), 0, SAMPLE, SAMPLE)
            path = QPainterPath()
            path.addRoundedRect(square, 6, 6)
            picture = self._pictures.get(digest)
            if picture is None or picture.isNull():
                painter.fillPath(path, self.palette().alternateBase())
                continue
            side = min(picture.width(), picture.height())
            middle = QRectF((picture.width() - side) / 2, (picture.height() - side) / 2, side, side)
            painter.save()
            painter.setClipPath(path)
            painter.drawPixmap(square, picture, middle)
            painter.restore()
        painter.end()
