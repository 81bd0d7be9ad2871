"""An open_clip model from a folder: its own preprocessing, and what happens when memory or numbers run out."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from clipsorter.encoders.batches import ON_CPU
from clipsorter.encoders.sources import find_model
from clipsorter.errors import ModelError, ModelFilesError
from clipsorter.values import Pixels

if TYPE_CHECKING:
    from clipsorter.encoders.open_clip_encoder import OpenClipEncoder

PHOTOS: Pixels = np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), np.uint8)


def load(folder: Path) -> "OpenClipEncoder":
    from clipsorter.encoders.loading import load_encoder  # noqa: PLC0415 - imports torch

    return load_encoder(find_model(str(folder), Path("none")), "cpu")


@pytest.fixture
def tiny(tiny_folder: Path) -> "OpenClipEncoder":
    return load(tiny_folder)


def change_config(tiny_folder: Path, folder: Path, part: str, **changes: Any) -> Path:
    """A copy of the tiny model whose description differs."""
    shutil.copytree(tiny_folder, folder)
    file = folder / "open_clip_config.json"
    config = json.loads(file.read_text("utf-8"))
    target = config
    for name in part.split("."):
        target = target[name]
    target.update(changes)
    file.write_text(json.dumps(config), "utf-8")
    return folder


def fail_on_more_than(tiny: "OpenClipEncoder", most: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the model run out of memory above ``most`` photos; returns the batch sizes it was asked for."""
    import torch  # noqa: PLC0415

    sizes: list[int] = []
    encode: Callable[..., Any] = tiny._model.encode_image

    def encode_few(batch: Any) -> Any:
        sizes.append(len(batch))
        if len(batch) > most:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return encode(batch)

    monkeypatch.setattr(tiny._model, "encode_image", encode_few)
    return sizes


def test_a_folder_brings_its_own_preprocessing(tiny: "OpenClipEncoder", tiny_folder: Path) -> None:
    spec = tiny.spec
    assert spec.id == find_model(str(tiny_folder), Path("none")).encoder_id
    assert (spec.dimension, spec.shape.side, spec.shape.resize, spec.shape.fill) == (16, 32, "squash", 7)
    assert (spec.shape.interpolation, spec.mean, spec.std) == ("bilinear", (0.1, 0.2, 0.3), (0.5, 0.6, 0.7))
    assert spec.logit_scale == pytest.approx(1 / 0.07, rel=1e-4)
    rows = tiny.encode_images(PHOTOS)
    assert (rows.shape, rows.dtype) == ((6, 16), np.float32)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_many_prompts_pass_through_in_order(tiny: "OpenClipEncoder") -> None:
    prompts = [f"thing number {number}" for number in range(70)]
    together = tiny.encode_texts(prompts)
    np.testing.assert_allclose(together[[0, 33, 69]], tiny.encode_texts([prompts[i] for i in (0, 33, 69)]), atol=1e-5)


def test_nothing_asked_is_nothing_answered(tiny: "OpenClipEncoder") -> None:
    assert tiny.encode_images(PHOTOS[:0]).shape == (0, 16)
    assert tiny.encode_texts([]).shape == (0, 16)


def test_a_translation_is_applied_before_the_model_reads(tiny: "OpenClipEncoder", tiny_folder: Path) -> None:
    from clipsorter.encoders.devices import describe_cpu  # noqa: PLC0415
    from clipsorter.encoders.loading import build_model  # noqa: PLC0415
    from clipsorter.encoders.open_clip_encoder import OpenClipEncoder  # noqa: PLC0415

    built = build_model(find_model(str(tiny_folder), Path("none")))
    chinese = OpenClipEncoder(built, describe_cpu(), translate=lambda prompt: prompt.replace("狗", "dog"))
    np.testing.assert_allclose(chinese.encode_texts(["狗"]), tiny.encode_texts(["dog"]), atol=1e-6)


