"""Names become files, or sentences a person can act on."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clipsorter.encoders import known_models, starter_files
from clipsorter.encoders.file_hashes import hash_file
from clipsorter.encoders.sources import find_model
from clipsorter.errors import ModelFilesError, UnknownModelError
from clipsorter.values import Calibration
from tests.encoders.tiny_weights import tiny_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model folder as far as names go: nothing here is loaded."""
    model = tmp_path / "mine"
    model.mkdir()
    (model / "open_clip_config.json").write_text('{"model_cfg": {}, "preprocess_cfg": {}}', "utf-8")
    (model / "open_clip_model.safetensors").write_bytes(tiny_weights(b"w"))
    return model


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


def test_the_starter_is_found_and_its_id_is_stable(tmp_path: Path) -> None:
    source = find_model(" starter ", tmp_path)
    assert source.kind == "starter"
    assert source.encoder_id == find_model("starter", tmp_path / "elsewhere").encoder_id
    assert source.encoder_id.startswith("starter-")


def test_the_starter_knows_what_it_cannot_read(tmp_path: Path) -> None:
    starter = find_model("starter", tmp_path)
    assert all(starter.understands(phrase) for phrase in ("dog", "海滩", "Strand", "my пляж", "2024"))
    assert not any(
        starter.understands(phrase) for phrase in ("пляж", "バーチ", "바다", "شاطئ", "玄学", "😀", "?!", "-")
    )


def test_an_unknown_name_gets_near_names(tmp_path: Path) -> None:
    with pytest.raises(UnknownModelError, match=r"Did you mean .*ViT-B-32"):
        find_model("VitB32/laion2b_s34b_b79k", tmp_path)
    with pytest.raises(UnknownModelError, match="Did you mean starter"):
        find_model("startr", tmp_path)


def test_a_wrong_tag_lists_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownModelError, match="laion2b_s34b_b79k"):
        find_model("ViT-B-32/laion", tmp_path)


@pytest.mark.parametrize("name", ["ViT-B-32/openai", "ViT-B-32:openai"])
def test_known_weights_that_are_not_here_are_never_downloaded(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="nothing is downloaded unless you ask"):
        find_model(name, tmp_path)


def test_known_weights_are_found_in_the_models_folder(tmp_path: Path) -> None:
    place = tmp_path / "ViT-B-32--openai"
    place.mkdir()
    (place / "any.safetensors").write_bytes(tiny_weights(b"x"))
    source = find_model("ViT-B-32/openai", tmp_path)
    assert (source.architecture, source.tag, source.weights) == ("ViT-B-32", "openai", place / "any.safetensors")
    assert source.encoder_id.startswith("ViT-B-32-")


def test_known_weights_are_found_in_the_hugging_face_cache(tmp_path: Path) -> None:
    repository = tmp_path / "hub" / "models--timm--vit_base_patch32_clip_224.openai"
    snapshot = repository / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc", "utf-8")
    (snapshot / "open_clip_model.safetensors").write_bytes(tiny_weights(b"x"))
    assert find_model("ViT-B-32/openai", tmp_path).weights == snapshot / "open_clip_model.safetensors"


def test_the_table_read_from_source_is_open_clips_own() -> None:
    assert len(known_models.list_architectures()) > 100
    assert known_models.list_tags("ViT-B-16-SigLIP") == {"webli": "timm/ViT-B-16-SigLIP/"}


@pytest.mark.parametrize("prefix", ["", "local-dir:"])
def test_a_folder_is_a_model(prefix: str, folder: Path, tmp_path: Path) -> None:
    source = find_model(f"{prefix}{folder}", tmp_path)
    assert (source.kind, source.name, source.folder) == ("folder", "mine", folder)


def test_other_weights_or_other_preprocessing_are_another_encoder(folder: Path, tmp_path: Path) -> None:
    first = find_model(str(folder), tmp_path).encoder_id
    (folder / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": {}, "preprocess_cfg": {"mean": [0, 0, 0]}}), "utf-8"
    )
    second = find_model(str(folder), tmp_path).encoder_id
    (folder / "open_clip_model.safetensors").write_bytes(tiny_weights(b"o"))
    assert len({first, second, find_model(str(folder), tmp_path).encoder_id}) == 3


def test_another_tokenizer_is_another_encoder_and_other_texts(folder: Path, tmp_path: Path) -> None:
    plain = find_model(str(folder), tmp_path)
    (folder / "tokenizer.json").write_text("{}", "utf-8")
    assert find_model(str(folder), tmp_path) == plain  # its own words are open_clip's: nobody reads that file
    text = {"hf_model_name": "xlm-roberta-base", "hf_tokenizer_name": "xlm-roberta-base"}
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": {"text_cfg": text}}), "utf-8")
    first = find_model(str(folder), tmp_path)
    (folder / "tokenizer.json").write_text('{"swapped": true}', "utf-8")
    second = find_model(str(folder), tmp_path)
    (folder / "text_config").mkdir()
    (folder / "text_config" / "config.json").write_text('{"model_type": "xlm-roberta"}', "utf-8")
    third = find_model(str(folder), tmp_path)
    assert len({source.encoder_id for source in (plain, first, second, third)}) == 4
    assert len({source.text_id for source in (plain, first, second, third)}) == 4


def test_moving_a_folder_does_not_change_its_encoder(folder: Path, tmp_path: Path) -> None:
    first = find_model(str(folder), tmp_path).encoder_id
    moved = shutil.move(folder, tmp_path / "deeper" / "mine")
    assert find_model(str(moved), tmp_path).encoder_id == first


