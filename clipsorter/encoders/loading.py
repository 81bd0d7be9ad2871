"""A model source becomes an encoder at work. Child only: imports torch and both model libraries."""

import torch
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from clipsorter.encoders import starter
from clipsorter.encoders.devices import choose_device
from clipsorter.encoders.folding import fold_batch_norms, merge_branches
from clipsorter.encoders.foreign_errors import explaining
from clipsorter.encoders.lexicon import say_in_english
from clipsorter.encoders.open_clip_encoder import OpenClipEncoder
from clipsorter.encoders.open_clip_files import build_model
from clipsorter.encoders.sources import ModelSource
from clipsorter.encoders.torch_encoder import TorchEncoder
from clipsorter.encoders.transformers_encoder import TransformersEncoder
from clipsorter.encoders.weight_files import read_weights_header

__all__ = ["build_model", "load_encoder"]


def load_encoder(source: ModelSource, device: str = "auto", threads: int | None = None) -> TorchEncoder:
    """Load ``source`` on ``device``; ``threads`` limits torch's CPU threads. Raises ModelError and its kinds."""
    if threads is not None:
        torch.set_num_threads(threads)
    chosen = choose_device(device)
    disable_progress_bar()  # transformers writes it to the terminal, and starts a thread for it
    set_verbosity_error()  # what it would warn of is an error of ours
    if source.kind == "starter":
        built = starter.build_starter()
        fold_batch_norms(built.model.visual.trunk)
        return OpenClipEncoder(built, chosen, translate=say_in_english)
    if source.kind == "transformers":
        assert source.weights is not None
        read_weights_header(source.weights)
        with explaining(source.name):
            return TransformersEncoder(source, chosen)
    built = build_model(source)
    merge_branches(built.model.visual)
    return OpenClipEncoder(built, chosen)
