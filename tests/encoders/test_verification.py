"""Our numbers beside the library's own, on pictures drawn here."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from clipsorter.encoders.sources import find_model
from clipsorter.encoders.verification import (
    CHINESE,
    ENGLISH,
    FULL,
    HALF,
    Vectors,
    compare,
    compute_reference,
    draw_pictures,
    find_vectors,
    keep_vectors,
    prompts_for,
)
from clipsorter.errors import ModelError, ModelFilesError
from tests.encoders.conftest import crop_drawn, load_folder

if TYPE_CHECKING:
    from clipsorter.encoders.torch_encoder import TorchEncoder


@pytest.fixture(scope="module")
def folders(torch_here: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two tiny models of each library."""
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415 - imports torch

    from tests.encoders.tiny_models import write_transformers_model  # noqa: PLC0415
    from tests.encoders.tiny_open_clip import write_open_clip_model  # noqa: PLC0415

    disable_progress_bar()
    place = tmp_path_factory.mktemp("models")
    return {kind: write_transformers_model(kind, place / kind) for kind in ("chinese_clip", "siglip")} | {
        kind: write_open_clip_model(kind, place / kind) for kind in ("vit-b-32-256", "xlm-roberta")
    }


def rows(*, seed: int = 0, many: int = 6) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(many, 12))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def vectors(seed: int = 0) -> Vectors:
    return Vectors(rows(seed=seed), ENGLISH, rows(seed=seed + 100, many=len(ENGLISH)))


def test_the_drawn_pictures_are_the_same_everywhere() -> None:
    """Kept vectors are worthless once a picture changes."""
    pictures = draw_pictures()
    assert {picture.shape for picture in pictures} == {
        (480, 640, 3),
        (640, 480, 3),
        (500, 500, 3),
        (400, 777, 3),
        (360, 360, 3),
        (700, 500, 3),
    }
    assert all(picture.dtype == np.uint8 and picture.std() > 20 for picture in pictures)
    digest = sha256(b"".join(picture.tobytes() for picture in pictures)).hexdigest()
    assert digest == "537ddbe35172835a4975eff68820519d904809a4d5aee202aa3ac6a71eff0746"


@pytest.mark.parametrize("kind", ["chinese_clip", "siglip", "vit-b-32-256", "xlm-roberta"])
def test_our_way_agrees_with_the_librarys(kind: str, folders: dict[str, Path], tmp_path: Path) -> None:
    from clipsorter.encoders.reference import compute  # noqa: PLC0415 - imports torch

    source = find_model(str(folders[kind]), tmp_path)
    prompts = prompts_for(source)
    encoder: TorchEncoder = load_folder(folders[kind])
    ours = Vectors(encoder.encode_images(crop_drawn(encoder.spec.shape)), prompts, encoder.encode_texts(prompts))
    images, texts = compute(source, draw_pictures(), prompts)
    agreement = compare(ours, Vectors(images, prompts, texts), full_precision=True)
    assert agreement.holds, agreement


def test_chinese_is_asked_of_models_that_read_it(folders: dict[str, Path], tmp_path: Path) -> None:
    asked = {kind: prompts_for(find_model(str(folder), tmp_path)) for kind, folder in folders.items()}
    assert asked["chinese_clip"] == asked["xlm-roberta"] == (*ENGLISH, *CHINESE)
    assert asked["siglip"] == prompts_for(find_model("starter", tmp_path)) == ENGLISH


def test_another_models_numbers_do_not_agree() -> None:
    assert compare(vectors(), vectors(), full_precision=True).holds
    assert not compare(vectors(), vectors(seed=1), full_precision=False).holds
    short = Vectors(rows()[:, :6], ENGLISH, vectors().texts)
    assert not compare(vectors(), short, full_precision=False).holds


@pytest.mark.parametrize(
    ("cosine", "full", "half"), [(0.99995, True, True), (0.9995, False, True), (0.99, False, False)]
)
def test_one_photo_that_is_off_is_enough(cosine: float, full: bool, half: bool) -> None:
    ours, theirs = vectors(), vectors()
    across = rows(seed=9, many=1)[0]
    across -= (across @ ours.images[3]) * ours.images[3]
    across /= np.linalg.norm(across)
    theirs.images[3] = cosine * ours.images[3] + np.sqrt(1 - cosine**2) * across
    assert compare(ours, theirs, full_precision=True).holds is full
    assert compare(ours, theirs, full_precision=False).holds is half
    assert HALF < FULL < 1


def test_vectors_are_kept_and_found_again(tmp_path: Path) -> None:
    assert find_vectors("mine-1", tmp_path / "kept") is None
    keep_vectors(vectors(), "mine-1", tmp_path / "kept")
    found = find_vectors("mine-1", tmp_path / "kept")
    assert found is not None
    np.testing.assert_array_equal(found.images, vectors().images)
    np.testing.assert_array_equal(found.texts, vectors().texts)
    assert found.prompts == ENGLISH


@pytest.mark.parametrize("content", ["", "[]", '{"images": 3}', '{"images": {"shape": [2], "float32": "%%"}}'])
def test_damaged_vectors_say_so(content: str, tmp_path: Path) -> None:
    (tmp_path / "mine-1.json").write_text(content, "utf-8")
    with pytest.raises(ModelFilesError, match="delete that file"):
        find_vectors("mine-1", tmp_path)


def test_the_shipped_starter_gives_the_shipped_numbers(starter: "TorchEncoder", tmp_path: Path) -> None:
    """After a new starter model: ``clipsorter models verify starter``, then move what it kept into the resources."""
    kept = find_vectors(starter.spec.id, tmp_path)
    assert kept is not None
    ours = Vectors(starter.encode_images(crop_drawn(starter.spec.shape)), ENGLISH, starter.encode_texts(ENGLISH))
    assert compare(ours, kept, full_precision=True).holds


def test_the_double_has_no_library(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing to compare"):
        list(compute_reference(find_model("colour", tmp_path)))
