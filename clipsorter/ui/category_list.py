"""The category list: type to add, rename in place, drag to reorder, each with its colour and count."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from clipsorter.ui.controls import ROW, grown
from clipsorter.ui.drag import ReadPhotos, read_nothing
from clipsorter.ui.edge_scroll import EdgeScroll
from clipsorter.ui.plain_text import plain_tip

NAME_ROLE = Qt.ItemDataRole.UserRole
COLOUR_ROLE = Qt.ItemDataRole.UserRole + 1
COUNT_ROLE = Qt.ItemDataRole.UserRole + 2
TARGET_ROLE = Qt.ItemDataRole.UserRole + 3  # photos are being dragged over it
DEPTH_ROLE = Qt.ItemDataRole.UserRole + 4
DEEPEST = 4  # steps that are indented; more would leave no room for the name
STEP = 14  # px
DOT, NAME, END = 16, 34, 10  # px: centre of the dot and start of the name from the left, the count from the right
ROUND = 8  # px, radius of a row's corners
KEYS = 9  # the first categories have a key of their own
LEAST_ROWS = 10  # in view, if there are so many, whatever else the panel shows: it scrolls


class CategoryList(QListWidget):
    """Shows names; what a person does to them is announced, never done here. The owner calls ``show_categories``."""

    renamed = Signal(str, str)  # old name, what was typed
    removed = Signal(str)
    reordered = Signal(list)  # list[str], all names in the new order
    chosen = Signal(str)  # clicked or reached with the keyboard
    edit_wanted = Signal(str)
    menu_wanted = Signal(str, QMenu)  # fill it before it opens
    photos_dropped = Signal(object, str)  # what ``read_photos`` made of the drag, the category below it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self._edge_scroll = EdgeScroll(self, Qt.Orientation.Vertical)
        self._edge_scroll.stepped.connect(
            lambda place: self._set_target(self.itemAt(self.viewport().mapFromGlobal(place)))
        )
        self._read_photos: ReadPhotos = read_nothing
        self.setAccessibleName(self.tr("Categories"))
        self.setItemDelegate(_CategoryDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.itemChanged.connect(self._on_edited)
        self.model().rowsMoved.connect(self._on_moved)
        self.itemSelectionChanged.connect(self._on_selected)

    def names(self) -> list[str]:
        return [self.item(row).data(NAME_ROLE) for row in range(self.count())]

    def show_categories(self, names: Sequence[str], colours: Sequence[str], depths: Sequence[int] = ()) -> None:
        """Replace the rows; the chosen one stays chosen where it still exists. Deeper ones are indented."""
        steps = dict(zip(names, depths, strict=False))
        current = self.current_name()
        counts = {self.item(row).data(NAME_ROLE): self.item(row).data(COUNT_ROLE) for row in range(self.count())}
        with self._unannounced():
            self.clear()
            for name, colour in zip(names, colours, strict=True):
                row = QListWidgetItem(name, self)
                row.setData(NAME_ROLE, name)
                row.setData(COLOUR_ROLE, colour)
                row.setData(COUNT_ROLE, counts.get(name))
                row.setData(DEPTH_ROLE, min(steps.get(name, 0), DEEPEST))
                row.setFlags(
                    Qt.ItemFlag.ItemIsEnabled
                    | Qt.ItemFlag.ItemIsSelectable
                    | Qt.ItemFlag.ItemIsEditable
                    | Qt.ItemFlag.ItemIsDragEnabled
                )
                self._describe(row)
                if name == current:
                    self.setCurrentItem(row)
        self.updateGeometry()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        with self._unannounced():
            for row in range(self.count()):
                self.item(row).setData(COUNT_ROLE, counts.get(self.item(row).data(NAME_ROLE)))
                self._describe(self.item(row))

    @contextmanager
    def _unannounced(self) -> Iterator[None]:
        """What changes within is the owner's doing, not the person's."""
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before

    def current_name(self) -> str | None:
        item = self.currentItem()
        return item.data(NAME_ROLE) if item else None

    def rename(self, name: str) -> None:
        """Let the person type another name in place."""
        for row in range(self.count()):
            if self.item(row).data(NAME_ROLE) == name:
                self.setCurrentRow(row)
                self.editItem(self.item(row))

    def remove_current(self) -> None:
        if name := self.current_name():
            self.removed.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.state() != QAbstractItemView.State.EditingState:
            self.remove_current()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if by_key else self.itemAt(event.pos())
        if item is None:
            return
        self.setCurrentItem(item)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_wanted.emit(item.data(NAME_ROLE), menu)
        place = self.visualItemRect(item).bottomLeft() if by_key else event.pos()
        menu.popup(self.viewport().mapToGlobal(place))

    def accept_photos(self, read_photos: ReadPhotos) -> None:
        """Let photos be dropped on a category; ``read_photos`` gives None for any other drag."""
        self._read_photos = read_photos

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is self:
            super().dragEnterEvent(event)
        elif self._read_photos(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.source() is self:
            super().dragMoveEvent(event)
            return
        over = self.itemAt(event.position().toPoint())
        self._set_target(over)
        self._edge_scroll.follow(self.viewport().mapToGlobal(event.position().toPoint()))
        if over and self._read_photos(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._end_drag()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if event.source() is self:
            super().dropEvent(event)
            return
        self._end_drag()
        over, photos = self.itemAt(event.position().toPoint()), self._read_photos(event.mimeData())
        if over and photos is not None:
            event.acceptProposedAction()
            name = over.data(NAME_ROLE)
            # After the drag's own event loop, so that nobody works inside the drop.
            QTimer.singleShot(0, self, lambda: self.photos_dropped.emit(photos, name))
        else:
            event.ignore()

    def _end_drag(self) -> None:
        self._edge_scroll.stop()
        self._set_target(None)

    def _set_target(self, over: QListWidgetItem | None) -> None:
        with self._unannounced():
            for row in range(self.count()):
                item = self.item(row)
                if item.data(TARGET_ROLE) != (item is over):
                    item.setData(TARGET_ROLE, item is over)

    def sizeHint(self) -> QSize:
        """As high as its rows, so that the groups follow at once; the layout may make it smaller."""
        return QSize(200, self.count() * grown(ROW, self) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(self.count(), LEAST_ROWS) * grown(ROW, self) + 2)

    def _describe(self, row: QListWidgetItem) -> None:
        name, count = row.data(NAME_ROLE), row.data(COUNT_ROLE)
        number = "" if count is None else f", {self.locale().toString(count)}"
        row.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}{number}")
        key = self.row(row) + 1
        hint = self.tr("Key {}: send the selected photos here").format(key) if key <= KEYS else name
        row.setToolTip(plain_tip(hint))

    def _on_edited(self, row: QListWidgetItem) -> None:
        if self._filling:
            return
        old, typed = row.data(NAME_ROLE), row.text()
        with self._unannounced():
            row.setText(old)  # the owner decides; it shows the new name if it can be used
        if typed.strip() and typed != old:
            self.renamed.emit(old, typed)

    def _on_moved(self) -> None:
        if not self._filling:
            self.reordered.emit(self.names())

    def _on_selected(self) -> None:
        if not self._filling and (name := self.current_name()) and self.selectedItems():
            self.chosen.emit(name)


class _CategoryDelegate(QStyledItemDelegate):
    """A dot, the name, and the count at the right edge."""

    def __init__(self, owner: QListWidget) -> None:
        super().__init__(owner)
        self._list = owner

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect.adjusted(0, 1, 0, -1)
        indent = STEP * (index.data(DEPTH_ROLE) or 0)
        palette: QPalette = option.palette
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            self._fill(painter, rect, palette.color(QPalette.ColorRole.Midlight))
        elif state & QStyle.StateFlag.State_MouseOver:
            self._fill(painter, rect, palette.color(QPalette.ColorRole.AlternateBase))
        if index.data(TARGET_ROLE):
            self._frame(painter, rect, palette.color(QPalette.ColorRole.Highlight))
        elif state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            self._frame(painter, rect, palette.color(QPalette.ColorRole.Link))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(index.data(COLOUR_ROLE)))
        painter.drawEllipse(QPointF(rect.left() + DOT + indent, rect.center().y() + 0.5), 5, 5)

        painter.setFont(option.font)
        metrics = option.fontMetrics
        count = index.data(COUNT_ROLE)
        number = "" if count is None else self._list.locale().toString(count)  # option.locale: "1200" for "1,200"
        words = rect.adjusted(NAME + indent, 0, -END, 0)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
        room = words.width() - metrics.horizontalAdvance(number) - (8 if number else 0)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(
            words,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(index.data(NAME_ROLE), Qt.TextElideMode.ElideRight, room),
        )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, grown(ROW, self._list))

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("entry")
        return editor

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.DisplayRole)

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(index.data(NAME_ROLE))
            editor.selectAll()

    @staticmethod
    def _frame(painter: QPainter, rect: QRect, colour: QColor) -> None:
        painter.setPen(QPen(colour, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), ROUND, ROUND)

    @staticmethod
    def _fill(painter: QPainter, rect: QRect, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(rect, ROUND, ROUND)
