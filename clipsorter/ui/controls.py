"""Small controls that the panels share."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QFontInfo, QIcon, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QWidget,
)

from clipsorter.ui.icons import icon
from clipsorter.ui.plain_text import plain_tip

USUAL_TEXT = 13  # px, of the text that lengths in this package are meant for
ROW = 34  # px, one line of the side panel
MARGIN = 48  # px around a sheet that would fill its window
NOTCH = 120  # eighths of a degree, one step of a wheel: QWheelEvent::DefaultDeltasPerStep, which PySide leaves out


def text_scale(widget: QWidget) -> float:
    """How many times as large as usual the text of the person's system is; at least 1."""
    return max(1.0, QFontInfo(widget.font()).pixelSize() / USUAL_TEXT)


def grown(length: int, widget: QWidget) -> int:
    """``length`` px, or more where the person's system has larger text."""
    return round(length * text_scale(widget))


class IconLabel(QWidget):
    """An icon that is looked at, not pressed. It follows the theme because it is drawn anew each time."""

    def __init__(self, name: str, side: int = 18, role: QPalette.ColorRole = QPalette.ColorRole.WindowText) -> None:
        super().__init__()
        self._icon = icon(name, role)
        self.setFixedSize(side, side)

    def set_icon(self, drawn: QIcon) -> None:
        self._icon = drawn
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


class PushButton(QPushButton):
    """Enter presses it as Space does; Qt's own do so in dialogs only, and on some desktops."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


class GroupRow(PushButton):
    """One line of the side panel: icon, words, and a count at the right edge."""

    def __init__(self, icon_name: str, words: str) -> None:
        super().__init__()
        self.setObjectName("row")
        self.setCheckable(True)
        self.setFixedHeight(grown(ROW, self))
        self._words = words
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 10, 0)
        line.setSpacing(9)
        line.addWidget(IconLabel(icon_name, 17))
        name = ElidedLabel()
        name.set_whole(words)
        line.addWidget(name, 1)
        self._count = QLabel()
        self._count.setObjectName("muted")
        line.addWidget(self._count)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_count(0)

    def set_count(self, count: int | None) -> None:
        """None: not counted yet."""
        number = "" if count is None else self.locale().toString(count)
        self._count.setText(number)
        self.setAccessibleName(f"{self._words}, {number}" if number else self._words)


class DropDown(QComboBox):
    """Opens a list below itself that looks like the other lists; Fusion's own is cut, and its chosen row blank."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(QStyledItemDelegate(self))


class ChoiceBox(DropDown):
    """One of a few values, each with a name for people."""

    def __init__(self, names: Mapping[str, str], chosen: str = "") -> None:
        """``names``: what a choice is called, by its value; ``currentData()`` gives the value."""
        super().__init__()
        for value, name in names.items():
            self.addItem(name, value)
        self.setCurrentIndex(max(0, self.findData(chosen)))


class TextLine(QLineEdit):
    """Leaves Undo and Redo to the window while there is nothing typed here that could be taken back."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)


class WrappingLabel(QLabel):
    """Text that wraps, and that takes the height its width asks for inside any layout."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


class ElidedLabel(QLabel):
    """One line that is cut when it does not fit, a name in its middle; the tool tip has all of it."""

    def __init__(self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._whole = ""
        self.setMinimumWidth(20)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def whole(self) -> str:
        """The text, cut or not."""
        return self._whole

    def set_whole(self, text: str, tip: str = "") -> None:
        self._whole = text
        self.setToolTip(plain_tip(tip or text))
        self.setAccessibleName(text)
        self.updateGeometry()
        parent = self.parentWidget()
        row = parent.layout() if parent else None
        if row is not None and self.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Ignored:
            row.activate()  # or longer words are painted once in the room of the shorter ones
        self._fit()

    def sizeHint(self) -> QSize:
        """Room for all of it; asked for only where the policy is set to."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        fitting = self.fontMetrics().elidedText(self._whole, self._mode, self.width())
        if fitting != self.text():
            self.setText(fitting)


def icon_button(icon_name: str, tip: str) -> QToolButton:
    """A quiet button with nothing but an icon; ``tip`` is also its name for screen readers."""
    button = QToolButton()
    show_as_icon(button, icon_name, tip)
    return button


def show_as_icon(button: QToolButton, icon_name: str, tip: str) -> None:
    """What makes a button one of these."""
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(18, 18))
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)


def action_button(action: QAction) -> QToolButton:
    """An icon button that always looks and works like ``action``."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(18, 18))
    button.setAutoRaise(True)
    button.setAccessibleName(action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def menu_button(icon_name: str, tip: str, menu: QMenu) -> QToolButton:
    """An icon button that opens ``menu``."""
    button = icon_button(icon_name, tip)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button


def text_button(text: str, icon_name: str = "") -> QPushButton:
    """A bordered button with words."""
    button = PushButton(f" {text}" if icon_name else text)
    button.setAccessibleName(text)
    button.setObjectName("quiet")
    if icon_name:
        button.setIcon(icon(icon_name))
        button.setIconSize(QSize(16, 16))
    return button


def filled_button(text: str, icon_name: str = "") -> QPushButton:
    """The one button of a place that a person most likely wants."""
    button = text_button(text)
    button.setObjectName("filled")
    if icon_name:
        button.setText(f" {text}")
        button.setIcon(icon(icon_name, QPalette.ColorRole.HighlightedText))
        button.setIconSize(QSize(16, 16))
    return button


def caption(text: str) -> QLabel:
    """A small heading above a group of lines."""
    label = QLabel(text)
    label.setObjectName("caption")
    return label


def announce(widget: QWidget) -> None:
    """Let a screen reader speak what ``widget`` says now."""
    from PySide6.QtGui import QAccessible, QAccessibleEvent  # noqa: PLC0415 - 3 ms that the first window does not need

    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))


class ScrolledPage(QWidget):
    """What slides in a scroll area: as high as its texts are at its width.

    Qt would take the height that they need where they are narrowest, and leave a page of nothing at the end.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


def fit(sheet: QWidget, width: int, height: int) -> None:
    """Give a sheet this size, more where the text is larger, and less where its window is smaller."""
    parent = sheet.parentWidget()
    room = parent.window().size() if parent is not None else sheet.screen().availableSize()
    sheet.resize(min(grown(width, sheet), room.width() - MARGIN), min(grown(height, sheet), room.height() - MARGIN))
