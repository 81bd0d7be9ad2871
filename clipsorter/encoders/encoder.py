"""What every encoder promises: numpy in, L2-normalised numpy out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from clipsorter.values import Embeddings, EncoderSpec, Pixels


class Answer(Protocol):
    """What comes of one request. Belongs to the encoder's thread."""

    def is_there(self, timeout: float = 0.0) -> bool:
        """Whether a call would return, or raise, without waiting; waits at most ``timeout`` seconds for that."""
        ...

    def forget(self) -> None:
        """Nobody wants it any more; it must not be called after this."""
        ...

    def __call__(self) -> Embeddings:
        """Wait for the embeddings; to be called once. May raise what the request itself may raise."""
        ...


class Encoder(Protocol):
    """Turns pixels and words into embeddings of one space. Owned by one thread.

    All methods may raise ``ModelError`` (or a subclass) with a sentence for the person. ``spec``, ``device`` and
    ``batch_size`` may block until the model is loaded.
    """

    @property
    def spec(self) -> EncoderSpec:
        """What is known of the model; never changes."""
        ...

    @property
    def device(self) -> str:
        """The device at work, for people ("CPU (2 cores)"); may change to the CPU when memory runs out."""
        ...

    @property
    def batch_size(self) -> int:
        """Photos that one request best holds on this device, found by a short probe; at least 1."""
        ...

    @property
    def depth(self) -> int:
        """Requests worth keeping under way, so that no device waits for the next; at least 1."""
        ...

    def ready(self, timeout: float = 0.0) -> bool:
        """True as soon as the model is loaded; waits at most ``timeout`` seconds."""
        ...

    def encode_images(self, pixels: Pixels) -> Embeddings:
        """Embed ``pixels`` uint8 [B, S, S, 3] as float32 [B, D], rows L2-normalised; B may be 0."""
        ...

    def submit_images(self, pixels: Pixels) -> Answer:
        """Start what ``encode_images`` does and return at once."""
        ...

    def encode_texts(self, prompts: Sequence[str]) -> Embeddings:
        """Embed ``prompts`` as float32 [len(prompts), D], rows L2-normalised; may be empty."""
        ...

    def close(self) -> None:
        """Give everything back. Safe to call twice."""
        ...


class InProcess(ABC):
    """What every ``Encoder`` in this process shares: a request is answered before the next is made."""

    depth = 1
    reads_meanwhile = False  # whether ``encode_texts`` may run on a second thread while ``encode_images`` runs on one

    def ready(self, timeout: float = 0.0) -> bool:
        """Always True: it is loaded when it exists."""
        return True

    @abstractmethod
    def encode_images(self, pixels: Pixels) -> Embeddings:
        """See ``Encoder``."""

    def submit_images(self, pixels: Pixels) -> Answer:
        """See ``Encoder``; here the work is done before this returns."""
        return _Given(self.encode_images(pixels))


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """An answer that is there from the beginning."""

    embeddings: Embeddings

    def is_there(self, timeout: float = 0.0) -> bool:
        return True

    def forget(self) -> None:
        pass

    def __call__(self) -> Embeddings:
        return self.embeddings
