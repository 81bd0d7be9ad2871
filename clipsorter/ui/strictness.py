"""How strictly to sort: a button of the top bar with a slider under it."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget, QWidgetAction

from clipsorter.ui.controls import WrappingLabel, show_as_icon

REST_MS = 120  # the board follows the slider when it rests this long


class StrictnessButton(QToolButton):
    """Opens a slider: how sure to be before a photo leaves Unsorted."""

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = self.tr("How strictly to sort")
        show_as_icon(self, "sliders-horizontal", words)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(words)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(lambda: self.changed.emit(self.slider.value() / 100))
        self.slider.valueChanged.connect(self._rest.start)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        popup = QWidgetAction(menu)
        popup.setDefaultWidget(self._make_popup())
        menu.addAction(popup)
        self.setMenu(menu)

    def show_value(self, strictness: float) -> None:
        """Without announcing it."""
        if not self._rest.isActive():
            with QSignalBlocker(self.slider):
                self.slider.setValue(round(strictness * 100))

    def _make_popup(self) -> QWidget:
        popup = QWidget()
        popup.setFixedWidth(300)
        title = QLabel(self.tr("How strictly to sort"))
        title.setObjectName("heading")
        loose, strict = QLabel(self.tr("Sort everything")), QLabel(self.tr("Only sure matches"))
        for label in (loose, strict):
            label.setObjectName("muted")
        ends = QHBoxLayout()
        ends.addWidget(loose)
        ends.addStretch()
        ends.addWidget(strict)
        words = WrappingLabel(self.tr("Photos that fit no category well enough stay in Unsorted."))
        words.setObjectName("muted")
        column = QVBoxLayout(popup)
        column.setContentsMargins(12, 10, 12, 12)
        column.addWidget(title)
        column.addWidget(self.slider)
        column.addLayout(ends)
        column.addWidget(words)
        return popup
