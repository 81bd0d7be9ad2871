"""Print how near every family comes to its own library on tiny models with random weights: docs/models.md.

python -m tests.encoders.agreement
"""

import importlib
import logging
import os
import tempfile
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipsorter.encoders.child import LIBRARY_SETTINGS
from tests.encoders.conftest import PICTURES, load_folder, prepare_all, read_picture

Rows = NDArray[np.float64]


def main() -> None:
    """One line of a table per family."""
    os.environ |= LIBRARY_SETTINGS
    warnings.simplefilter("ignore")  # deprecations inside the libraries
    logging.disable()  # open_clip would say that weights are random
    libraries = (
        ("open_clip", "test_open_clip_families", "tiny_open_clip", "write_open_clip_model"),
        ("transformers", "test_transformers_encoder", "tiny_models", "write_transformers_model"),
    )
    print("| library | family | pictures | prompts |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="clipsorter-agreement-") as name:
        place = Path(name)
        photos = place / "photos"
        photos.mkdir()
        for picture in PICTURES:
            read_picture(picture).save(photos / f"{picture}.png")
        for library, tests, models, write in libraries:
            module = importlib.import_module(f"tests.encoders.{tests}")
            for kind in module.KINDS:
                folder = getattr(importlib.import_module(f"tests.encoders.{models}"), write)(
                    kind, place / library / kind
                )
                encoder = load_folder(folder)
                images, texts, *_ = module.reference(folder, photos)
                ours = encoder.encode_images(prepare_all(photos, encoder.spec.shape))
                lowest = _lowest(ours, images), _lowest(encoder.encode_texts(module.PROMPTS), texts)
                print(f"| {library} | {kind} | {lowest[0]:.7f} | {lowest[1]:.7f} |", flush=True)


def _lowest(ours: NDArray[np.float32], theirs: Rows) -> float:
    rows = ours.astype(np.float64)
    return float(((rows / np.linalg.norm(rows, axis=1, keepdims=True)) * theirs).sum(axis=1).min())


if __name__ == "__main__":
    main()
