"""The bar above the photos: search, and the few things that are needed all the time."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget, QWidgetAction

from clipsorter.ui.actions import Actions
from clipsorter.ui.controls import WrappingLabel, action_button, icon_button
from clipsorter.ui.search_field import SearchField

REST_MS = 120  # the board follows the slider when it rests this long


class TopBar(QWidget):
    """``strictness_changed`` carries a value in [0, 1]."""

    strictness_changed = Signal(float)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField()
        self.strictness = StrictnessButton()
        self.strictness.changed.connect(self.strictness_changed)
        self.menu = QMenu(self)
        actions.fill_menu(self.menu)
        menu_button = icon_button("menu", self.tr("Menu"))
        menu_button.setMenu(self.menu)
        menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._photo_tools = [
            action_button(action) for action in (actions.undo, actions.redo, actions.columns, actions.grid)
        ]
        self._photo_tools.append(self.strictness)
        apply = action_button(actions.apply)
        apply.setObjectName("quiet")
        apply.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._photo_tools.append(apply)
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.hide()
        self.search.problem_changed.connect(self._show_problem)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self.search, 1)
        line.addSpacing(4)
        for button in self._photo_tools:
            line.addWidget(button)
        self._stretch = QWidget()
        line.addWidget(self._stretch, 1)
        line.addWidget(action_button(actions.swap_theme))
        line.addWidget(menu_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.problem)
        self.show_tools(wanted=False)

    def show_tools(self, *, wanted: bool) -> None:
        """Before there is a folder, nothing is offered that could not do anything."""
        for tool in (self.search, *self._photo_tools):
            tool.setVisible(wanted)
        self._stretch.setVisible(not wanted)

    def _show_problem(self) -> None:
        """Below the field, with an arrow under the character that is meant where there is room for that."""
        words = f"↑ {self.search.problem}"
        room = self.width() - self.problem.fontMetrics().horizontalAdvance(words) - 2
        self.problem.setText(words)
        self.problem.setContentsMargins(max(0, min(self.search.problem_at, room)), 0, 0, 0)
        self.problem.setToolTip(self.search.problem)
        self.problem.setVisible(bool(self.search.problem))
        QAccessible.updateAccessibility(QAccessibleEvent(self.problem, QAccessible.Event.Alert))


class StrictnessButton(QToolButton):
    """Opens a slider: how sure to be before a photo leaves Unsorted."""

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        like = icon_button("sliders-horizontal", self.tr("How strictly to sort"))
        self.setIcon(like.icon())
        self.setIconSize(like.iconSize())
        self.setAutoRaise(True)
        self.setToolTip(like.toolTip())
        self.setAccessibleName(like.toolTip())
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(like.toolTip())
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
            self.slider.blockSignals(True)
            self.slider.setValue(round(strictness * 100))
            self.slider.blockSignals(False)

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
