"""One bin on the board: a header over a grid of photos, and one large drop target."""

from PySide6.QtCore import QEvent, QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Bin
from clipsorter.ui.delegate import PhotoDelegate
from clipsorter.ui.drag import photo_ids_of
from clipsorter.ui.icons import icon
from clipsorter.ui.photo_pane import PhotoPane
from clipsorter.ui.plain_text import plain_tip
from clipsorter.ui.thumbnails import ThumbnailLoader

NARROWEST = 272  # px: two small cells and a scroll bar


class BinColumn(PhotoPane):
    """Shows one bin. Photos may be dropped anywhere on it; style sheets see that as the property ``over``.

    GUI thread.
    """

    dropped = Signal(object, QPoint)  # NDArray[np.int64], global px
    confirm_wanted = Signal(object)  # NDArray[np.int64]
    menu_asked = Signal(QMenu)  # the bin's menu, before it opens
    drag_moved = Signal(QPoint)  # global px
    drag_left = Signal()  # or ended

    def __init__(self, name: str | None, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(name, thumbnails, PhotoDelegate(), parent)
        self.setMinimumWidth(NARROWEST)
        self.setAcceptDrops(True)
        self._name = name
        self._filtered = self._narrowed = False
        self._dot = _Dot(self)
        self._title = _ElidedLabel(self)
        self._title.setObjectName("heading")
        self._count = QLabel(self)
        self._count.setObjectName("muted")
        self._confirm = _button("check", self)
        self._confirm.clicked.connect(self.confirm_visible)
        self._confirm.setVisible(name is not None)  # Unsorted claims nothing that could be confirmed
        self._menu = _button("ellipsis", self)
        self._menu.clicked.connect(self._open_menu)
        header = QHBoxLayout()
        header.setSpacing(6)
        header.addWidget(self._dot)
        header.addWidget(self._title)
        header.addWidget(self._count)
        header.addStretch(1)
        header.addWidget(self._confirm)
        header.addWidget(self._menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 6, 6)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self.grid, 1)
        self._retranslate()

    @property
    def name(self) -> str | None:
        """Of the bin; None is Unsorted."""
        return self._name

    def set_bin(self, new: Bin, collection: Collection, *, filtered: bool = False, narrowed: bool = False) -> None:
        """Show another ranking; selection, scroll position and the current photo stay where they can.

        ``filtered`` says that a search decides what is shown, ``narrowed`` that a group or an album does.
        """
        self._filtered, self._narrowed = filtered, narrowed
        self.show_photos(new, collection)
        self._retranslate()

    def set_colour(self, colour: str) -> None:
        self._dot.set_colour(QColor(colour))

    def confirm_visible(self) -> None:
        """Ask to confirm the photos of which at least half is in view."""
        cells, top = self.grid.geometry_of_cells, self.grid.verticalOffset()
        half = cells.cell_height // 2
        rows = cells.within(top + half, top + self.grid.viewport().height() - half)
        if rows:
            self.confirm_wanted.emit(self.model.bin.photo_ids[rows.start : rows.stop])

    # --- header -------------------------------------------------------------------------------------------------

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._name is not None:
            confirm = menu.addAction(icon("check"), self.tr("Confirm the photos in view"))
            confirm.triggered.connect(self.confirm_visible)
            confirm.setEnabled(len(self.model.bin) > 0)
        menu.addAction(icon("copy"), self.tr("Select all"), self.grid.selectAll).setEnabled(len(self.model.bin) > 0)
        self.menu_asked.emit(menu)
        menu.popup(self._menu.mapToGlobal(QPoint(0, self._menu.height())))

    def _retranslate(self) -> None:
        name = self._name if self._name is not None else self.tr("Unsorted")
        count = len(self.model.bin)
        self._title.setText(name)
        self._title.setToolTip(plain_tip(name))
        self._count.setText(QLocale().toString(count))
        self.setAccessibleName(name)
        self.setAccessibleDescription(self.tr("%n photo(s)", "", count))
        self.grid.setAccessibleName(name)
        self.grid.setAccessibleDescription(self.tr("%n photo(s)", "", count))
        for button, text in (
            (self._confirm, self.tr("Confirm the photos in view")),
            (self._menu, self.tr("Menu of this bin")),
        ):
            button.setToolTip(text)
            button.setAccessibleName(f"{text}: {name}")
        self._confirm.setEnabled(count > 0)
        if self._filtered:
            empty = self.tr("Nothing in this bin matches the search.")
        elif self._narrowed:
            empty = self.tr("None of the photos shown now is in this bin.")
        elif self._name is None:
            empty = self.tr("Every photo has found a bin.")
        else:
            empty = self.tr("No photo fits yet.\nDrop some here to show what you mean.")
        self.grid.set_empty_text(empty)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.LocaleChange):
            self._retranslate()

    # --- drop target --------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if photo_ids_of(event.mimeData()) is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.set_over(over=True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()
        self.drag_moved.emit(self.mapToGlobal(event.position().toPoint()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.set_over(over=False)
        self.drag_left.emit()

    def dropEvent(self, event: QDropEvent) -> None:
        self.set_over(over=False)
        self.drag_left.emit()
        photo_ids = photo_ids_of(event.mimeData())
        if photo_ids is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.dropped.emit(photo_ids, self.mapToGlobal(event.position().toPoint()))

    def set_over(self, *, over: bool) -> None:
        """Show, or stop showing, that a drop would land here."""
        if self.property("over") is not over:
            self.setProperty("over", over)
            self.style().unpolish(self)
            self.style().polish(self)


class _Dot(QWidget):
    """The bin's colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor()
        self.setFixedSize(14, 14)

    def set_colour(self, colour: QColor) -> None:
        if colour != self._colour:
            self._colour = colour
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawEllipse(self.rect().adjusted(1, 1, -2, -2))


class _ElidedLabel(QLabel):
    """Gives way when there is no room for a long name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        usual = super().minimumSizeHint()
        return QSize(min(usual.width(), self.fontMetrics().averageCharWidth() * 4), usual.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        self.style().drawItemText(
            painter, self.rect(), flags.value, self.palette(), self.isEnabled(), text, self.foregroundRole()
        )


def _button(name: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setIcon(icon(name))
    button.setIconSize(QSize(18, 18))
    button.setAutoRaise(True)
    return button
