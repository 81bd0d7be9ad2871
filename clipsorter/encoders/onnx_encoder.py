"""A model's ONNX graphs at work on the CPU, without torch. Child only: imports onnxruntime and tokenizers.

A batch of photos is cut into one piece for each thread, and every piece goes through the tower alone: threads that
share each operation wait for each other after it, which costs more the more they are disturbed, and they are, by the
decode workers. One session is enough for all of them, so the weights are in memory once.
"""

import html
import re
import string
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import ftfy
import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from clipsorter.encoders.batches import ON_CPU, batch_on_cpu
from clipsorter.encoders.encoder import InProcess
from clipsorter.encoders.hardware import name_processor
from clipsorter.encoders.lexicon import say_in_english
from clipsorter.encoders.onnx_graphs import (
    IMAGE_GRAPH,
    TEXT_GRAPH,
    TOKENIZER,
    Graphs,
    describe_accelerators,
    read_carried_graphs,
    read_graphs,
)
from clipsorter.encoders.sources import ModelSource
from clipsorter.errors import ModelError
from clipsorter.values import Embeddings, EncoderSpec, Pixels

TEXT_CHUNK = 32


def open_graphs(source: ModelSource, device: str, threads: int, folder: Path) -> "OnnxEncoder | None":
    """The encoder of graphs made earlier, or None where torch has to look (again) what this machine and model are."""
    if device not in {"auto", "cpu"}:
        return None
    graphs = read_graphs(folder, source)
    if graphs is None or (device == "auto" and graphs.device != describe_accelerators()):
        return None
    return OnnxEncoder(graphs, source, threads)


def open_carried(source: ModelSource, threads: int, folder: Path) -> "OnnxEncoder":
    """The encoder of graphs that came along; raises ModelFilesError where they are not whole."""
    return OnnxEncoder(read_carried_graphs(folder, source), source, threads)


class OnnxEncoder(InProcess):
    """An ``Encoder`` in this process. All methods belong on one thread, but ``encode_texts`` may run on a second one
    beside ``encode_images``: they share nothing that changes. The work is done on ``threads`` others.

    Each tower is loaded when it is first asked: a search over embedded photos never loads the one for images.
    """

    reads_meanwhile = True

    def __init__(self, graphs: Graphs, source: ModelSource, threads: int) -> None:
        self._graphs = graphs
        self._threads = threads
        self._translate = say_in_english if source.kind == "starter" else None
        self._clean = CLEANINGS[graphs.cleaning]

    @property
    def spec(self) -> EncoderSpec:
        """See ``Encoder``."""
        return self._graphs.spec

    @property
    def device(self) -> str:
        """For people."""
        return name_processor()

    @property
    def batch_size(self) -> int:
        """Photos that one request best holds."""
        return batch_on_cpu(self._threads)

    def encode_images(self, pixels: Pixels) -> Embeddings:
        """See ``Encoder``; raises ValueError for pixels of the wrong shape, a bug of the caller."""
        side = self.spec.shape.side
        if pixels.shape[1:] != (side, side, 3) or pixels.dtype != np.uint8:
            raise ValueError(f"Expected uint8 [B, {side}, {side}, 3], got {pixels.dtype} {pixels.shape}.")
        if not len(pixels):
            return self._gather([])
        tower = self._image_tower
        pieces = np.array_split(pixels, max(min(self._threads, len(pixels)), -(-len(pixels) // ON_CPU)))
        side_by_side = map if self._threads == 1 else self._lanes.map
        return self._gather(list(side_by_side(lambda piece: _run(tower, piece), pieces)))

    def encode_texts(self, prompts: Sequence[str]) -> Embeddings:
        """See ``Encoder``."""
        words = [self._translate(prompt) for prompt in prompts] if self._translate else list(prompts)
        chunks = (words[start : start + TEXT_CHUNK] for start in range(0, len(words), TEXT_CHUNK))
        return self._gather([_run(self._text_tower, self.tokenise(chunk)) for chunk in chunks])

    def tokenise(self, words: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Token ids int64 [len(words), T], as the text tower wants them; padding that all share is cut off."""
        encoded = self._tokenizer.encode_batch([self._clean(text) for text in words])
        tokens = np.array([one.ids for one in encoded], np.int64)
        if self._graphs.padding is None:
            return tokens
        used = np.flatnonzero((tokens != self._graphs.padding).any(axis=0))
        return tokens[:, : used[-1] + 1] if len(used) else tokens

    def close(self) -> None:
        """Let go of the towers and the threads. Safe to call twice."""
        if (lanes := self.__dict__.pop("_lanes", None)) is not None:
            lanes.shutdown()
        for tower in ("_image_tower", "_text_tower"):
            self.__dict__.pop(tower, None)

    @cached_property
    def _lanes(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, "image tower")

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return Tokenizer.from_file(str(self._graphs.folder / TOKENIZER))

    @cached_property
    def _image_tower(self) -> onnxruntime.InferenceSession:
        return self._open(IMAGE_GRAPH, 1)

    @cached_property
    def _text_tower(self) -> onnxruntime.InferenceSession:
        return self._open(TEXT_GRAPH, self._threads)

    def _open(self, name: str, threads: int) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Between two batches its threads would otherwise spin for the next one, on cores that are decoding photos.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3  # errors; it warns of graphs that could be smaller
        try:
            return onnxruntime.InferenceSession(
                str(self._graphs.folder / name), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its exceptions share no base but this
            raise ModelError(f'The model "{self.spec.name}" cannot be loaded: {error}') from error

    def _gather(self, rows: list[Embeddings]) -> Embeddings:
        if not rows:
            return np.zeros((0, self.spec.dimension), np.float32)
        features = np.concatenate(rows)
        norms = np.linalg.norm(features, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not (norms > 0).all():
            raise ModelError("The model gave no usable answer; its files may be damaged.")
        return np.asarray(features / norms, np.float32)


def _run(tower: onnxruntime.InferenceSession, batch: np.ndarray[Any, Any]) -> Embeddings:
    try:
        features: Embeddings = tower.run(None, {tower.get_inputs()[0].name: batch})[0]
    except Exception as error:
        if "allocat" not in str(error).casefold():
            raise
        raise ModelError(
            "There is not enough memory for this model; close other programs or choose a smaller one."
        ) from error
    return features


def _tidy(text: str) -> str:
    """Mojibake repaired, entities resolved twice, white space single: what CLIP's training texts went through."""
    return re.sub(r"\s+", " ", html.unescape(html.unescape(ftfy.fix_text(text))).strip()).strip()


def _tidy_lower(text: str) -> str:
    return _tidy(text).lower()


def _bare(text: str) -> str:
    """Lower case without punctuation, as SigLIP's training texts."""
    words = html.unescape(html.unescape(ftfy.fix_text(text))).strip().replace("_", " ")
    return " ".join(words.translate(str.maketrans("", "", string.punctuation)).lower().split())


# By the names that open_clip has for them.
CLEANINGS: dict[str, Callable[[str], str]] = {"whitespace": _tidy, "lower": _tidy_lower, "canonicalize": _bare}
