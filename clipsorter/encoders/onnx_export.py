"""A model on the CPU becomes ONNX graphs, checked on the spot. Child only: imports torch and open_clip."""

import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from open_clip.tokenizer import HFTokenizer, SimpleTokenizer
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from torch import Tensor, nn

from clipsorter.encoders.onnx_encoder import OnnxEncoder
from clipsorter.encoders.onnx_graphs import (
    IMAGE_GRAPH,
    IMAGE_WEIGHTS,
    OPSET,
    TEXT_GRAPH,
    TEXT_WEIGHTS,
    TOKENIZER,
    Graphs,
    describe_accelerators,
    was_refused,
    write_manifest,
    write_refusal,
)
from clipsorter.encoders.open_clip_encoder import OpenClipEncoder
from clipsorter.encoders.sources import ModelSource
from clipsorter.encoders.torch_encoder import TorchEncoder
from clipsorter.values import Embeddings, Pixels

LEAST_COSINE = 0.9999  # of each embedding to torch's; below, stored and new ones could rank differently
LARGEST = 1_900_000_000  # bytes of weights; an ONNX file, which is protobuf, ends at 2 GiB
BATCHES = (1, 3, 8)

# Prompts that tell tokenizers apart: case, figures, punctuation, entities, accents, Chinese, emoji, nothing, too much.
PROBES = (
    "a photo of a dog",
    "Two children's balls, on a BEACH at sunset (3:45 pm)!",
    "caf\u00e9 &amp; cr\u00e8me br\u00fbl\u00e9e, it's 100% fine...",
    "\u4e00\u5f20\u6d77\u6ee9\u7684\u7167\u7247",
    "\U0001f415 dog_walk #42\tnew\n line",
    "x",
    "",
    "word " * 120,
)

logger = logging.getLogger(__name__)


class RefusedError(Exception):
    """These graphs would not give the model's own answers."""


def replace_by_graphs(
    encoder: TorchEncoder, source: ModelSource, device: str, threads: int, folder: Path
) -> TorchEncoder | OnnxEncoder:
    """Export ``encoder`` into ``folder`` and return its graphs at work, or ``encoder`` itself where that cannot be.

    Takes seconds, once per model. Never raises: torch works as well, only slower.
    """
    if not isinstance(encoder, OpenClipEncoder) or not encoder.on_cpu or was_refused(folder, source):
        return encoder
    seen = describe_accelerators() if device == "auto" else ""
    try:
        return export_graphs(encoder, source, threads, folder, seen)
    except RefusedError as error:
        logger.warning("%s stays with torch: %s", source.name, error)
        with _forgiving():
            write_refusal(folder, source, str(error))
        return encoder
    except Exception:
        logger.warning("%s cannot be exported this time and stays with torch", source.name, exc_info=True)
        return encoder


