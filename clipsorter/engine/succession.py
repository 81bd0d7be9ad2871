"""One model follows another: one of those before answers until the chosen one has looked at a folder's photos.

Embeddings of every model stay in the cache, so nothing is lost either way: decisions and categories belong to photos,
not to models, and going back is a matter of asking for the embeddings that are there already.
"""

from collections.abc import Sequence
from pathlib import Path

from clipsorter.engine.model import Model
from clipsorter.library.cache import Cache


class Succession:
    """The chosen model and those before it, the latest first. Engine thread only."""

    def __init__(self, chosen: Model, before: Sequence[Model], cache: Cache) -> None:
        self.chosen = chosen
        self._before = [model for model in before if model.encoder_id != chosen.encoder_id]
        self._cache = cache
        self._taken_over: set[Path] = set()  # folders that the chosen model answers for

    def serving(self, folder: Path) -> Model:
        """Which model answers for ``folder`` now: the chosen one as soon as none before has looked at more photos.

        Until then it is the one that has looked at most; of equals, the latest.
        """
        if not self._before or folder in self._taken_over:
            return self.chosen
        best = max([self.chosen, *self._before], key=lambda model: self._cache.count(folder, model.encoder_id))
        if best is self.chosen:
            self.take_over(folder)
        return best

    def take_over(self, folder: Path) -> None:
        """The chosen model has looked at every photo of ``folder`` that can be read."""
        self._taken_over.add(folder)
        for model in self._before:
            model.close()  # another folder may still need it: then it starts again

    def of(self, encoder_id: str) -> Model:
        """The model whose embeddings these are."""
        return next((model for model in self._before if model.encoder_id == encoder_id), self.chosen)

    def abandon(self) -> None:
        """Wait for no encoder any longer; see ``Model.abandon``. Any thread."""
        for model in (self.chosen, *self._before):
            model.abandon()

    def close(self) -> None:
        """End the encoder processes."""
        for model in (self.chosen, *self._before):
            model.close()
