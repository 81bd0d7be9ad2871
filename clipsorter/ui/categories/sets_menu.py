"""The menu of category lists: keep this one, take up another, exchange them as files."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from clipsorter.ui.categories.name_dialog import NameDialog
from clipsorter.ui.categories.names import shorten
from clipsorter.ui.icons import icon

ENDING = ".toml"


class SetsMenu(QMenu):
    """Only announces. Sets are shown by name: those that the person kept, and those that come along."""

    save_wanted = Signal(str)  # name
    load_wanted = Signal(str, bool)  # name, whether it came along
    rename_wanted = Signal(str, str)  # old name, new name
    remove_wanted = Signal(str)
    import_wanted = Signal(object)  # Path
    export_wanted = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: tuple[str, ...] = ()
        self._built_in: tuple[str, ...] = ()
        self._has_categories = False
        self._fill()

    def show_sets(self, kept: tuple[str, ...], built_in: tuple[str, ...]) -> None:
        self._kept, self._built_in = kept, built_in
        self._fill()

    def show_categories(self, *, there: bool) -> None:
        """Without categories there is nothing to keep."""
        self._has_categories = there
        self._fill()

    def _fill(self) -> None:
        self.clear()
        save = self.addAction(icon("plus"), self.tr("Keep these categories as…"), self._ask_name)
        save.setEnabled(self._has_categories)
        if self._kept:
            self.addSeparator()
            for name in self._kept:
                self._add_kept(name)
        if self._built_in:
            self.addSection(self.tr("To begin with"))
            for name in self._built_in:
                self.addAction(icon("sparkles"), _plain(name), lambda name=name: self.load_wanted.emit(name, True))
        self.addSeparator()
        self.addAction(icon("folder-open"), self.tr("Read from a file…"), self._ask_file)
        export = self.addAction(icon("download"), self.tr("Write to a file…"), self._ask_place)
        export.setEnabled(self._has_categories)

    def _add_kept(self, name: str) -> None:
        menu = self.addMenu(icon("list"), _plain(name))
        menu.addAction(icon("check"), self.tr("Use"), lambda: self.load_wanted.emit(name, False))
        replace = menu.addAction(
            icon("pencil"), self.tr("Replace by what is there"), lambda: self.save_wanted.emit(name)
        )
        replace.setEnabled(self._has_categories)
        menu.addAction(icon("pencil"), self.tr("Rename…"), lambda: self._ask_other_name(name))
        menu.addAction(icon("trash-2"), self.tr("Forget"), lambda: self.remove_wanted.emit(name))

    def _ask_name(self) -> None:
        words = self.tr("A name for this list of categories:")
        dialog = NameDialog(self.tr("Keep the categories"), words, self.tr("Keep"), self._kept, self._owner())
        if dialog.exec():
            self.save_wanted.emit(dialog.chosen())
        dialog.deleteLater()

    def _ask_other_name(self, old: str) -> None:
        words = self.tr("Another name for “{}”:").format(old)
        dialog = NameDialog(
            self.tr("Rename the list"), words, self.tr("Rename"), set(self._kept) - {old}, self._owner()
        )
        dialog.name.setText(old)
        dialog.name.selectAll()
        if dialog.exec() and dialog.chosen() != old:
            self.rename_wanted.emit(old, dialog.chosen())
        dialog.deleteLater()

    def _ask_file(self) -> None:
        files = self.tr("Lists of categories (*.toml)")
        picked, _ = QFileDialog.getOpenFileName(self._owner(), self.tr("Read categories"), str(Path.home()), files)
        if picked:
            self.import_wanted.emit(Path(picked))

    def _ask_place(self) -> None:
        files = self.tr("Lists of categories (*.toml)")
        name = self.tr("categories")
        start = str(Path.home() / f"{name}{ENDING}")
        picked, _ = QFileDialog.getSaveFileName(self._owner(), self.tr("Write categories"), start, files)
        if picked:
            path = Path(picked)
            self.export_wanted.emit(path if path.suffix else path.with_suffix(ENDING))

    def _owner(self) -> QWidget:
        parent = self.parentWidget()
        return parent.window() if parent else self


def _plain(name: str) -> str:
    """A menu takes an ampersand for a key."""
    return shorten(name).replace("&", "&&")
