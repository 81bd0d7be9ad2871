"""The starter model: whole, honest about damage, and sensible on real pictures."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from clipsorter.encoders import starter_files
from clipsorter.encoders.sources import find_model
from clipsorter.errors import ModelFilesError
from clipsorter.values import Pixels
from tests.encoders.conftest import PICTURES, read_picture

if TYPE_CHECKING:
    from clipsorter.encoders.open_clip_encoder import BuiltModel, OpenClipEncoder

PROMPTS = ("a photo of a cat", "a cup of coffee", "a rocket", "a horse", "a page of text")


def test_each_picture_is_closest_to_its_own_words(starter: "OpenClipEncoder", pictures: Pixels) -> None:
    cosine = starter.encode_images(pictures) @ starter.encode_texts(PROMPTS).T
    assert cosine.argmax(axis=1).tolist() == [0, 1, 2, 3, 4]
    assert cosine.argmax(axis=0).tolist() == [0, 1, 2, 3, 4]


def test_its_spec_says_what_the_source_promised(starter: "OpenClipEncoder") -> None:
    spec = starter.spec
    assert spec.id == find_model("starter", Path()).encoder_id
    assert (spec.dimension, spec.shape.resize, spec.shape.interpolation) == (384, "shortest", "bicubic")
    assert (spec.mean, spec.std, spec.logit_bias) == ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5), None)
    assert spec.logit_scale == starter_files.read_head().logit_scale
    assert spec.calibration is not None
    assert spec.calibration == starter_files.read_head().calibration


def test_an_embedding_does_not_depend_on_its_neighbours(starter: "OpenClipEncoder", pictures: Pixels) -> None:
    together = starter.encode_images(pictures)
    alone = np.concatenate([starter.encode_images(picture[None]) for picture in pictures])
    assert (together * alone).sum(axis=1).min() > 0.99999
    prompts = ["a cat", "a long sentence about a small cat that sleeps on a red sofa in the afternoon sun"]
    texts = starter.encode_texts(prompts)
    single = np.concatenate([starter.encode_texts([prompt]) for prompt in prompts])
    assert (texts * single).sum(axis=1).min() > 0.99999


def test_a_blank_a_black_and_a_noisy_photo_get_embeddings_too(starter: "OpenClipEncoder") -> None:
    side = starter.spec.shape.side
    noise = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    rows = starter.encode_images(np.stack([np.zeros_like(noise), np.full_like(noise, 255), noise]))
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_empty_and_endless_prompts_get_embeddings_too(starter: "OpenClipEncoder") -> None:
    rows = starter.encode_texts(["", " ", "狗", "dog " * 500, "\0"])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_damaged_head_is_refused_by_its_hash(tmp_path: Path) -> None:
    shipped = starter_files.read_head()
    shutil.copytree(shipped.file.parent, tmp_path / "head")
    head = starter_files.read_head(tmp_path / "head")
    starter_files.check_file(head.file, head.sha256)
    content = bytearray(head.file.read_bytes())
    content[-1] ^= 1
    head.file.write_bytes(content)
    with pytest.raises(ModelFilesError, match="damaged or was changed"):
        starter_files.check_file(head.file, head.sha256)


def test_a_missing_part_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter_files, "TRUNK_PACKAGE", "clipsorter_no_such_package")
    with pytest.raises(ModelFilesError, match='needs the package "clipsorter_no_such_package"'):
        starter_files.find_trunk()
    with pytest.raises(ModelFilesError, match='lacks "gone"'):
        starter_files.check_file(tmp_path / "gone", "")


def test_it_gives_the_numbers_open_clip_gives(starter: "OpenClipEncoder", built_starter: "BuiltModel") -> None:
    """Same decoded pixels on both sides: open_clip's transform up to its last two steps (to tensor, normalise)."""
    import open_clip  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from open_clip.transform import PreprocessCfg, image_transform_v2  # noqa: PLC0415

    transform = image_transform_v2(PreprocessCfg(**built_starter.preprocess), is_train=False)
    photos = [read_picture(name) for name in PICTURES]
    pixels = np.stack([np.asarray(type(transform)(transform.transforms[:-2])(photo)) for photo in photos])
    with torch.inference_mode():
        batch = torch.stack([transform(photo) for photo in photos])
        theirs = built_starter.model.encode_image(batch, normalize=True).numpy()
    assert (starter.encode_images(pixels) * theirs).sum(axis=1).min() >= 0.9999

    names, templates = ["cat", "cup of coffee", "rocket"], ["a photo of a {}", "my {}, seen on a walk in the garden"]
    weights = open_clip.build_zero_shot_classifier(built_starter.model, built_starter.tokenizer, names, templates)
    texts = starter.encode_texts([template.format(name) for name in names for template in templates])
    ours = texts.reshape(len(names), len(templates), -1).mean(axis=1)
    ours /= np.linalg.norm(ours, axis=1, keepdims=True)
    assert (ours * weights.T.numpy()).sum(axis=1).min() >= 0.9999


def test_folding_its_batch_norms_changes_no_embedding(starter: "OpenClipEncoder", pictures: Pixels) -> None:
    from clipsorter.encoders.loading import load_encoder  # noqa: PLC0415

    folded = load_encoder(find_model("starter", Path()), "cpu")
    assert not [name for name, _ in folded._model.visual.trunk.named_buffers() if "running_mean" in name]
    cosine = (folded.encode_images(pictures) * starter.encode_images(pictures)).sum(axis=1)
    assert cosine.min() > 0.99999


@pytest.mark.slow
def test_loading_it_opens_no_connection() -> None:
    program = """
import sys
calls = []
watched = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind"}
sys.addaudithook(lambda event, _: calls.append(event) if event in watched else None)
from pathlib import Path
from typing import TYPE_CHECKING
from clipsorter.encoders.loading import load_encoder
from clipsorter.encoders.sources import find_model
load_encoder(find_model("starter", Path(".")), "cpu", 1).encode_texts(["a cat"])
print(calls)
"""
    quiet = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=quiet)
    assert done.stdout.strip() == "[]"
