"""What the window and the engine say to each other about one data folder.

The session holds what the window shows (folder, categories, board, progress, what can be undone) and turns a person's
wishes into jobs. It knows no widget; the window knows no engine. Everything here runs on the GUI thread and only moves
frozen values; all work happens in the generators on the engine thread.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from clipsorter.engine import events
from clipsorter.engine.requests import RankRequest, Sample
from clipsorter.engine.tuning import Tuned
from clipsorter.errors import CacheDamagedError, CategoryError, DecodeError, QueryError, UnknownWordsError
from clipsorter.library.collection import Collection
from clipsorter.library.strictness import DEFAULT_STRICTNESS
from clipsorter.ranking.board import Board
from clipsorter.ui.category_edits import add_typed, change_one, remove_one, reorder
from clipsorter.ui.engine_like import EngineLike, MakeEngine
from clipsorter.ui.history import CategoryChange, DecisionChange, History, keep_cutoffs
from clipsorter.ui.jobs import Job, JobRunner, Lane
from clipsorter.ui.kept_engine import KeptEngine
from clipsorter.ui.moves import Moves, decide_photos
from clipsorter.ui.progress import RUNNING, Phase, Progress
from clipsorter.ui.work_progress import Failure, WorkProgress
from clipsorter.values import Category, CategorySet

RERANK_MS = 1000  # while photos come in: often enough to watch the bins fill, seldom enough to leave time for them


class Session(QObject):
    """State and wishes; each signal says what has changed, its new value is read from the session."""

    opened = Signal()  # folders, categories and strictness are as the library remembers them
    folder_changed = Signal()
    categories_changed = Signal()
    strictness_changed = Signal()
    ranked = Signal()  # board and collection are new, or None
    progressed = Signal()
    learned = Signal(object)  # Learned
    history_changed = Signal()
    failed = Signal(object)  # Exception

    def __init__(self, make_engine: MakeEngine, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = KeptEngine(make_engine)  # used on the engine thread, but to abandon it
        self.runner = runner  # what pumps the jobs, lent ones too
        runner.give_way_on(events.EncoderStarting)
        self._history = History()
        self._moves = Moves()
        self._unasked: Job | None = None  # asks for a board because photos came in
        self.is_unasked = False  # the board came because photos came in; no wish of the person waits for it
        self._told_unknown: set[str] = set()
        self.siblings: tuple[str, ...] = ()  # graphics cards beside the one at work, by torch's names
        self.is_open = False
        self._when_open: list[Callable[[], object]] = []  # edits made before the library was read
        self._work = WorkProgress(self)
        self._work.changed.connect(self.progressed)
        self._rerank = QTimer(self, singleShot=True, interval=RERANK_MS)
        self._rerank.timeout.connect(self._rank_if_free)
        self.folder: Path | None = None
        self.recent: tuple[Path, ...] = ()
        self.categories: tuple[Category, ...] = ()
        self.strictness = DEFAULT_STRICTNESS
        self._tuned_to = ""  # the encoder that strictness and cut-offs are meant for
        self._cutoffs: Mapping[str, float] = {}  # what was known for it when it began to answer
        self.query = ""
        self.samples: tuple[Sample, ...] = ()
        self.nearest = 0
        self._understood: tuple[str, tuple[Sample, ...]] = ("", ())  # the newest search that was answered
        self.answer: events.Ranked | None = None  # what board and collection are from
        runner.stepped.connect(self._on_stepped)
        runner.failed.connect(self._on_failed)
        runner.finished.connect(self._on_finished)

    # -- wishes --------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Read what the library remembers; ``opened`` follows."""
        self.runner.start(Lane.SAVE, lambda: self._engine.ready().open())

    def change_engine(self, make_engine: MakeEngine, *, keep_answer: bool = False) -> None:
        """Go on with another engine over the same data folder; the open folder is looked at with it.

        With ``keep_answer`` the board stays: the new engine knows the model it is from and answers with it meanwhile.
        """
        self.runner.cancel(Lane.QUERY)
        self.runner.cancel(Lane.WORK)
        self._engine.abandon()
        self.runner.start(Lane.SAVE, lambda: self._engine.swap(make_engine))
        self._told_unknown.clear()
        self._work.show(Progress())
        if self.folder is not None:
            if not keep_answer:
                self._set_answer(None)
            self.look()

    def open_folder(self, folder: Path) -> None:
        """Show this folder and look at what is new in it."""
        self.runner.cancel(Lane.QUERY)
        self._set_answer(None)
        self.folder = folder
        self.recent = (folder, *(other for other in self.recent if other != folder))
        self.folder_changed.emit()
        self.look()

    def look(self) -> None:
        """Look for new and changed photos in the open folder."""
        if (folder := self.folder) is None:
            return
        self.runner.resume(Lane.WORK)
        self._work.begin()
        self.runner.start(Lane.WORK, lambda: self._engine.ready().index(folder))

    def look_quietly(self) -> None:
        """As ``look``, but nothing is seen of it unless something is new. Not beside other work, nor after a stop."""
        at_rest = self.progress.phase is Phase.DONE and not self.runner.is_busy(Lane.WORK)
        if (folder := self.folder) is not None and at_rest and not self.runner.is_busy(Lane.FILING):
            self._work.begin(quietly=True)
            self.runner.start(Lane.WORK, lambda: self._engine.ready().index(folder))

    def pause(self) -> None:
        self.runner.pause(Lane.WORK)
        self._work.show_phase(Phase.PAUSED)

    def resume(self) -> None:
        self.runner.resume(Lane.WORK)
        self._work.show_phase(Phase.LOOKING if self.progress.total else Phase.SCANNING)

    def cancel(self) -> None:
        """Stop looking at photos; what is done is kept."""
        self.runner.cancel(Lane.WORK)
        self.runner.resume(Lane.WORK)
        self._rerank.stop()
        self._work.show_phase(Phase.CANCELLED)
        self.rank()

    def rank(self) -> None:
        """Ask for a new board; the newest question wins."""
        self._unasked = None
        self._ask_for_board()

    def _ask_for_board(self) -> Job | None:
        self._rerank.stop()
        if (folder := self.folder) is None:
            return None
        request = self.request
        return self.runner.start(Lane.QUERY, lambda: self._engine.ready().rank(folder, request))

    def search(self, phrase: str, samples: tuple[Sample, ...] = (), *, nearest: int = 0) -> None:
        """Filter the board; where nothing matches, ``nearest`` photos are shown all the same."""
        self.query, self.samples, self.nearest = phrase, samples, nearest
        self.rank()

    def set_strictness(self, strictness: float) -> None:
        """How sure to be before a photo leaves Unsorted, in [0, 1]."""
        if self.is_open and strictness != self.strictness:
            self.strictness = strictness
            self.strictness_changed.emit()
            self.runner.start(Lane.SAVE, lambda: self._engine.ready().save_strictness(strictness))
            self.rank()

    def reset_cutoffs(self) -> None:
        """Sort as strictly as at first, in every category."""
        self._change_categories(tuple(replace(one, cutoff=None) for one in self.categories))
        self.set_strictness(DEFAULT_STRICTNESS)

    def add_categories(self, text: str, phrases: tuple[str, ...] = ()) -> bool:
        """Add what was typed, several separated by commas. Names that exist are skipped.

        False where it cannot be used, which ``failed`` tells.
        """
        if not self.is_open:  # storing a list before the old one is read would lose the old one
            self._when_open.append(lambda: self.add_categories(text, phrases))
            return True
        try:
            self._change_categories(add_typed(self.categories, text, phrases))
        except CategoryError as error:
            self.failed.emit(error)
            return False
        return True

    def change_category(self, old: str, after: Category) -> None:
        """Replace all about a category, its name included; problems go to ``failed``."""
        try:
            self._change_categories(*change_one(self.categories, old, after))
        except CategoryError as error:
            self.failed.emit(error)

    def use_set(self, chosen: CategorySet) -> None:
        """Take up another list of categories; what a person decided stays."""
        self._change_categories(chosen.categories)
        if chosen.strictness is not None:
            self.set_strictness(chosen.strictness)

    def rename_category(self, old: str, typed: str) -> None:
        for one in self.categories:
            if one.name == old:
                self.change_category(old, replace(one, name=typed))

    def remove_category(self, name: str) -> None:
        self._change_categories(remove_one(self.categories, name))

    def reorder_categories(self, names: Sequence[str]) -> None:
        self._change_categories(reorder(self.categories, names))

    def decide(self, photo_ids: NDArray[np.int64], bin_name: str | None) -> None:
        """Put photos into a bin (None: into none) by a person's word; they teach the bin."""
        self.decide_each(photo_ids, [bin_name] * len(photo_ids))

    def decide_each(self, photo_ids: NDArray[np.int64], bin_names: Sequence[str | None]) -> None:
        """Put each of these photos into a bin of its own, all in one step that can be taken back."""
        if (collection := self.collection) is None or not len(photo_ids):
            return
        change = DecisionChange(len(photo_ids))
        self._history.add(change)
        self._moves.decide(photo_ids)
        decide = self._engine.decide
        # Put together on the engine thread: for 100,000 photos it takes a quarter of a second.
        job = self.runner.start(Lane.SAVE, lambda: decide(decide_photos(collection, photo_ids, bin_names), change))
        self._moves.save(job, change)
        self.history_changed.emit()
        self.rank()

    def undo(self) -> None:
        if self._history.can_undo:
            self._moves.forget()
            change = self._history.take_back()
            if isinstance(change, CategoryChange):
                self._replay(change, change.before, {new: old for old, new in change.renamed.items()})
            else:
                self.runner.start(Lane.SAVE, lambda: self._engine.undo(change))
                self.rank()
            self.history_changed.emit()

    def redo(self) -> None:
        if self._history.can_redo:
            change = self._history.put_back()
            if isinstance(change, CategoryChange):
                self._replay(change, change.after, change.renamed)
            else:
                self.runner.start(Lane.SAVE, lambda: self._engine.redo(change))
                self.rank()
            self.history_changed.emit()

    def lend(self, lane: Lane, ask: Callable[[EngineLike], Iterator[object]]) -> Job:
        """Let somebody else use the engine; what the job says is heard at ``runner``."""
        return self.runner.start(lane, lambda: ask(self._engine.ready()))

    @property
    def request(self) -> RankRequest:
        """The board that is wanted now."""
        return RankRequest(
            self.categories, self.strictness, self.query, self.samples, self.nearest, tuned_to=self._tuned_to
        )

    @property
    def progress(self) -> Progress:
        """How far the looking at photos is."""
        return self._work.now

    @property
    def failures(self) -> list[Failure]:
        """What could not be read."""
        return self._work.failures

    @property
    def board(self) -> Board | None:
        """The newest board; None before the first."""
        return self.answer.board if self.answer else None

    @property
    def collection(self) -> Collection | None:
        """The photos of the board."""
        return self.answer.collection if self.answer else None

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo

    def close(self) -> None:
        """Stop work, store what was made, close the engine; blocks until that is done."""
        self._rerank.stop()
        self._work.stop()
        self._engine.abandon()
        self.runner.close(self._engine.close)

    # -- what the engine says ------------------------------------------------------------------------------------

    def _on_stepped(self, job: Job, event: object) -> None:
        match event:
            case events.Opened():
                self._on_opened(event)
            case Tuned():
                self._on_tuned(event)
            case events.Ranked():
                self.is_unasked = job is self._unasked
                self._on_ranked(event)
                self._tell_unknown(event.unknown)
            case events.EncoderStarting(name):
                self._work.start_model(name, for_work=job.lane is Lane.WORK)
            case events.EncoderReady(name, device, siblings):
                self.siblings = siblings or self.siblings  # a pool, which has them all, names none
                self._work.model_is_ready(name, device)
            case events.Scanned(photos=photos, unchanged=unchanged, done=done):
                if unchanged and self.board is None and not self.runner.is_busy(Lane.QUERY):
                    self.rank()  # what an earlier run has looked at is shown at once
                self._work.find(photos, unchanged, all_found=done)
            case events.Embedded(done, total, rate, seconds_left):
                self._work.look(done, total, rate, seconds_left)
                if not self._work.is_quiet:
                    self._rank_soon()
            case events.PhotoFailed() | events.EntryFailed() | events.KindLeftOut():
                self._work.fail(event)
            case events.Indexed(photos=photos, changed=changed):
                if changed or not self._work.is_quiet:
                    self._unasked = self._ask_for_board()
                self._work.end(photos)

    def _on_opened(self, opened: events.Opened) -> None:
        self.recent = tuple(dict.fromkeys((*self.recent, *opened.folders)))
        self.categories, self.strictness = opened.categories, opened.strictness
        self._tuned_to, self._cutoffs = opened.tuned_to, opened.cutoffs
        self._work.name_model(opened.model)
        self.is_open = True
        self.opened.emit()
        self.categories_changed.emit()
        waiting, self._when_open = self._when_open, []
        for edit in waiting:
            edit()

    def _on_tuned(self, tuned: Tuned) -> None:
        """Another model answers from now on, with what was tuned to it."""
        self.categories = tuple(replace(one, cutoff=tuned.cutoffs.get(one.name)) for one in self.categories)
        self.strictness, self._tuned_to, self._cutoffs = tuned.strictness, tuned.encoder_id, tuned.cutoffs
        self.categories_changed.emit()
        self.strictness_changed.emit()

    def _on_ranked(self, answer: events.Ranked) -> None:
        self._understood = self.query, self.samples
        before = self.board
        self._set_answer(answer)
        if learned := self._moves.learn(before, answer.board):
            self.learned.emit(learned)

    def _tell_unknown(self, names: Sequence[str]) -> None:
        """Say once of each category that the model does not know its words."""
        if new := [name for name in names if name not in self._told_unknown]:
            self._told_unknown.update(new)
            self.failed.emit(UnknownWordsError(", ".join(new)))

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job.lane is Lane.FILING:
            return  # the sheet that asked tells of it
        if change := self._moves.end(job):
            self._history.forget(change)
            self.history_changed.emit()
        if job.lane is Lane.WORK:
            self._work.show_phase(Phase.STOPPED)
        else:
            self._work.end_answering()
        self.failed.emit(error)
        if isinstance(error, CacheDamagedError) and job.lane is not Lane.WORK:  # that lane has begun anew by itself
            self.look()
        if isinstance(error, QueryError | DecodeError) and (self.query, self.samples) != self._understood:
            self.query, self.samples = self._understood  # the board goes on showing photos and decisions as they come
            self.rank()

    def _on_finished(self, job: Job) -> None:
        self._moves.end(job)
        if job.lane is Lane.WORK and self.progress.phase in RUNNING:
            self._work.show_phase(Phase.DONE)

    # -- state ---------------------------------------------------------------------------------------------------

    def _change_categories(self, after: tuple[Category, ...], renamed: Mapping[str, str] | None = None) -> None:
        if after != self.categories:
            change = CategoryChange(self.categories, after, renamed or {}, self._tuned_to)
            self._history.add(change)
            self._apply_categories(after, change.renamed)
            self.history_changed.emit()

    def _replay(self, change: CategoryChange, categories: tuple[Category, ...], renamed: Mapping[str, str]) -> None:
        if change.tuned_to != self._tuned_to:
            categories = keep_cutoffs(categories, self.categories, renamed, self._cutoffs)
        self._apply_categories(categories, renamed)

    def _apply_categories(self, categories: tuple[Category, ...], renamed: Mapping[str, str]) -> None:
        self.categories = categories
        self.runner.start(Lane.SAVE, lambda: self._engine.ready().save_categories(categories, renamed))
        self.categories_changed.emit()
        self.rank()

    def _set_answer(self, answer: events.Ranked | None) -> None:
        self.answer = answer
        self.ranked.emit()

    def _rank_soon(self) -> None:
        if not self._rerank.isActive():
            self._rerank.start()

    def _rank_if_free(self) -> None:
        if self.runner.is_busy(Lane.QUERY):
            self._rerank.start()  # an answer is on its way; asking again would throw it away
        else:
            self._unasked = self._ask_for_board()
