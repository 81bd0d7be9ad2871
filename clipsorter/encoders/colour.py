"""The shipped double: an encoder that knows only colours, in plain numpy.

Its embedding says how much of a photo looks like each of twelve named colours, so a test can say "red photos land in
the red bin" in milliseconds and without a model.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipsorter.encoders.encoder import InProcess
from clipsorter.values import Embeddings, EncoderSpec, InputShape, Pixels

SIDE = 32  # px; small keeps tests fast, and a mean colour needs no more
SHARPNESS = 24.0  # softmax over squared RGB distance in [0, 3]; the two nearest colours of a mixed pixel still share it
NEUTRAL = 0.3  # share of the last axis, the direction of all words that name no colour

# sRGB of each colour and the words for it. Chinese words are single characters, found anywhere in a prompt.
COLOURS: tuple[tuple[tuple[int, int, int], tuple[str, ...]], ...] = (
    ((220, 30, 30), ("red", "红")),
    ((245, 140, 20), ("orange", "橙", "橘")),
    ((245, 225, 40), ("yellow", "黄")),
    ((40, 170, 60), ("green", "绿")),
    ((40, 200, 200), ("cyan", "turquoise", "青")),
    ((40, 80, 220), ("blue", "蓝")),
    ((130, 50, 170), ("purple", "violet", "紫")),
    ((245, 140, 180), ("pink", "粉")),
    ((120, 75, 40), ("brown", "棕", "褐")),
    ((10, 10, 10), ("black", "黑")),
    ((128, 128, 128), ("grey", "gray", "灰")),
    ((250, 250, 250), ("white", "白")),
)

PALETTE: NDArray[np.float32] = np.array([rgb for rgb, _ in COLOURS], np.float32) / np.float32(255)
DIMENSION = len(COLOURS) + 1


class ColourEncoder(InProcess):
    """An ``Encoder`` in this process, without torch. Any thread."""

    spec = EncoderSpec(
        id="colour-1",
        name="Colours only",
        dimension=DIMENSION,
        shape=InputShape(side=SIDE, resize="squash"),
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
        logit_scale=20.0,
        languages=("en", "zh-Hans"),
    )
    device = "CPU"
    batch_size = 8

    def encode_images(self, pixels: Pixels) -> Embeddings:
        """Embed uint8 [B, S, S, 3], any side S, as [B, D]: how much of each named colour, plus the neutral axis."""
        flat = pixels.reshape(len(pixels), pixels.shape[1] * pixels.shape[2], 3).astype(np.float32) / 255
        return _normalised(np.stack([_shares(photo) for photo in flat]) if len(flat) else np.zeros((0, len(COLOURS))))

    def encode_texts(self, prompts: Sequence[str]) -> Embeddings:
        """Embed each prompt as the mean of the colours it names; without any it points along the neutral axis."""
        return _normalised(np.stack([_named(prompt) for prompt in prompts]) if prompts else np.zeros((0, len(COLOURS))))

    def close(self) -> None:
        """Nothing to give back."""


def _shares(photo: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean share [12] of each colour over the pixels [P, 3] of one photo; sums to 1."""
    distance = np.square(photo[:, None, :] - PALETTE).sum(axis=2)
    likeness = np.exp(-SHARPNESS * (distance - distance.min(axis=1, keepdims=True)))
    shares: NDArray[np.float64] = (likeness / likeness.sum(axis=1, keepdims=True)).mean(axis=0, dtype=np.float64)
    return shares


def _named(prompt: str) -> NDArray[np.float64]:
    words = set(re.findall(r"[a-z]+", prompt.casefold()))
    named = [at for at, (_, names) in enumerate(COLOURS) if any(_names(n, prompt, words) for n in names)]
    if not named:
        return np.zeros(len(COLOURS))
    shares: NDArray[np.float64] = np.stack([_shares(PALETTE[at : at + 1]) for at in named]).mean(axis=0)
    return shares


def _names(name: str, prompt: str, words: set[str]) -> bool:
    return name in words if name.isascii() else name in prompt


def _normalised(shares: NDArray[np.float64]) -> Embeddings:
    """Append the neutral axis to shares [B, 12]; square roots keep a small share of a colour visible."""
    neutral = np.where(shares.sum(axis=1, keepdims=True) > 0, NEUTRAL, 1.0)
    rows = np.concatenate([np.sqrt(shares), neutral], axis=1)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
