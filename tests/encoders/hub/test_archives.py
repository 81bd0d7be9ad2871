"""A model goes into an archive and comes out the same; an archive that means harm does none."""

import io
import json
import os
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from clipsorter.encoders.hub.archives import Added, Packed, add_model, export_model
from clipsorter.encoders.installed import InstalledModel, list_installed
from clipsorter.encoders.sources import find_model
from clipsorter.errors import ModelFilesError, UnknownModelError
from tests.encoders.hub.conftest import WEIGHTS
from tests.encoders.tiny_weights import tiny_weights

CONFIG = b'{"model_cfg": {}, "preprocess_cfg": {}}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model folder as far as names go."""
    model = tmp_path / "My model"
    model.mkdir()
    (model / "open_clip_config.json").write_bytes(CONFIG)
    (model / "open_clip_model.safetensors").write_bytes(WEIGHTS)
    (model / "holiday.jpg").write_bytes(b"not part of a model")
    return model


def added(events: Iterable[object]) -> InstalledModel:
    *_, done = events
    assert isinstance(done, Added)
    return done.model


def assert_nothing_left(models: Path) -> None:
    assert not models.exists() or list(models.iterdir()) == []


def test_a_folder_is_copied_and_only_what_is_a_model(folder: Path, models: Path) -> None:
    before = find_model(str(folder), models)
    model = added(add_model(str(folder), models))
    assert model.folder.name == "My-model"
    assert {path.name for path in model.folder.iterdir()} == {
        "open_clip_config.json",
        "open_clip_model.safetensors",
        "manifest.json",
    }
    assert {file.vouched_by for file in model.files} == {"first use"}
    assert find_model("My-model", models).encoder_id == before.encoder_id
    assert (folder / "holiday.jpg").exists()


def test_a_name_is_taken_once(folder: Path, models: Path) -> None:
    added(add_model(str(folder), models))
    with pytest.raises(ModelFilesError, match="here already"):
        list(add_model(str(folder), models))
    added(add_model(str(folder), models, "another"))
    assert [model.entry.id for model in list_installed(models)] == ["My-model", "another"]
    with pytest.raises(UnknownModelError, match="cannot be the name"):
        list(add_model(str(folder), models, "../.."))


def test_one_file_with_its_architecture_is_a_model(folder: Path, models: Path) -> None:
    source = f"ViT-B-32@{folder / 'open_clip_model.safetensors'}"
    model = added(add_model(source, models, "mine"))
    assert find_model("mine", models).encoder_id == find_model(source, models).encoder_id
    assert model.entry.architecture == "ViT-B-32"


@pytest.mark.parametrize("name", ["starter", "Colour"])
def test_no_model_takes_the_name_of_a_built_in_one(name: str, folder: Path, models: Path) -> None:
    with pytest.raises(UnknownModelError, match="choose another with --name"):
        list(add_model(str(folder), models, name))
    assert_nothing_left(models)


@pytest.mark.parametrize("source", ["NoSuch-B-32@{}/open_clip_model.safetensors", "{}/holiday.jpg", "{}/nothing"])
def test_what_is_no_model_is_named(source: str, folder: Path, models: Path) -> None:
    with pytest.raises((ModelFilesError, UnknownModelError)):
        list(add_model(source.format(folder), models))
    assert_nothing_left(models)


def test_an_unknown_architecture_is_named(folder: Path, models: Path) -> None:
    (folder / "open_clip_config.json").unlink()
    (folder / "config.json").write_text('{"model_type": "word2vec"}', "utf-8")
    with pytest.raises(ModelFilesError, match='the architecture "word2vec"'):
        list(add_model(str(folder), models))
    assert_nothing_left(models)


def test_an_export_is_the_same_model_on_another_machine(folder: Path, models: Path, tmp_path: Path) -> None:
    model = added(add_model(str(folder), models))
    archive = tmp_path / "for a friend.zip"
    *_, packed = export_model(model, archive)
    assert packed == Packed(archive, archive.stat().st_size)
    there = added(add_model(str(archive), tmp_path / "friend"))
    assert there.files == model.files
    assert there.entry == model.entry
    assert find_model(there.entry.id, tmp_path / "friend").encoder_id == find_model("My-model", models).encoder_id


