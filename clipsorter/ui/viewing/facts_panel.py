"""When and how a photo was taken, and its tags."""

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from clipsorter.photos.camera import CameraFacts
from clipsorter.ui.controls import WrappingLabel, caption


class FactsPanel(QWidget):
    """Shows what is known and nothing else; hidden where nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._tags_head = caption(self.tr("TAGS"))
        self._tags = WrappingLabel()
        self._tags.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._grid)
        column.addWidget(self._tags_head)
        column.addWidget(self._tags)
        self.show_facts(CameraFacts(), ())

    def show_facts(self, facts: CameraFacts, tags: Sequence[str]) -> None:
        """Of one photo."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        rows = self.rows_of(facts)
        for row, (name, words) in enumerate(rows):
            head, value = QLabel(name), WrappingLabel(words)
            head.setObjectName("muted")
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setAccessibleName(f"{name}: {words}")
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, row, 1)
        self._tags.setText(" · ".join(tags))
        for label in (self._tags_head, self._tags):
            label.setVisible(bool(tags))
        self.setVisible(bool(rows or tags))

    def rows_of(self, facts: CameraFacts) -> list[tuple[str, str]]:
        """Name and value of every fact that is known."""
        locale = QLocale()
        rows = []
        if facts.taken is not None:
            moment = QDateTime(
                *(facts.taken.year, facts.taken.month, facts.taken.day),
                *(facts.taken.hour, facts.taken.minute, facts.taken.second),
            )
            rows.append((self.tr("Taken"), locale.toString(moment, self.tr("d MMM yyyy, HH:mm", "a day and a time"))))
        if facts.camera:
            rows.append((self.tr("Camera"), facts.camera))
        if facts.lens:
            rows.append((self.tr("Lens"), facts.lens))
        shot = []
        if facts.aperture is not None:
            shot.append(f"f/{locale.toString(facts.aperture, 'g', 3)}")
        if facts.exposure is not None:
            short = facts.exposure < 0.4
            seconds = f"1/{round(1 / facts.exposure)}" if short else locale.toString(facts.exposure, "g", 3)
            shot.append(self.tr("{} s", "seconds").format(seconds))
        if facts.iso is not None:
            shot.append(f"ISO {facts.iso}")
        if facts.focal_length is not None:
            shot.append(f"{locale.toString(facts.focal_length, 'g', 3)} mm")
        if shot:
            rows.append((self.tr("Exposure"), " · ".join(shot)))
        if facts.latitude is not None and facts.longitude is not None:
            rows.append((self.tr("Place"), self._place(facts.latitude, facts.longitude)))
        return rows

    def _place(self, latitude: float, longitude: float) -> str:
        number = QLocale().toString
        north = self.tr("{}° N") if latitude >= 0 else self.tr("{}° S")
        east = self.tr("{}° E") if longitude >= 0 else self.tr("{}° W")
        return f"{north.format(number(abs(latitude), 'f', 4))}, {east.format(number(abs(longitude), 'f', 4))}"
