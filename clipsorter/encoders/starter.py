"""The starter model, assembled from its three parts. Child only: imports torch and open_clip.

An EfficientNet-Lite0 trunk trained on ImageNet and the MiniLM sentence encoder come as packages; a small head,
trained for this project, projects both into one space. Together they are an ordinary open_clip model. How the head is
made: packaging/starter_model.
"""

from pathlib import Path
from typing import Any

import open_clip
import torch
from safetensors.torch import load_file
from torch import Tensor

from clipsorter.encoders import starter_files
from clipsorter.encoders.architectures import build_undrawn
from clipsorter.encoders.branched_head import BranchedHead
from clipsorter.encoders.open_clip_encoder import BuiltModel
from clipsorter.encoders.quick_start import UndrawnWeights
from clipsorter.errors import ModelFilesError

ARCHITECTURE = "clipsorter-starter"
DIMENSION = 384
HEAD_KEYS = {
    "visual.head.mlp.fc1.weight",
    "visual.head.mlp.fc1.bias",
    "visual.head.mlp.fc2.weight",
    "visual.head.mlp.fc2.bias",
    "visual.head.meanings.weight",
    "visual.head.traits.weight",
    "visual.head.traits.bias",
    "visual.head.shown.weight",
    "text.proj.weight",
}

# The trunk's own names -> timm's. Block 0 has no expansion; the names inside a block therefore shift.
STEM = {"_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2"}
FIRST_BLOCK = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
LATER_BLOCK = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}


def build_starter(folder: Path | None = None) -> BuiltModel:
    """Assemble the model with the head in ``folder`` (the shipped one when None); raises ModelFilesError.

    Every file is compared with its pinned SHA-256 before it is read.
    """
    head = starter_files.read_head(folder)
    starter_files.check_file(head.file, head.sha256)
    trained = _read_head(head.file)
    model = _assemble(head.side, len(trained["visual.head.traits.bias"]))
    weights = _read_towers(model) | trained | {"logit_scale": model.logit_scale}
    try:
        model.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        raise ModelFilesError("The parts of the starter model do not fit together; reinstall ClipSorter.") from error
    return BuiltModel(
        encoder_id=head.encoder_id,
        name=starter_files.NAME,
        model=model,
        preprocess=open_clip.get_model_preprocess_cfg(model),
        tokenizer=open_clip.get_tokenizer(ARCHITECTURE),
        logit_scale=head.logit_scale,
        languages=head.languages,
        calibration=head.calibration,
    )


def build_towers(side: int) -> tuple[Any, Any]:
    """The model before a head is trained for it, and its tokenizer; the head's own numbers are arbitrary.

    ``side`` of the square it looks at, in px. Raises ModelFilesError.
    """
    model = _assemble(side, traits=1)
    model.load_state_dict(_read_towers(model), strict=False)
    return model, open_clip.get_tokenizer(ARCHITECTURE)


def _assemble(side: int, traits: int) -> Any:
    preprocess = {"mean": (0.5,) * 3, "std": (0.5,) * 3, "interpolation": "bicubic", "resize_mode": "shortest"}
    model = build_undrawn(ARCHITECTURE, _describe(side), preprocess)
    with UndrawnWeights():
        model.visual.head = BranchedHead(model.visual.head.mlp, DIMENSION, traits)
    return model


def _read_towers(model: Any) -> dict[str, Tensor]:
    """The packages' weights under the names they have in ``model``, the trunk's classifier among them."""
    trunk = torch.load(starter_files.find_trunk(), weights_only=True)
    text = load_file(starter_files.find_text_folder() / "model.safetensors")
    return _name_trunk(trunk, model.visual.trunk) | _name_text(text)


def _describe(side: int) -> dict[str, Any]:
    """The architecture as open_clip describes one."""
    text_folder = starter_files.find_text_folder()
    return {
        "embed_dim": DIMENSION,
        "custom_text": True,
        "vision_cfg": {
            "timm_model_name": "tf_efficientnet_lite0",
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "mlp",
            "timm_proj_bias": True,
            "image_size": side,
        },
        "text_cfg": {
            "hf_model_name": str(text_folder),
            "hf_tokenizer_name": str(text_folder),
            "hf_proj_type": "linear",
            "hf_pooler_type": "mean_pooler",
            "context_length": 64,
        },
    }


def _name_trunk(weights: dict[str, Tensor], trunk: Any) -> dict[str, Tensor]:
    """The trunk's tensors under the names they have in the model; its classifier belongs to the head here."""
    blocks = [f"blocks.{stage}.{i}" for stage, blocks in enumerate(trunk.blocks) for i in range(len(blocks))]
    named = {}
    for key, tensor in weights.items():
        part, _, rest = key.partition(".")
        if part == "_fc":
            named[f"visual.head.classifier.{rest}"] = tensor
        elif part == "_blocks":
            number, layer, rest = rest.split(".", 2)
            inside = FIRST_BLOCK if number == "0" else LATER_BLOCK
            named[f"visual.trunk.{blocks[int(number)]}.{inside[layer]}.{rest}"] = tensor
        else:
            named[f"visual.trunk.{STEM[part]}.{rest}"] = tensor
    return named


def _name_text(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The sentence encoder's tensors; its pooler is not used, its position numbers are computed."""
    return {
        f"text.transformer.{key}": tensor
        for key, tensor in weights.items()
        if not key.startswith("pooler.") and key != "embeddings.position_ids"
    }


def _read_head(file: Path) -> dict[str, Tensor]:
    weights = load_file(file)
    if weights.keys() != HEAD_KEYS:
        raise ModelFilesError("The head of the starter model is not the expected one; reinstall ClipSorter.")
    return weights