def test_an_export_overwrites_nothing_and_exports_nothing_damaged(folder: Path, models: Path, tmp_path: Path) -> None:
    model = added(add_model(str(folder), models))
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"mine")
    with pytest.raises(ModelFilesError, match="there already"):
        list(export_model(model, archive))
    assert archive.read_bytes() == b"mine"
    model.weights.write_bytes(tiny_weights(b"exchanged"))
    with pytest.raises(ModelFilesError, match="was exchanged"):
        list(export_model(model, tmp_path / "b.zip"))
    assert not (tmp_path / "b.zip").exists()


def test_what_killed_processes_left_is_cleared_by_the_next(folder: Path, models: Path, tmp_path: Path) -> None:
    """No number of a process is that large, so whoever had it is gone; that of this one is at work."""
    left = [models / ".adding-99999999.partial", models / ".old.removed"]
    for place in left:
        place.mkdir(parents=True)
        (place / "model.safetensors").write_bytes(b"half")
    added(add_model(str(folder), models))
    assert not any(place.exists() for place in left)
    (model,) = list_installed(models)
    parts = [tmp_path / f".model.zip.{number}.part" for number in (99999999, os.getpid(), "x")]
    other = tmp_path / ".other.zip.99999999.part"
    steps = export_model(model, tmp_path / "model.zip")
    for part in (*parts[::2], other):
        part.write_bytes(b"half")
    *_, packed = steps
    assert isinstance(packed, Packed)
    assert [part.exists() for part in (*parts, other)] == [False, False, True, True]


def test_a_damaged_export_is_refused(folder: Path, models: Path, tmp_path: Path) -> None:
    model = added(add_model(str(folder), models))
    archive = tmp_path / "a.zip"
    list(export_model(model, archive))
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    with pytest.raises(ModelFilesError, match="damaged"):
        list(add_model(str(archive), tmp_path / "friend"))
    assert_nothing_left(tmp_path / "friend")


def test_an_export_whose_manifest_was_changed_is_refused(folder: Path, models: Path, tmp_path: Path) -> None:
    model = added(add_model(str(folder), models))
    manifest = json.loads((model.folder / "manifest.json").read_text("utf-8"))
    archive = _zip(
        tmp_path, {"m/manifest.json": json.dumps(manifest).encode(), "m/open_clip_model.safetensors": WEIGHTS}
    )
    with pytest.raises(ModelFilesError, match="is missing"):
        list(add_model(str(archive), tmp_path / "friend"))


def test_no_manifest_in_an_archive_leads_out_of_the_models(folder: Path, models: Path, tmp_path: Path) -> None:
    manifest = json.loads((added(add_model(str(folder), models)).folder / "manifest.json").read_text("utf-8"))
    manifest["entry"]["id"] = "../../pwned"
    files = {f"m/{file['path']}": (folder / file["path"]).read_bytes() for file in manifest["files"]}
    archive = _zip(tmp_path, files | {"m/manifest.json": json.dumps(manifest).encode()})
    friend = tmp_path / "a" / "b" / "friend"
    with pytest.raises(ModelFilesError, match="cannot be used"):
        list(add_model(str(archive), friend))
    assert_nothing_left(friend)
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["b"]


def test_an_export_may_be_taken_in_under_another_name(folder: Path, models: Path, tmp_path: Path) -> None:
    list(export_model(added(add_model(str(folder), models)), tmp_path / "a.zip"))
    assert added(add_model(str(tmp_path / "a.zip"), models, "another one")).folder.name == "another-one"
    assert [model.entry.id for model in list_installed(models)] == ["My-model", "another-one"]


def test_a_cancelled_copy_leaves_nothing(folder: Path, models: Path) -> None:
    steps = add_model(str(folder), models)
    next(iter(steps))
    steps.close()  # type: ignore[attr-defined]
    assert_nothing_left(models)


def _zip(tmp_path: Path, entries: dict[str, bytes]) -> Path:
    archive = tmp_path / "evil.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return archive


