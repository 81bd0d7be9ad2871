"""An open_clip model at work, whatever its source. Child only: imports torch and open_clip."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from open_clip.hf_model import ClsPooler, HFTextEncoder, MeanPooler
from torch import Tensor

from clipsorter.encoders.devices import Device, describe_cpu
from clipsorter.errors import ModelError, ModelFilesError
from clipsorter.values import Calibration, Embeddings, EncoderSpec, InputShape, Pixels

TEXT_CHUNK = 32  # prompts at once; more gains nothing on a CPU and costs memory


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


class OpenClipEncoder:
    """An ``Encoder`` in this process. One thread.

    ``translate``, when given, is applied to each prompt before it is tokenised (a lexicon for a model that knows
    English only, for instance).
    """

    def __init__(self, built: BuiltModel, device: Device, *, translate: Callable[[str], str] | None = None) -> None:
        self.spec = _read_spec(built)
        self._model = built.model.eval().requires_grad_(requires_grad=False)
        self._tokenizer = built.tokenizer
        self._translate = translate
        self._most: int | None = None  # images that fit into memory at once, once the limit was met
        self._use(device)

    @property
    def device(self) -> str:
        """For people."""
        return self._device.name

    def encode_images(self, pixels: Pixels) -> Embeddings:
        """See ``Encoder``; raises ValueError for pixels of the wrong shape, a bug of the caller."""
        side = self.spec.shape.side
        if pixels.shape[1:] != (side, side, 3) or pixels.dtype != np.uint8:
            raise ValueError(f"Expected uint8 [B, {side}, {side}, 3], got {pixels.dtype} {pixels.shape}.")
        step = self._most or max(1, len(pixels))
        rows = [self._encode_part(pixels[start : start + step]) for start in range(0, len(pixels), step)]
        return np.concatenate(rows) if rows else np.zeros((0, self.spec.dimension), np.float32)

    def submit_images(self, pixels: Pixels) -> Callable[[], Embeddings]:
        """See ``Encoder``; here the work is done before this returns."""
        embeddings = self.encode_images(pixels)
        return lambda: embeddings

    def encode_texts(self, prompts: Sequence[str]) -> Embeddings:
        """See ``Encoder``."""
        words = [self._translate(prompt) for prompt in prompts] if self._translate else list(prompts)
        rows = [self._encode_words(words[start : start + TEXT_CHUNK]) for start in range(0, len(words), TEXT_CHUNK)]
        return np.concatenate(rows) if rows else np.zeros((0, self.spec.dimension), np.float32)

    def close(self) -> None:
        """Let go of the model."""
        self._model = None

    def _use(self, device: Device) -> None:
        self._device = device
        self._model.to(device.torch_name)
        self._mean = torch.tensor(self.spec.mean, device=device.torch_name).view(1, 3, 1, 1) * 255
        self._std = torch.tensor(self.spec.std, device=device.torch_name).view(1, 3, 1, 1) * 255

    def _encode_part(self, pixels: Pixels) -> Embeddings:
        """Embed what should fit into memory; what does not is halved down to one photo, then goes to the CPU."""
        try:
            return self._finish(lambda: self._run_images(pixels))
        except (torch.OutOfMemoryError, RuntimeError) as error:
            if not _is_out_of_memory(error):
                raise
        # Outside the except block: the traceback there would keep the failed batch's memory alive.
        _empty_caches()
        if len(pixels) > 1:
            self._most = len(pixels) // 2
            return self.encode_images(pixels)
        self._flee_to_cpu()
        return self._encode_part(pixels)

    def _encode_words(self, words: list[str]) -> Embeddings:
        try:
            return self._finish(lambda: self._run_texts(words))
        except (torch.OutOfMemoryError, RuntimeError) as error:
            if not _is_out_of_memory(error):
                raise
        _empty_caches()
        self._flee_to_cpu()
        return self._encode_words(words)

    def _flee_to_cpu(self) -> None:
        if self._device.is_cpu:
            raise ModelError("There is not enough memory for this model; close other programs or choose a smaller one.")
        self._use(describe_cpu())
        self._most = None
        _empty_caches()

    def _run_images(self, pixels: Pixels) -> Tensor:
        batch = torch.tensor(pixels).to(self._device.torch_name).permute(0, 3, 1, 2)
        features: Tensor = self._model.encode_image((batch.float() - self._mean) / self._std)
        return features

    def _run_texts(self, words: list[str]) -> Tensor:
        tokens = self._trim(self._tokenizer(words))
        features: Tensor = self._model.encode_text(tokens.to(self._device.torch_name))
        return features

    def _trim(self, tokens: Tensor) -> Tensor:
        """Cut the padding off that all prompts share, where the text tower masks padding anyway."""
        tower = getattr(self._model, "text", None)
        if not isinstance(tower, HFTextEncoder) or not isinstance(tower.pooler, (MeanPooler, ClsPooler)):
            return tokens
        used = (tokens != tower.config.pad_token_id).any(dim=0).nonzero()
        return tokens[:, : int(used.max()) + 1] if len(used) else tokens

    def _finish(self, run: Callable[[], Tensor]) -> Embeddings:
        """Run, normalise, check; what overflows in half precision is repeated in full, for good."""
        with torch.inference_mode():
            with self._precision():
                features = run()
            rows = torch.nn.functional.normalize(features.float(), dim=-1, eps=1e-12).cpu().numpy()
        norms = np.linalg.norm(rows, axis=1)
        if np.isfinite(norms).all() and (norms > 0.5).all():
            return np.asarray(rows, np.float32)
        if self._device.precision != torch.float32:
            self._device = replace(self._device, precision=torch.float32)
            return self._finish(run)
        raise ModelError("The model gave no usable answer; its files may be damaged.")

    @contextlib.contextmanager
    def _precision(self) -> Iterator[None]:
        if self._device.precision == torch.float32:
            yield
        else:
            with torch.autocast(self._device.torch_name.partition(":")[0], dtype=self._device.precision):
                yield


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


def _is_out_of_memory(error: BaseException) -> bool:
    """CUDA and XPU have a class for it; MPS and the CPU say it in words."""
    return isinstance(error, torch.OutOfMemoryError) or any(
        words in str(error) for words in ("out of memory", "can't allocate memory", "not enough memory")
    )


def _empty_caches() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    if torch.xpu.is_available():
        torch.xpu.empty_cache()
