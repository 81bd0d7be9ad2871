"""How good a head is on what it was not trained on: captions kept back and labels kept back.

Nothing here looks at the gate photos; ``tests/benchmarks/quality.py`` does that, through the whole app.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Kept out of training while a setting is judged, per fold: a fifth of the labels, of every kind.
HELD_LABELS = (
    frozenset(
        {
            *(
                "butterfly",
                "elephant",
                "electric guitar",
                "pizza",
                "sunflower",
                "ketch",
                "helicopter",
                "laptop",
                "chair",
            ),
            *("faces", "rooster", "pagoda", "umbrella", "crocodile", "cup", "starfish", "lobster", "wrench"),
        }
    ),
    frozenset(
        {
            *("airplanes", "car side", "motorbikes", "dragonfly", "grand piano", "strawberry", "lotus", "schooner"),
            *("minaret", "lamp", "cellphone", "leopards", "kangaroo", "pigeon", "watch", "flamingo", "dalmatian"),
            *("scissors", "windsor chair", "accordion", "camera", "buddha"),
        }
    ),
)
# What a person would type for a label that is named oddly.
EVERYDAY_NAMES = {
    "airplanes": "airplane",
    "car side": "car",
    "faces": "portrait",
    "ketch": "sailing boat",
    "motorbikes": "motorcycle",
    "rainy weather": "rain",
    "sunrise or sunset": "sunset",
    "sunshine blue sky": "sunny day",
}


@dataclass(frozen=True, slots=True)
class Recall:
    """Captions that find their own photo among ``n``."""

    at1: float
    at5: float
    at10: float
    n: int


def retrieve(photos: Floats, captions: Floats) -> Recall:
    """Row i of ``captions`` [N, D] describes row i of ``photos`` [N, D]; chance is k / N."""
    cosine = captions @ photos.T
    better = (cosine > np.diagonal(cosine)[:, None]).sum(axis=1)
    at1, at5, at10 = (float((better < k).mean()) for k in (1, 5, 10))
    return Recall(at1, at5, at10, len(photos))


def recall_labels(photos: Floats, labels: Sequence[str], names: Sequence[str], texts: Floats) -> float:
    """Mean over the labels of the share of their photos that choose their own name among ``names`` [K, D]."""
    chosen = (photos @ texts.T).argmax(axis=1)
    right = np.array([names[number] == label for number, label in zip(chosen, labels, strict=True)])
    given = np.asarray(labels)
    return float(np.mean([right[given == label].mean() for label in sorted(set(labels))]))


def fit_scale(photos: Floats, texts: Floats, truth: NDArray[np.intp]) -> float:
    """The logit scale under which the softmax over ``texts`` [K, D] says the truth best: least mean surprise."""
    scales = np.geomspace(3, 100, 141)
    cosine = photos @ texts.T
    own = cosine[np.arange(len(truth)), truth]
    losses = [np.log(np.exp(scale * (cosine - own[:, None])).sum(axis=1)).mean() for scale in scales]
    return float(scales[int(np.argmin(losses))])