@pytest.mark.parametrize(
    "name", ["../escape.json", "/etc/escape.json", "a/../../escape.json", "C:/escape.json", "a\\..\\x"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_no_name_in_an_archive_leads_out_of_it(kind: str, name: str, models: Path, tmp_path: Path) -> None:
    entries = {"open_clip_model.safetensors": WEIGHTS, "open_clip_config.json": CONFIG, name: b"{}"}
    archive = _zip(tmp_path, entries) if kind == "zip" else _tar(tmp_path, entries)
    with pytest.raises(ModelFilesError, match="points elsewhere"):
        list(add_model(str(archive), models))
    assert_nothing_left(models)
    assert not list(tmp_path.rglob("escape*"))


def _tar(tmp_path: Path, entries: dict[str, bytes], links: dict[str, str] | None = None) -> Path:
    archive = tmp_path / "evil.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        for name, content in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            packed.addfile(info)
    return archive


def test_a_tar_works_and_a_link_in_it_does_not(models: Path, tmp_path: Path) -> None:
    entries = {"./m/open_clip_model.safetensors": WEIGHTS, "./m/open_clip_config.json": CONFIG}
    added(add_model(str(_tar(tmp_path, entries)), models, "good"))
    archive = _tar(tmp_path, entries, {"./m/tokenizer.json": "/etc/passwd"})
    with pytest.raises(ModelFilesError, match="a link or no file"):
        list(add_model(str(archive), models, "bad"))
    assert [path.name for path in models.iterdir()] == ["good"]


def test_a_link_in_a_zip_is_refused(models: Path, tmp_path: Path) -> None:
    archive = _zip(tmp_path, {"open_clip_model.safetensors": WEIGHTS, "open_clip_config.json": CONFIG})
    with zipfile.ZipFile(archive, "a") as packed:
        info = zipfile.ZipInfo("tokenizer.json")
        info.external_attr = 0o120777 << 16
        packed.writestr(info, "/etc/passwd")
    with pytest.raises(ModelFilesError, match="a link or encrypted"):
        list(add_model(str(archive), models))


def test_a_small_archive_that_unpacks_to_much_is_refused(models: Path, tmp_path: Path) -> None:
    entries = {"open_clip_model.safetensors": WEIGHTS, "open_clip_config.json": b" " * 64_000_001}
    with pytest.raises(ModelFilesError, match="more than such a file can have"):
        list(add_model(str(_zip(tmp_path, entries)), models))
    assert_nothing_left(models)


@pytest.mark.parametrize("entries", [{"a.txt": b""}, {"a/x.safetensors": WEIGHTS, "b/x.safetensors": WEIGHTS}])
def test_an_archive_holds_one_model(entries: dict[str, bytes], models: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="it should hold one"):
        list(add_model(str(_zip(tmp_path, entries)), models))


def test_two_files_of_one_name_are_refused(models: Path, tmp_path: Path) -> None:
    archive = _zip(tmp_path, {"open_clip_model.safetensors": WEIGHTS, "open_clip_config.json": CONFIG})
    with zipfile.ZipFile(archive, "a") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr("open_clip_config.json", b"{}")
    with pytest.raises(ModelFilesError, match="two files of one name"):
        list(add_model(str(archive), models))
    assert_nothing_left(models)


def test_a_manifest_that_cannot_be_read_is_said_of_the_archive(models: Path, tmp_path: Path) -> None:
    archive = _zip(tmp_path, {"m/open_clip_model.safetensors": WEIGHTS, "m/manifest.json": b'{"version": 1}'})
    with pytest.raises(ModelFilesError, match=r'evil\.zip" brings a manifest\.json that cannot be used'):
        list(add_model(str(archive), models))
    assert_nothing_left(models)


def test_half_an_archive_is_called_a_damaged_one(models: Path, tmp_path: Path) -> None:
    archive = _zip(tmp_path, {"open_clip_model.safetensors": WEIGHTS, "open_clip_config.json": CONFIG})
    archive.write_bytes(archive.read_bytes()[:-50])
    with pytest.raises(ModelFilesError, match=r'evil\.zip" is no archive, or a damaged one'):
        list(add_model(str(archive), models))
