"""The page of photos that are there more than once: what stays, what goes, and into which bin. Nothing is deleted."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clipsorter.ui.controls import DropDown, WrappingLabel, filled_button, text_button
from clipsorter.ui.grouping.duplicate_model import Marks
from clipsorter.ui.icons import icon
from clipsorter.ui.model_index import ROOT, Index
from clipsorter.ui.motion import WorkBar

PICTURE = QSize(132, 99)  # px
GAP = 12  # px
AIR = 8  # px around the heading and above the words; the frame of the current picture takes three of them
PICTURES_MS = 200  # until pictures that have not been loaded are asked for again


class DuplicatesPage(QWidget):
    """``thumbnail`` gives the picture of a digest, None: not loaded yet. The wishes leave as signals."""

    move_wanted = Signal(object, str)  # photo ids [n] int64, bin
    opened = Signal(object)  # photo id
    shown_in_folder = Signal(object)  # photo id
    left = Signal()

    def __init__(self, thumbnail: Callable[[str], QPixmap | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks = Marks(())
        self.model = _GroupModel(self)
        self.list = GroupList(thumbnail, self)
        self.list.setModel(self.model)
        self.title = QLabel()
        self.title.setObjectName("subtitle")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._keys = WrappingLabel(
            self.tr(
                "← → choose a photo, Space marks it, K keeps only this one, A keeps all of a group, Enter shows it "
                "large. Nothing is deleted: marked photos go to a bin."
            )
        )
        self._keys.setObjectName("muted")
        self.bins = DropDown()
        self.bins.setEditable(True)
        self.bins.setAccessibleName(self.tr("Bin for the marked photos"))
        self.bins.setMinimumWidth(180)
        self.move_button = filled_button("", "move-right")
        self.move_button.clicked.connect(self._move)
        self._looking = WorkBar()
        self._looking.setRange(0, 0)
        self._looking.setAccessibleName(self.tr("Looking for duplicates…"))
        back = text_button(self.tr("Show all photos"), "x")
        back.clicked.connect(self.left)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(back)
        what = QHBoxLayout()
        what.setSpacing(8)
        what.addStretch(1)
        what.addWidget(self.bins)
        what.addWidget(self.move_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._keys)
        column.addLayout(what)
        column.addWidget(self._looking)
        column.addWidget(self.list, 1)
        self.list.toggled.connect(self._toggle)
        self.list.kept_only.connect(self._keep_only)
        self.list.kept_all.connect(self._keep_all)
        self.list.opened.connect(lambda group, place: self.opened.emit(self._id(group, place)))
        self.list.folder_wanted.connect(lambda group, place: self.shown_in_folder.emit(self._id(group, place)))
        self.setFocusProxy(self.list)
        self.show_marks(Marks(()), looked=False)

    def show_marks(self, marks: Marks, *, looked: bool = True) -> None:
        """Other groups with other marks; ``looked`` says that these are all there are."""
        self.marks = marks
        groups = marks.groups
        self.list.marks = self.marks
        self.model.show_marks(self.marks)
        if groups:
            self.list.setCurrentIndex(self.model.index(0, 0))
        self._keys.setVisible(bool(groups))
        self._looking.setVisible(not groups and not looked)
        none = self.tr("No photo is there more than once.") if looked else self.tr("Looking for duplicates…")
        self.title.setText(self.tr("%Ln group(s) of duplicates", "", len(groups)) if groups else none)
        self._count()

    def show_bins(self, names: Sequence[str]) -> None:
        """Where the marked ones can go; a new name can be typed too."""
        typed = self.bins.currentText()
        self.bins.clear()
        usual = self.tr("Duplicates")
        self.bins.addItems([*names, *([] if usual in names else [usual])])
        self.bins.setCurrentText(typed or usual)

    def _toggle(self, group: int, place: int) -> None:
        if self.marks.toggle(group, place):
            self._tell(group)

    def _keep_only(self, group: int, place: int) -> None:
        if self.marks.keep_only(group, place):
            self._tell(group)

    def _keep_all(self, group: int) -> None:
        self.marks.keep_all(group)
        self._tell(group)

    def _tell(self, group: int) -> None:
        """The marks of a group are others now."""
        self.model.tell(group)
        self._count()

    def _count(self) -> None:
        going = len(self.marks.going())
        words = self.tr("Move %Ln marked photo(s)", "", going)
        self.move_button.setText(f" {words}")
        self.move_button.setAccessibleName(words)
        for tool in (self.bins, self.move_button):  # copies of one content follow each other into every bin
            tool.setVisible(going > 0)

    def _move(self) -> None:
        if name := self.bins.currentText().strip():
            self.move_wanted.emit(np.asarray(self.marks.going(), np.int64), name)

    def _id(self, group: int, place: int) -> int:
        return self.marks.groups[group].twins[place].photo_id


class _GroupModel(QAbstractListModel):
    """One row per group."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._marks = Marks(())

    def show_marks(self, marks: Marks) -> None:
        self.beginResetModel()
        self._marks = marks
        self.endResetModel()

    def tell(self, group: int) -> None:
        index = self.index(group, 0)
        self.dataChanged.emit(index, index)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._marks.groups)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        group = self._marks.groups[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            if group.exact:
                words = self.tr("%Ln copies of the same file", "", len(group.twins))
                hint = self.tr("They share one bin; O shows this one in its folder.")
                return f"{words}. {hint}"
            return self.tr("%Ln photos that look the same", "", len(group.twins))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            states = ", ".join(
                f"{twin.file} {self.tr('goes') if self._marks.goes(index.row(), place) else self.tr('stays')}"
                for place, twin in enumerate(group.twins)
            )
            return f"{self.data(index)}: {states}"
        return None


class GroupList(QListView):
    """Up and down between groups, left and right between the photos of one."""

    toggled = Signal(int, int)  # group, place
    kept_only = Signal(int, int)
    kept_all = Signal(int)
    opened = Signal(int, int)
    folder_wanted = Signal(int, int)

    def __init__(self, thumbnail: Callable[[str], QPixmap | None], parent: QWidget) -> None:
        super().__init__(parent)
        self.marks = Marks(())
        self.place = 0  # of the current photo in the current group
        self._thumbnail = thumbnail
        self.setItemDelegate(_GroupDelegate(self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAccessibleName(self.tr("Groups of duplicates"))
        self._look_again = QTimer(self, singleShot=True, interval=PICTURES_MS)
        self._look_again.timeout.connect(self.viewport().update)

    def picture(self, digest: str) -> QPixmap | None:
        """As far as it is loaded."""
        picture = self._thumbnail(digest)
        if picture is None and not self._look_again.isActive():
            self._look_again.start()
        return picture

    def currentChanged(self, current: Index, previous: Index) -> None:
        self.place = 0
        super().currentChanged(current, previous)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        group = self.currentIndex().row()
        if group < 0 or not self._use(event.key(), group):
            super().keyPressEvent(event)

    def _use(self, key: int, group: int) -> bool:
        last = len(self.marks.groups[group].twins) - 1
        match key:
            case Qt.Key.Key_Left:
                self._go(max(0, self.place - 1))
            case Qt.Key.Key_Right:
                self._go(min(last, self.place + 1))
            case Qt.Key.Key_Space:
                self.toggled.emit(group, self.place)
            case Qt.Key.Key_K:
                self.kept_only.emit(group, self.place)
            case Qt.Key.Key_A:
                self.kept_all.emit(group)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.opened.emit(group, self.place)
            case Qt.Key.Key_O:
                self.folder_wanted.emit(group, self.place)
            case _:
                return False
        return True

    def _go(self, place: int) -> None:
        self.place = place
        self.update(self.currentIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and (place := self._place_at(index, event)) is not None:
            self._go(place)
            if event.button() == Qt.MouseButton.LeftButton and event.type() == QEvent.Type.MouseButtonPress:
                self.toggled.emit(index.row(), place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and (place := self._place_at(index, event)) is not None:
            self.toggled.emit(index.row(), place)  # takes back what the first click did
            self.opened.emit(index.row(), place)

    def _place_at(self, index: QModelIndex, event: QMouseEvent) -> int | None:
        left = event.position().toPoint().x() - self.visualRect(index).left() - GAP
        place = left // (PICTURE.width() + GAP) + self.first_shown(index.row())
        return place if left >= 0 and place < len(self.marks.groups[index.row()].twins) else None

    def first_shown(self, group: int) -> int:
        """The place at the left edge: a large group slides so that its current photo is in view."""
        fitting = max(1, (self.viewport().width() - GAP) // (PICTURE.width() + GAP))
        return max(0, self.place - fitting + 1) if group == self.currentIndex().row() else 0


class _GroupDelegate(QStyledItemDelegate):
    """A heading, the photos side by side, below each its name and what becomes of it."""

    def __init__(self, view: GroupList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self._head() + PICTURE.height() + self._foot() + GAP)

    def _head(self) -> int:
        """Above the pictures: a line of words."""
        return AIR + self._view.fontMetrics().height() + AIR

    def _foot(self) -> int:
        """Below them: the name, and what becomes of it."""
        return AIR + 2 * self._view.fontMetrics().height()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, group = self._view, self._view.marks.groups[index.row()]
        palette: QPalette = option.palette
        rect: QRect = option.rect
        current = index.row() == view.currentIndex().row()
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.base())
            painter.drawRoundedRect(rect.adjusted(0, 2, -4, -2), 9, 9)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        head = rect.adjusted(GAP, AIR, -GAP, 0)
        head.setHeight(self._view.fontMetrics().height())
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(index.data()))
        first = view.first_shown(index.row())
        for place, twin in enumerate(group.twins[first:], first):
            left = rect.left() + GAP + (place - first) * (PICTURE.width() + GAP)
            if left > rect.right():
                break
            spot = QRect(left, rect.top() + self._head(), PICTURE.width(), PICTURE.height())
            goes = view.marks.goes(index.row(), place)
            self._draw_picture(painter, spot, view.picture(twin.digest), palette, faint=goes)
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            if current and place == view.place and focused:
                painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(spot.adjusted(-3, -3, 3, 3), 9, 9)
            self._draw_words(painter, spot, twin.file, palette, goes=goes, keeper=place == group.keeper)
        painter.restore()

    @staticmethod
    def _draw_picture(
        painter: QPainter, spot: QRect, picture: QPixmap | None, palette: QPalette, *, faint: bool
    ) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(spot), 7, 7)
        if picture is None or picture.isNull():
            painter.fillPath(path, palette.alternateBase())
            return
        painter.save()
        painter.setClipPath(path)
        painter.setOpacity(0.4 if faint else 1.0)
        wide = picture.width() * spot.height() > picture.height() * spot.width()
        width = picture.height() * spot.width() / spot.height() if wide else picture.width()
        height = picture.height() if wide else picture.width() * spot.height() / spot.width()
        cut = QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
        painter.drawPixmap(QRectF(spot), picture, cut)
        painter.restore()

    def _draw_words(
        self, painter: QPainter, spot: QRect, file: str, palette: QPalette, *, goes: bool, keeper: bool
    ) -> None:
        metrics = painter.fontMetrics()
        line = QRect(spot.left(), spot.bottom() + 5, spot.width(), metrics.height())
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        name = metrics.elidedText(file.rpartition("/")[2], Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        line.translate(0, metrics.height() + 1)
        icon("move-right" if goes else "check").paint(painter, QRect(line.left(), line.top() + 1, 14, 14))
        stays = self.tr("the best; stays") if keeper else self.tr("stays")
        words = self.tr("goes") if goes else stays
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(
            line.adjusted(18, 0, 0, 0),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(words, Qt.TextElideMode.ElideRight, line.width() - 18),
        )
