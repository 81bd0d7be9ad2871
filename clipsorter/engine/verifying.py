"""Is a model on this machine the model it should be? Our numbers beside its own library's."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.runtimes import has_torch
from clipsorter.encoders.sources import ModelSource
from clipsorter.encoders.verification import (
    Agreement,
    Vectors,
    compare,
    compute_reference,
    draw_pictures,
    find_vectors,
    keep_vectors,
    prompts_for,
)
from clipsorter.engine.events import EncoderReady, EncoderStarting
from clipsorter.photos.decode import prepare
from clipsorter.photos.scan import scan
from clipsorter.values import InputShape, Photo, Pixels

POLL_SECONDS = 0.2
CPU = "CPU"  # the beginning of its name, for people; the only device that always works in full precision


@dataclass(frozen=True, slots=True)
class Comparing:
    """The model's library computes; said again every fraction of a second."""

    name: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer: agreement with the library's own calls, and with vectors kept earlier.

    None stands for what there is not: a library in an installation without PyTorch, or vectors. Not both.
    """

    name: str
    device: str
    library: Agreement | None
    kept: Agreement | None

    @property
    def holds(self) -> bool:
        """False for a model that must not be trusted on this machine."""
        return all(agreement.holds for agreement in (self.library, self.kept) if agreement)


def verify_model(
    source: ModelSource, device: str, kept_folder: Path, graphs: Path | None = None
) -> Iterator[EncoderStarting | EncoderReady | Comparing | Verified]:
    """Embed drawn pictures and words both ways and compare; yields exactly one Verified, at the end.

    ``graphs`` as for ``open_encoder``: what is verified is the runtime that photos go through.

    What the library says is kept in ``kept_folder`` when nothing was kept before and both ways agree, so that a later
    run notices a change of the library, too. Without PyTorch the kept vectors alone are compared with, such as those of
    the starter, which are shipped. Raises ModelError and its kinds.
    """
    with closing(open_encoder(source, device, graphs=graphs)) as encoder:
        while not encoder.ready(POLL_SECONDS):
            yield EncoderStarting(source.name)
        yield EncoderReady(source.name, encoder.device)
        images = encoder.encode_images(_prepare_pictures(encoder.spec.shape))
        ours = Vectors(images, prompts_for(source), encoder.encode_texts(prompts_for(source)))
        name = encoder.device
    full = name.startswith(CPU)
    kept = find_vectors(source.encoder_id, kept_folder)
    if kept is not None and not has_torch():
        yield Verified(source.name, name, None, compare(ours, kept, full_precision=full))
        return
    reference = compute_reference(source)
    while True:
        try:
            next(reference)
        except StopIteration as ended:
            theirs: Vectors = ended.value
            break
        yield Comparing(source.name)
    library = compare(ours, theirs, full_precision=full)
    if kept is None and library.holds:
        keep_vectors(theirs, source.encoder_id, kept_folder)
    remembered = None if kept is None else compare(ours, kept, full_precision=full)
    yield Verified(source.name, name, library, remembered)


def _prepare_pictures(shape: InputShape) -> Pixels:
    """The drawn pictures the way photos go: as files, read and cut by the app's own decoder."""
    with tempfile.TemporaryDirectory(prefix="clipsorter-") as folder:
        for number, picture in enumerate(draw_pictures()):
            Image.fromarray(picture).save(Path(folder, f"{number}.png"))
        photos = sorted((one for one in scan(Path(folder)) if isinstance(one, Photo)), key=lambda one: one.path.name)
        return np.stack([prepare(photo, shape).pixels for photo in photos])
