"""The frozen values that every room of the house speaks.

They cross threads and layers, so they hold facts and nothing else: no behaviour that touches disk, Qt or torch.
A changed file is a *different* ``Photo``; a corrected photo is a *new* ``Decision``.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

ResizeMode = Literal["shortest", "squash", "longest"]
Interpolation = Literal["bicubic", "bilinear"]
Middle = Literal["even", "down"]

Embeddings = NDArray[np.float32]  # [N, D], rows L2-normalised
Pixels = NDArray[np.uint8]  # [B, S, S, 3], upright sRGB


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """The single pictures of those of N photos that have several, which are videos."""

    rows: NDArray[np.intp]  # [M], ascending, in [0, N): whose picture it is
    embeddings: Embeddings  # [M, D]
    luck: NDArray[np.float32]  # [M], taken off their cosines; see ``ranking.frames``


NO_FRAMES = Frames(np.zeros(0, np.intp), np.zeros((0, 0), np.float32), np.zeros(0, np.float32))


@dataclass(frozen=True, slots=True)
class Photo:
    """One image file as the scan saw it."""

    path: Path  # absolute
    size: int  # bytes
    mtime_ns: int  # as os.stat reports it
    inode: int  # 0 where the system has none


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a file says about itself, after orientation; what it does not say (or says wrongly) is None."""

    width: int  # px, as seen upright
    height: int  # px, as seen upright
    taken: datetime | None = None  # naive local time of the camera
    latitude: float | None = None  # degrees, north positive, within [-90, 90]
    longitude: float | None = None  # degrees, east positive, within [-180, 180]


@dataclass(frozen=True, slots=True)
class InputShape:
    """How an upright photo becomes model input ``[side, side, 3] uint8``.

    ``shortest`` scales the short side to ``side`` and crops the centre, ``squash`` ignores the aspect ratio,
    ``longest`` scales the long side to ``side`` and pads with ``fill``: the names and meanings of open_clip's
    ``image_resize_mode`` and ``fill_color``. Where the middle lies half a pixel off, torchvision rounds to the even
    pixel and transformers' image processors round ``down``.
    """

    side: int
    resize: ResizeMode = "shortest"
    interpolation: Interpolation = "bicubic"
    fill: int = 0
    middle: Middle = "even"


@dataclass(frozen=True, slots=True)
class Calibration:
    """From where on a photo belongs to a category, for one encoder; ``ranking.cutoffs`` says what is done with it.

    Fitted on photos that the encoder was not trained on, and shipped with it.
    """

    background: tuple[str, ...]  # English phrases for a photo of nothing in particular; empty: the common ones
    common: float  # spreads above chance at strictness 0.5, for one category
    per_doubling: float  # spreads more with every doubling of the categories
    room: float  # logits by which the nearest background phrase may beat a category; not negative
    words: float = 0.0  # spreads of chance by which an everyday word may beat a category; 0: no word is asked


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """What is known of an encoder without running it.

    ``id`` names architecture, weights and preprocessing together: embeddings with different ids are never compared.
    ``logit_scale`` is the multiplier itself (about 100), never its logarithm. ``logit_bias`` is None for softmax
    models (CLIP) and a number for sigmoid models (SigLIP). ``calibration`` is None where nobody fitted one.
    """

    id: str
    name: str  # for people
    dimension: int  # D
    shape: InputShape
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    logit_scale: float
    logit_bias: float | None = None
    languages: tuple[str, ...] = ("en",)  # BCP 47, best first
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """What the person typed. ``phrases`` are further ways to say it, ``exclude`` what it is not."""

    name: str
    phrases: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    context: str = ""  # "a dog breed", for "boxer"
    colour: str = ""  # "#3b82f6"; empty: chosen by position
    cutoff: float | None = None  # the person's own strictness for this bin in [0, 1]; None: the common one
    parent: str = ""  # name of the category above, or empty
    templates: tuple[tuple[str, str], ...] = ()  # (language, sentence with one {}); they replace the usual ones


@dataclass(frozen=True, slots=True)
class CategorySet:
    """A category list with a name, to be used again: "Family album", "Travel"."""

    name: str
    categories: tuple[Category, ...]  # in the person's order
    strictness: float | None = None  # the common one in [0, 1]; None: leave it as it is
    encoder_id: str = ""  # whose strictness and cut-offs these are; empty: of no encoder in particular

    def for_encoder(self, encoder_id: str) -> "CategorySet":
        """The set as another encoder may use it: what was tuned to one encoder says nothing about another."""
        if self.encoder_id in ("", encoder_id):
            return self
        plain = tuple(replace(category, cutoff=None) for category in self.categories)
        return CategorySet(self.name, plain, None, encoder_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on one photo, by content digest, so it survives renames and model changes.

    ``bin`` is a category's name, or None for "none of these". ``verdict`` "yes" puts the photo there; "no" says only
    that it does not belong into ``bin``.
    """

    digest: str
    bin: str | None
    verdict: Literal["yes", "no"] = "yes"
