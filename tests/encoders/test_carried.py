"""The app that people install has the starter's graphs and no torch: it works from them, or says what is missing."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import numpy as np
import pytest

from clipsorter.encoders import child, known_models, onnx_graphs, runtimes, starter_files
from clipsorter.encoders.hub.address import Network
from clipsorter.encoders.hub.archives import add_model
from clipsorter.encoders.hub.planning import plan_download
from clipsorter.encoders.onnx_graphs import IMAGE_WEIGHTS, MANIFEST
from clipsorter.encoders.sources import ModelSource, find_model
from clipsorter.encoders.verification import compute_reference
from clipsorter.engine import diagnosis
from clipsorter.engine.shelf import read_shelf
from clipsorter.errors import ModelFilesError, NeedsTorchError

if TYPE_CHECKING:
    from clipsorter.encoders.onnx_encoder import OnnxEncoder
    from clipsorter.encoders.torch_encoder import TorchEncoder


@pytest.fixture(scope="module")
def assembled(torch_here: None, tmp_path_factory: pytest.TempPathFactory) -> "TorchEncoder":
    """The starter by torch, from its parts."""
    from clipsorter.encoders.loading import load_encoder  # noqa: PLC0415 - after torch_here

    return load_encoder(find_model("starter", tmp_path_factory.mktemp("models")), "cpu")


@pytest.fixture(scope="module")
def exported(assembled: "TorchEncoder", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter's graphs, as the build makes them."""
    from clipsorter.encoders.onnx_export import export_graphs  # noqa: PLC0415 - after torch_here

    folder = tmp_path_factory.mktemp("build") / "graphs"
    export_graphs(assembled, find_model("starter", folder), 1, folder, "")  # type: ignore[arg-type]
    return folder


@pytest.fixture
def carried(exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy that came along, in an installation without torch, whose packages are of other versions."""
    folder = copytree(exported, tmp_path / "carried")
    monkeypatch.setattr(child, "find_carried_graphs", lambda: folder)
    monkeypatch.setattr(runtimes, "TORCH", ("no_such_package",))
    monkeypatch.setattr(onnx_graphs, "_version", lambda package: "")
    _forget_open_clip()
    yield folder
    _forget_open_clip()


def _forget_open_clip() -> None:
    known_models.find_package.cache_clear()
    known_models.list_architectures.cache_clear()


def load(source: ModelSource, device: str = "auto", graphs: Path | None = None) -> "OnnxEncoder":
    return child._load(source, device, 1, graphs)[0]  # type: ignore[return-value]


def starter_source(tmp_path: Path) -> ModelSource:
    return find_model("starter", tmp_path)


@pytest.mark.parametrize("device", ["auto", "cpu"])
def test_the_starter_answers_as_with_torch(
    carried: Path, assembled: "TorchEncoder", tmp_path: Path, device: str
) -> None:
    encoder = load(starter_source(tmp_path), device)
    pixels = np.random.default_rng(3).integers(0, 256, (5, 224, 224, 3), np.uint8)
    words = ["a photo of a dog", "一张海滩的照片", "receipts"]
    np.testing.assert_allclose(encoder.encode_images(pixels), assembled.encode_images(pixels), atol=2e-6)
    np.testing.assert_allclose(encoder.encode_texts(words), assembled.encode_texts(words), atol=2e-6)
    assert encoder.spec == assembled.spec


def test_nothing_is_written_beside_what_came_along(carried: Path, tmp_path: Path) -> None:
    before = sorted(carried.iterdir())
    load(starter_source(tmp_path)).encode_texts(["a dog"])
    assert sorted(carried.iterdir()) == before


def test_a_damaged_graph_that_came_along_is_named(carried: Path, tmp_path: Path) -> None:
    content = bytearray((carried / IMAGE_WEIGHTS).read_bytes())
    content[99] ^= 1
    (carried / IMAGE_WEIGHTS).write_bytes(content)
    with pytest.raises(ModelFilesError, match=r'"image\.weights" of the starter model is damaged.*reinstall'):
        load(starter_source(tmp_path))


@pytest.mark.parametrize(("fact", "value"), [("encoder", "starter-0-000000000000"), ("head", ""), ("format", "0")])
def test_graphs_of_another_starter_are_refused(carried: Path, tmp_path: Path, fact: str, value: str) -> None:
    manifest = json.loads((carried / MANIFEST).read_text("utf-8"))
    manifest["identity"][fact] = value
    (carried / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelFilesError, match="belong to another version; reinstall"):
        load(starter_source(tmp_path))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"identity": []}'])
def test_a_strange_description_is_said_to_be_damaged(carried: Path, tmp_path: Path, content: str) -> None:
    (carried / MANIFEST).write_text(content)
    with pytest.raises(ModelFilesError, match="description of the starter model is damaged"):
        load(starter_source(tmp_path))


def test_with_torch_a_graphics_card_is_looked_for(
    carried: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtimes, "TORCH", ("json",))  # something that is here
    monkeypatch.setattr(child, "_import", lambda module: pytest.fail("torch's turn") if module == "loading" else None)
    with pytest.raises(pytest.fail.Exception, match="torch's turn"):
        load(starter_source(tmp_path), "auto")


@pytest.mark.usefixtures("carried")
def test_without_torch_whatever_needs_it_says_so(tiny_folder: Path, tmp_path: Path) -> None:
    other = ModelSource("folder", "Other", "other-1", folder=tiny_folder)
    for attempt in (
        lambda: load(starter_source(tmp_path), "cuda", tmp_path / "graphs"),
        lambda: load(other, "cpu", tmp_path / "graphs"),
        lambda: find_model("ViT-B-32/laion2b_s34b_b79k", tmp_path),
        lambda: list(add_model(str(tiny_folder), tmp_path / "models")),
        lambda: list(plan_download(read_shelf(tmp_path)[0].entry, Network())),
        lambda: list(compute_reference(starter_source(tmp_path))),
    ):
        with pytest.raises(NeedsTorchError, match="comes without PyTorch, which other models and graphics cards need"):
            attempt()
    assert not (tmp_path / "models").exists()


@pytest.mark.usefixtures("carried")
def test_without_torch_the_shelf_and_the_doctor_know_it(tmp_path: Path) -> None:
    assert not any(model.is_runnable for model in read_shelf(tmp_path))
    assert diagnosis.versions()["torch"].startswith("left out")


def test_where_torch_is_nothing_is_left_out(tmp_path: Path) -> None:
    assert starter_files.find_carried_graphs() is None
    assert all(model.is_runnable for model in read_shelf(tmp_path))
    assert diagnosis.versions()["torch"][0].isdigit()