def test_a_batch_that_does_not_fit_is_halved_and_the_limit_remembered(
    tiny: "OpenClipEncoder", monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tiny.encode_images(PHOTOS)
    sizes = fail_on_more_than(tiny, 2, monkeypatch)
    np.testing.assert_allclose(tiny.encode_images(PHOTOS), before, atol=1e-5)
    assert sizes[0] == 6
    sizes.clear()
    np.testing.assert_allclose(tiny.encode_images(PHOTOS), before, atol=1e-5)
    assert max(sizes) <= 2


def test_without_memory_for_a_single_photo_the_person_is_told(
    tiny: "OpenClipEncoder", monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_on_more_than(tiny, 0, monkeypatch)
    with pytest.raises(ModelError, match="not enough memory"):
        tiny.encode_images(PHOTOS)


def test_numbers_that_are_none_are_an_error(tiny: "OpenClipEncoder") -> None:
    tiny._model.visual.proj.data.fill_(float("nan"))
    with pytest.raises(ModelError, match="no usable answer"):
        tiny.encode_images(PHOTOS)


def test_pixels_of_another_size_are_a_bug(tiny: "OpenClipEncoder") -> None:
    with pytest.raises(ValueError, match="Expected uint8"):
        tiny.encode_images(np.zeros((1, 16, 16, 3), np.uint8))


def test_a_sigmoid_model_brings_its_bias(tiny_folder: Path, tmp_path: Path) -> None:
    folder = change_config(tiny_folder, tmp_path / "siglip", "model_cfg", init_logit_bias=-10.0)
    from safetensors.torch import load_file, save_file  # noqa: PLC0415
    from torch import tensor  # noqa: PLC0415

    weights = folder / "open_clip_model.safetensors"
    save_file(load_file(weights) | {"logit_bias": tensor(-12.5)}, weights)
    assert load(folder).spec.logit_bias == -12.5


def test_weights_of_another_architecture_are_refused(tiny_folder: Path, tmp_path: Path) -> None:
    folder = change_config(tiny_folder, tmp_path / "other", "model_cfg.vision_cfg", layers=2)
    with pytest.raises(ModelFilesError, match="do not fit its architecture"):
        load(folder)


def test_a_model_for_oblong_pictures_is_refused_politely(tiny_folder: Path, tmp_path: Path) -> None:
    folder = change_config(tiny_folder, tmp_path / "oblong", "model_cfg.vision_cfg", image_size=[32, 64])
    with pytest.raises(ModelFilesError, match="64 x 32 px; only square"):
        load(folder)


@pytest.mark.parametrize("changes", [{"no_such_option": 1}, {"embed_dim": "many"}])
def test_a_description_open_clip_cannot_follow_is_refused(
    changes: dict[str, Any], tiny_folder: Path, tmp_path: Path
) -> None:
    folder = change_config(tiny_folder, tmp_path / "odd", "model_cfg", **changes)
    with pytest.raises(ModelFilesError, match="cannot be loaded"):
        load(folder)


def test_a_text_tower_that_is_not_here_is_not_downloaded(tiny_folder: Path, tmp_path: Path) -> None:
    folder = change_config(
        tiny_folder, tmp_path / "hub", "model_cfg", text_cfg={"hf_model_name": "nobody/no-such-model"}
    )
    with pytest.raises(ModelFilesError, match="cannot be loaded"):
        load(folder)


def test_devices_are_chosen_by_name(torch_here: None) -> None:
    import torch  # noqa: PLC0415

    from clipsorter.encoders.devices import choose_device, describe_cpu  # noqa: PLC0415

    assert choose_device("cpu") == describe_cpu()
    assert describe_cpu().precision == torch.float32
    for name in ("cuda:99", "quantum", "meta"):
        with pytest.raises(ModelError, match=f'"{name}" is not available'):
            choose_device(name)
    if not torch.cuda.is_available() and not torch.backends.mps.is_available() and not torch.xpu.is_available():
        assert choose_device("auto") == describe_cpu()


@pytest.fixture
def pretended(tiny_folder: Path) -> "OpenClipEncoder":
    """The tiny model on a card that is really the processor, under its other name."""
    import torch  # noqa: PLC0415

    from clipsorter.encoders.devices import Device  # noqa: PLC0415
    from clipsorter.encoders.loading import build_model  # noqa: PLC0415
    from clipsorter.encoders.open_clip_encoder import OpenClipEncoder  # noqa: PLC0415

    built = build_model(find_model(str(tiny_folder), Path("none")))
    return OpenClipEncoder(built, Device("cpu:0", "Pretended card", torch.float32))


def test_a_card_without_memory_hands_over_to_the_processor(
    pretended: "OpenClipEncoder", tiny: "OpenClipEncoder", monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch  # noqa: PLC0415

    sizes: list[int] = []
    encode: Callable[..., Any] = pretended._model.encode_image

    def encode_on_cpu(batch: Any) -> Any:
        if not pretended._device.is_cpu:
            sizes.append(len(batch))
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return encode(batch)

    monkeypatch.setattr(pretended._model, "encode_image", encode_on_cpu)
    assert pretended.device == "Pretended card"
    np.testing.assert_allclose(pretended.encode_images(PHOTOS), tiny.encode_images(PHOTOS), atol=1e-5)
    assert sizes == [6, 3, 1]  # halved down to one photo, and only then given up
    assert pretended.device.startswith("CPU")
    assert pretended.batch_size == ON_CPU


def test_a_card_is_probed_once_and_never_beyond_its_memory(
    pretended: "OpenClipEncoder", monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = fail_on_more_than(pretended, 20, monkeypatch)
    size = pretended.batch_size
    assert size in {8, 16}
    assert max(sizes) <= 32
    asked = len(sizes)
    assert pretended.batch_size == size
    assert len(sizes) == asked
    assert pretended.encode_images(PHOTOS).shape == (6, 16)
    assert pretended.device == "Pretended card"


def test_a_limit_met_later_bounds_the_batch_size(pretended: "OpenClipEncoder", monkeypatch: pytest.MonkeyPatch) -> None:
    assert pretended.batch_size >= 8
    fail_on_more_than(pretended, 3, monkeypatch)
    assert len(pretended.encode_images(PHOTOS)) == 6
    assert pretended.batch_size == 3


def test_half_precision_that_overflows_is_repeated_in_full(
    pretended: "OpenClipEncoder", tiny: "OpenClipEncoder", monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch  # noqa: PLC0415

    pretended._device = replace(pretended._device, precision=torch.bfloat16)
    encode: Callable[..., Any] = pretended._model.encode_image

    def overflow(batch: Any) -> Any:
        return encode(batch) * (float("inf") if torch.is_autocast_enabled("cpu") else 1)

    monkeypatch.setattr(pretended._model, "encode_image", overflow)
    np.testing.assert_allclose(pretended.encode_images(PHOTOS), tiny.encode_images(PHOTOS), atol=1e-5)
    assert pretended._device.precision == torch.float32
