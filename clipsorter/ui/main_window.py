"""The main window: lays the panels out and stands before anything heavy is imported.

The conductor and its session bring numpy and the engine along, so they are made when they are first needed: after
``prepare`` once the window is on the screen, or by a person's first wish.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QLocale, QSize, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget
from shiboken6 import delete

from clipsorter.errors import ClipSorterError
from clipsorter.library.settings import (
    LARGEST_CELL,
    NOTHING_TYPED,
    SMALLEST_CELL,
    Settings,
    Typed,
    load_settings,
    save_settings,
)
from clipsorter.presence import is_folder
from clipsorter.ui.icons import app_icon, icon
from clipsorter.ui.jobs import JobRunner
from clipsorter.ui.languages import speak
from clipsorter.ui.motion import ReduceMotion, motion
from clipsorter.ui.panels import Panels
from clipsorter.ui.searching.pictures import files_in, folder_in, holds_picture, image_in
from clipsorter.ui.sheets import Sheets
from clipsorter.ui.tab_order import next_stop
from clipsorter.ui.theme import Choice, Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from clipsorter.ui.conductor import Conductor
    from clipsorter.ui.engine_like import EngineLike
    from clipsorter.ui.preparing import Preparing
    from clipsorter.ui.session import Session
    from clipsorter.ui.standing import Standing
    from clipsorter.ui.thumbnails import Reader, ThumbnailLoader
    from clipsorter.ui.turns import Turns

STANDARD = Settings()
SIZE = QSize(1480, 920)  # px, where the screen has room
SMALLEST = QSize(860, 560)
CELL_STEP = 32  # px, as one page of the slider in the settings


class MainWindow(QMainWindow):
    """``make_engine`` is called on the engine thread, ``open_reader`` on the threads that load thumbnails.

    Another language at run time gets new panels and a new conductor over the same session.
    """

    closed = Signal()

    def __init__(
        self,
        make_engine: Callable[[Settings], EngineLike],
        open_reader: Callable[[], Reader],
        *,
        settings_path: Path,
        theme: Theme,
        typed: Typed = NOTHING_TYPED,
    ) -> None:
        super().__init__()
        self._make_engine = make_engine
        self._open_reader = open_reader
        self._settings_path = settings_path
        self._typed = typed
        self.settings = typed.over(load_settings(settings_path))
        self._theme = theme
        self._runner = JobRunner(self)
        self._thumbnails: ThumbnailLoader | None = None
        self._conductor: Conductor | None = None  # there with the session, but for moments between two languages
        self._standing: Standing | None = None  # of the conductor before
        self.setWindowTitle("ClipSorter")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.sheets = Sheets(self, settings_path.parent)
        self.panels = Panels(self)
        self._lay_out()
        self._connect()
        self._restore_place()
        self._theme.choose(Choice(self.settings.theme))
        motion().choose(ReduceMotion(self.settings.reduce_motion))
        self._show_theme()
        self._theme.changed.connect(self._show_theme)
        self.panels.photos.welcome.choose.setFocus()

    # -- what other parts may ask --------------------------------------------------------------------------------

    @cached_property
    def session(self) -> Session:
        """The conversation with the engine; made when it is first asked for, which also opens the data folder."""
        from clipsorter.ui.background import Background  # noqa: PLC0415
        from clipsorter.ui.coming_back import ComingBack  # noqa: PLC0415
        from clipsorter.ui.desktop_motion import DesktopMotion  # noqa: PLC0415
        from clipsorter.ui.desktop_signs import DesktopSigns  # noqa: PLC0415
        from clipsorter.ui.findings import Findings  # noqa: PLC0415
        from clipsorter.ui.session import Session  # noqa: PLC0415 - numpy comes along

        session = Session(partial(self._make_engine, self.settings), self._runner, self)
        self._findings = Findings(session)
        self._conductor = self._make_conductor(session)
        self._background = Background(self.settings, session, self._runner, self)
        self._background.effort_changed.connect(self._show_effort)
        self.closed.connect(ComingBack(session, self).stop)
        DesktopSigns(session, self)
        DesktopMotion(motion(), self)
        self._background.look_at_power()
        session.open()
        return session

    @cached_property
    def _turns(self) -> Turns:
        from clipsorter.ui.turns import Turns  # noqa: PLC0415 - not for the first window

        return Turns(self)

    @cached_property
    def _preparing(self) -> Preparing:
        from clipsorter.ui.preparing import Preparing  # noqa: PLC0415 - not for the first window

        return Preparing(self._runner, self)

    @property
    def has_session(self) -> bool:
        """False as long as asking for ``session`` would open the data folder."""
        return "session" in self.__dict__

    def prepare(self, then: Callable[[], None]) -> None:
        """Import what the session needs, while the window answers; then go on."""
        self._preparing.begin(then)

    def open_folder(self, folder: Path) -> None:
        """Show a folder and look at its photos."""
        self.panels.messages.clear()
        self.session.open_folder(folder)

    def open_recent(self) -> None:
        """Show the folder that was open last, if it is still there."""
        if self.session.is_open:
            self._open_first_recent()
        else:
            self.session.opened.connect(self._open_first_recent, Qt.ConnectionType.SingleShotConnection)

    def _open_first_recent(self) -> None:
        recent = self.session.recent
        if recent and is_folder(recent[0]) and self.session.folder is None:
            self.open_folder(recent[0])

    def choose_folder(self) -> None:
        """Let the person pick a folder."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not for the first window

        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        start = str(self.session.folder or (pictures if is_folder(Path(pictures)) else Path.home()))
        if picked := QFileDialog.getExistingDirectory(self, self.tr("Choose a folder with photos"), start):
            self.open_folder(Path(picked))

    def add_categories(self, text: str, phrases: tuple[str, ...] = ()) -> None:
        self.session.add_categories(text, phrases)

    def _add_typed(self, text: str) -> None:
        if not self.session.add_categories(text):
            self.panels.side.entry.setText(text)  # to be mended, not to be typed again

    def show_error(self, error: Exception) -> None:
        """Once, in words, without stopping anything."""
        from clipsorter.ui.error_words import explain  # noqa: PLC0415 - not for the first window

        self.panels.messages.show_error(explain(error))

    def show_bug(self, error: Exception, trace: str) -> None:
        """Say once that something unexpected happened; ``trace`` is one click away."""
        from clipsorter.ui.error_words import explain  # noqa: PLC0415 - not for the first window

        self.panels.messages.show_error(explain(error), trace)

    # -- making --------------------------------------------------------------------------------------------------

    def _make_conductor(self, session: Session) -> Conductor:
        from clipsorter.ui.board_view import BoardView  # noqa: PLC0415 - numpy comes along
        from clipsorter.ui.conductor import Conductor  # noqa: PLC0415
        from clipsorter.ui.thumbnails import ThumbnailLoader  # noqa: PLC0415

        self._thumbnails = self._thumbnails or ThumbnailLoader(self._open_reader, parent=self)
        conductor = Conductor(
            self.panels, session, self._findings, BoardView(self._thumbnails), self._open_reader, parent=self
        )
        conductor.set_cell_size(self.settings.cell_size / STANDARD.cell_size)
        conductor.sheets.sidecar_style = self.settings.sidecar_style
        return conductor

    def _lay_out(self) -> None:
        panels = self.panels
        right = QVBoxLayout()
        right.setContentsMargins(14, 12, 14, 10)
        right.setSpacing(10)
        right.addWidget(panels.top)
        panels.strips.setSpacing(10)
        right.addLayout(panels.strips)
        right.addWidget(panels.photos, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(panels.side)
        middle.addLayout(right, 1)
        ground = QWidget()
        whole = QVBoxLayout(ground)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(middle, 1)
        whole.addWidget(panels.footer)
        self.setCentralWidget(ground)
        self.setMinimumSize(SMALLEST)

    def _connect(self) -> None:
        """What works before there is a session; the conductor adds the rest."""
        panels, actions = self.panels, self.panels.actions
        panels.bug_details_asked.connect(self.sheets.show_bug_details)
        panels.side.folder_wanted.connect(self.choose_folder)
        panels.side.recent_chosen.connect(self.open_folder)
        panels.side.entry.entered.connect(self._add_typed)
        panels.side.sort.clicked.connect(actions.apply.trigger)
        actions.apply.changed.connect(lambda: panels.side.sort.setEnabled(actions.apply.isEnabled()))
        panels.photos.folder_wanted.connect(self.choose_folder)
        panels.photos.welcome.suggested.connect(self.add_categories)
        panels.category_suggested.connect(self.add_categories)
        actions.open_folder.triggered.connect(self.choose_folder)
        actions.search.triggered.connect(panels.top.focus_search)
        actions.paste_picture.triggered.connect(panels.top.paste_picture)
        panels.top.recent_searches = self.settings.searches
        panels.top.recent_changed.connect(self._keep_searches)
        actions.new_category.triggered.connect(panels.side.entry.setFocus)
        actions.swap_theme.triggered.connect(self._swap_theme)
        actions.gentle.setChecked(self.settings.effort == "half")
        actions.gentle.triggered.connect(self._choose_effort)
        actions.larger.triggered.connect(lambda: self._choose_cell_size(self.settings.cell_size + CELL_STEP))
        actions.smaller.triggered.connect(lambda: self._choose_cell_size(self.settings.cell_size - CELL_STEP))
        actions.usual_size.triggered.connect(lambda: self._choose_cell_size(STANDARD.cell_size))
        actions.models.triggered.connect(lambda _checked: self.sheets.show_models())
        panels.footer.models_wanted.connect(self.sheets.show_models)
        panels.model_wanted.connect(self.sheets.show_models)
        panels.photos.welcome.models_wanted.connect(self.sheets.show_models)
        actions.settings.triggered.connect(lambda _checked: self.sheets.show_settings())
        actions.help.triggered.connect(self.sheets.show_keys)
        actions.about.triggered.connect(self.sheets.show_about)
        actions.quit.triggered.connect(self.close)
        for choice, action in actions.themes.items():
            action.triggered.connect(lambda _checked, choice=choice: self._choose_theme(choice))

    # -- settings ------------------------------------------------------------------------------------------------

    def apply_settings(self, settings: Settings) -> None:
        """Let another choice hold from now on."""
        before = self.settings
        if settings.model != before.model:
            settings = settings.following(before)  # the one before answers until the new one has looked
        self.settings = settings
        self._save_settings()
        self._theme.choose(Choice(settings.theme))
        motion().choose(ReduceMotion(settings.reduce_motion))
        self._show_theme()
        if self.has_session:
            looked_at = (before.excluded, before.left_out), (settings.excluded, settings.left_out)
            keep = looked_at[0] == looked_at[1]
            if not keep or (before.model, before.device) != (settings.model, settings.device):
                self.panels.messages.clear()
                self.session.change_engine(partial(self._make_engine, settings), keep_answer=keep)
            if self._conductor is not None:
                self._conductor.set_cell_size(settings.cell_size / STANDARD.cell_size)
                self._conductor.sheets.sidecar_style = settings.sidecar_style
            self._background.apply(settings)
        self.panels.actions.gentle.setChecked(settings.effort == "half")
        if before.language != settings.language:
            self._speak(settings.language)

    def _speak(self, language: str) -> None:
        """Say everything in another language: the panels and open sheets are made anew.

        In several turns of the event loop: together they would hold the window for a tenth of a second.
        """
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        speak(language, app)
        self.setLocale(QLocale())
        in_settings = self.sheets.close_all()
        if self._conductor is not None:
            self._standing = self._conductor.standing
            self._conductor.close()
            delete(self._conductor)  # hears the session no more
            self._conductor = None
        self.panels.actions.leave()
        self.panels = Panels(self)
        self._lay_out()
        self._connect()
        self._show_theme()
        steps = [self._conduct_again, self._show_everything_known] if self.has_session else []
        self._turns.take([*steps, self.sheets.show_settings_again] if in_settings else steps)

    def _conduct_again(self) -> None:
        self._conductor = self._make_conductor(self.session)

    def _show_everything_known(self) -> None:
        if self._conductor is not None:
            self._conductor.show_everything_known(self._standing)
        self._show_effort()

    def _keep_searches(self, searches: tuple[str, ...]) -> None:
        self.settings = replace(self.settings, searches=searches)
        self._save_settings()

    def _choose_theme(self, choice: Choice) -> None:
        self.apply_settings(replace(self.settings, theme=choice.value))

    def _choose_effort(self, gentle: bool) -> None:
        self.apply_settings(replace(self.settings, effort="half" if gentle else "full"))

    def _choose_cell_size(self, size: int) -> None:
        self.apply_settings(replace(self.settings, cell_size=min(LARGEST_CELL, max(SMALLEST_CELL, size))))

    def _show_effort(self) -> None:
        self.panels.footer.show_effort(self._background.effort)

    def _swap_theme(self) -> None:
        self._choose_theme(Choice.LIGHT if self._theme.is_dark else Choice.DARK)

    def _show_theme(self) -> None:
        actions = self.panels.actions
        actions.swap_theme.setIcon(icon("sun" if self._theme.is_dark else "moon"))
        actions.themes[self._theme.choice].setChecked(True)

    def _restore_place(self) -> None:
        room = self.screen().availableSize()
        self.resize(SIZE.boundedTo(room * 0.94))
        if self.settings.geometry:
            self.restoreGeometry(QByteArray.fromBase64(self.settings.geometry.encode("ascii", "ignore")))

    def _save_settings(self, *, closing: bool = False) -> None:
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        try:
            with suppress(OSError):  # if it cannot be made, saving says so
                self._settings_path.parent.mkdir(parents=True, exist_ok=True)
            now = self._typed.kept_out(self.settings, load_settings(self._settings_path))
            save_settings(self._settings_path, replace(now, geometry=geometry))
        except ClipSorterError as error:
            if not closing:  # the window's place is not worth a message then
                self.show_error(error)

    # -- folders dropped on the window, and the end --------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if event.source() is None and (folder_in(mime) or holds_picture(mime)):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """A folder is opened; a picture is looked for, or its folder opened where there is nothing to look through."""
        mime = event.mimeData()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        files, image = files_in(mime), image_in(mime)
        if folder := folder_in(mime):
            self.open_folder(folder)
        elif not self.has_session or self.session.folder is None:
            if files:
                self.open_folder(files[0].parent)
        elif files:
            self.panels.top.search.files_given.emit(files)
        elif image is not None:
            self.panels.top.search.image_given.emit(image)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the window as it is read."""
        ground = self.centralWidget()
        stop = next_stop(ground, self.focusWidget(), forward=forward) if ground is not None else None
        if stop is not None:
            stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return stop is not None

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once to the eye, then wait for what is being stored."""
        self._save_settings(closing=True)
        self.hide()
        for part in ("_turns", "_preparing"):
            if part in self.__dict__:
                getattr(self, part).stop()
        if self._conductor is not None:
            self._conductor.close()
        if self.has_session:
            self.session.close()
        if self._thumbnails is not None:
            self._thumbnails.close()
        self.sheets.close()
        self._runner.close()
        super().closeEvent(event)
        self.closed.emit()
