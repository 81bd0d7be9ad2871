"""One model follows another: the one before answers until the chosen one has looked at a folder's photos.

Embeddings of every model stay in the cache, so nothing is lost either way: decisions and categories belong to photos,
not to models, and going back is a matter of asking for the embeddings that are there already.
"""

from pathlib import Path

from clipsorter.engine.model import Model
from clipsorter.library.cache import Cache


class Succession:
    """The chosen model and perhaps the one before it. Engine thread only."""

    def __init__(self, chosen: Model, before: Model | None, cache: Cache) -> None:
        self.chosen = chosen
        self._before = before if before is not None and before.encoder_id != chosen.encoder_id else None
        self._cache = cache
        self._taken_over: set[Path] = set()  # folders that the chosen model answers for

    def serving(self, folder: Path) -> Model:
        """Which model answers for ``folder`` now: the chosen one as soon as it has looked at as many photos."""
        if self._before is None or folder in self._taken_over:
            return self.chosen
        if self._cache.count(folder, self.chosen.encoder_id) < self._cache.count(folder, self._before.encoder_id):
            return self._before
        self.take_over(folder)
        return self.chosen

    def take_over(self, folder: Path) -> None:
        """The chosen model has looked at every photo of ``folder`` that can be read."""
        self._taken_over.add(folder)
        if self._before is not None:
            self._before.close()  # another folder may still need it: then it starts again

    def of(self, encoder_id: str) -> Model:
        """The model whose embeddings these are."""
        if self._before is not None and encoder_id == self._before.encoder_id:
            return self._before
        return self.chosen

    def close(self) -> None:
        """End the encoder processes."""
        self.chosen.close()
        if self._before is not None:
            self._before.close()
