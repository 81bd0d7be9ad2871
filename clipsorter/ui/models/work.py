"""What takes time with models, on a thread of its own: not the engine's, so that photos are looked at meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from clipsorter.encoders.catalogue import CatalogueEntry
from clipsorter.encoders.hardware import has_graphics_card, measure_processor
from clipsorter.encoders.hub.address import Network
from clipsorter.encoders.hub.archives import Added, add_model
from clipsorter.encoders.hub.download import download
from clipsorter.encoders.hub.events import Downloaded
from clipsorter.encoders.hub.planning import Plan, plan_download
from clipsorter.encoders.installed import remove_installed
from clipsorter.engine.shelf import ShelfModel, encoder_id_of, find_here, read_shelf
from clipsorter.errors import UnknownModelError
from clipsorter.ui.jobs import Job, JobRunner, Lane


@dataclass(frozen=True, slots=True)
class Removed:
    """The files of a model are gone; ``encoder_id`` is what its embeddings are stored under, None: not known."""

    model_id: str
    encoder_id: str | None


class ModelWork(QObject):
    """One thing at a time, of ``active``; GUI thread. The sheet may come and go meanwhile."""

    shelf_read = Signal(object)  # tuple[ShelfModel, ...]
    planned = Signal(object)  # Plan, to be agreed to
    stepped = Signal(object)  # an event of the download or the copy
    ended = Signal(object)  # Downloaded, Added or Removed
    failed = Signal(object)  # Exception
    changed = Signal()  # active or paused

    def __init__(self, models_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models_folder = models_folder
        self._processor = 0.0
        self._runner = JobRunner(self)
        self._runner.stepped.connect(self._on_stepped)
        self._runner.failed.connect(lambda _job, error: self.failed.emit(error))
        self._runner.finished.connect(self._on_finished)
        self.active = ""  # id of the model that is worked on; "+" while one is added
        self.shelf: tuple[ShelfModel, ...] | None = None  # as it was read last
        self.last_event: object = None  # for a sheet that is opened in the middle

    @property
    def is_paused(self) -> bool:
        return self._runner.is_paused(Lane.WORK)

    def read(self, languages: tuple[str, ...]) -> None:
        """Look what there is; ``shelf_read`` follows."""
        self._runner.start(Lane.QUERY, lambda: self._read(languages))

    def plan(self, entry: CatalogueEntry, network: Network) -> None:
        """Ask the hub what a download would be; ``planned`` follows."""
        self._begin(entry.id, lambda: _planned(entry, network))

    def download(self, plan: Plan, network: Network) -> None:
        """Do what was planned and agreed to."""
        self._begin(plan.entry.id, lambda: download(plan, self._models_folder, network))

    def add(self, source: str) -> None:
        """Copy a model from this machine."""
        self._begin("+", lambda: add_model(source, self._models_folder))

    def remove(self, model_id: str) -> None:
        """Delete a model's files."""
        self._begin(model_id, lambda: self._remove(model_id))

    def pause(self) -> None:
        """Hold after the current step, of at most a fifth of a second."""
        self._runner.pause(Lane.WORK)
        self.changed.emit()

    def resume(self) -> None:
        self._runner.resume(Lane.WORK)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop; what was downloaded is kept for the next time."""
        self._runner.cancel(Lane.WORK)
        self._runner.resume(Lane.WORK)
        self._rest()

    def close(self) -> None:
        """Stop and wait for the thread: at most a step."""
        self._runner.close()

    def _begin(self, model_id: str, make_steps: Callable[[], Iterator[object]]) -> None:
        self._runner.resume(Lane.WORK)
        self.active, self.last_event = model_id, None
        self._runner.start(Lane.WORK, make_steps)
        self.changed.emit()

    def _rest(self) -> None:
        self.active, self.last_event = "", None
        self.changed.emit()

    def _on_stepped(self, job: Job, event: object) -> None:
        if isinstance(event, tuple):
            self.shelf = event
            self.shelf_read.emit(event)
        elif isinstance(event, Plan):
            self.planned.emit(event)
        elif isinstance(event, Downloaded | Added | Removed):
            self.ended.emit(event)
        else:
            self.last_event = event
            self.stepped.emit(event)

    def _on_finished(self, job: Job) -> None:
        if job.lane is Lane.WORK and not self._runner.is_busy(Lane.WORK):
            self._rest()

    # -- the work's own thread -----------------------------------------------------------------------------------

    def _read(self, languages: tuple[str, ...]) -> Iterator[tuple[ShelfModel, ...]]:
        self._processor = self._processor or measure_processor()
        yield read_shelf(self._models_folder, languages, has_gpu=has_graphics_card(), processor=self._processor)

    def _remove(self, model_id: str) -> Iterator[Removed]:
        try:
            encoder_id = encoder_id_of(find_here(model_id, self._models_folder), self._models_folder)
        except UnknownModelError:  # only what an interrupted download left
            encoder_id = None
        remove_installed(model_id, self._models_folder)
        yield Removed(model_id, encoder_id)


def _planned(entry: CatalogueEntry, network: Network) -> Iterator[object]:
    yield (yield from plan_download(entry, network))
