"""Where an engine works: one data folder, its two stores, and the models that answer for its photos."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from clipsorter.encoders.sources import ModelSource, find_model
from clipsorter.engine.model import Model
from clipsorter.engine.succession import Succession
from clipsorter.engine.tuning import Tuning
from clipsorter.errors import ModelError
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.library.data_folder import DataFolder
from clipsorter.library.library import Library
from clipsorter.photos.scan import check_folder


class Workplace:
    """Opens each part when it is first needed, so that constructing it touches nothing. Engine thread.

    May raise StoreError where the data folder or a database cannot be opened, ModelError where the model is not here.
    """

    def __init__(self, data_folder: Path, model: str, models_before: Sequence[str], device: str) -> None:
        self.place = DataFolder(data_folder)
        self.device = device
        self._model_name = model
        self._models_before = models_before
        self._opened: tuple[Cache, Library] | None = None
        self._tuning: Tuning | None = None
        self._models: Succession | None = None

    def stores(self) -> tuple[Cache, Library]:
        """The two databases; the data folder is locked from now on."""
        if self._opened is None:
            self.place.open()
            library = Library.open(self.place.library_path)
            try:
                self._tuning = Tuning(library, self._chosen_id())
                self._opened = Cache.open(self.place.cache_path), library
            except BaseException:
                library.close()
                raise
        return self._opened

    def cache(self) -> Cache:
        """What can be made again."""
        return self.stores()[0]

    def library(self) -> Library:
        """What a person made."""
        return self.stores()[1]

    def models(self) -> Succession:
        """The chosen model and those before it that are still here."""
        if self._models is None:
            cache = self.cache()
            place, graphs = self.place.models_path, self.place.graphs_path
            chosen = Model(find_model(self._model_name, place), self.device, cache, graphs)
            before = []
            for name in self._models_before:
                with suppress(ModelError):  # it was removed meanwhile
                    before.append(Model(find_model(name, place), self.device, cache, graphs))
            self._models = Succession(chosen, before, cache)
        return self._models

    def tuning(self) -> Tuning:
        """Strictness and cut-offs of the model that answers."""
        self.stores()
        assert self._tuning is not None
        return self._tuning

    def encoder_id(self) -> str:
        """Whose strictness and cut-offs are in use; empty where the model is not here."""
        return self.tuning().encoder_id

    def model_name(self) -> str:
        """What people call the chosen model; empty where it is not here."""
        source = self._chosen()
        return "" if source is None else source.name

    def answering(self, folder: Path) -> Model:
        """The model that answers for a folder; FolderError where that is none."""
        return self.models().serving(check_folder(folder))

    def serving(self, folder: Path) -> tuple[Collection, Model]:
        """The photos of a folder as the model that answers for it knows them, and that model."""
        model = self.answering(folder)
        self.tuning().follow(model.encoder_id)
        return self.cache().collection(check_folder(folder), model.encoder_id), model

    def abandon(self) -> None:
        """See ``Engine.abandon``."""
        if (models := self._models) is not None:
            models.abandon()

    def close(self) -> None:
        """End worker processes, close databases, release the lock. Safe to call twice."""
        if self._models is not None:
            self._models.close()
            self._models = None
        if self._opened is not None:
            for store in self._opened:
                store.close()
            self._opened = None
        self.place.close()

    def _chosen(self) -> ModelSource | None:
        try:
            return find_model(self._model_name, self.place.models_path)
        except ModelError:
            return None

    def _chosen_id(self) -> str:
        source = self._chosen()
        return "" if source is None else source.encoder_id
