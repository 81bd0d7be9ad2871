"""The everyday words as a model reads them, and how well they describe the photos of a collection.

Words are read once, at the end of an index run. Photos are compared with them when the photos or the categories have
changed, and not after a decision: that would take five times as long as all the rest.
"""

from collections.abc import Generator
from dataclasses import dataclass
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray

from clipsorter.engine.vocabulary import read_vocabulary
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.ranking.elsewhere import choose_words, measure_backdrop
from clipsorter.ranking.prompts import CategoryWeights, describe
from clipsorter.ranking.reasons import Nearest
from clipsorter.ranking.similarity import Backdrop
from clipsorter.values import Embeddings, EncoderSpec


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    embeddings: ReferenceType[Embeddings]
    categories: bytes
    backdrop: Backdrop


class EverydayWords:
    """What one model knows of them. Engine thread only."""

    def __init__(self, cache: Cache, text_id: str) -> None:
        self._cache = cache
        self._text_id = text_id
        self._rows: NDArray[np.float32] | None = None
        self._measured: _Measured | None = None

    def measure(
        self, collection: Collection, weights: CategoryWeights, spec: EncoderSpec
    ) -> Generator[None, None, Backdrop | None]:
        """What stands behind the untaught categories; None where no word is asked, or not all have been read yet."""
        rows = self._read(spec)
        if rows is None or spec.calibration is None or not len(weights):
            return None
        embeddings, frames = collection.embeddings, collection.frames
        known, categories = self._measured, weights.weights.tobytes()
        if known is None or known.embeddings() is not embeddings or known.categories != categories:
            backdrop = yield from measure_backdrop(
                embeddings, weights, rows, logit_scale=spec.logit_scale, calibration=spec.calibration, frames=frames
            )
            self._measured = known = _Measured(ref(embeddings), categories, backdrop)
        return known.backdrop

    def nearest(self, photo: NDArray[np.float32], weights: CategoryWeights, spec: EncoderSpec) -> Nearest | None:
        """Of the words that ``measure`` asks the one that describes a photo [D] best."""
        rows = self._read(spec)
        if rows is None or not len(weights):
            return None
        cosine = np.where(choose_words(weights.weights, rows).asked, rows @ photo, -np.inf)
        best = int(cosine.argmax())
        return Nearest(read_vocabulary()[best].english, float(cosine[best])) if np.isfinite(cosine[best]) else None

    def _read(self, spec: EncoderSpec) -> NDArray[np.float32] | None:
        prompts = everyday_prompts(spec)
        if self._rows is None and prompts:
            known = self._cache.text_embeddings(self._text_id, prompts)
            if len(known) == len(set(prompts)):
                self._rows = np.stack([known[prompt] for prompt in prompts])
        return self._rows if prompts else None


def everyday_prompts(spec: EncoderSpec) -> tuple[str, ...]:
    """One for each word of the vocabulary; none for an encoder whose calibration asks no words.

    The first sentence for each word: all of them tell members from strays no better.
    """
    if spec.calibration is None or not spec.calibration.words:
        return ()
    language = "en" if any(one.startswith("en") for one in spec.languages) else "zh"
    return tuple(describe(word.name(language), spec.languages)[0] for word in read_vocabulary())
