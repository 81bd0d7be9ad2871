"""What every encoder promises: numpy in, L2-normalised numpy out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Protocol

from clipsorter.values import Embeddings, EncoderSpec, Pixels


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

    def submit_images(self, pixels: Pixels) -> Callable[[], Embeddings]:
        """Start embedding and return at once; the returned callable waits for the same result (call it once)."""
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

    def ready(self, timeout: float = 0.0) -> bool:
        """Always True: it is loaded when it exists."""
        return True

    @abstractmethod
    def encode_images(self, pixels: Pixels) -> Embeddings:
        """See ``Encoder``."""

    def submit_images(self, pixels: Pixels) -> Callable[[], Embeddings]:
        """See ``Encoder``; here the work is done before this returns."""
        embeddings = self.encode_images(pixels)
        return lambda: embeddings
