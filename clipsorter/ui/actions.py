"""Everything a person can do, with its key, in one place; the menu, the top bar and the help sheet show these."""

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from clipsorter.ui.icons import icon
from clipsorter.ui.theme import Choice

KeyRow = tuple[str, tuple[str, ...]]  # what it does, the keys that do it


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that belong together."""

    name: str
    rows: tuple[KeyRow, ...]


class Actions(QObject):
    """The window's actions, not yet connected to anything."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.open_folder = self._make("folder-open", self.tr("Choose a folder…"), "Ctrl+O")
        self.look_again = self._make("refresh-cw", self.tr("Look at the photos again"), "F5")
        self.search = self._make("search", self.tr("Search"), "Ctrl+F")
        self.paste_picture = self._make("image", self.tr("Search with the picture in the clipboard"), "Ctrl+Shift+V")
        self.new_category = self._make("plus", self.tr("New category"), "Ctrl+N")
        self.edit_category = self._make("pencil", self.tr("Edit the chosen category…"), "Alt+Enter")
        self.undo = self._make("undo-2", self.tr("Undo"), "Ctrl+Z")
        self.redo = self._make("redo-2", self.tr("Redo"), "Ctrl+Y", "Ctrl+Shift+Z")
        self.columns = self._make("columns-3", self.tr("Bins side by side"), "Ctrl+1")
        self.grid = self._make("layout-grid", self.tr("One bin, large"), "Ctrl+2")
        self.together = self._make("images", self.tr("All photos in one grid"), "Ctrl+3")
        views = QActionGroup(self)
        for action in (self.columns, self.grid, self.together):
            action.setCheckable(True)
            views.addAction(action)
        self.columns.setChecked(True)
        self.copy = self._make("copy", self.tr("Copy the photos"), "Ctrl+C")
        self.larger = self._make("plus", self.tr("Show photos larger"), "Ctrl++", "Ctrl+=")
        self.smaller = self._make("minus", self.tr("Show photos smaller"), "Ctrl+-")
        self.usual_size = self._make("image", self.tr("Show photos in their usual size"), "Ctrl+0")
        self.next_bin = self._make("arrow-right", self.tr("Next bin"), "F6")
        self.apply = self._make("download", self.tr("Sort files into folders…"), "Ctrl+Enter")
        self.tag = self._make("tag", self.tr("Write keywords…"), "Ctrl+K")
        self.filing_history = self._make("history", self.tr("History of sorted files…"), "Ctrl+H")
        self.export_sheet = self._make("image", self.tr("Export contact sheet…"), "Ctrl+E")
        self.export_table = self._make("list", self.tr("Export table…"), "Ctrl+Shift+E")
        self.gentle = self._make("cpu", self.tr("Leave me half the machine"), "Ctrl+Shift+H")
        self.gentle.setCheckable(True)
        self.swap_theme = self._make("moon", self.tr("Light or dark"), "Ctrl+T")
        self.models = self._make("sparkles", self.tr("Models…"), "Ctrl+M")
        self.settings = self._make("settings", self.tr("Settings…"), "Ctrl+,")
        self.help = self._make("keyboard", self.tr("Keys"), "F1", "?")
        self.about = self._make("info", self.tr("About ClipSorter"), "Shift+F1")
        self.quit = self._make("log-out", self.tr("Quit"), "Ctrl+Q")
        self.themes: dict[Choice, QAction] = {}
        names = {
            Choice.SYSTEM: self.tr("Like the system"),
            Choice.LIGHT: self.tr("Light"),
            Choice.DARK: self.tr("Dark"),
        }
        group = QActionGroup(self)
        for choice, name in names.items():
            action = self.themes[choice] = QAction(name, self, checkable=True)
            group.addAction(action)
        self._photo_actions = (
            *(self.look_again, self.search, self.paste_picture, self.columns, self.grid, self.together, self.next_bin),
            *(self.copy, self.larger, self.smaller, self.usual_size),
            *(self.apply, self.tag, self.export_sheet, self.export_table),
        )
        for action in (*self._photo_actions, self.undo, self.redo):
            action.setEnabled(False)

    def _make(self, icon_name: str, text: str, *keys: str) -> QAction:
        action = QAction(icon(icon_name), text, self)
        twins = [key.replace("Enter", "Return") for key in keys if "Enter" in key]  # Qt's name of the larger Enter
        action.setShortcuts([QKeySequence(key) for key in (*keys, *twins)])
        action.setToolTip(f"{text} ({_names_of(action)[0]})")
        self._window.addAction(action)
        return action

    def leave(self) -> None:
        """Go, with all keys, when others take their place."""
        for action in self.findChildren(QAction):
            self._window.removeAction(action)
        self.deleteLater()

    def enable_photo_actions(self) -> None:
        """There is a folder now."""
        for action in self._photo_actions:
            action.setEnabled(True)

    def fill_menu(self, menu: QMenu) -> None:
        """The whole menu: every action can be reached here."""
        menu.addAction(self.open_folder)
        menu.addAction(self.look_again)
        menu.addSeparator()
        menu.addActions([self.search, self.paste_picture, self.new_category, self.edit_category])
        menu.addActions([self.undo, self.redo, self.copy])
        menu.addSeparator()
        menu.addActions([self.columns, self.grid, self.together, self.next_bin])
        menu.addAction(self.gentle)
        appearance = menu.addMenu(icon("palette"), self.tr("Appearance"))
        appearance.addActions(list(self.themes.values()))
        appearance.addSeparator()
        appearance.addActions([self.larger, self.smaller, self.usual_size])
        menu.addSeparator()
        menu.addActions([self.apply, self.tag, self.filing_history, self.export_sheet, self.export_table])
        menu.addSeparator()
        menu.addActions([self.models, self.settings, self.help, self.about, self.quit])

    def key_groups(self) -> list[KeyGroup]:
        """Every key and its meaning, for the help sheet. An action that no group names stands in the last one."""
        groups: list[tuple[str, list[QAction], list[KeyRow]]] = [
            (
                self.tr("PHOTOS"),
                [
                    *(self.open_folder, self.look_again, self.undo, self.redo, self.copy),
                    *(
                        self.columns,
                        self.grid,
                        self.together,
                        self.next_bin,
                        self.larger,
                        self.smaller,
                        self.usual_size,
                    ),
                ],
                [
                    (self.tr("Send the selected photos to a category"), ("1 – 9",)),
                    (self.tr("Send the selected photos to Unsorted"), ("0",)),
                    (self.tr("Show the photo large"), (self.tr("Space"), self.tr("Enter"))),
                    (self.tr("Select several photos"), (self.tr("Ctrl or Shift + click"),)),
                    (self.tr("Select all photos of a bin"), ("Ctrl+A",)),
                    (self.tr("Select nothing; show all bins again"), (self.tr("Esc"),)),
                ],
            ),
            (
                self.tr("LARGE PHOTO"),
                [],
                [
                    (self.tr("Previous or next photo"), ("←", "→")),
                    (self.tr("Look closer, step back, show all of the photo"), ("+", "–", "0")),
                    (self.tr("Why the large photo is where it is"), ("I",)),
                    (self.tr("Leave the large photo"), (self.tr("Space"), self.tr("Esc"))),
                ],
            ),
            (
                self.tr("DUPLICATES"),
                [],
                [
                    (self.tr("Mark the photo"), (self.tr("Space"),)),
                    (self.tr("Keep only this one"), ("K",)),
                    (self.tr("Keep all of the group"), ("A",)),
                    (self.tr("Show it in its folder"), ("O",)),
                ],
            ),
            (
                self.tr("SEARCH"),
                [self.search, self.paste_picture],
                [
                    (self.tr("Earlier searches"), ("↓",)),
                    (self.tr("Clear the search"), (self.tr("Esc"),)),
                ],
            ),
            (
                self.tr("CATEGORIES"),
                [self.new_category, self.edit_category],
                [
                    (self.tr("Rename a category"), ("F2",)),
                    (self.tr("Remove a category; your photos stay"), (self.tr("Delete"),)),
                ],
            ),
            (
                self.tr("FILES"),
                [self.apply, self.tag, self.filing_history, self.export_sheet, self.export_table],
                [],
            ),
            (self.tr("CLIPSORTER"), [], []),
        ]
        named = {action for _, actions, _ in groups for action in actions}
        groups[-1][1].extend(action for action in self._window.actions() if action not in named)
        return [KeyGroup(name, (*filter(_keys_of, map(_row_of, actions)), *more)) for name, actions, more in groups]


def _row_of(action: QAction) -> KeyRow:
    return action.text().rstrip("…"), _names_of(action)


def _names_of(action: QAction) -> tuple[str, ...]:
    """Its keys as people call them; both of a keyboard's Enters are one."""
    native = QKeySequence.SequenceFormat.NativeText
    return tuple(key.toString(native) for key in action.shortcuts() if "Return" not in key.toString())


def _keys_of(row: KeyRow) -> tuple[str, ...]:
    return row[1]
