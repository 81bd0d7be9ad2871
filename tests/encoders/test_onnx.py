"""ONNX graphs give torch's answers, start without torch, and are made anew when anything they depend on changes."""

import json
import logging
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING
from unicodedata import category

import numpy as np
import pytest
from ftfy import fix_text
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clipsorter.encoders import onnx_graphs
from clipsorter.encoders.onnx_graphs import (
    IMAGE_GRAPH,
    IMAGE_WEIGHTS,
    MANIFEST,
    TEXT_GRAPH,
    TEXT_WEIGHTS,
    read_graphs,
    was_refused,
)
from clipsorter.encoders.sources import ModelSource, find_model
from clipsorter.errors import ModelError
from clipsorter.values import Pixels
from tests.encoders.conftest import load_folder

if TYPE_CHECKING:
    from clipsorter.encoders.onnx_encoder import OnnxEncoder
    from clipsorter.encoders.torch_encoder import TorchEncoder

WORDS = ("a photo of a dog", "Beach, 3 O'Clock!", "一只猫", "", "word " * 200)


@pytest.fixture(scope="module")
def source(tiny_folder: Path) -> ModelSource:
    return find_model(str(tiny_folder), tiny_folder.parent)


@pytest.fixture(scope="module")
def tiny(tiny_folder: Path) -> "TorchEncoder":
    return load_folder(tiny_folder)


