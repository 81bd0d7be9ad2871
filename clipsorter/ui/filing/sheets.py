"""Opens the filing sheets for the open board, from the menu's actions."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clipsorter.ui.filing.apply_dialog import ApplyDialog, ToSort
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.panels import Panels
from clipsorter.ui.session import Session


class FilingSheets(QObject):
    """At most one sheet is open, over the window; GUI thread."""

    def __init__(self, panels: Panels, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panels = panels
        self._session = session
        self._targets: dict[Path, Path] = {}  # photo folder -> where its photos went last
        panels.actions.apply.triggered.connect(self.show_apply)

    def show_apply(self) -> None:
        """Plan, preview, apply."""
        session = self._session
        if session.answer is None or session.folder is None:
            return
        folder = session.folder
        parents = {category.name: category.parent for category in session.categories if category.parent}
        board = ToSort(session.answer, folder, parents, session.query)
        target = self._targets.get(folder, folder.parent / self.tr("{} sorted").format(folder.name))
        dialog = ApplyDialog(board, target, Desk(session, self), self._window)
        dialog.filed.connect(session.look)
        dialog.filed.connect(lambda: self._targets.__setitem__(folder, dialog.request().target))
        dialog.open()

    @property
    def _window(self) -> QWidget:
        return self._panels.photos.window()
