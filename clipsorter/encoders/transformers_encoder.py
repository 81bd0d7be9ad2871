"""A transformers model with two towers (CLIP, SigLIP, Chinese-CLIP, MetaCLIP 2) at work. Child only: imports torch.

Everything comes from the model's own folder through the library's own readers: configuration, image processor,
tokenizer, weights. Nothing is downloaded, only safetensors are read, and no code that a model brings is ever run.
"""

from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor
from transformers import AutoImageProcessor, AutoTokenizer

from clipsorter.encoders.devices import Device
from clipsorter.encoders.families import Family, languages_of, read_family
from clipsorter.encoders.sources import ModelSource
from clipsorter.encoders.torch_encoder import TorchEncoder
from clipsorter.errors import ModelFilesError
from clipsorter.values import EncoderSpec, InputShape, Interpolation, ResizeMode

LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
_INTERPOLATIONS: dict[int, Interpolation] = {2: "bilinear", 3: "bicubic"}  # PIL.Image.Resampling
_BYTE = 1 / 255
_ENDING_TOWERS = {"clip_text_model", "metaclip_2_text_model"}  # pool at the token that ends a text
_LEGACY_EOS = 2  # transformers' CLIPTextModel then looks for the greatest token instead


class TransformersEncoder(TorchEncoder):
    """A model of the transformers library as an ``Encoder`` in this process; see ``TorchEncoder``.

    Raises ModelFilesError for a folder whose parts are missing or do not belong together.
    """

    def __init__(self, source: ModelSource, device: Device) -> None:
        assert source.folder is not None
        self._family, config = read_family(source.folder)
        self._tokenizer = AutoTokenizer.from_pretrained(source.folder, **LOCAL)
        model = _read_model(self._family, source.folder)
        self._context = self._family.context or model.config.text_config.max_position_embeddings
        _check_tokenizer(source.name, self._tokenizer, model.config.text_config)
        bias = getattr(model, "logit_bias", None)
        spec = EncoderSpec(
            id=source.encoder_id,
            name=source.name,
            dimension=self._read_dimension(model),
            **_read_preprocessing(source.name, source.folder, model.config.vision_config.image_size),
            logit_scale=float(model.logit_scale.detach().exp()),
            logit_bias=None if bias is None else float(bias.detach()),
            languages=languages_of(self._family, config),
        )
        super().__init__(spec, model, device)

    def _read_dimension(self, model: Any) -> int:
        with torch.inference_mode():
            return int(self._read_texts(model, [""], "cpu").shape[-1])

    def _embed_pixels(self, batch: Tensor) -> Tensor:
        return _features(self._model.get_image_features(pixel_values=batch))

    def _embed_words(self, words: list[str], device: str) -> Tensor:
        return self._read_texts(self._model, words, device)

    def _read_texts(self, model: Any, words: list[str], device: str) -> Tensor:
        read = [word.lower() for word in words] if self._family.lower else words
        tokens = self._tokenizer(
            read, padding=self._family.padding, truncation=True, max_length=self._context, return_tensors="pt"
        ).to(device)
        mask = {"attention_mask": tokens["attention_mask"]} if self._family.masked else {}
        return _features(model.get_text_features(input_ids=tokens["input_ids"], **mask))


def _features(output: Any) -> Tensor:
    """transformers 5 wraps the projected features, transformers 4 returned them bare."""
    features: Tensor = output if isinstance(output, Tensor) else output.pooler_output
    return features


def _read_model(family: Family, folder: Path) -> Any:
    """The model with its weights; what transformers would fill with random numbers is an error here."""
    model, told = getattr(transformers, family.model_class).from_pretrained(
        folder,
        use_safetensors=True,
        dtype=torch.float32,
        output_loading_info=True,
        ignore_mismatched_sizes=True,  # reported instead, and refused below
        **LOCAL,
    )
    # Old checkpoints store position numbers, which are computed today.
    extra = [key for key in told["unexpected_keys"] if not key.endswith("position_ids")]
    if told["missing_keys"] or told["mismatched_keys"] or extra:
        raise ModelFilesError(
            f'The weights of "{folder.name}" do not fit its architecture: they are those of another model. '
            "Choose another one, or add it again from the right file."
        )
    return model


def _check_tokenizer(name: str, tokenizer: Any, text: Any) -> None:
    """A tokenizer of another model gives numbers too, but wrong ones: what can be noticed is refused here."""
    if len(tokenizer) > text.vocab_size:
        raise ModelFilesError(
            f'The tokenizer of "{name}" does not belong to its weights: it knows {len(tokenizer):,} words and the '
            f"weights {text.vocab_size:,}."
        )
    if tokenizer.pad_token_id is None:
        raise ModelFilesError(f'The tokenizer of "{name}" does not say how to fill short texts up.')
    if text.model_type in _ENDING_TOWERS and text.eos_token_id not in {_LEGACY_EOS, tokenizer.eos_token_id}:
        # The text tower reads its answer at this token; without it, it would read at the first one.
        raise ModelFilesError(f'The tokenizer of "{name}" does not belong to its weights: texts end differently.')


def _read_preprocessing(name: str, folder: Path, side: Any) -> dict[str, Any]:
    """``shape``, ``mean`` and ``std`` of a spec, as the library itself understands the folder's description."""
    facts = AutoImageProcessor.from_pretrained(folder, **LOCAL)
    size = facts.size
    crop = facts.crop_size if getattr(facts, "do_center_crop", False) else None
    resize: ResizeMode | None
    if size.height and size.height == size.width and (crop is None or (crop.height, crop.width) == (size.height,) * 2):
        resize, given = "squash", size.height
    elif size.shortest_edge and crop is not None and (crop.height, crop.width) == (size.shortest_edge,) * 2:
        resize, given = "shortest", size.shortest_edge
    else:
        resize, given = None, 0
    interpolation = _INTERPOLATIONS.get(int(facts.resample))
    usual = facts.do_resize and facts.do_rescale and abs(facts.rescale_factor - _BYTE) < 1e-6
    if resize is None or interpolation is None or not usual or getattr(facts, "do_pad", False):
        raise ModelFilesError(f'"{name}" wants its pictures prepared in a way that is not known here.')
    if given != side:
        raise ModelFilesError(
            f'"{name}" prepares pictures of {given} px for a model of {side} px; its files do not belong together.'
        )
    normalised = facts.do_normalize
    return {
        "shape": InputShape(
            side=int(given),
            resize=resize,
            interpolation=interpolation,
            middle="down" if resize == "shortest" else "even",
        ),
        "mean": _three(facts.image_mean) if normalised else (0.0, 0.0, 0.0),
        "std": _three(facts.image_std) if normalised else (1.0, 1.0, 1.0),
    }


def _three(values: Any) -> tuple[float, float, float]:
    red, green, blue = values
    return float(red), float(green), float(blue)
