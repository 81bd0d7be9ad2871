"""Which family a model belongs to, read from the description in its folder. No torch, no transformers.

transformers' own models say it in ``config.json`` as ``model_type``. What their reference calls do differently from
each other (how text is padded, how long it may be) stands here, with its source; everything else (sizes, mean,
standard deviation, interpolation, logit scale and bias) is read from the folder's own files by the library.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from clipsorter.errors import ModelFilesError
from clipsorter.json_text import parse_json

CONFIG_NAME = "config.json"
PREPROCESSOR_NAME = "preprocessor_config.json"
TOKENIZER_NAMES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "spiece.model",
    "sentencepiece.bpe.model",
    "tokenizer.model",
)
VOCABULARIES = frozenset(TOKENIZER_NAMES) - {"tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"}

ENGLISH = ("en",)
CHINESE = ("zh-Hans",)
# Those a person of this app is likely to type; the models know more.
MANY = ("en", "zh-Hans", "zh-Hant", "ja", "ko", "ru", "de", "fr", "es", "it", "pt")
# Text towers with more entries than this were trained on text of many languages: Google's English SigLIP vocabulary has
# 32,000 (open_clip, SigLipTokenizer.VOCAB_FILES), CLIP's 49,408; the multilingual ones of mC4, XLM-R, XLM-V, NLLB and
# Gemma have 250,000 and more. BERT's two are 21,128 (Chinese) and 30,522 (English).
_MANY_WORDS = 100_000


@dataclass(frozen=True, slots=True)
class Family:
    """What transformers' reference call does with text for one ``model_type``."""

    model_class: str  # in transformers
    padding: Literal["longest", "max_length"]
    masked: bool  # whether the text tower is told what is padding
    context: int | None = None  # tokens at most; None: as many as the text tower has positions
    languages: tuple[str, ...] | None = None  # None: by the size of the vocabulary
    lower: bool = False  # trained on text without capital letters, which its tokenizer may not see to


FAMILIES: Mapping[str, Family] = {
    "clip": Family("CLIPModel", "longest", masked=True),
    # Trained on padding as if it were text: transformers' documentation of SigLIP, "Usage tips".
    # In lower case: SigLIP's own tokenizer does that, but the fixed sizes of SigLIP 2 are published with Gemma's, which
    # does not; transformers itself lowers only for NaFlex models (Siglip2Tokenizer, huggingface/transformers#43101).
    "siglip": Family("SiglipModel", "max_length", masked=False, lower=True),
    # 52 tokens: cn_clip.clip.tokenize of Chinese-CLIP's own code; BERT would take 512.
    "chinese_clip": Family("ChineseCLIPModel", "longest", masked=True, context=52, languages=CHINESE),
    "metaclip_2": Family("MetaClip2Model", "longest", masked=True, languages=MANY),
}
_NOT_HERE = {
    "siglip2": "its pictures keep their own aspect ratio (NaFlex), which is not done here; use the same model with a "
    "fixed size",
}


def read_family(folder: Path) -> tuple[Family, dict[str, Any]]:
    """The family of the transformers model in ``folder`` and its whole description.

    Raises ModelFilesError for a description that cannot be read, an unknown family, or a file that is missing.
    """
    config = read_description(folder / CONFIG_NAME)
    kind = str(config.get("model_type") or "")
    if kind in _NOT_HERE:
        raise ModelFilesError(f'"{folder.name}" is not used, because {_NOT_HERE[kind]}.')
    if kind not in FAMILIES:
        said = f'the architecture "{kind}"' if kind else "no architecture"
        raise ModelFilesError(
            f'"{folder.name}" says {said} in its {CONFIG_NAME}; known here are {", ".join(FAMILIES)}, '
            "and whatever brings an open_clip_config.json."
        )
    if not (folder / PREPROCESSOR_NAME).is_file():
        raise ModelFilesError(
            f'"{folder.name}" lacks {PREPROCESSOR_NAME}, which says how its pictures are prepared; '
            "copy it from where the model comes from."
        )
    if not any((folder / name).is_file() for name in VOCABULARIES):
        raise ModelFilesError(f'"{folder.name}" lacks its tokenizer: tokenizer.json or vocab.txt.')
    return FAMILIES[kind], config


def read_description(file: Path) -> dict[str, Any]:
    """A model's description as a dictionary; raises ModelFilesError where it is not one."""
    try:
        content = parse_json(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFilesError(f'"{file}" cannot be read as a model description.') from error
    if not isinstance(content, dict):
        raise ModelFilesError(f'"{file}" cannot be read as a model description.')
    return content


def languages_of(family: Family, config: Mapping[str, Any]) -> tuple[str, ...]:
    """What a transformers model reads, best first (BCP 47)."""
    if family.languages is not None:
        return family.languages
    text = config.get("text_config")
    return _by_vocabulary(text.get("vocab_size") if isinstance(text, dict) else None)


def languages_of_open_clip(model_cfg: Mapping[str, Any]) -> tuple[str, ...]:
    """The same for an open_clip architecture, from the ``model_cfg`` of its description."""
    text = model_cfg.get("text_cfg")
    if not isinstance(text, dict):
        return ENGLISH
    tower = str(text.get("hf_model_name") or "").lower()
    if any(name in tower for name in ("xlm-", "mt5", "nllb")):
        return MANY
    # Sizes that a description leaves out are those of CLIP.
    return _by_vocabulary(text.get("vocab_size"))


def _by_vocabulary(words: object) -> tuple[str, ...]:
    return MANY if isinstance(words, int) and words > _MANY_WORDS else ENGLISH
