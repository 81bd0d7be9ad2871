"""Photos and sentences through the two frozen towers, as the app loads them; computed once, kept in a folder.

Photos go through ONNX Runtime on one thread, as in the app on a CPU: half of torch's time. Torch's own features differ
in the last bit of 0.6 % of the values; the shipped head is made from these.
"""

import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from PIL import Image, ImageEnhance
from torch import nn

from clipsorter.encoders import starter_files
from clipsorter.encoders.folding import fold_batch_norms
from clipsorter.encoders.starter import build_towers

Floats = NDArray[np.float32]

SIDE = 224  # px
BATCH = 32
TRUNK = "trunk.onnx"


class Towers:
    """The trunk up to its pooled features, its ImageNet classifier, and the sentence encoder without a projection."""

    def __init__(self, folder: Path) -> None:
        """``folder`` keeps what was computed."""
        model, self._tokenizer = build_towers(SIDE)
        self._text = model.text.eval()
        self._text.proj = nn.Identity()
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._trunk = _open_trunk(model.visual.trunk.eval(), folder / TRUNK)
        weights = torch.load(starter_files.find_trunk(), weights_only=True)
        self.classifier: Floats = weights["_fc.weight"].numpy()  # [1000, F]
        self.classifier_bias: Floats = weights["_fc.bias"].numpy()  # [1000]

    def photos(self, name: str, pictures: Callable[[], Iterable[Sequence[Image.Image]]]) -> NDArray[np.float16]:
        """Features [N, V, F] of N photos in V views each; ``name`` says what they are and how they were viewed."""
        file = self._folder / f"{name}.npy"
        if not file.exists():
            rows = [self._see(views) for views in pictures()]
            np.save(file, np.stack(rows).astype(np.float16))
        kept: NDArray[np.float16] = np.load(file)
        return kept

    def sentences(self, texts: Sequence[str]) -> Floats:
        """Unit vectors [T, D]."""
        unique = sorted(set(texts), key=lambda text: (len(text), text))
        file = (
            self._folder / f"text-{hashlib.sha1(chr(10).join(unique).encode(), usedforsecurity=False).hexdigest()}.npy"
        )
        if not file.exists():
            rows = [self._read(unique[start : start + BATCH]) for start in range(0, len(unique), BATCH)]
            np.save(file, np.concatenate(rows))
        place = {text: row for row, text in enumerate(unique)}
        kept: Floats = np.load(file)[[place[text] for text in texts]]
        return kept

    def _see(self, views: Sequence[Image.Image]) -> Floats:
        pixels = (
            np.stack([np.asarray(view, np.float32) for view in views]).transpose(0, 3, 1, 2) / np.float32(127.5) - 1
        )
        features: Floats = self._trunk.run(None, {"pixels": pixels})[0]
        return features

    @torch.inference_mode()
    def _read(self, texts: list[str]) -> Floats:
        tokens = self._tokenizer(texts)
        used = int((tokens != 0).any(dim=0).nonzero().max()) + 1
        rows: Floats = nn.functional.normalize(self._text(tokens[:, :used]), dim=1).numpy()
        return rows


def _open_trunk(trunk: nn.Module, file: Path) -> onnxruntime.InferenceSession:
    if not file.exists():
        fold_batch_norms(trunk)
        axes = {"pixels": {0: "views"}}
        example = torch.zeros(1, 3, SIDE, SIDE)
        torch.onnx.export(trunk, (example,), file, dynamo=False, input_names=["pixels"], dynamic_axes=axes)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def crop_centre(picture: Image.Image, side: int = SIDE) -> Image.Image:
    """The short side scaled to ``side``, the centre cut out, as the app does."""
    scale = side / min(picture.size)
    width, height = (max(side, round(length * scale)) for length in picture.size)
    left, top = (width - side) // 2, (height - side) // 2
    return picture.resize((width, height), Image.Resampling.BICUBIC).crop((left, top, left + side, top + side))


def view_differently(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Another view of a photo: part of it, mirrored, small and scaled up, in other light, compressed."""
    area, shape = rng.uniform(0.45, 1), np.exp(rng.uniform(-0.25, 0.25))
    width = min(picture.width, int(picture.width * np.sqrt(area * shape)))
    height = min(picture.height, int(picture.height * np.sqrt(area / shape)))
    left, top = rng.randint(0, picture.width - width), rng.randint(0, picture.height - height)
    view = picture.crop((left, top, left + width, top + height))
    if rng.random() < 0.5:
        view = view.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < 0.6:
        view = crop_centre(view, rng.randint(90, 170))
    if rng.random() < 0.5:
        view = ImageEnhance.Brightness(view).enhance(rng.uniform(0.6, 1.3))
    if rng.random() < 0.3:
        view = ImageEnhance.Color(view).enhance(rng.uniform(0.2, 1.3))
    if rng.random() < 0.4:
        file = BytesIO()
        view.save(file, "JPEG", quality=rng.randint(50, 90))
        view = Image.open(file)
    return crop_centre(view)


def views_of(picture: Image.Image, count: int, seed: int) -> list[Image.Image]:
    """The whole photo and ``count - 1`` other views of it."""
    rng = random.Random(seed)
    whole = picture.convert("RGB")
    return [crop_centre(whole), *(view_differently(whole, rng) for _ in range(count - 1))]
