"""A torch model at work, whichever library built it: batches, memory, precision. Child only: imports torch."""

import contextlib
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from clipsorter.encoders.batches import find_batch_size
from clipsorter.encoders.devices import Device, describe_cpu, list_siblings
from clipsorter.encoders.encoder import InProcess
from clipsorter.errors import DeviceLostError, ModelError
from clipsorter.values import Embeddings, EncoderSpec, Pixels

TEXT_CHUNK = 32  # prompts at once; more gains nothing on a CPU and costs memory
# How a lack of memory is said where there is no class for it: by CUDA's libraries, MPS, XPU and the CPU, as their issue
# trackers quote it.
NO_MEMORY = (
    "out of memory", "can't allocate memory", "not enough memory", "alloc_failed", "invalid buffer size",
    "out_of_device_memory", "out_of_resources",
)  # fmt: skip
LOST = ("device_lost", "device lost")  # XPU; for CUDA there is a class


class TorchEncoder(InProcess):
    """An ``Encoder`` in this process. One thread.

    A subclass knows its library's calls: ``_embed_pixels`` and ``_embed_words``. Everything else is common: what does
    not fit into memory is halved down to one photo and then computed on the CPU, what overflows in half precision is
    repeated in full, and every row leaves L2-normalised.

    ``translate``, when given, is applied to each prompt before it is tokenised (a lexicon for a model that knows
    English only, for instance).
    """

    def __init__(
        self, spec: EncoderSpec, model: Any, device: Device, *, translate: Callable[[str], str] | None = None
    ) -> None:
        self.spec = spec
        self._model = model.eval().requires_grad_(requires_grad=False)
        self._translate = translate
        self._most: int | None = None  # images that fit into memory at once, once the limit was met
        self._best: int | None = None  # images at once that work fastest, once that was probed
        try:
            self._use(device)
        except RuntimeError as error:
            if device.is_cpu:
                raise
            _expect_lack_of_memory(error)
        else:
            return
        self._flee_to_cpu()

    @property
    def device(self) -> str:
        """For people."""
        return self._device.name

    @property
    def batch_size(self) -> int:
        """Photos that one request best holds here; probed at the first question, and again after a move to the CPU."""
        if self._best is None:
            self._best = find_batch_size(self._probe, is_cpu=self._device.is_cpu)
        return min(self._best, self._most or self._best)

    @property
    def siblings(self) -> tuple[str, ...]:
        """Other devices of the same kind, by torch's names."""
        return list_siblings(self._device)

    @property
    def on_cpu(self) -> bool:
        """Whether the processor does the work."""
        return self._device.is_cpu

    def encode_images(self, pixels: Pixels) -> Embeddings:
        """See ``Encoder``; raises ValueError for pixels of the wrong shape, a bug of the caller."""
        side = self.spec.shape.side
        if pixels.shape[1:] != (side, side, 3) or pixels.dtype != np.uint8:
            raise ValueError(f"Expected uint8 [B, {side}, {side}, 3], got {pixels.dtype} {pixels.shape}.")
        step = self._most or max(1, len(pixels))
        rows = [self._encode_part(pixels[start : start + step]) for start in range(0, len(pixels), step)]
        return np.concatenate(rows) if rows else np.zeros((0, self.spec.dimension), np.float32)

    def encode_texts(self, prompts: Sequence[str]) -> Embeddings:
        """See ``Encoder``."""
        words = [self._translate(prompt) for prompt in prompts] if self._translate else list(prompts)
        rows = [self._encode_words(words[start : start + TEXT_CHUNK]) for start in range(0, len(words), TEXT_CHUNK)]
        return np.concatenate(rows) if rows else np.zeros((0, self.spec.dimension), np.float32)

    def close(self) -> None:
        """Let go of the model."""
        self._model = None

    @abstractmethod
    def _embed_pixels(self, batch: Tensor) -> Tensor:
        """Embed [B, 3, S, S], normalised with the spec's mean and std, as [B, D] of any length."""

    @abstractmethod
    def _embed_words(self, words: list[str], device: str) -> Tensor:
        """Embed each of ``words`` (at least one) as [len(words), D] of any length; tokens go to ``device``."""

    def _use(self, device: Device) -> None:
        self._device = device
        self._model.to(device.torch_name)
        self._mean = torch.tensor(self.spec.mean, device=device.torch_name).view(1, 3, 1, 1) * 255
        self._std = torch.tensor(self.spec.std, device=device.torch_name).view(1, 3, 1, 1) * 255

    def _probe(self, count: int) -> bool:
        """Embed ``count`` grey photos; False where memory runs out; the limit is not remembered."""
        side = self.spec.shape.side
        try:
            self._finish(lambda: self._run_images(np.full((count, side, side, 3), 128, np.uint8)))
        except RuntimeError as error:
            _expect_lack_of_memory(error)
        else:
            return True
        _empty_caches()
        return False

    def _encode_part(self, pixels: Pixels) -> Embeddings:
        """Embed what should fit into memory; what does not is halved down to one photo, then goes to the CPU."""
        try:
            return self._finish(lambda: self._run_images(pixels))
        except RuntimeError as error:
            _expect_lack_of_memory(error)
        # Outside the except block: the traceback there would keep the failed batch's memory alive.
        _empty_caches()
        if len(pixels) > 1:
            self._most = len(pixels) // 2
            return self.encode_images(pixels)
        self._flee_to_cpu()
        return self._encode_part(pixels)

    def _encode_words(self, words: list[str]) -> Embeddings:
        try:
            return self._finish(lambda: self._embed_words(words, self._device.torch_name))
        except RuntimeError as error:
            _expect_lack_of_memory(error)
        _empty_caches()
        self._flee_to_cpu()
        return self._encode_words(words)

    def _flee_to_cpu(self) -> None:
        if self._device.is_cpu:
            raise ModelError("There is not enough memory for this model; close other programs or choose a smaller one.")
        self._use(describe_cpu())
        self._most = self._best = None
        _empty_caches()

    def _run_images(self, pixels: Pixels) -> Tensor:
        batch = torch.tensor(pixels).to(self._device.torch_name).permute(0, 3, 1, 2)
        return self._embed_pixels((batch.float() - self._mean) / self._std)

    def _finish(self, run: Callable[[], Tensor]) -> Embeddings:
        """Run, normalise, check; what overflows in half precision is repeated in full, for good."""
        with torch.inference_mode():
            with self._precision():
                features = run()
            rows = torch.nn.functional.normalize(features.float(), dim=-1, eps=1e-12).cpu().numpy()
        norms = np.linalg.norm(rows, axis=1)
        if np.isfinite(norms).all() and (norms > 0.5).all():
            return np.asarray(rows, np.float32)
        if self._device.precision != torch.float32:
            self._device = replace(self._device, precision=torch.float32)
            return self._finish(run)
        raise ModelError("The model gave no usable answer; its files may be damaged.")

    @contextlib.contextmanager
    def _precision(self) -> Iterator[None]:
        if self._device.precision == torch.float32:
            yield
        else:
            with torch.autocast(self._device.torch_name.partition(":")[0], dtype=self._device.precision):
                yield


def _expect_lack_of_memory(error: RuntimeError) -> None:
    """Raise any other error again; a device that is lost for this process is told as such."""
    words = str(error).casefold()
    if isinstance(error, torch.OutOfMemoryError) or any(one in words for one in NO_MEMORY):
        return
    if isinstance(error, torch.AcceleratorError) or any(one in words for one in LOST):
        raise DeviceLostError("The graphics card has stopped answering.") from error
    raise error


def _empty_caches() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    if torch.xpu.is_available():
        torch.xpu.empty_cache()
