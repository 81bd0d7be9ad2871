"""The model in use: its encoder is started when first needed, and asked for each text once."""

import logging
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.encoders.encoder import Encoder
from clipsorter.encoders.offers import find_reader
from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.pool import EncoderPool
from clipsorter.encoders.process import EncoderProcess
from clipsorter.encoders.sources import ModelSource
from clipsorter.engine.events import EncoderReady, EncoderStarting
from clipsorter.engine.everyday import EverydayWords
from clipsorter.library.cache import Cache
from clipsorter.values import EncoderSpec

POLL_SECONDS = 0.2  # between two looks at a starting encoder; also the longest pause before a cancel is seen


logger = logging.getLogger(__name__)


class Model:
    """One model on one device. Engine thread only."""

    def __init__(self, source: ModelSource, device: str, cache: Cache, graphs: Path | None = None) -> None:
        """``graphs`` as for ``open_encoder``."""
        self._source = source
        self._graphs = graphs
        self._device = device
        self._cache = cache
        self._encoder: Encoder | None = None
        self.everyday = EverydayWords(cache, source.text_id)
        self._logged = ""  # the device that the log knows of: this is asked for hundreds of times

    @property
    def encoder_id(self) -> str:
        """Names architecture, weights and preprocessing; known without starting anything."""
        return self._source.encoder_id

    @property
    def remembered_spec(self) -> EncoderSpec | None:
        """What an earlier run learned about this encoder, or None before the first."""
        return self._cache.encoder_spec(self.encoder_id)

    @property
    def name(self) -> str:
        """The model's name, for people."""
        return self._source.name

    def understands(self, phrase: str) -> bool:
        """False where no word of a phrase is known to the model, so that searching for it would return noise."""
        return self._source.understands(phrase)

    def offer(self, phrase: str) -> str:
        """What to do about a phrase that is not understood, the end of a sentence: another word, or another model."""
        reader = find_reader(phrase)
        return f"try another one, or the model {reader.name} ({reader.id})" if reader else "try another one"

    def start(self) -> None:
        """Begin loading in the background, if that has not begun."""
        if self._encoder is None:
            self._encoder = open_encoder(self._source, self._device, graphs=self._graphs)

    def ready(self) -> Generator[EncoderStarting | EncoderReady, None, Encoder]:
        """Wait for the encoder without blocking for long; returns it.

        Raises ModelError when it cannot be loaded; the next call tries again from the start.
        """
        self.start()
        assert self._encoder is not None
        try:
            while not self._encoder.ready(POLL_SECONDS):
                yield EncoderStarting(self._source.name)
            spec = self._encoder.spec
        except Exception:
            self.close()
            raise
        if self._logged != self._encoder.device:
            self._logged = self._encoder.device
            logger.info("%s is ready on %s", self.encoder_id, self._logged)
        if self.remembered_spec != spec:
            self._cache.put_encoder_spec(spec)
        siblings = getattr(self._encoder, "siblings", ())
        yield EncoderReady(spec.name, self._encoder.device, siblings)  # every time: whoever heard it before may be gone
        return self._encoder

    def spec(self) -> Generator[EncoderStarting | EncoderReady, None, EncoderSpec]:
        """The encoder's spec, from memory where possible so that nothing has to be started."""
        if remembered := self.remembered_spec:
            return remembered
        return (yield from self.ready()).spec

    def lacks(self, prompts: Sequence[str]) -> bool:
        """Whether the encoder is needed to embed all of these prompts."""
        return not self._cache.text_embeddings(self._source.text_id, prompts).keys() >= set(prompts)

    def embed_texts(
        self, prompts: Sequence[str]
    ) -> Generator[EncoderStarting | EncoderReady, None, dict[str, NDArray[np.float32]]]:
        """Embeddings [D] of these prompts, L2-normalised; each prompt is encoded once in the life of the cache."""
        known = self._cache.text_embeddings(self._source.text_id, prompts)
        if missing := [prompt for prompt in dict.fromkeys(prompts) if prompt not in known]:
            encoder = yield from self.ready()
            embeddings = encoder.encode_texts(missing)
            self._cache.put_text_embeddings(self._source.text_id, missing, embeddings)
            known |= dict(zip(missing, embeddings, strict=True))
        return known

    def abandon(self) -> None:
        """Wait for the encoder no longer, whatever it does: waiting steps end with a ModelError. Any thread."""
        if isinstance(encoder := self._encoder, EncoderProcess | EncoderPool):
            encoder.abandon()

    def close(self) -> None:
        """End the encoder process, if one runs."""
        if self._encoder is not None:
            self._encoder.close()
            self._encoder = None
            self._logged = ""
