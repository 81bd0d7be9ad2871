"""A table of frozen values, said in words only when a row is looked at."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtWidgets import QTreeView

from clipsorter.ui.icons import icon
from clipsorter.ui.model_index import ROOT, Index
from clipsorter.ui.plain_text import plain_tip

T = TypeVar("T")


class LinesModel(QAbstractTableModel, Generic[T]):
    """``say`` gives the words of one value, a cell each; ``picture`` the name of its icon, or none. GUI thread."""

    def __init__(
        self,
        headings: Sequence[str],
        say: Callable[[T], Sequence[str]],
        picture: Callable[[T], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._headings = tuple(headings)
        self._say = say
        self._picture = picture
        self.values: tuple[T, ...] = ()

    def show_values(self, values: Sequence[T]) -> None:
        """Show others, all anew."""
        self.beginResetModel()
        self.values = tuple(values)
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.values)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        value = self.values[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._say(value)[index.column()]
            case Qt.ItemDataRole.DecorationRole if index.column() == 0:
                return icon(name) if (name := self._picture(value)) else None
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip("\n".join(filter(None, self._say(value))))
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == 0:
                return ", ".join(filter(None, self._say(value)))
        return None


def view_lines(model: LinesModel[Any], *widths: int) -> QTreeView:
    """A list of the lines; the first columns have these widths in px."""
    view = QTreeView()
    view.setObjectName("plan")
    view.setModel(model)
    view.setRootIsDecorated(False)
    view.setUniformRowHeights(True)
    for column, width in enumerate(widths):
        view.header().resizeSection(column, width)
    return view
