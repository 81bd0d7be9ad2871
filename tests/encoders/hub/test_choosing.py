"""Which files of a repository are fetched: weights that are no pickle, and what describes them."""

import pytest

from clipsorter.encoders.catalogue import CatalogueEntry, find_entry, make_entry
from clipsorter.encoders.hub.archives import Added, add_model, export_model
from clipsorter.encoders.sources import find_model
from clipsorter.encoders.weight_files import INDEX_NAME
from clipsorter.errors import DownloadError
from tests.encoders.hub.conftest import FILE, WEIGHTS, Place, ask, fetch, last, run
from tests.encoders.hub.fake_hub import FakeHub
from tests.encoders.test_weight_files import in_pieces


def test_pickles_are_never_fetched(entry: CatalogueEntry, hub: FakeHub, place: Place) -> None:
    del hub.repositories[entry.repository][FILE]
    with pytest.raises(DownloadError, match="only as a pickle"):
        ask(entry, place)
    assert not any(path.endswith(".bin") for path in hub.asked)


def test_the_robots_conversion_is_taken_where_the_authors_published_only_pickles(
    entry: CatalogueEntry, hub: FakeHub, place: Place
) -> None:
    files = hub.repositories[entry.repository]
    hub.pull_requests[entry.repository] = dict(files)
    del files[FILE]
    hub.behaviour.conversion = 3
    plan = ask(entry, place)
    assert plan.converted
    assert dict(plan.commits) == {entry.repository: "f" * 40}
    assert last(run(plan, place)).weights.read_bytes() == WEIGHTS


def test_what_cannot_be_had_is_not_asked_for(hub: FakeHub, place: Place) -> None:
    entry = find_entry("chinese-clip-rn50")
    assert entry is not None
    with pytest.raises(DownloadError, match="pickle"):
        ask(entry, place)
    assert not hub.asked


def test_a_text_tower_from_elsewhere_brings_its_description(hub: FakeHub, place: Place) -> None:
    entry = find_entry("xlm-roberta-vit-b-32")
    assert entry is not None
    hub.repositories[entry.repository] = {"open_clip_pytorch_model.safetensors": WEIGHTS}
    with pytest.raises(DownloadError, match="no tokenizer"):
        ask(entry, place)
    hub.repositories[entry.repository]["tokenizer.json"] = b"{}"
    hub.repositories[entry.text_repository] = {
        "config.json": b'{"model_type": "xlm-roberta"}',
        "model.safetensors": b"",
    }
    model = fetch(entry, place)
    assert {file.path for file in model.files} == {
        "open_clip_pytorch_model.safetensors",
        "tokenizer.json",
        "text_config/config.json",
    }
    assert set(model.commits) == {entry.repository, entry.text_repository}


def test_any_repository_can_be_named(hub: FakeHub, place: Place) -> None:
    entry = make_entry("somebody/tiny-clip")
    assert entry is not None
    hub.repositories["somebody/tiny-clip"] = {"weights.safetensors": WEIGHTS}
    with pytest.raises(DownloadError, match="holds no CLIP model"):
        ask(entry, place)
    hub.repositories["somebody/tiny-clip"] = {
        "model.safetensors": WEIGHTS,
        "config.json": b'{"model_type": "chinese_clip"}',
        "preprocessor_config.json": b"{}",
        "vocab.txt": b"[PAD]",
    }
    model = fetch(entry, place)
    assert model.folder.name == "somebody--tiny-clip"
    assert find_model("somebody/tiny-clip", place.models).kind == "transformers"


def test_weights_in_pieces_come_with_their_index(hub: FakeHub, place: Place) -> None:
    entry = make_entry("somebody/large-clip")
    assert entry is not None
    hub.repositories[entry.repository] = {
        **in_pieces(),
        "config.json": b'{"model_type": "chinese_clip"}',
        "preprocessor_config.json": b"{}",
        "vocab.txt": b"[PAD]",
    }
    model = fetch(entry, place)
    assert model.weights == model.folder / INDEX_NAME
    assert find_model(entry.repository, place.models).weights == model.weights
    archive = place.models.parent / "large.zip"
    list(export_model(model, archive))
    *_, added = add_model(str(archive), place.models.parent / "friend")
    assert isinstance(added, Added)
    assert {file.path for file in added.model.files} == {file.path for file in model.files}
    hub.behaviour.lists = False
    with pytest.raises(DownloadError, match="this mirror does not list them"):
        ask(entry, place)
    hub.behaviour.lists = True
    hub.repositories[entry.repository]["open_clip_config.json"] = b"{}"
    with pytest.raises(DownloadError, match="which open_clip does not read"):
        ask(entry, place)