def export_graphs(encoder: OpenClipEncoder, source: ModelSource, threads: int, folder: Path, seen: str) -> OnnxEncoder:
    """Make ``folder`` hold the graphs of ``encoder``, compared with it, and return them at work.

    ``seen`` is what ``describe_accelerators`` says, "" where that does not matter. Raises RefusedError, and OSError.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder.parent) as place:
        made = _export(encoder, Path(place), seen)
        _compare(encoder, OnnxEncoder(made, source, threads))
        write_manifest(made, source)
        shutil.rmtree(folder, ignore_errors=True)
        Path(place).rename(folder)
        Path(place).mkdir()  # for the context manager to remove
    return OnnxEncoder(replace(made, folder=folder), source, threads)


class _ImageTower(nn.Module):
    """uint8 [B, S, S, 3] to features [B, D]; the normalisation of the spec is part of it."""

    mean: Tensor
    std: Tensor

    def __init__(self, encoder: OpenClipEncoder) -> None:
        super().__init__()
        self.model = encoder.model
        self.register_buffer("mean", torch.tensor(encoder.spec.mean).view(1, 3, 1, 1) * 255)
        self.register_buffer("std", torch.tensor(encoder.spec.std).view(1, 3, 1, 1) * 255)

    def forward(self, pixels: Tensor) -> Tensor:
        batch = pixels.permute(0, 3, 1, 2).float()
        features: Tensor = self.model.encode_image((batch - self.mean) / self.std)
        return features


class _TextTower(nn.Module):
    """Tokens int64 [B, T] to features [B, D]."""

    def __init__(self, encoder: OpenClipEncoder) -> None:
        super().__init__()
        self.model = encoder.model

    def forward(self, tokens: Tensor) -> Tensor:
        features: Tensor = self.model.encode_text(tokens)
        return features


def _export(encoder: OpenClipEncoder, place: Path, device: str) -> Graphs:
    if sum(weight.nbytes for weight in encoder.model.parameters()) > LARGEST:
        raise RefusedError("It is larger than an ONNX file may be.")
    cleaning = _save_tokenizer(encoder.tokenizer, place / TOKENIZER)
    side, padding = encoder.spec.shape.side, encoder.padding
    with _exportable():
        _write_graph(_ImageTower(encoder), torch.zeros(2, side, side, 3, dtype=torch.uint8), place / IMAGE_GRAPH, False)
        tokens = encoder.tokenizer(list(PROBES[:2]))
        _write_graph(_TextTower(encoder), tokens, place / TEXT_GRAPH, padding is not None)
    _simplify(place / IMAGE_GRAPH, IMAGE_WEIGHTS)
    _simplify(place / TEXT_GRAPH, TEXT_WEIGHTS)
    return Graphs(place, encoder.spec, cleaning, padding, device)


def _write_graph(tower: nn.Module, example: Tensor, file: Path, any_length: bool) -> None:
    lengths = {0: "batch", 1: "length"} if any_length else {0: "batch"}
    torch.onnx.export(
        tower.eval(),  # the exporter puts a module back into the mode it had, dropout and all
        (example,),
        str(file),
        input_names=["input"],
        output_names=["features"],
        dynamic_axes={"input": lengths, "features": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,  # traces in one second; the new exporter takes eleven and gives the same numbers
    )


def _simplify(graph: Path, weights: str) -> None:
    """Store what ONNX Runtime makes of ``graph`` on every machine, its weights in a file that is mapped, not copied.

    Steps for this machine's kind of processor are left to each start: the folder may move to another machine.
    """
    whole = graph.rename(graph.with_suffix(".whole"))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # as in ``onnx_encoder``
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(graph)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", weights)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(str(whole), options, providers=["CPUExecutionProvider"])
    (graph.parent / weights).touch()  # a graph whose weights are all small has none
    whole.unlink()


def _save_tokenizer(tokenizer: Any, file: Path) -> str:
    """Write a tokenizer that works without open_clip; returns the name of the cleaning that comes before it."""
    length = tokenizer.context_length
    cleaning = str(tokenizer.clean_fn.__name__).removeprefix("_clean_")
    if isinstance(tokenizer, SimpleTokenizer) and tokenizer.reduction_fn is None:
        fast, padding = _rebuild_clip(tokenizer), 0
    elif isinstance(tokenizer, HFTokenizer) and not tokenizer.tokenizer_mode and not tokenizer.strip_sep_token:
        inner = tokenizer.tokenizer
        if not getattr(inner, "is_fast", False):
            raise RefusedError("Its tokenizer has no fast form.")
        fast, padding = Tokenizer.from_str(inner.backend_tokenizer.to_str()), inner.pad_token_id
    else:
        raise RefusedError("Its tokenizer is not known here.")
    fast.enable_truncation(length)
    fast.enable_padding(length=length, pad_id=padding)
    fast.save(str(file))
    return cleaning


def _rebuild_clip(tokenizer: SimpleTokenizer) -> Tokenizer:
    """CLIP's byte pair encoding for the ``tokenizers`` library, as transformers converts it too.

    The two differ only in which characters of the newest Unicode versions they know to be letters.
    """
    ranks: dict[tuple[str, str], int] = tokenizer.bpe_ranks
    fast = Tokenizer(models.BPE(dict(tokenizer.encoder), list(ranks), end_of_word_suffix="</w>"))
    words = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    fast.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(words, behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    start, end = (tokenizer.decoder[token] for token in (tokenizer.sot_token_id, tokenizer.eot_token_id))
    fast.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, tokenizer.sot_token_id), (end, tokenizer.eot_token_id)]
    )
    return fast


def _compare(encoder: OpenClipEncoder, graphs: OnnxEncoder) -> None:
    """Raise RefusedError unless both give the same tokens and, nearly, the same embeddings."""
    expected = encoder.tokenizer([*PROBES]).numpy()
    found = graphs.tokenise(PROBES)
    if not np.array_equal(expected[:, : found.shape[1]], found):
        raise RefusedError("Its words become other tokens.")
    for count in BATCHES:
        pixels = _draw(count, encoder.spec.shape.side)
        _compare_rows(encoder.encode_images(pixels), graphs.encode_images(pixels))
        _compare_rows(encoder.encode_texts(PROBES[:count]), graphs.encode_texts(PROBES[:count]))


def _compare_rows(expected: Embeddings, found: Embeddings) -> None:
    least = float((expected * found).sum(axis=1).min())
    if not least >= LEAST_COSINE:
        raise RefusedError(f"An embedding has a cosine of only {least:.6f} to torch's.")


def _draw(count: int, side: int) -> Pixels:
    """Pictures with edges, gradients and noise, always the same."""
    random = np.random.default_rng(count)
    coarse = random.integers(0, 256, (count, 4, 4, 3), np.uint8).repeat(side // 4 + 1, 1).repeat(side // 4 + 1, 2)
    noise = random.integers(-20, 21, (count, side, side, 3))
    return np.asarray(np.clip(coarse[:, :side, :side] + noise, 0, 255), np.uint8)


@contextmanager
def _exportable() -> Iterator[None]:
    """The exporter cannot see into torch's fused attention, and warns of every shape it takes as given."""
    fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)


@contextmanager
def _forgiving() -> Iterator[None]:
    try:
        yield
    except OSError:
        logger.info("The refusal could not be stored", exc_info=True)
