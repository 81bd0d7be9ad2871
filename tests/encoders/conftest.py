"""Models for the tests: the starter in this process, a tiny open_clip model in a folder, pictures that are real."""

import importlib
import json
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from skimage import data

from clipsorter.encoders.child import LIBRARY_SETTINGS
from clipsorter.encoders.process import EncoderProcess
from clipsorter.encoders.sources import find_model
from clipsorter.encoders.verification import draw_pictures
from clipsorter.photos.decode import prepare
from clipsorter.photos.scan import scan
from clipsorter.values import InputShape, Photo, Pixels

if TYPE_CHECKING:
    from clipsorter.encoders.open_clip_encoder import BuiltModel, OpenClipEncoder
    from clipsorter.encoders.torch_encoder import TorchEncoder

PICTURES = ("chelsea", "coffee", "rocket", "horse", "page")
TINY_CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {
        "mean": [0.1, 0.2, 0.3],
        "std": [0.5, 0.6, 0.7],
        "interpolation": "bilinear",
        "resize_mode": "squash",
        "fill_color": 7,
    },
}


def read_picture(name: str) -> Image.Image:
    """A picture that scikit-image carries, as RGB."""
    return Image.fromarray(np.asarray(getattr(data, name)())).convert("RGB")


def crop_centre(picture: Image.Image, side: int) -> Pixels:
    """[side, side, 3] uint8: short side scaled to ``side``, centre kept, as open_clip's "shortest" does."""
    scale = side / min(picture.size)
    wide, high = round(picture.width * scale), round(picture.height * scale)
    left, top = round((wide - side) / 2), round((high - side) / 2)
    resized = picture.resize((wide, high), Image.Resampling.BICUBIC)
    return np.asarray(resized.crop((left, top, left + side, top + side)))


def prepare_all(folder: Path, shape: InputShape) -> Pixels:
    """The app's own model input of every photo, by name."""
    photos = sorted((entry for entry in scan(folder) if isinstance(entry, Photo)), key=lambda photo: photo.path.name)
    return np.stack([prepare(photo, shape).pixels for photo in photos])


def crop_drawn(shape: InputShape) -> Pixels:
    """The app's own model input of the pictures that verification draws."""
    with tempfile.TemporaryDirectory() as folder:
        for number, picture in enumerate(draw_pictures()):
            Image.fromarray(picture).save(Path(folder, f"{number}.png"))
        return prepare_all(Path(folder), shape)


def load_folder(folder: Path) -> "TorchEncoder":
    """The model in a folder, in this process, on the CPU. After ``torch_here``."""
    from clipsorter.encoders.loading import load_encoder  # noqa: PLC0415 - imports torch

    return load_encoder(find_model(str(folder), folder.parent), "cpu")


@pytest.fixture(scope="session")
def pictures() -> Pixels:
    """[5, 224, 224, 3]: a cat, a cup of coffee, a rocket, a horse, a page of text."""
    return np.stack([crop_centre(read_picture(name), 224) for name in PICTURES])


@pytest.fixture(scope="session")
def torch_here() -> None:
    """Import torch and open_clip into this process, once; deprecations inside them are not ours to fail on."""
    os.environ |= LIBRARY_SETTINGS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module("clipsorter.encoders.loading")


@pytest.fixture(scope="session")
def tiny_folder(torch_here: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole open_clip model of 0.9 M parameters with random weights, as open_clip writes it to a folder."""
    open_clip, torch = importlib.import_module("open_clip"), importlib.import_module("torch")
    torch.manual_seed(1)
    model = open_clip.CLIP(**TINY_CONFIG["model_cfg"])
    folder = tmp_path_factory.mktemp("models") / "tiny"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps(TINY_CONFIG), "utf-8")
    importlib.import_module("safetensors.torch").save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    return folder


@pytest.fixture(scope="session")
def built_starter(torch_here: None) -> "BuiltModel":
    """The starter model in this process."""
    from clipsorter.encoders.starter import build_starter  # noqa: PLC0415 - after torch_here

    return build_starter()


@pytest.fixture(scope="session")
def starter(built_starter: "BuiltModel") -> "OpenClipEncoder":
    """The starter model at work in this process, on the CPU."""
    from clipsorter.encoders.devices import describe_cpu  # noqa: PLC0415
    from clipsorter.encoders.open_clip_encoder import OpenClipEncoder  # noqa: PLC0415

    return OpenClipEncoder(built_starter, describe_cpu())


@pytest.fixture(scope="session")
def starter_process() -> Iterator[EncoderProcess]:
    """The starter model in its own process, shared by all tests that do not harm it."""
    encoder = EncoderProcess(find_model("starter", Path("no models folder")), "cpu")
    encoder.start()
    yield encoder
    encoder.close()
