"""``clipsorter models`` from the first look to the last byte, against a hub on this machine."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from clipsorter.cli import model_commands, model_numbers
from clipsorter.encoders.catalogue import find_entry
from clipsorter.encoders.hub import asking
from clipsorter.encoders.sources import find_model
from clipsorter.encoders.verification import Agreement
from clipsorter.engine.verifying import Verified
from clipsorter.errors import ModelFilesError
from clipsorter.library.cache import Cache
from clipsorter.library.records import CachedPhoto
from clipsorter.library.settings import Settings, save_settings
from clipsorter.values import Photo, PhotoFacts
from tests.cli.conftest import CommandLine
from tests.encoders.hub.conftest import WEIGHTS
from tests.encoders.hub.fake_hub import COMMIT, FakeHub
from tests.encoders.tiny_weights import tiny_weights

NAME = "laion-vit-b-32"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    entry = find_entry(NAME)
    assert entry is not None
    started = FakeHub({entry.repository: {"open_clip_model.safetensors": WEIGHTS, "open_clip_config.json": b"{}"}})
    started.start()
    monkeypatch.setenv("HF_ENDPOINT", started.url)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    yield started
    started.stop()


def test_the_list_says_what_an_installation_without_pytorch_lacks(
    clipsorter: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "PyTorch" not in clipsorter("models", "list").err
    monkeypatch.setattr(model_commands, "has_torch", lambda: False)
    assert "comes without PyTorch" in clipsorter("models", "list").err


def test_the_list_names_every_model_and_recommends_by_language(clipsorter: CommandLine) -> None:
    lines = {line["id"]: line for line in clipsorter("models", "list", "--json", "--languages", "zh").lines}
    assert len(lines) >= 24
    assert lines["chinese-clip-vit-b-16"]["recommended"] or lines["chinese-clip-vit-l-14"]["recommended"]
    assert not lines["openai-rn50"]["recommended"]
    assert (
        lines["mobileclip2-s0"]["photos_per_second_estimated"] > lines["laion-vit-h-14"]["photos_per_second_estimated"]
    )
    assert [name for name, line in lines.items() if line["installed"]] == ["starter"]


def test_the_starter_stands_in_the_list_and_what_the_window_uses_is_marked(
    clipsorter: CommandLine, hub: FakeHub, tmp_path: Path
) -> None:
    starter, *others = clipsorter("models", "list").out.splitlines()
    assert starter.split()[:2] == ["used", "starter"]
    assert not any(" used " in line for line in others)
    clipsorter("models", "download", NAME, "--yes")
    save_settings(tmp_path / "data" / "settings.json", Settings(model=NAME))
    states = {line[7:].split()[0]: line[2:6].strip() for line in clipsorter("models", "list").out.splitlines()}
    assert (states["starter"], states[NAME], states["eva02-b-16"]) == ("here", "used", "")
    assert clipsorter("models", "info", "starter").out.startswith("Starter model (starter)")
    (facts,) = clipsorter("models", "info", "starter", "--json").lines
    assert facts["encoder"] == find_model("starter", tmp_path).encoder_id


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (("add", "x"), "the same command begins anew"),
        (("export", NAME, "x.zip"), "the same command begins anew"),
        (("verify",), "before everything was compared"),
        (("remove", NAME), "removes the rest"),
        (("download", NAME), "goes on from there"),
    ],
)
def test_ctrl_c_is_answered_with_what_became_of_it(
    clipsorter: CommandLine, monkeypatch: pytest.MonkeyPatch, act: tuple[str, ...], words: str
) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(model_commands, f"_{act[0]}", interrupt)
    outcome = clipsorter("models", *act)
    assert outcome.status == 130
    assert words in outcome.err


def test_size_and_licence_come_first_and_nothing_without_a_yes(clipsorter: CommandLine, hub: FakeHub) -> None:
    refused = clipsorter("models", "download", NAME)
    assert refused.status == 2
    assert "Nothing was downloaded" in refused.err
    assert "Licence of the weights: MIT" in refused.err
    assert "1 MB" in refused.err
    assert not any("resolve" in path for path in hub.asked)


def test_a_model_comes_is_described_verified_exported_and_goes(
    clipsorter: CommandLine, hub: FakeHub, tmp_path: Path
) -> None:
    (done,) = clipsorter("models", "download", NAME, "--yes", "--json").lines
    assert done["id"] == NAME
    (info,) = clipsorter("models", "info", NAME, "--json").lines
    assert info["installed"]
    assert COMMIT in info["commits"].values()
    assert COMMIT in clipsorter("models", "info", NAME).out
    assert clipsorter("models", "verify", "--bytes").out == f"whole   {NAME}\n"
    archive = tmp_path / "model.zip"
    assert clipsorter("models", "export", NAME, archive).status == 0
    removed = clipsorter("models", "remove", NAME)
    assert removed.status == 0
    assert [line["id"] for line in clipsorter("models", "list", "--installed", "--json").lines] == ["starter"]
    assert "its embeddings stay" in removed.out
    assert clipsorter("models", "remove", NAME).status == 2
    assert clipsorter("models", "add", archive).status == 0
    assert "here" in clipsorter("models", "list", "--installed").out
    assert clipsorter("models", "verify", NAME, "--bytes", "--json").lines == [
        {"id": NAME, "whole": True, "error": None}
    ]


def test_an_added_model_may_be_called_nearly_as_one_of_the_catalogue(
    clipsorter: CommandLine, hub: FakeHub, tmp_path: Path
) -> None:
    clipsorter("models", "download", NAME, "--yes")
    clipsorter("models", "export", NAME, tmp_path / "model.zip")
    mine = NAME.upper()
    assert clipsorter("models", "add", tmp_path / "model.zip", "--name", mine).status == 0
    encoders = {find_model(name, tmp_path / "data" / "models").name for name in (NAME, mine)}
    assert encoders == {"OpenCLIP ViT-B/32", mine}
    (line,) = clipsorter("models", "remove", mine, "--vectors", "--json").lines
    assert line["id"] == mine
    here = clipsorter("models", "list", "--installed", "--json").lines
    assert [line["id"] for line in here] == ["starter", NAME]
    (line,) = clipsorter("models", "info", mine, "--json").lines  # nothing else is called so any more
    assert line["id"] == NAME


def test_verify_compares_bytes_and_then_numbers(
    clipsorter: CommandLine, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    clipsorter("models", "download", NAME, "--yes")
    good = Agreement(0.99999, 0.99998, 0.9999)
    answer = Verified("OpenCLIP ViT-B/32", "CPU", good, None)
    monkeypatch.setattr(model_numbers, "verify_model", lambda *_: iter([answer]))
    outcome = clipsorter("models", "verify")
    assert outcome.status == 0
    assert outcome.out.startswith(f"whole   {NAME}\nsame numbers  OpenCLIP ViT-B/32 on CPU\n")

    def refuse(*_: object) -> Iterator[object]:
        raise ModelFilesError("It cannot be loaded.")
        yield

    monkeypatch.setattr(model_numbers, "verify_model", refuse)
    outcome = clipsorter("models", "verify", NAME)
    assert outcome.status == 1
    assert outcome.out == f"whole   {NAME}\nNO NUMBERS  {NAME}: It cannot be loaded.\n"
    whole, numbers = clipsorter("models", "verify", "--json").lines
    assert (whole["whole"], numbers["holds"], numbers["error"]) == (True, None, "It cannot be loaded.")


def test_what_is_here_in_this_version_is_not_fetched_again(
    clipsorter: CommandLine, hub: FakeHub, tmp_path: Path
) -> None:
    clipsorter("models", "download", NAME, "--yes")
    hub.asked.clear()
    again = clipsorter("models", "download", NAME)  # nothing to agree to
    assert again.status == 0
    assert "is here already" in again.err
    assert not any("resolve" in path for path in hub.asked)
    weights = tmp_path / "data" / "models" / NAME / "open_clip_model.safetensors"
    weights.write_bytes(WEIGHTS[:-1])
    assert clipsorter("models", "download", NAME, "--yes").status == 0
    assert weights.read_bytes() == WEIGHTS


def test_an_exchanged_file_is_found_by_verify(clipsorter: CommandLine, hub: FakeHub, tmp_path: Path) -> None:
    clipsorter("models", "download", NAME, "--yes")
    weights = tmp_path / "data" / "models" / NAME / "open_clip_model.safetensors"
    weights.write_bytes(WEIGHTS[:-1] + bytes([WEIGHTS[-1] ^ 1]))
    outcome = clipsorter("models", "verify")
    assert outcome.status == 1
    assert "BROKEN" in outcome.out
    used = clipsorter("index", tmp_path, "--model", NAME)
    assert used.status == 2
    assert "was exchanged" in used.err


def test_removing_with_vectors_forgets_what_the_model_saw(
    clipsorter: CommandLine, hub: FakeHub, tmp_path: Path
) -> None:
    clipsorter("models", "download", NAME, "--yes")
    encoder = find_model(NAME, tmp_path / "data" / "models").encoder_id
    with Cache.open(tmp_path / "data" / "cache.db") as cache:
        _embed(cache, encoder, "a" * 32)
        _embed(cache, "another", "b" * 32)
        assert cache.embedding_counts() == {encoder: 1, "another": 1}
    (line,) = clipsorter("models", "remove", NAME, "--vectors", "--json").lines
    assert line["vectors"] == 1
    with Cache.open(tmp_path / "data" / "cache.db") as cache:
        assert cache.embedding_counts() == {"another": 1}


def _embed(cache: Cache, encoder: str, digest: str) -> None:
    photo = Photo(Path("/photos") / digest, 1, 1, 1)
    cache.put([CachedPhoto(photo, digest, PhotoFacts(1, 1), b"")], encoder, np.array([[1, 0]], np.float32))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["download", "no such model", "--yes"], "No model is called"),
        (["download", "chinese-clip-rn50", "--yes"], "only as a pickle"),
        (["download", "nobody/nothing", "--yes"], "knows no repository"),
        (["download", NAME, "--yes", "--mirror", "http://example.org"], "not encrypted"),
        (["add", "nowhere"], "There is nothing at"),
        (["info", "x y"], "No model is called"),
        (["verify", NAME], "is not on this machine"),
        (["verify", "starter", "--bytes"], "is a part of ClipSorter"),
        (["download", "Starter", "--yes"], "needs no download"),
        (["export", "starter", "x.zip"], "is a part of ClipSorter"),
        (["verify", "no such model"], "No model is called"),
        (["export", NAME, "x.zip"], "is not on this machine"),
        (["remove", "starter"], "cannot be removed"),
        (["remove", "no such model"], "No model is called"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    arguments: list[str], words: str, clipsorter: CommandLine, hub: FakeHub
) -> None:
    outcome = clipsorter("models", *arguments)
    assert outcome.status == 2
    assert words in outcome.err
    assert "Traceback" not in outcome.err


def test_no_network_is_said_in_one_sentence(
    clipsorter: CommandLine, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(asking.Patience, "__init__", _impatient)
    outcome = clipsorter("models", "download", NAME, "--yes", "--mirror", "http://127.0.0.1:9")
    assert outcome.status == 2
    assert "refuses the connection" in outcome.err


def _impatient(self: object) -> None:
    for name, value in (("stall_seconds", 1.0), ("poll_seconds", 0.01), ("pauses", ())):
        object.__setattr__(self, name, value)


def test_a_text_file_renamed_is_refused(clipsorter: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": {}}), "utf-8")
    (folder / "open_clip_model.safetensors").write_text("I am a text file.\n" * 99, "utf-8")
    outcome = clipsorter("models", "add", folder)
    assert outcome.status == 2
    assert "no safetensors file" in outcome.err
    (folder / "open_clip_model.safetensors").write_bytes(tiny_weights())
    assert clipsorter("models", "add", folder, "--name", "mine").status == 0
