"""A model source becomes an encoder at work. Child only: imports torch and open_clip."""

from collections.abc import Iterator
from contextlib import contextmanager

import open_clip
import torch
from open_clip.pretrained import get_pretrained_cfg
from safetensors import SafetensorError
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from clipsorter.encoders import starter
from clipsorter.encoders.devices import choose_device
from clipsorter.encoders.folding import fold_batch_norms
from clipsorter.encoders.lexicon import say_in_english
from clipsorter.encoders.open_clip_encoder import BuiltModel, OpenClipEncoder
from clipsorter.encoders.safetensors_header import read_header
from clipsorter.encoders.sources import ModelSource
from clipsorter.encoders.torch_encoder import TorchEncoder
from clipsorter.encoders.transformers_encoder import TransformersEncoder
from clipsorter.errors import ModelFilesError


def load_encoder(source: ModelSource, device: str = "auto", threads: int | None = None) -> TorchEncoder:
    """Load ``source`` on ``device``; ``threads`` limits torch's CPU threads. Raises ModelError and its kinds."""
    if threads is not None:
        torch.set_num_threads(threads)
    chosen = choose_device(device)
    if source.kind == "starter":
        built = starter.build_starter()
        fold_batch_norms(built.model.visual.trunk)
        return OpenClipEncoder(built, chosen, translate=say_in_english)
    if source.weights is not None:
        read_header(source.weights)
    if source.kind == "transformers":
        disable_progress_bar()  # it writes to the terminal and starts a thread
        set_verbosity_error()  # what it would warn of is an error of ours
        with explaining(source.name):
            return TransformersEncoder(source, chosen)
    return OpenClipEncoder(build_model(source), chosen)


def build_model(source: ModelSource) -> BuiltModel:
    """Build a folder's or a built-in architecture and put its weights in, strictly: every tensor must fit."""
    assert source.weights is not None
    name = f"local-dir:{source.folder}" if source.kind == "folder" else source.architecture
    tag = get_pretrained_cfg(source.architecture, source.tag) if source.tag else {}
    # The activation the weights were trained with; open_clip itself only warns about the wrong one.
    activation = {"quick_gelu": bool(tag.get("quick_gelu"))} if tag else {}
    with explaining(source.name):
        model = open_clip.create_model(
            name,
            load_weights=False,
            pretrained_image=False,
            pretrained_text=False,
            force_preprocess_cfg=tag or None,
            **activation,
        )
        open_clip.load_checkpoint(model, str(source.weights), strict=True)
        tokenizer = open_clip.get_tokenizer(name)
    preprocess = open_clip.get_model_preprocess_cfg(model)
    return BuiltModel(source.encoder_id, source.name, model, preprocess, tokenizer)


@contextmanager
def explaining(name: str) -> Iterator[None]:
    """Map what open_clip, transformers and safetensors raise about files to ModelFilesError."""
    try:
        yield
    except SafetensorError as error:
        raise ModelFilesError(f'The weights of "{name}" are damaged.') from error
    except RuntimeError as error:
        if "state_dict" not in str(error):
            raise
        raise ModelFilesError(f'The weights of "{name}" do not fit its architecture.') from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        # transformers says OSError for a tokenizer or text configuration that is not here and may not be downloaded
        raise ModelFilesError(f'"{name}" cannot be loaded: {_first_line(error)}') from error


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
