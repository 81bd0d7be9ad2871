"""A card against the processor: same ranking, full rate, and no photo lost when its memory is gone.

    python -m tests.gpu [MODEL] [DEVICE]

``MODEL`` is anything ``find_model`` knows (default: the starter), ``DEVICE`` torch's name of the card. For "cpu" every
check runs, too, as a rehearsal: batches are then refused as if memory were gone.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from clipsorter.encoders.loading import load_encoder
from clipsorter.encoders.sources import ModelSource, find_model
from clipsorter.encoders.torch_encoder import TorchEncoder
from clipsorter.encoders.verification import ENGLISH, HALF
from clipsorter.library.data_folder import DataFolder
from clipsorter.library.default_folder import default_data_folder
from clipsorter.values import Embeddings, Pixels

PHOTOS = 512
SECONDS = 5.0  # of each measurement of a rate
MOST_REHEARSED = 4  # photos at once that a rehearsed lack of memory leaves room for
SHARE = 0.9  # of the bare loop's rate that ours has to reach


@dataclass(frozen=True, slots=True)
class Agreement:
    """A card's embeddings beside the processor's."""

    images: float  # lowest cosine over the photos
    texts: float  # lowest cosine over the prompts
    first_places: float  # share of the prompts whose best photo is the same one

    @property
    def holds(self) -> bool:
        return min(self.images, self.texts) >= HALF


@dataclass(frozen=True, slots=True)
class Rates:
    """Photos per second at the probed batch size."""

    batch_size: int
    ours: float  # uint8 pixels in, checked numpy rows out
    bare: float  # the model's forward pass alone, on a batch that lies on the card

    @property
    def holds(self) -> bool:
        return self.ours >= SHARE * self.bare


def find_source(name: str = "starter") -> ModelSource:
    """The model to check, a downloaded one from where ``clipsorter models download`` puts it."""
    return find_model(name, DataFolder(default_data_folder()).models_path)


def make_photos(side: int, count: int = PHOTOS) -> Pixels:
    """Coloured patches of many sizes, uint8 [count, side, side, 3]; the same every time."""
    random = np.random.default_rng(0)
    photos = np.empty((count, side, side, 3), np.uint8)
    for photo in photos:
        cells = int(random.integers(1, 9))
        patches = random.integers(0, 256, (cells, cells, 3), np.uint8)
        rows = np.arange(side) * cells // side
        photo[:] = patches[rows][:, rows]
    return photos


def compare_with_cpu(source: ModelSource, device: str) -> Agreement:
    """The same photos and prompts on both."""
    card, processor = load_encoder(source, device), load_encoder(source, "cpu")
    photos = make_photos(card.spec.shape.side, 64)
    ours, theirs = _embed(card, photos), _embed(processor, photos)
    images, texts = ((a * b).sum(axis=1).min() for a, b in zip(ours, theirs, strict=True))
    best = [(images_ @ texts_.T).argmax(axis=0) for images_, texts_ in (ours, theirs)]
    return Agreement(float(images), float(texts), float((best[0] == best[1]).mean()))


def measure_rates(source: ModelSource, device: str, seconds: float = SECONDS) -> Rates:
    """Our encoder beside a loop that only runs the model, in the same precision and batch size."""
    encoder = load_encoder(source, device)
    size = encoder.batch_size
    photos = make_photos(encoder.spec.shape.side, size)
    batch = torch.tensor(photos, device=device).permute(0, 3, 1, 2).float().div(255)

    def run_bare() -> None:
        with torch.inference_mode(), encoder._precision():
            encoder._embed_pixels(batch)
        if not is_rehearsal(device):
            torch.cuda.synchronize(device)

    ours = _rate(lambda: encoder.encode_images(photos), size, seconds)
    return Rates(size, ours, _rate(run_bare, size, seconds))


def run_out_of_memory(source: ModelSource, device: str, count: int = PHOTOS) -> tuple[Embeddings, Embeddings, str]:
    """Embed while all but a little of the card's memory is taken; returns rows without, rows with, and the device."""
    encoder = load_encoder(source, device)
    photos = make_photos(encoder.spec.shape.side, count)
    plenty = encoder.encode_images(photos)
    with _memory_refused(encoder) if is_rehearsal(device) else _memory_taken(device):
        scarce = encoder.encode_images(photos)
    if encoder._most is None and encoder.on_cpu == is_rehearsal(device):
        raise RuntimeError("Memory did not run out, so nothing was checked; choose a larger model.")
    return scarce, plenty, encoder.device


def is_rehearsal(device: str) -> bool:
    """Whether the checks run on the processor, to be checked themselves."""
    return device == "cpu"


@contextmanager
def _memory_taken(device: str) -> Iterator[None]:
    """All but a little of a card's memory."""
    torch.cuda.empty_cache()
    free, _ = torch.cuda.mem_get_info(device)
    taken = torch.empty(max(0, free - 96 * 2**20), dtype=torch.uint8, device=device)
    try:
        yield
    finally:
        del taken
        torch.cuda.empty_cache()


@contextmanager
def _memory_refused(encoder: TorchEncoder) -> Iterator[None]:
    """As torch does it where a card's memory is gone, for all but small batches."""
    run = encoder._run_images

    def refuse(pixels: Pixels) -> torch.Tensor:
        if len(pixels) > MOST_REHEARSED:
            raise torch.OutOfMemoryError("CUDA out of memory, in a rehearsal.")
        return run(pixels)

    encoder._run_images = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        del encoder._run_images


def _embed(encoder: TorchEncoder, photos: Pixels) -> tuple[Embeddings, Embeddings]:
    return encoder.encode_images(photos), encoder.encode_texts(ENGLISH)


def _rate(work: Callable[[], object], size: int, seconds: float) -> float:
    work()
    begun, done = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        work()
        done += size
    return done / (time.monotonic() - begun)
