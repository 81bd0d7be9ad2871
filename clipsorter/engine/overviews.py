"""Every photo of a board in one order: of a search's answer, or by the time it was taken."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from clipsorter.engine.events import Ranked
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.ranking.overview import choose_order, gather, order_newest_first


class Overviews:
    """Remembers the times of the newest collection: to read them takes longer than to order by them. Engine thread."""

    def __init__(self) -> None:
        self._newest: tuple[Collection, NDArray[np.intp]] | None = None

    def add(self, ranked: Ranked, cache: Cache) -> Ranked:
        """The same answer with its overview."""
        collection = ranked.collection
        if self._newest is None or self._newest[0] is not collection:
            self._newest = collection, order_newest_first(cache.taken(collection.photo_ids))
        order, is_ranked = choose_order(self._newest[1], ranked.search)
        return replace(ranked, overview=gather(ranked.board, collection.photo_ids, order, is_ranked=is_ranked))
