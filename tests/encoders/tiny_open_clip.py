"""One tiny configuration of each open_clip family, written to a folder with random weights.

Names and options are those of open_clip's own configurations of the real models (model_configs/*.json), only smaller.
timm has no EVA-02 and FastViT that is as shallow, so a few are registered here: exporting 24 blocks takes minutes and
shows what 2 show.
Import only after ``torch_here``.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import open_clip
import torch
from safetensors.torch import save_file
from timm.models import eva, fastvit, register_model
from transformers import M2M100Config, NllbTokenizer, PreTrainedTokenizerFast, XLMRobertaConfig

from tests.encoders.tiny_models import OPENAI, train_unigram


@register_model
def shallow_eva02_224(pretrained: bool = False, **kwargs: Any) -> eva.Eva:
    return eva.eva02_tiny_patch14_224(pretrained, depth=2, **kwargs)


@register_model
def shallow_eva02_336(pretrained: bool = False, **kwargs: Any) -> eva.Eva:
    return eva.eva02_tiny_patch14_336(pretrained, depth=2, **kwargs)


@register_model
def shallow_mci0(pretrained: bool = False, **kwargs: Any) -> fastvit.FastVit:
    return fastvit.fastvit_mci0(pretrained, layers=(1, 2, 1, 1), embed_dims=(16, 32, 64, 128), **kwargs)


@register_model
def shallow_mci2(pretrained: bool = False, **kwargs: Any) -> fastvit.FastVit:
    return fastvit.fastvit_mci2(pretrained, layers=(2, 1, 2, 1), embed_dims=(32, 64, 128, 256), **kwargs)


_VIT = {"layers": 2, "width": 32, "head_width": 16, "patch_size": 32}
_CLIP_TEXT = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2}
_SIGLIP = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}
_MOBILE = {"mean": [0.0] * 3, "std": [1.0] * 3, "interpolation": "bilinear", "resize_mode": "shortest"}
_USUAL = {**OPENAI, "interpolation": "bicubic", "resize_mode": "shortest"}

FAMILIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "openai-vit": (
        {"embed_dim": 16, "quick_gelu": True, "vision_cfg": {"image_size": 224, **_VIT}, "text_cfg": _CLIP_TEXT},
        _USUAL,
    ),
    "openai-rn50": (
        {
            "embed_dim": 16,
            "quick_gelu": True,
            "vision_cfg": {"image_size": 224, "layers": [1, 1, 1, 1], "width": 8, "patch_size": None},
            "text_cfg": _CLIP_TEXT,
        },
        _USUAL,
    ),
    "vit-h-14": (  # its heads are 80 wide, its patches 14 px
        {
            "embed_dim": 16,
            "vision_cfg": {"image_size": 224, "layers": 2, "width": 160, "head_width": 80, "patch_size": 14},
            "text_cfg": _CLIP_TEXT,
        },
        _USUAL,
    ),
    "vit-b-32-256": (
        {"embed_dim": 16, "vision_cfg": {"image_size": 256, **_VIT}, "text_cfg": _CLIP_TEXT},
        _USUAL,
    ),
    "xlm-roberta": (
        {
            "embed_dim": 16,
            "vision_cfg": {"image_size": 224, **_VIT},
            "text_cfg": {
                "hf_model_name": "xlm-roberta-base",
                "hf_tokenizer_name": "xlm-roberta-base",
                "hf_proj_type": "mlp",
                "hf_pooler_type": "mean_pooler",
            },
        },
        _USUAL,
    ),
    "eva02": (
        {
            "embed_dim": 16,
            "vision_cfg": {
                "image_size": 224,
                "timm_model_name": "shallow_eva02_224",
                "timm_model_pretrained": False,
                "timm_pool": "token",
                "timm_proj": None,
            },
            "text_cfg": _CLIP_TEXT,
            "custom_text": True,
        },
        _USUAL,
    ),
    "eva02-336": (
        {
            "embed_dim": 16,
            "vision_cfg": {
                "image_size": 336,
                "timm_model_name": "shallow_eva02_336",
                "timm_model_pretrained": False,
                "timm_pool": "token",
                "timm_proj": None,
            },
            "text_cfg": _CLIP_TEXT,
            "custom_text": True,
        },
        _USUAL,
    ),
    "siglip2": (
        {
            "embed_dim": 96,
            "init_logit_bias": -10,
            "custom_text": True,
            "vision_cfg": {
                "image_size": 160,
                "timm_model_name": "test_vit3",
                "timm_model_pretrained": False,
                "timm_pool": "map",
                "timm_proj": "none",
            },
            "text_cfg": {
                "context_length": 64,
                "vocab_size": 120_000,
                "hf_tokenizer_name": "timm/ViT-B-16-SigLIP2",
                "tokenizer_kwargs": {"clean": "canonicalize"},
                "width": 96,
                "heads": 2,
                "layers": 2,
                "no_causal_mask": True,
                "proj_bias": True,
                "pool_type": "last",
                "norm_kwargs": {"eps": 1e-6},
                "act_kwargs": {"approximate": "tanh"},
            },
        },
        _SIGLIP,
    ),
    "mobileclip2": (
        {
            "embed_dim": 16,
            "vision_cfg": {
                "timm_model_name": "shallow_mci0",
                "timm_model_pretrained": False,
                "timm_pool": "avg",
                "timm_proj": None,
                "timm_drop": 0.0,
                "timm_drop_path": 0.0,
                "image_size": 256,
            },
            "text_cfg": {**_CLIP_TEXT, "no_causal_mask": True},
            "custom_text": True,
        },
        _MOBILE,
    ),
    "mobileclip2-s2": (
        {
            "embed_dim": 16,
            "vision_cfg": {
                "timm_model_name": "shallow_mci2",
                "timm_model_pretrained": False,
                "timm_pool": "avg",
                "timm_proj": None,
                "timm_drop": 0.0,
                "timm_drop_path": 0.0,
                "image_size": 256,
            },
            "text_cfg": {**_CLIP_TEXT, "no_causal_mask": True},
            "custom_text": True,
        },
        _MOBILE,
    ),
    "metaclip2": (
        {
            "embed_dim": 16,
            "quick_gelu": True,
            "vision_cfg": {"image_size": 224, **_VIT},
            "text_cfg": {
                **_CLIP_TEXT,
                "vocab_size": 120_000,
                "hf_tokenizer_name": "facebook/xlm-v-base",
                "pool_type": "eos",
                "eos_id": 2,
            },
        },
        _USUAL,
    ),
    "nllb": (
        {
            "embed_dim": 16,
            "vision_cfg": {"image_size": 224, **_VIT},
            "text_cfg": {
                "hf_model_name": "facebook/nllb-200-distilled-600M",
                "hf_tokenizer_name": "facebook/nllb-200-distilled-600M",
                "hf_proj_type": "linear",
                "hf_pooler_type": "cls_pooler",
            },
        },
        _USUAL,
    ),
}
_LANGUAGES = ["eng_Latn", "zho_Hans", "jpn_Jpan", "kor_Hang", "rus_Cyrl"]


def write_open_clip_model(kind: str, folder: Path, seed: int = 1) -> Path:
    """The tiny model of a family as a folder: description, weights, and its text tower's files where it has them."""
    folder.mkdir(parents=True)
    torch.manual_seed(seed)
    model_cfg, preprocess_cfg = FAMILIES[kind]
    config = {"model_cfg": model_cfg, "preprocess_cfg": preprocess_cfg}
    (folder / "open_clip_config.json").write_text(json.dumps(config), "utf-8")
    _write_text_files(kind, folder)
    reference = point_to_text_files(folder, folder.with_name(f"{folder.name}-made"))
    model = open_clip.create_model(f"local-dir:{reference}", pretrained_text=False)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim == 2 and "embed" not in name:
                parameter.normal_(0, 0.12)  # livelier than the library's own start, or all photos look alike
            elif name.endswith("gamma"):
                parameter.fill_(0.05)  # layer scales start near 0
            elif name == "logit_bias":
                parameter.fill_(-12.5)
    _settle_batch_norms(model)
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, _weights(folder))
    return folder


