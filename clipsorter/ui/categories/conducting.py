"""Joins the category panel to the session: editing, colours, suggestions, kept lists."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMenu

from clipsorter.engine.category_sets import CategorySets, Language
from clipsorter.engine.vocabulary import read_vocabulary
from clipsorter.ranking.homes import ancestors, count_with_children
from clipsorter.ui.board_view import BoardView
from clipsorter.ui.categories.completing import CategoryCompleter
from clipsorter.ui.categories.editor import CategoryEditor, dot
from clipsorter.ui.categories.suggestions import SuggestedBin
from clipsorter.ui.colours import CATEGORY_COLOURS, colours_of
from clipsorter.ui.findings import Findings
from clipsorter.ui.icons import icon
from clipsorter.ui.jobs import Job, Lane
from clipsorter.ui.languages import speaks_chinese
from clipsorter.ui.panels import Panels
from clipsorter.ui.session import Session
from clipsorter.values import CategorySet

PICTURES_MS = 150  # between two looks for samples that have not been loaded


class CategoryConductor(QObject):
    """GUI thread."""

    def __init__(
        self, panels: Panels, session: Session, findings: Findings, board: BoardView, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._panels = panels
        self._session = session
        self._findings = findings
        self._board = board
        self._side = panels.side
        self._jobs: set[Job] = set()
        self._loading: Job | None = None  # a list read from a file, to be used
        self._sets = CategorySets((), ())
        self._completer = CategoryCompleter(self._side.entry, self)
        self._pictures = QTimer(self, interval=PICTURES_MS)
        self._pictures.timeout.connect(self._show_pictures)
        self._hear()
        self._show_suggested()
        if session.is_open:
            self._ask_sets()

    def _hear(self) -> None:
        session, side = self._session, self._side
        session.opened.connect(self._ask_sets)
        session.categories_changed.connect(self.show_categories)
        self._findings.suggested_changed.connect(self._show_suggested)
        session.runner.stepped.connect(self._on_stepped)
        session.runner.finished.connect(self._on_finished)
        side.suggestions.chosen.connect(session.add_categories)
        side.suggestions.pictures_wanted.connect(self._pictures.start)
        side.categories.edit_wanted.connect(self.edit)
        side.categories.menu_wanted.connect(self.fill_menu)
        sets = side.sets
        sets.save_wanted.connect(self._keep)
        sets.load_wanted.connect(self._load)
        sets.rename_wanted.connect(self._rename_set)
        sets.remove_wanted.connect(self._remove_set)
        sets.import_wanted.connect(self._import)
        sets.export_wanted.connect(self._export)
        self._panels.actions.edit_category.triggered.connect(self._edit_current)

    # -- one category --------------------------------------------------------------------------------------------

    def show_categories(self) -> None:
        """Depths and what is taken follow the list."""
        categories = self._session.categories
        names = {one.name.casefold() for one in categories}
        words = [one.word for one in self._findings.suggested.categories]
        same = {word.name(_language()) for word in words if names & {word.english.casefold(), word.chinese.casefold()}}
        self._side.suggestions.show_taken(names | same)  # also under its name in another language
        self._side.sets.show_categories(there=bool(categories))

    def show_counts(self) -> None:
        """Each category with all below it."""
        if (board := self._session.board) is not None:
            self._side.categories.show_counts(count_with_children(board, self._session.categories))

    def depths(self) -> list[int]:
        """How many categories stand above each."""
        categories = self._session.categories
        return [len(ancestors(one.name, categories)) for one in categories]

    def edit(self, name: str) -> None:
        """Open the sheet of a category."""
        category = next((one for one in self._session.categories if one.name == name), None)
        if category is None:
            return
        sheet = CategoryEditor(
            category,
            self._session.categories,
            colour=colours_of(self._session.categories)[name],
            strictness=self._session.strictness,
            parent=self._side.window(),
        )
        sheet.changed.connect(lambda after: self._session.change_category(name, after))
        sheet.open()

    def fill_menu(self, name: str, menu: QMenu) -> None:
        """What can be done with a category."""
        menu.addAction(icon("settings"), self.tr("Edit the category…"), lambda: self.edit(name))
        menu.addAction(icon("pencil"), self.tr("Rename the category"), lambda: self._side.categories.rename(name))
        colours = menu.addMenu(icon("palette"), self.tr("Colour"))
        for number, colour in enumerate(CATEGORY_COLOURS, 1):
            words = self.tr("Colour {}").format(number)
            colours.addAction(dot(colour), words, lambda colour=colour: self._paint(name, colour))
        menu.addAction(icon("trash-2"), self.tr("Remove the category"), lambda: self._session.remove_category(name))

    def _edit_current(self) -> None:
        if name := self._side.categories.current_name():
            self.edit(name)

    def _paint(self, name: str, colour: str) -> None:
        for category in self._session.categories:
            if category.name == name:
                self._session.change_category(name, replace(category, colour=colour))

    # -- suggestions ---------------------------------------------------------------------------------------------

    def _show_suggested(self) -> None:
        language = _language()
        offered = []
        for one in self._findings.suggested.categories:
            name = one.word.name(language)
            phrases = (one.word.english,) if name != one.word.english else ()
            offered.append(SuggestedBin(name, phrases, one.count, one.digests))
        self._side.suggestions.offer(offered)
        self.show_categories()
        self._offer_words({one.name: one.count for one in offered})

    def _offer_words(self, counts: dict[str, int]) -> None:
        language = _language()
        words = [word.name(language) for word in read_vocabulary()]
        self._completer.set_words([*counts, *(word for word in words if word not in counts)], counts)

    def _show_pictures(self) -> None:
        for digest in self._side.suggestions.wanted_pictures():
            if (picture := self._board.thumbnail(digest)) is not None:
                self._side.suggestions.show_picture(digest, picture)
        if not self._side.suggestions.wanted_pictures():
            self._pictures.stop()

    # -- kept lists ----------------------------------------------------------------------------------------------

    def _ask_sets(self) -> None:
        self._jobs.add(self._session.lend(Lane.SAVE, lambda engine: engine.category_sets(_language())))

    def _show_sets(self, sets: CategorySets) -> None:
        self._sets = sets
        self._side.sets.show_sets(tuple(one.name for one in sets.kept), tuple(one.name for one in sets.built_in))

    def _keep(self, name: str) -> None:
        categories, strictness = self._session.categories, self._session.strictness
        self._session.lend(Lane.SAVE, lambda engine: engine.save_category_set(name, categories, strictness))
        self._ask_sets()

    def _load(self, name: str, built_in: bool) -> None:
        there = self._sets.built_in if built_in else self._sets.kept
        for one in there:
            if one.name == name:
                self._session.use_set(one)

    def _rename_set(self, old: str, new: str) -> None:
        self._session.lend(Lane.SAVE, lambda engine: engine.rename_category_set(old, new))
        self._ask_sets()

    def _remove_set(self, name: str) -> None:
        self._session.lend(Lane.SAVE, lambda engine: engine.remove_category_set(name))
        self._ask_sets()

    def _import(self, path: Path) -> None:
        self._loading = self._session.lend(Lane.SAVE, lambda engine: engine.import_categories(path))

    def _export(self, path: Path) -> None:
        categories, strictness = self._session.categories, self._session.strictness
        name = path.stem
        self._session.lend(Lane.SAVE, lambda engine: engine.export_categories(path, name, categories, strictness))

    # -- answers -------------------------------------------------------------------------------------------------

    def _on_stepped(self, job: Job, event: object) -> None:
        if job is self._loading and isinstance(event, CategorySet):
            self._session.use_set(event)
        elif job in self._jobs and isinstance(event, CategorySets):
            self._show_sets(event)

    def _on_finished(self, job: Job) -> None:
        self._jobs.discard(job)
        if job is self._loading:
            self._loading = None


def _language() -> Language:
    return "zh" if speaks_chinese() else "en"
