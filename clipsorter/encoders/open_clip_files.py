"""The files of an open_clip model become the model. Child only: imports torch and open_clip.

open_clip names what it takes from transformers (a text tower's configuration, a tokenizer) by a hub repository. Here
both are looked for beside the weights first, and in the local Hugging Face cache after that; nothing is downloaded.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import open_clip
from open_clip.hf_configs import arch_dict
from open_clip.hf_model import HFTextEncoder
from open_clip.pretrained import get_pretrained_cfg
from open_clip.tokenizer import HFTokenizer, SimpleTokenizer
from torch import Tensor

from clipsorter.encoders.architectures import build_undrawn
from clipsorter.encoders.catalogue import TEXT_CONFIG_FOLDER
from clipsorter.encoders.families import VOCABULARIES, languages_of_open_clip, read_description
from clipsorter.encoders.foreign_errors import explaining
from clipsorter.encoders.open_clip_encoder import BuiltModel
from clipsorter.encoders.quick_start import taking_tensors
from clipsorter.encoders.safetensors_header import read_header
from clipsorter.encoders.sources import CONFIG_NAME, ModelSource
from clipsorter.errors import ModelFilesError
from clipsorter.languages import language_of_words

_OUR_NAME = "clipsorter-model"  # under which open_clip is told a configuration; must not name a family
_Tokenizer = Callable[[list[str]], Tensor]

# NLLB's names (FLORES-200) for what ``language_of_words`` tells apart.
_NLLB_NAMES = {
    "en": "eng_Latn",
    "zh": "zho_Hans",
    "ja": "jpn_Jpan",
    "ko": "kor_Hang",
    "ru": "rus_Cyrl",
    "de": "deu_Latn",
    "fr": "fra_Latn",
    "es": "spa_Latn",
    "it": "ita_Latn",
    "pt": "por_Latn",
}


def build_model(source: ModelSource) -> BuiltModel:
    """Build a folder's or a built-in architecture and put its weights in, strictly: every tensor must fit."""
    assert source.weights is not None
    read_header(source.weights)
    tag = get_pretrained_cfg(source.architecture, source.tag) if source.tag else {}
    # The activation the weights were trained with; open_clip itself only warns about the wrong one.
    quick_gelu = bool(tag.get("quick_gelu")) if tag else None
    model_cfg, preprocess_cfg = _read_config(source)
    languages = languages_of_open_clip(model_cfg)
    _find_text_files(source, model_cfg)
    with explaining(source.name):
        model = build_undrawn(_OUR_NAME, model_cfg, tag or preprocess_cfg or None, quick_gelu=quick_gelu)
        with taking_tensors(model):
            open_clip.load_checkpoint(model, str(source.weights), strict=True)
        tokenizer = open_clip.get_tokenizer(_OUR_NAME)
    _check_tokenizer(source.name, model, tokenizer)
    return BuiltModel(
        source.encoder_id,
        source.name,
        model,
        open_clip.get_model_preprocess_cfg(model),
        _speak_many(tokenizer),
        languages=languages,
    )


def _read_config(source: ModelSource) -> tuple[dict[str, Any], dict[str, Any]]:
    """``model_cfg`` and ``preprocess_cfg`` as open_clip names them; the latter is empty for a built-in architecture."""
    if source.kind == "folder":
        assert source.folder is not None
        config = read_description(source.folder / CONFIG_NAME)
        return dict(config["model_cfg"]), dict(config.get("preprocess_cfg") or {})
    return dict(open_clip.get_model_config(source.architecture)), {}


def _find_text_files(source: ModelSource, model_cfg: dict[str, Any]) -> None:
    """Point ``model_cfg`` to the text tower's configuration and the tokenizer beside the weights, if they are there."""
    assert source.weights is not None
    text = model_cfg.get("text_cfg")
    if not isinstance(text, dict):
        return
    model_cfg["text_cfg"] = text = deepcopy(text)
    beside = source.folder or source.weights.parent
    if text.get("hf_model_name"):
        for place in (beside / TEXT_CONFIG_FOLDER, beside):
            file = place / "config.json"
            if file.is_file() and (kind := read_description(file).get("model_type")) in arch_dict:
                text["hf_model_name"] = str(place)
                break
            if place != beside and file.is_file():
                raise ModelFilesError(f'"{source.name}" brings a text tower that is not known here: "{kind}".')
    if text.get("hf_tokenizer_name"):
        if any((beside / name).is_file() for name in VOCABULARIES):
            text["hf_tokenizer_name"] = str(beside)
        text["tokenizer_kwargs"] = {
            **text.get("tokenizer_kwargs", {}),
            "local_files_only": True,
            "trust_remote_code": False,
        }


def _check_tokenizer(name: str, model: Any, tokenizer: Any) -> None:
    """A tokenizer of another model gives numbers too, but wrong ones: what can be noticed is refused here."""
    words = len(tokenizer.tokenizer) if isinstance(tokenizer, HFTokenizer) else 0
    if isinstance(tokenizer, SimpleTokenizer):
        words = tokenizer.vocab_size
    tower = getattr(model, "text", model)
    room = tower.config.vocab_size if isinstance(tower, HFTextEncoder) else tower.token_embedding.num_embeddings
    if words > room:
        raise ModelFilesError(
            f'The tokenizer of "{name}" does not belong to its weights: it knows {words:,} words and the weights '
            f"{room:,}."
        )


def _speak_many(tokenizer: Any) -> _Tokenizer:
    """NLLB's text tower is told the language of each prompt; the others see it themselves."""
    if not hasattr(tokenizer, "set_lang_fn"):
        return tokenizer  # type: ignore[no-any-return]

    def tokenize(prompts: list[str]) -> Tensor:
        rows = []
        for prompt in prompts:
            tokenizer.set_language(_NLLB_NAMES[language_of_words(prompt)])
            rows.append(tokenizer([prompt]))
        return _stack(rows)

    return tokenize


def _stack(rows: list[Tensor]) -> Tensor:
    return rows[0].new_tensor([row[0].tolist() for row in rows])