def _settle_batch_norms(model: Any) -> None:
    """Let every batch norm take the mean and spread of what passes through, as in training."""
    norms = [layer for layer in model.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    if norms:
        side = model.visual.image_size if isinstance(model.visual.image_size, int) else model.visual.image_size[0]
        coarse = torch.rand(8, 3, 8, 8)
        with torch.no_grad():
            model.train().encode_image(torch.nn.functional.interpolate(coarse, (side, side), mode="bilinear"))
        model.eval()


def point_to_text_files(folder: Path, copy: Path) -> Path:
    """A copy whose description names its text tower by path, as open_clip itself needs it without network."""
    shutil.copytree(folder, copy)
    file = copy / "open_clip_config.json"
    config = json.loads(file.read_text("utf-8"))
    if "hf_model_name" in config["model_cfg"]["text_cfg"]:
        config["model_cfg"]["text_cfg"]["hf_model_name"] = str(copy / "text_config")
    file.write_text(json.dumps(config), "utf-8")
    return copy


def _weights(folder: Path) -> Path:
    return folder / "open_clip_model.safetensors"


def _write_text_files(kind: str, folder: Path) -> None:
    if kind in {"xlm-roberta", "metaclip2", "siglip2"}:
        siglip = kind == "siglip2"
        specials = ["<pad>", "</s>", "<unk>", "<s>"] if siglip else ["<s>", "<pad>", "</s>", "<unk>"]
        tokenizer = train_unigram(specials, "$A </s>" if siglip else "<s> $A </s>")
        PreTrainedTokenizerFast(
            tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", bos_token="<s>"
        ).save_pretrained(folder)
    if kind == "xlm-roberta":
        XLMRobertaConfig(
            vocab_size=tokenizer.get_vocab_size(),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=100,
            type_vocab_size=1,
        ).save_pretrained(folder / "text_config")
    if kind == "nllb":
        words = ["<s>", "<pad>", "</s>", "<unk>", "▁", *sorted(set("aphotofctruning 一张猫的照片狗海滩"))]
        nllb = NllbTokenizer(
            vocab={word: at for at, word in enumerate(dict.fromkeys(words))},
            merges=[],
            extra_special_tokens=_LANGUAGES,
        )
        nllb.save_pretrained(folder)
        M2M100Config(
            vocab_size=len(nllb),
            d_model=32,
            encoder_layers=2,
            decoder_layers=1,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=64,
            decoder_ffn_dim=64,
            max_position_embeddings=100,
        ).save_pretrained(folder / "text_config")