def test_a_file_needs_its_architecture(folder: Path, tmp_path: Path) -> None:
    file = folder / "open_clip_model.safetensors"
    assert find_model(f"ViT-B-32@{file}", tmp_path).weights == file
    with pytest.raises(ModelFilesError, match="Say which architecture"):
        find_model(str(file), tmp_path)
    with pytest.raises(ModelFilesError, match=r"no \.safetensors file at"):
        find_model(f"ViT-B-32@{file}.gone.safetensors", tmp_path)


@pytest.mark.parametrize("suffix", [".pt", ".bin", ".PTH", ".ckpt"])
def test_a_pickle_is_refused_wherever_it_lies(suffix: str, folder: Path, tmp_path: Path) -> None:
    weights = folder / "open_clip_model.safetensors"
    pickle = weights.rename(weights.with_suffix(suffix))
    for name in (str(folder), str(pickle), f"ViT-B-32@{pickle}"):
        with pytest.raises(ModelFilesError, match="can run programs"):
            find_model(name, tmp_path)


def test_a_path_to_nothing_says_so(tmp_path: Path) -> None:
    for name in (str(tmp_path / "gone"), "./gone", "~/gone/really"):
        with pytest.raises(ModelFilesError, match="There is nothing at"):
            find_model(name, tmp_path)


def test_a_folder_that_leaves_a_choice_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "open_clip_model.safetensors").rename(folder / "a.safetensors")
    (folder / "b.safetensors").write_bytes(b"b")
    with pytest.raises(ModelFilesError, match=r"2 \.safetensors files"):
        find_model(str(folder), tmp_path)


@pytest.mark.parametrize("text", ["not json", "[]", '{"vision_cfg": {}}'])
def test_a_damaged_description_is_refused(text: str, folder: Path, tmp_path: Path) -> None:
    (folder / "open_clip_config.json").write_text(text, "utf-8")
    with pytest.raises(ModelFilesError):
        find_model(str(folder), tmp_path)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match=r"no open_clip_config\.json"):
        find_model(str(tmp_path), tmp_path)


def test_a_hash_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    file = tmp_path / "weights.safetensors"
    file.write_bytes(b"one")
    first = hash_file(file, tmp_path)
    memory = json.loads((tmp_path / "hashes.json").read_text("utf-8"))
    memory[str(file)][3] = "remembered"
    (tmp_path / "hashes.json").write_text(json.dumps(memory), "utf-8")
    assert hash_file(file, tmp_path) == "remembered"
    file.write_bytes(b"longer")
    assert hash_file(file, tmp_path) not in {first, "remembered"}


def test_a_file_put_in_its_place_is_hashed_though_size_and_time_are_the_same(tmp_path: Path) -> None:
    file, other = tmp_path / "weights.safetensors", tmp_path / "other"
    file.write_bytes(b"one")
    first = hash_file(file, tmp_path)
    other.write_bytes(b"two")
    time = file.stat().st_mtime_ns
    os.utime(other, ns=(time, time))
    other.replace(file)
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (3, time)
    assert hash_file(file, tmp_path) == hash_file(file) != first


def test_a_damaged_memory_of_hashes_is_ignored(tmp_path: Path) -> None:
    file = tmp_path / "weights.safetensors"
    file.write_bytes(b"one")
    (tmp_path / "hashes.json").write_text("{", "utf-8")
    assert hash_file(file, tmp_path) == hash_file(file)


def test_a_missing_starter_head_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="reinstall"):
        starter_files.read_head(tmp_path)


@pytest.mark.parametrize(
    "damage", [{"common": "high"}, {"room": -1}, {"per_doubling": float("nan")}, {"background": None}, {"words": -1}]
)
def test_a_damaged_calibration_of_the_starter_is_a_sentence(tmp_path: Path, damage: dict[str, object]) -> None:
    shipped = json.loads((starter_files.read_head().file.parent / "head.json").read_text("utf-8"))
    sound = {"background": ["an object"], "common": 1.5, "per_doubling": 0.1, "room": 1.0}
    (tmp_path / "head.json").write_text(json.dumps(shipped | {"calibration": sound}), "utf-8")
    read = starter_files.read_head(tmp_path)
    assert read.calibration == Calibration(("an object",), 1.5, 0.1, 1.0)
    assert read.encoder_id == starter_files.read_head().encoder_id  # it moves no embedding
    (tmp_path / "head.json").write_text(json.dumps(shipped | {"calibration": sound | damage}), "utf-8")
    with pytest.raises(ModelFilesError, match="damaged"):
        starter_files.read_head(tmp_path)


def test_finding_and_opening_a_model_imports_no_torch(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.encoders.process import EncoderProcess
from clipsorter.errors import ModelError
if __name__ == "__main__":
    open_encoder(find_model("colour", Path("."))).close()
    EncoderProcess(find_model("starter", Path("."))).close()
    try:
        find_model("ViT-B-32/openai", Path("."))
    except ModelError:
        pass
    print(sorted({"torch", "open_clip", "transformers", "timm", "PySide6"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "name", ["x" * 5000, "~nobody-of-that-name/model", "ViT-B-32@~nobody-of-that-name/model", "a\0b"]
)
def test_a_name_no_disk_can_hold_is_unknown_like_any_other(tmp_path: Path, name: str) -> None:
    with pytest.raises((UnknownModelError, ModelFilesError)):
        find_model(name, tmp_path)