@pytest.fixture(scope="module")
def made(source: ModelSource, tiny: "TorchEncoder", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny model's graphs."""
    from clipsorter.encoders.onnx_encoder import OnnxEncoder  # noqa: PLC0415 - after torch_here
    from clipsorter.encoders.onnx_export import replace_by_graphs  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("data") / "graphs" / source.encoder_id
    assert isinstance(replace_by_graphs(tiny, source, "cpu", 1, folder), OnnxEncoder)
    assert [entry.name for entry in folder.parent.iterdir()] == [source.encoder_id]  # nothing half made beside it
    return folder


@pytest.fixture(scope="module")
def opened(made: Path, source: ModelSource) -> "OnnxEncoder":
    return open_whole(made, source)


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may harm."""
    return copytree(made, tmp_path / made.name)


def start(folder: Path, source: ModelSource, device: str = "cpu", threads: int = 1) -> "OnnxEncoder | None":
    from clipsorter.encoders.onnx_encoder import open_graphs  # noqa: PLC0415 - after torch_here

    return open_graphs(source, device, threads, folder)


def open_whole(folder: Path, source: ModelSource, threads: int = 1) -> "OnnxEncoder":
    encoder = start(folder, source, threads=threads)
    assert encoder is not None
    return encoder


def draw(count: int) -> Pixels:
    return np.random.default_rng(count).integers(0, 256, (count, 32, 32, 3), np.uint8)


@pytest.mark.parametrize("count", [0, 1, 2, 8, 19])
def test_images_have_torchs_embeddings_in_batches_of_any_size(
    made: Path, source: ModelSource, tiny: "TorchEncoder", count: int
) -> None:
    found = open_whole(made, source).encode_images(draw(count))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, tiny.encode_images(draw(count)), atol=2e-6)


@pytest.mark.parametrize("count", [0, 1, 2, 8, 19, 41])
def test_threads_that_share_a_batch_keep_its_order_and_end_with_the_encoder(
    made: Path, source: ModelSource, count: int
) -> None:
    with closing(open_whole(made, source, threads=3)) as shared:
        assert shared.batch_size == 8
        found = shared.encode_images(draw(count))
    np.testing.assert_allclose(found, open_whole(made, source).encode_images(draw(count)), atol=2e-6)


def test_words_have_torchs_embeddings(made: Path, source: ModelSource, tiny: "TorchEncoder") -> None:
    found = open_whole(made, source).encode_texts(WORDS)
    np.testing.assert_allclose(found, tiny.encode_texts(WORDS), atol=2e-6)
    assert open_whole(made, source).encode_texts([]).shape == (0, 16)


# Not characters that no Unicode has yet, or only a newer one than Python's: the two know different ones of these.
@given(words=st.text(st.characters(exclude_categories=("Cn", "Co", "Cs")), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_words_become_open_clips_tokens(opened: "OnnxEncoder", tiny: "TorchEncoder", words: str) -> None:
    assume("Cn" not in map(category, fix_text(words)))  # what looks like mojibake may become one
    expected = tiny.tokenizer([words]).numpy()  # type: ignore[attr-defined]
    assert np.array_equal(opened.tokenise([words]), expected)


def test_the_spec_is_the_models_own(made: Path, source: ModelSource, tiny: "TorchEncoder") -> None:
    encoder = open_whole(made, source)
    assert encoder.spec == tiny.spec
    assert encoder.device == tiny.device


def test_a_search_loads_only_the_text_tower(folder: Path, source: ModelSource) -> None:
    encoder = open_whole(folder, source)
    (folder / IMAGE_GRAPH).unlink()
    assert encoder.encode_texts(["a cat"]).shape == (1, 16)
    with pytest.raises(ModelError, match="cannot be loaded"):
        encoder.encode_images(draw(1))


def test_graphs_are_opened_without_torch(made: Path, tiny_folder: Path) -> None:
    program = """
import sys
from pathlib import Path
from clipsorter.encoders.onnx_encoder import open_graphs
from clipsorter.encoders.sources import find_model
model = Path(sys.argv[1])
encoder = open_graphs(find_model(str(model), model.parent), "cpu", 1, Path(sys.argv[2]))
print(encoder.encode_texts(["a cat"]).shape, [name for name in ("torch", "open_clip", "transformers") if name in sys.modules])
"""  # noqa: E501
    command = [sys.executable, "-c", program, str(tiny_folder), str(made)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "(1, 16) []", done.stderr


@pytest.mark.parametrize("name", [IMAGE_GRAPH, IMAGE_WEIGHTS, TEXT_GRAPH, TEXT_WEIGHTS, "tokenizer.json"])
def test_a_damaged_file_is_not_used(folder: Path, source: ModelSource, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert start(folder, source) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"identity": 1}', "{" * 5000])
def test_a_strange_manifest_is_no_manifest(folder: Path, source: ModelSource, content: str) -> None:
    (folder / MANIFEST).write_text(content)
    assert start(folder, source) is None


def test_a_manifest_with_missing_facts_is_not_used(folder: Path, source: ModelSource) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    for missing in ("spec", "hashes", "cleaning", "padding", "device"):
        (folder / MANIFEST).write_text(json.dumps({name: manifest[name] for name in manifest if name != missing}))
        assert start(folder, source) is None


def test_another_version_of_a_maker_makes_new_graphs(
    made: Path, source: ModelSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_graphs(made, source) is not None
    monkeypatch.setattr(onnx_graphs, "_version", lambda package: "99")
    assert read_graphs(made, source) is None


def test_only_the_cpu_and_an_unchanged_machine_start_from_graphs(folder: Path, source: ModelSource) -> None:
    assert start(folder, source, "cuda") is None
    assert start(folder, source, "auto") is None  # made when "cpu" was asked for: nobody looked for a graphics card
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps(manifest | {"device": onnx_graphs.describe_accelerators()}))
    assert start(folder, source, "auto") is not None
    (folder / MANIFEST).write_text(json.dumps(manifest | {"device": "linux /dev/nvidia0 /dev/nvidia1"}))
    assert start(folder, source, "auto") is None


def test_graphs_that_answer_differently_are_refused_once(
    tiny: "TorchEncoder",
    source: ModelSource,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from clipsorter.encoders import onnx_export  # noqa: PLC0415 - after torch_here

    forward = onnx_export._ImageTower.forward
    monkeypatch.setattr(onnx_export._ImageTower, "forward", lambda self, pixels: forward(self, pixels).flip(1))
    folder = tmp_path / "graphs"
    with caplog.at_level(logging.WARNING):
        assert onnx_export.replace_by_graphs(tiny, source, "cpu", 1, folder) is tiny
        assert "a cosine of only" in caplog.text
        assert was_refused(folder, source)
        caplog.clear()
        assert onnx_export.replace_by_graphs(tiny, source, "cpu", 1, folder) is tiny  # without trying
        assert caplog.text == ""
    assert start(folder, source) is None


def test_where_graphs_cannot_be_stored_torch_goes_on(tiny: "TorchEncoder", source: ModelSource, tmp_path: Path) -> None:
    from clipsorter.encoders.onnx_export import replace_by_graphs  # noqa: PLC0415 - after torch_here

    (tmp_path / "file").write_text("in the way")
    assert replace_by_graphs(tiny, source, "cpu", 1, tmp_path / "file" / "graphs") is tiny
    assert tiny.encode_images(draw(1)).shape == (1, 16)


@pytest.mark.skipif(sys.platform != "linux", reason="reads which libraries a process has mapped")
def test_the_process_that_made_the_graphs_leaves_torch_behind(source: ModelSource, tmp_path: Path) -> None:
    from clipsorter.encoders.process import EncoderProcess  # noqa: PLC0415

    encoder = EncoderProcess(source, "cpu", threads=1, graphs=tmp_path / "graphs")
    try:
        answer = encoder.submit_images(draw(2))  # before the graphs are made: asked again of the next process
        assert answer().shape == (2, 16)
        mapped = Path(f"/proc/{encoder.pid}/maps").read_text("utf-8")
        assert "onnxruntime" in mapped
        assert "libtorch" not in mapped
    finally:
        encoder.close()


def test_words_are_answered_while_photos_are_at_work(made: Path, source: ModelSource) -> None:
    from clipsorter.encoders.process import EncoderProcess  # noqa: PLC0415

    encoder = EncoderProcess(source, "cpu", threads=1, graphs=made)
    many = np.repeat(draw(4), 6000, axis=0)  # seconds of work
    try:
        encoder.encode_texts(WORDS)
        photos = encoder.submit_images(many)
        assert not photos.is_there(0.3)  # so the child is at work on them
        assert len(encoder.encode_texts(WORDS)) == len(WORDS)
        assert not photos.is_there()
        assert len(photos()) == len(many)
    finally:
        encoder.close()


@pytest.mark.slow
def test_the_starter_starts_from_graphs_the_second_time(torch_here: None, tmp_path: Path, pictures: Pixels) -> None:
    from clipsorter.encoders.loading import load_encoder  # noqa: PLC0415 - after torch_here
    from clipsorter.encoders.process import EncoderProcess  # noqa: PLC0415

    source = find_model("starter", tmp_path / "models")
    by_torch = load_encoder(source, "cpu")
    for _ in range(2):
        encoder = EncoderProcess(source, "cpu", threads=1, graphs=tmp_path / "graphs")
        try:
            np.testing.assert_allclose(encoder.encode_images(pictures), by_torch.encode_images(pictures), atol=2e-6)
            np.testing.assert_allclose(encoder.encode_texts(WORDS[:4]), by_torch.encode_texts(WORDS[:4]), atol=2e-6)
            assert encoder.spec == by_torch.spec
        finally:
            encoder.close()
        assert read_graphs(tmp_path / "graphs", source) is not None
