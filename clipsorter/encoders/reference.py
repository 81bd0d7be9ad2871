"""What a model's own library says about pictures and words, by its documented calls. Child only: imports torch.

Nothing here goes the way that the app goes: the library prepares the pictures from full size, prompts are tokenised
one by one and padded as the library does it, everything is computed in full precision on the CPU.
"""

from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image
from transformers import AutoImageProcessor, AutoModel, AutoTokenizer

from clipsorter.encoders.families import FAMILIES
from clipsorter.encoders.foreign_errors import explaining
from clipsorter.encoders.lexicon import say_in_english
from clipsorter.encoders.open_clip_files import build_model
from clipsorter.encoders.sources import ModelSource
from clipsorter.encoders.starter import build_starter
from clipsorter.encoders.transformers_encoder import LOCAL
from clipsorter.errors import ModelFilesError
from clipsorter.values import Embeddings, Pixels


def serve(pipe: Connection, source: ModelSource, pictures: tuple[Pixels, ...], prompts: tuple[str, ...]) -> None:
    """Send the image and text rows of ``compute``, or the sentence of what went wrong."""
    try:
        pipe.send(compute(source, pictures, prompts))
    except ModelFilesError as error:
        pipe.send(str(error))


def compute(
    source: ModelSource, pictures: tuple[Pixels, ...], prompts: tuple[str, ...]
) -> tuple[Embeddings, Embeddings]:
    """Embed ``pictures``, each uint8 [H, W, 3], and ``prompts``; rows are L2-normalised. Raises ModelFilesError."""
    photos = [Image.fromarray(picture) for picture in pictures]
    with torch.inference_mode(), explaining(source.name):
        if source.kind == "transformers":
            return _ask_transformers(source, photos, prompts)
        return _ask_open_clip(source, photos, prompts)


def _ask_open_clip(
    source: ModelSource, photos: list[Image.Image], prompts: tuple[str, ...]
) -> tuple[Embeddings, Embeddings]:
    built = build_starter() if source.kind == "starter" else build_model(source)
    if source.kind == "starter":
        prompts = tuple(say_in_english(prompt) for prompt in prompts)
    model = built.model.eval()
    transform = image_transform_v2(PreprocessCfg(**built.preprocess), is_train=False)
    images = [model.encode_image(transform(photo)[None]) for photo in photos]
    return _rows(images), _rows([model.encode_text(built.tokenizer([prompt])) for prompt in prompts])


def _ask_transformers(
    source: ModelSource, photos: list[Image.Image], prompts: tuple[str, ...]
) -> tuple[Embeddings, Embeddings]:
    assert source.folder is not None
    model = AutoModel.from_pretrained(source.folder, use_safetensors=True, dtype=torch.float32, **LOCAL).eval()
    prepare = AutoImageProcessor.from_pretrained(source.folder, **LOCAL)
    tokenize = AutoTokenizer.from_pretrained(source.folder, **LOCAL)
    images = [model.get_image_features(prepare(images=photo, return_tensors="pt")["pixel_values"]) for photo in photos]
    family = FAMILIES[model.config.model_type]
    length = family.context or model.config.text_config.max_position_embeddings
    texts = []
    for prompt in prompts:
        words = prompt.lower() if family.lower else prompt
        tokens = tokenize(words, padding=family.padding, truncation=True, max_length=length, return_tensors="pt")
        texts.append(model.get_text_features(**(tokens if family.masked else {"input_ids": tokens["input_ids"]})))
    return _rows(images), _rows(texts)


def _rows(features: list[Any]) -> NDArray[np.float32]:
    tensors = [one if isinstance(one, torch.Tensor) else one.pooler_output for one in features]
    rows = torch.nn.functional.normalize(torch.cat(tensors).double(), dim=-1)
    return np.asarray(rows.numpy(), np.float32)
