"""The sheet that lists every key, in groups, as it stands on the keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from clipsorter.ui.actions import KeyGroup
from clipsorter.ui.controls import caption, fit
from clipsorter.ui.plain_text import plain_label

MARGIN = 18  # px


class KeysDialog(QDialog):
    """Shows groups side by side; they scroll where the screen is small or the text large."""

    def __init__(self, groups: Sequence[KeyGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet = _sheet(_halves(groups))
        if parent is not None and sheet.sizeHint().width() > parent.width() - 2 * MARGIN:
            sheet = _sheet((groups,))
        area = QScrollArea()
        area.setAccessibleName(self.windowTitle())
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 0, MARGIN, 0)
        foot.addWidget(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 14)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        for part in (self, *self.findChildren(QWidget)):
            part.ensurePolished()  # what the style gives a key counts
        wanted = sheet.sizeHint()
        fit(self, wanted.width() + 24, wanted.height() + buttons.sizeHint().height() + 40)


def _sheet(columns: Sequence[Sequence[KeyGroup]]) -> QWidget:
    sheet = QWidget()
    line = QHBoxLayout(sheet)
    line.setContentsMargins(MARGIN, 16, MARGIN, 0)
    line.setSpacing(32)
    for groups in columns:
        column = QVBoxLayout()
        column.setSpacing(16)
        for group in groups:
            column.addLayout(_table(group))
        column.addStretch(1)
        line.addLayout(column, 1)
    return sheet


def _halves(groups: Sequence[KeyGroup]) -> tuple[Sequence[KeyGroup], Sequence[KeyGroup]]:
    """About as many lines on either side, in their order."""
    lines = [len(group.rows) + 2 for group in groups]
    half = min(range(len(groups) + 1), key=lambda cut: abs(sum(lines[:cut]) - sum(lines[cut:])))
    return groups[:half], groups[half:]


def _table(group: KeyGroup) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    grid.addWidget(caption(group.name), 0, 0)
    for line, (meaning, keys) in enumerate(group.rows, 1):
        grid.addWidget(plain_label(meaning), line, 0)
        caps = QHBoxLayout()
        caps.setSpacing(4)
        caps.addStretch(1)
        for key in keys:
            cap = plain_label(key)
            cap.setObjectName("key")
            caps.addWidget(cap)
        grid.addLayout(caps, line, 1)
    return grid
