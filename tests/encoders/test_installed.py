"""A downloaded model is exactly what its manifest says, or it is not used."""

import json
import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from clipsorter.encoders import catalogue
from clipsorter.encoders.installed import (
    InstalledFile,
    InstalledModel,
    check_installed,
    find_installed,
    list_installed,
    remove_installed,
    write_manifest,
)
from clipsorter.encoders.sources import find_model
from clipsorter.errors import ModelFilesError, UnknownModelError
from tests.encoders.tiny_weights import tiny_weights

NAME = "laion-vit-b-32"


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def installed(tmp_path: Path) -> InstalledModel:
    """A catalogued model as far as files go."""
    entry = catalogue.find_entry(NAME)
    assert entry is not None
    folder = tmp_path / "models" / NAME
    folder.mkdir(parents=True)
    contents = {"open_clip_model.safetensors": tiny_weights(), "open_clip_config.json": b"{}"}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    files = tuple(InstalledFile(n, len(c), sha256(c).hexdigest(), "hub") for n, c in contents.items())
    model = InstalledModel(entry, folder, files, "https://hub.example", {entry.repository: "c" * 40})
    write_manifest(model)
    return model


def test_a_manifest_is_read_as_it_was_written(installed: InstalledModel) -> None:
    (read,) = list_installed(installed.folder.parent)
    assert replace(read, added="") == installed
    assert read.added.endswith("+00:00")


def test_a_downloaded_model_goes_by_all_its_names_and_has_one_encoder(installed: InstalledModel) -> None:
    models = installed.folder.parent
    names = (NAME, NAME.upper(), "ViT-B-32/laion2b_s34b_b79k", installed.entry.repository)
    sources = [find_model(name, models) for name in names]
    assert len({source.encoder_id for source in sources}) == 1
    assert sources[0].weights == installed.weights
    assert sources[0].name == "OpenCLIP ViT-B/32"


def test_the_encoder_is_the_same_wherever_its_weights_lie(installed: InstalledModel, tmp_path: Path) -> None:
    by_hand = tmp_path / "other" / "ViT-B-32--laion2b_s34b_b79k"
    by_hand.mkdir(parents=True)
    (by_hand / "x.safetensors").write_bytes(tiny_weights())
    found = find_model("ViT-B-32/laion2b_s34b_b79k", tmp_path / "other")
    assert found.encoder_id == find_model(NAME, installed.folder.parent).encoder_id


@pytest.mark.parametrize("name", ["open_clip_model.safetensors", "open_clip_config.json"])
def test_an_exchanged_file_is_refused_before_it_is_read(name: str, installed: InstalledModel) -> None:
    find_model(NAME, installed.folder.parent)  # remembers the hashes
    place = installed.folder / name
    content = bytearray(place.read_bytes())
    content[-1] ^= 1
    time = place.stat().st_mtime_ns
    beside = place.with_name("beside")
    beside.write_bytes(content)
    os.utime(beside, ns=(time, time))
    beside.replace(place)  # same size and time, another inode
    with pytest.raises(ModelFilesError, match="was exchanged"):
        find_model(NAME, installed.folder.parent)


def test_a_missing_file_and_a_link_are_refused(installed: InstalledModel) -> None:
    config = installed.folder / "open_clip_config.json"
    config.rename(installed.folder.parent / "elsewhere")
    with pytest.raises(ModelFilesError, match="is missing"):
        list(check_installed(installed))
    config.symlink_to(installed.folder.parent / "elsewhere")
    with pytest.raises(ModelFilesError, match="is missing"):
        list(check_installed(installed))


@pytest.mark.parametrize("path", ["../x.safetensors", "/x.safetensors", "a//x.safetensors", "C:x.safetensors", "a\\b"])
def test_a_manifest_that_points_elsewhere_is_refused(path: str, installed: InstalledModel) -> None:
    manifest = installed.folder / "manifest.json"
    facts = json.loads(manifest.read_text("utf-8"))
    facts["files"][1]["path"] = path
    manifest.write_text(json.dumps(facts), "utf-8")
    with pytest.raises(ModelFilesError, match="points elsewhere"):
        find_installed(NAME, installed.folder.parent)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("id", "../../pwned"),
        ("id", "/pwned"),
        ("id", ""),
        ("id", "a/b"),
        ("id", "x.partial"),
        ("id", 3),
        ("name", None),
        ("library", "pickle"),
        ("size", "large"),
        ("languages", None),
    ],
)
def test_a_manifest_from_anybody_cannot_name_another_place(fact: str, value: object, installed: InstalledModel) -> None:
    manifest = installed.folder / "manifest.json"
    facts = json.loads(manifest.read_text("utf-8"))
    facts["entry"][fact] = value
    manifest.write_text(json.dumps(facts), "utf-8")
    with pytest.raises(ModelFilesError, match="damaged"):
        find_installed(NAME, installed.folder.parent)
    assert list_installed(installed.folder.parent) == ()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "entry": 3}'])
def test_a_damaged_manifest_says_what_to_do(text: str, installed: InstalledModel) -> None:
    (installed.folder / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(ModelFilesError, match="add it again"):
        find_installed(NAME, installed.folder.parent)
    assert list_installed(installed.folder.parent) == ()


def test_removing_frees_the_bytes_and_leaves_other_folders_alone(installed: InstalledModel) -> None:
    models = installed.folder.parent
    mine = models / "mine"
    mine.mkdir()
    (mine / "x.safetensors").write_bytes(tiny_weights())
    assert remove_installed(NAME, models) > installed.size
    assert not installed.folder.exists()
    for name in (NAME, "mine"):
        with pytest.raises(UnknownModelError):
            remove_installed(name, models)
    assert (mine / "x.safetensors").exists()


def test_a_removal_that_was_killed_is_finished_by_the_next(installed: InstalledModel) -> None:
    models, name = installed.folder.parent, installed.folder.name
    away = models / f".{name}.removed"
    installed.folder.rename(away)  # as far as the other process came
    assert list_installed(models) == ()
    assert remove_installed(name, models) > 0
    assert not away.exists()
    with pytest.raises(UnknownModelError):
        remove_installed(name, models)


def test_a_catalogued_model_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="clipsorter models download laion-vit-b-32"):
        find_model(NAME, tmp_path)


def test_a_model_that_cannot_be_had_says_why(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="only as a pickle"):
        find_model("chinese-clip-rn50", tmp_path)
