"""What is found in the open folder besides its bins: categories that suggest themselves, albums, duplicates.

It lives as long as the session: new panels, in another language, show at once what is known.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from clipsorter.engine.albums import Albums
from clipsorter.engine.duplicates import Duplicates
from clipsorter.engine.exploring import Suggested
from clipsorter.library.collection import Collection
from clipsorter.ui.engine_like import EngineLike
from clipsorter.ui.grouping.duplicate_model import Marks, read_groups
from clipsorter.ui.jobs import Job, Lane
from clipsorter.ui.progress import RUNNING, Phase
from clipsorter.ui.session import Session

SUGGESTED = 12  # asked for; the panel shows the first of them
FIRST_SUGGESTIONS = 48  # photos that are worth a first look
UNASKED = 5_000  # photos up to which duplicates are looked for without being asked


class Findings(QObject):
    """Asks one after the other, when there are photos enough; each signal says what is new here. GUI thread."""

    suggested_changed = Signal()
    albums_changed = Signal()
    duplicates_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._model = ""  # that suggested
        self._job: Job | None = None  # one at a time: a newer one would end it
        self._begin_anew()
        session.folder_changed.connect(self._forget)
        session.ranked.connect(self._look)
        session.progressed.connect(self._look)
        session.runner.stepped.connect(self._on_stepped)
        session.runner.finished.connect(self._on_finished)

    def compare(self) -> None:
        """Look for duplicates, among however many photos, unless these have been compared."""
        self._compare_wanted = self._photos() != self._compared_at
        self._look()

    @property
    def duplicates(self) -> int | None:
        """Photos that have a twin which is proposed to stay; None: nobody has looked."""
        return sum(len(group.twins) - 1 for group in self.marks.groups) if self.is_compared else None

    def _begin_anew(self) -> None:
        self.suggested = Suggested(())
        self.albums = Albums((), ())
        self.marks = Marks(())  # what the person marks stays marked
        self.is_compared = False
        self._suggested_at = 0  # photos when each was asked for
        self._listed_at = self._compared_at = -1
        self._compare_wanted = False

    def _forget(self) -> None:
        self._session.runner.cancel(Lane.ASIDE)
        self._job = None
        self._begin_anew()
        self.suggested_changed.emit()
        self.albums_changed.emit()
        self.duplicates_changed.emit()

    def _look(self) -> None:
        """While photos come in, albums follow at every doubling; duplicates wait until all are there."""
        folder, collection, photos = self._session.folder, self._session.collection, self._photos()
        if folder is None or collection is None or not photos or self._job is not None:
            return
        running = self._session.progress.phase in RUNNING
        if (model := self._session.request.tuned_to) != self._model:
            self._model, self._suggested_at = model, 0  # another one finds other words
        if self._is_worth_suggesting(photos):
            self._suggested_at = photos
            self._ask(lambda engine: engine.suggest(folder, SUGGESTED))
        elif photos != self._listed_at and (not running or photos >= 2 * self._listed_at):
            self._listed_at = photos
            self._ask(lambda engine: engine.albums(folder))
        elif photos != self._compared_at and (self._compare_wanted or (not running and photos <= UNASKED)):
            self._compare_wanted, self._compared_at = False, photos
            self._ask(partial(_find_groups, folder=folder, collection=collection))

    def _photos(self) -> int:
        collection = self._session.collection
        return 0 if collection is None else len(collection)

    def _is_worth_suggesting(self, photos: int) -> bool:
        """Once there are enough photos, again when there are four times as many, and when all are there."""
        ended = self._session.progress.phase is Phase.DONE and photos != self._suggested_at
        return ended or photos >= max(FIRST_SUGGESTIONS, 4 * self._suggested_at)

    def _ask(self, ask: Callable[[EngineLike], Iterator[object]]) -> None:
        self._job = self._session.lend(Lane.ASIDE, ask)

    def _on_stepped(self, job: Job, event: object) -> None:
        if job is not self._job:
            return
        match event:
            case Suggested():
                self.suggested = event
                self.suggested_changed.emit()
            case Albums():
                self.albums = event
                self.albums_changed.emit()
            case Marks():
                self.marks, self.is_compared = event, True
                self.duplicates_changed.emit()

    def _on_finished(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._look()


def _find_groups(engine: EngineLike, *, folder: Path, collection: Collection) -> Iterator[object]:
    """On the engine thread: among 100,000 photos even the names take too long for the window's."""
    for event in engine.find_duplicates(folder):
        yield Marks(read_groups(event, collection)) if isinstance(event, Duplicates) else None
