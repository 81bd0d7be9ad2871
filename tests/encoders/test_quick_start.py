"""A model built without drawing and copying weights is the model that open_clip builds."""

import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from clipsorter.encoders.sources import find_model


def build(folder: Path) -> Any:
    from clipsorter.encoders.open_clip_files import build_model  # noqa: PLC0415 - imports torch

    return build_model(find_model(str(folder), folder.parent)).model


def everything_in(model: Any) -> dict[str, Any]:
    """Weights and buffers, also those that no file holds: attention masks, positions."""
    return dict(model.named_parameters()) | dict(model.named_buffers())


@pytest.mark.parametrize(
    "kind", ["openai-vit", "openai-rn50", "xlm-roberta", "eva02", "siglip2", "mobileclip2", "nllb"]
)
def test_every_weight_and_buffer_is_the_one_of_an_ordinary_start(
    kind: str, torch_here: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch  # noqa: PLC0415

    from clipsorter.encoders import architectures, open_clip_files  # noqa: PLC0415
    from tests.encoders.tiny_open_clip import write_open_clip_model  # noqa: PLC0415

    folder = write_open_clip_model(kind, tmp_path / kind)
    quick = everything_in(build(folder))
    monkeypatch.setattr(architectures, "UndrawnWeights", nullcontext)
    monkeypatch.setattr(open_clip_files, "taking_tensors", nullcontext)
    ordinary = everything_in(build(folder))
    assert quick.keys() == ordinary.keys()
    assert [name for name, tensor in ordinary.items() if not torch.equal(tensor, quick[name])] == []
    assert {tensor.dtype for name, tensor in quick.items()} == {tensor.dtype for tensor in ordinary.values()}


def test_nothing_is_drawn_by_lot(tiny_folder: Path) -> None:
    import torch  # noqa: PLC0415

    before = torch.get_rng_state()
    build(tiny_folder)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_file_of_halves_becomes_a_model_of_singles(tiny_folder: Path, tmp_path: Path) -> None:
    import torch  # noqa: PLC0415
    from safetensors.torch import load_file, save_file  # noqa: PLC0415

    folder = shutil.copytree(tiny_folder, tmp_path / "half")
    weights = folder / "open_clip_model.safetensors"
    save_file({name: tensor.half() for name, tensor in load_file(weights).items()}, weights)
    model = build(folder)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    torch.testing.assert_close(model.token_embedding.weight, load_file(weights)["token_embedding.weight"].float())


def test_what_is_done_to_the_weights_does_not_reach_the_file(tiny_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_folder, tmp_path / "copy")
    weights = folder / "open_clip_model.safetensors"
    before = weights.read_bytes()
    model = build(folder)
    for parameter in model.parameters():
        parameter.data.zero_()
    assert weights.read_bytes() == before


def test_a_model_goes_on_when_its_file_is_gone(tiny_folder: Path, tmp_path: Path) -> None:
    import torch  # noqa: PLC0415

    folder = shutil.copytree(tiny_folder, tmp_path / "copy")
    model, other = build(folder), build(tiny_folder)
    shutil.rmtree(folder)
    picture = torch.ones(1, 3, 32, 32)
    assert torch.equal(model.encode_image(picture), other.encode_image(picture))
