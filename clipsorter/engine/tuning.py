"""Strictness and cut-offs follow the model that answers: cosines of two encoders have nothing in common."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace

from clipsorter.engine.requests import RankRequest
from clipsorter.library.library import Library


@dataclass(frozen=True, slots=True)
class Tuned:
    """How strict the person is with ``encoder_id``, whose embeddings answer from now on."""

    encoder_id: str
    strictness: float
    cutoffs: Mapping[str, float]  # by category, removed ones included; all others have the common strictness


class Tuning:
    """Which encoder the library's strictness and cut-offs are about. Engine thread only."""

    def __init__(self, library: Library, encoder_id: str) -> None:
        """``encoder_id`` may be empty: the model is not here, and all else goes on."""
        self._library = library
        self.encoder_id = encoder_id
        library.use_encoder(encoder_id)

    def follow(self, encoder_id: str) -> None:
        """From now on another encoder answers; what was tuned to the one before is kept for its return."""
        if encoder_id != self.encoder_id:
            self._library.use_encoder(encoder_id)
            self.encoder_id = encoder_id

    def fit(self, request: RankRequest) -> Generator[Tuned, None, RankRequest]:
        """The request as the person would make it for this encoder; says so where it was made for another one."""
        if request.tuned_to in ("", self.encoder_id):
            return request
        tuned = self.read()
        yield tuned
        return replace(
            request,
            categories=tuple(replace(one, cutoff=tuned.cutoffs.get(one.name)) for one in request.categories),
            strictness=tuned.strictness,
            tuned_to=self.encoder_id,
        )

    def read(self) -> Tuned:
        """What the library remembers for this encoder."""
        return Tuned(self.encoder_id, self._library.strictness(), self._library.cutoffs())
