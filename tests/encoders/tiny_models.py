"""Whole models of a few thousand parameters with random weights, written to folders as their makers publish them.

Nothing is downloaded: weights are random, vocabularies are made here. Import only after ``torch_here``.
"""

import json
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

# Texts that the vocabularies are made of.
CORPUS = (
    *("a photo of a cat", "a cup of coffee", "a rocket in the sky", "a horse", "a page of text", "dog puppy beach"),
    *("一张猫的照片", "一杯咖啡", "天空中的火箭", "一匹马", "一页文字", "海滩 小狗 家人 收据"),
)
OPENAI = {"mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]}
_VISION = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "image_size": 224,
    "patch_size": 32,
}
_TEXT = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}


def write_transformers_model(kind: str, folder: Path, seed: int = 1) -> Path:
    """A whole transformers model of ``kind`` ("clip", "siglip", "siglip2", "chinese_clip", "metaclip_2")."""
    folder.mkdir(parents=True)
    torch.manual_seed(seed)
    words, text = _write_tokenizer(kind, folder)
    vision = dict(_VISION)
    if kind == "chinese_clip":
        text |= {"max_position_embeddings": 64}
        preprocessing = _describe("ChineseCLIPImageProcessor", {"height": 224, "width": 224}, crop=False)
    elif kind.startswith("siglip"):
        preprocessing = _describe("SiglipImageProcessor", {"height": 224, "width": 224}, crop=None)
        preprocessing |= {"image_mean": [0.5] * 3, "image_std": [0.5] * 3, "resample": 2}
        text |= {"max_position_embeddings": 16, "projection_size": 32}
    else:
        preprocessing = _describe("CLIPImageProcessor", {"shortest_edge": 224}, crop=True)
        text |= {"max_position_embeddings": 77}
    family = {
        "clip": "CLIP",
        "siglip": "Siglip",
        "siglip2": "Siglip",
        "chinese_clip": "ChineseCLIP",
        "metaclip_2": "MetaClip2",
    }[kind]
    config = getattr(transformers, f"{family}Config")(
        text_config={**_TEXT, "vocab_size": words, **text}, vision_config=vision, projection_dim=24
    )
    model = getattr(transformers, f"{family}Model")(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 0.08)  # livelier than the library's own start, or all photos look alike
            elif name == "logit_scale":
                parameter.fill_(4.6)
            elif name == "logit_bias":
                parameter.fill_(-12.5)
    model.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessing), "utf-8")
    return folder


def _describe(name: str, size: dict[str, int], *, crop: bool | None) -> dict[str, Any]:
    described: dict[str, Any] = {
        "image_processor_type": name,
        "do_resize": True,
        "size": size,
        "resample": 3,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": OPENAI["mean"],
        "image_std": OPENAI["std"],
    }
    if crop is not None:
        described |= {"do_center_crop": crop, "crop_size": {"height": 224, "width": 224}}
    return described


def _write_tokenizer(kind: str, folder: Path) -> tuple[int, dict[str, Any]]:
    """Write the tokenizer of a family; returns the number of words and what the text tower has to know of it."""
    if kind == "chinese_clip":
        letters = sorted({letter for line in CORPUS for letter in line if letter != " "})
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
        (folder / "vocab.txt").write_text("\n".join(words) + "\n", "utf-8")
        (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer"}), "utf-8")
        return len(words), {"pad_token_id": 0}
    if kind == "clip":
        bytes_ = sorted(pre_tokenizers.ByteLevel.alphabet())
        words = [*bytes_, *(f"{letter}</w>" for letter in bytes_), "<|startoftext|>", "<|endoftext|>"]
        (folder / "vocab.json").write_text(json.dumps({word: at for at, word in enumerate(words)}), "utf-8")
        (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
        (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "CLIPTokenizer"}), "utf-8")
        end = len(words) - 1
        return len(words), {"bos_token_id": end - 1, "eos_token_id": end, "pad_token_id": end}
    specials = ["<pad>", "</s>", "<unk>", "<s>"] if kind.startswith("siglip") else ["<s>", "<pad>", "</s>", "<unk>"]
    pad, end = specials.index("<pad>"), specials.index("</s>")
    tokenizer = train_unigram(specials, "$A </s>" if kind.startswith("siglip") else "<s> $A </s>")
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        bos_token="<s>",
        padding_side="right",
        model_max_length=77,
    )
    fast.save_pretrained(folder)
    words = 120_000 if kind == "siglip2" else tokenizer.get_vocab_size()  # many words, most of them unused here
    return words, {"bos_token_id": specials.index("<s>"), "eos_token_id": end, "pad_token_id": pad}


def train_unigram(specials: list[str], template: str) -> Tokenizer:
    """A sentencepiece-like tokenizer over ``CORPUS`` that puts texts into ``template``."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=120, special_tokens=specials, unk_token="<unk>", show_progress=False, initial_alphabet=[]
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    used = [(word, specials.index(word)) for word in ("<s>", "</s>") if word in template]
    tokenizer.post_processor = processors.TemplateProcessing(single=template, special_tokens=used)
    return tokenizer
