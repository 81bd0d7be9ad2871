"""What the two ends of an ``EncoderProcess`` say to each other: small pickled tuples over one private pipe.

Pixels follow their message as raw bytes: 1.2 MB for eight photos at 224 px take about a millisecond, so shared memory
would save nothing against 100 ms and more of work.
"""

from dataclasses import dataclass
from typing import Literal

from clipsorter.errors import (
    ClipSorterError,
    EncoderDiedError,
    ModelError,
    ModelFilesError,
    NeedsTorchError,
    UnknownModelError,
)
from clipsorter.values import Embeddings, EncoderSpec


@dataclass(frozen=True, slots=True)
class ImagesAsked:
    """To the child; the bytes of a uint8 array of this shape follow."""

    number: int
    shape: tuple[int, ...]  # B, S, S, 3


@dataclass(frozen=True, slots=True)
class TextsAsked:
    """To the child."""

    number: int
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """From the child, once: it answers from now on."""

    spec: EncoderSpec
    device: str
    batch_size: int  # photos that one request best holds
    siblings: tuple[str, ...] = ()  # other devices of the same kind, by torch's names


@dataclass(frozen=True, slots=True)
class Exported:
    """From the child, instead of ``Loaded``: the model's graphs are made, and a fresh child runs them without torch."""


@dataclass(frozen=True, slots=True)
class Answered:
    """From the child."""

    number: int
    embeddings: Embeddings
    device: str  # may have changed


@dataclass(frozen=True, slots=True)
class Failed:
    """From the child: an error with a sentence, or a bug with its traceback. ``number`` None: loading failed."""

    number: int | None
    kind: Literal["UnknownModelError", "ModelFilesError", "NeedsTorchError", "EncoderDiedError", "ModelError", "bug"]
    text: str


_ERRORS = {
    kind.__name__: kind for kind in (UnknownModelError, ModelFilesError, NeedsTorchError, EncoderDiedError, ModelError)
}


def describe(number: int | None, error: Exception, traceback: str) -> Failed:
    """The message for ``error``; whatever is not ours is a bug."""
    if isinstance(error, ClipSorterError):
        known = next((name for name, kind in _ERRORS.items() if type(error) is kind), "ModelError")
        return Failed(number, known, str(error))  # type: ignore[arg-type]
    return Failed(number, "bug", traceback)


def revive(failed: Failed) -> Exception:
    """The exception to raise in the parent."""
    if failed.kind == "bug":
        return RuntimeError(f"The encoder process failed:\n{failed.text}")
    return _ERRORS[failed.kind](failed.text)
