"""The catalogue's facts fit what open_clip and transformers can load."""

import importlib.util

import pytest

from clipsorter.encoders import known_models
from clipsorter.encoders.catalogue import CatalogueEntry, find_entry, make_entry, read_catalogue, recommend

ENTRIES = read_catalogue()
FAMILIES = {
    "OpenAI CLIP",
    "OpenCLIP",
    "Chinese-CLIP",
    "EVA-CLIP",
    "SigLIP 2",
    "MobileCLIP2",
    "MetaCLIP",
    "NLLB-CLIP",
}


def test_every_family_is_there_and_no_id_twice() -> None:
    assert {entry.family for entry in ENTRIES} == FAMILIES
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.library == "open_clip"], ids=lambda e: e.id)
def test_an_open_clip_entry_names_what_open_clip_names(entry: CatalogueEntry) -> None:
    tags = known_models.list_tags(entry.architecture)
    assert tags[entry.tag].rstrip("/") == entry.repository
    assert entry.tokenizer == known_models.needs_tokenizer(entry.architecture)
    assert bool(entry.text_repository) == bool(known_models.text_repository(entry.architecture))


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.library == "transformers"], ids=lambda e: e.id)
def test_a_transformers_entry_names_a_model_type_of_transformers(entry: CatalogueEntry) -> None:
    assert importlib.util.find_spec(f"transformers.models.{entry.architecture}") is not None


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_every_entry_says_what_a_person_wants_to_know(entry: CatalogueEntry) -> None:
    assert entry.good_for
    assert entry.good_for_zh
    assert entry.languages
    assert entry.size > 100_000_000
    assert entry.gflops > 0
    assert entry.code_licence_url.startswith("https://")
    assert entry.weights_licence_url.startswith("https://")
    assert bool(entry.unavailable) == bool(entry.unavailable_zh)


def test_an_entry_is_found_by_any_of_its_names() -> None:
    entry = find_entry("laion-vit-b-32")
    assert entry is not None
    for name in ("ViT-B-32/laion2b_s34b_b79k", "vit-b-32:laion2b_s34b_b79k", entry.repository):
        assert find_entry(name) == entry
    assert find_entry("starter") is None


def test_what_open_clip_knows_by_name_can_be_had_too() -> None:
    entry = make_entry("ViT-B-16-SigLIP/webli")
    assert entry is not None
    assert (entry.repository, entry.tokenizer) == ("timm/ViT-B-16-SigLIP", True)
    assert make_entry("ViT-B-32/no-such-tag") is None


@pytest.mark.parametrize("name", ["../x", "a/..", "a/b/c", "a", "a/", "a\\b/c", "a/b?c"])
def test_a_name_that_is_no_repository_makes_no_entry(name: str) -> None:
    assert make_entry(name) is None


@pytest.mark.parametrize("languages", [("en",), ("zh-CN",), ("zh", "en"), ("de",), ()])
@pytest.mark.parametrize("has_gpu", [True, False])
def test_what_is_recommended_can_be_had_and_knows_the_language(languages: tuple[str, ...], has_gpu: bool) -> None:
    first, *rest = (find_entry(name) for name in recommend(languages, has_gpu=has_gpu))
    for entry in (first, *rest):
        assert entry is not None
        assert not entry.unavailable
    assert first is not None
    assert {language[:2] for language in languages} <= set(first.languages)
