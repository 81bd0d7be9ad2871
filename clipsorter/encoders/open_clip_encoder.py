"""An open_clip model at work, whatever its source. Child only: imports torch and open_clip."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from open_clip.hf_model import ClsPooler, HFTextEncoder, MeanPooler
from torch import Tensor

from clipsorter.encoders.devices import Device
from clipsorter.encoders.torch_encoder import TorchEncoder
from clipsorter.errors import ModelFilesError
from clipsorter.values import Calibration, EncoderSpec, InputShape


@dataclass(frozen=True, slots=True)
class BuiltModel:
    """A loaded open_clip model with what belongs to it, as ``loading`` and ``starter`` make it."""

    encoder_id: str
    name: str  # for people
    model: Any  # an open_clip CLIP or CustomTextCLIP (its classes share no useful base)
    preprocess: dict[str, Any]  # open_clip's PreprocessCfg as a dictionary
    tokenizer: Callable[[list[str]], Tensor]
    logit_scale: float | None = None  # the multiplier; None: what the model learned
    languages: tuple[str, ...] = ("en",)
    calibration: Calibration | None = None


class OpenClipEncoder(TorchEncoder):
    """An open_clip model as an ``Encoder`` in this process; see ``TorchEncoder``."""

    def __init__(self, built: BuiltModel, device: Device, *, translate: Callable[[str], str] | None = None) -> None:
        self._tokenizer = built.tokenizer
        super().__init__(_read_spec(built), built.model, device, translate=translate)

    @property
    def model(self) -> Any:
        """The open_clip model itself, in evaluation mode."""
        return self._model

    @property
    def tokenizer(self) -> Callable[[list[str]], Tensor]:
        """What turns words into tokens [B, T]."""
        return self._tokenizer

    @property
    def padding(self) -> int | None:
        """The token that the text tower masks, so that it can be cut off; None: it looks at every token."""
        tower = getattr(self._model, "text", None)
        if not isinstance(tower, HFTextEncoder) or not isinstance(tower.pooler, (MeanPooler, ClsPooler)):
            return None
        return int(tower.config.pad_token_id)

    def _embed_pixels(self, batch: Tensor) -> Tensor:
        features: Tensor = self._model.encode_image(batch)
        return features

    def _embed_words(self, words: list[str], device: str) -> Tensor:
        features: Tensor = self._model.encode_text(self._trim(self._tokenizer(words)).to(device))
        return features

    def _trim(self, tokens: Tensor) -> Tensor:
        """Cut the padding off that all prompts share, where the text tower masks padding anyway."""
        if self.padding is None:
            return tokens
        used = (tokens != self.padding).any(dim=0).nonzero()
        return tokens[:, : int(used.max()) + 1] if len(used) else tokens


def _read_spec(built: BuiltModel) -> EncoderSpec:
    model, facts = built.model, built.preprocess
    size = facts["size"]
    height, width = (size, size) if isinstance(size, int) else (size[0], size[-1])
    if height != width:
        raise ModelFilesError(
            f'"{built.name}" wants pictures of {width} x {height} px; only square models can be used.'
        )
    if facts["resize_mode"] not in {"shortest", "squash", "longest"} or facts["interpolation"] not in {
        "bicubic",
        "bilinear",
    }:
        raise ModelFilesError(f'"{built.name}" wants its pictures prepared in a way that is not known here.')
    bias = getattr(model, "logit_bias", None)
    return EncoderSpec(
        id=built.encoder_id,
        name=built.name,
        dimension=_read_dimension(built),
        shape=InputShape(
            side=height,
            resize=facts["resize_mode"],
            interpolation=facts["interpolation"],
            fill=int(facts["fill_color"]),
        ),
        mean=_three(facts["mean"]),
        std=_three(facts["std"]),
        logit_scale=float(model.logit_scale.detach().exp()) if built.logit_scale is None else built.logit_scale,
        logit_bias=None if bias is None else float(bias.detach()),
        languages=built.languages,
        calibration=built.calibration,
    )


def _read_dimension(built: BuiltModel) -> int:
    with torch.inference_mode():
        return int(built.model.eval().encode_text(built.tokenizer([""])).shape[-1])


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    red, green, blue = values if len(values) == 3 else [values[0]] * 3
    return float(red), float(green), float(blue)
