"""Traits: logistic regressions beside the head, and the development photos that chose them."""

import numpy as np
import pytest
import torch
from data import Caption
from development import PEOPLE, SKIES, Everyday, allow, ask, read_everyday_names
from rendering import PAINTERS
from sentences import read_sentences
from traits import SENTENCES, TRAITS, Examples, fit

from clipsorter.encoders.branched_head import BranchedHead

NAN = float("nan")
OPPOSITE = torch.tensor([0.8, -0.8]).repeat(500)  # meanings of 1,000 classes; equally probable, they cancel out


def test_every_trait_has_sentences_and_only_drawn_kinds_that_exist() -> None:
    assert set(TRAITS) <= set(SENTENCES)
    assert {kind for trait in TRAITS.values() for kind in trait.kinds} <= set(PAINTERS)


def test_a_trait_is_found_again_whatever_photos_say_nothing_of_it_and_however_rare_it_is() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(600, 12)).astype(np.float32)
    shown = np.stack([features[:, 0] > 1.2, features[:, 3] > 0], axis=1).astype(np.float32)
    shown[::3, 1] = NAN
    weights, biases = fit(Examples(features, shown, np.ones(600, np.float32)), penalty=1e-4)
    found = features @ weights.T + biases > 0
    truth = np.stack([features[:, 0] > 1.2, features[:, 3] > 0], axis=1)
    for trait in (0, 1):
        assert found[truth[:, trait], trait].mean() > 0.95
        assert found[~truth[:, trait], trait].mean() < 0.1
    again = fit(Examples(features, shown, np.ones(600, np.float32)), penalty=1e-4)
    assert weights.tobytes() == again[0].tobytes()


def test_a_photo_comes_nearer_to_a_trait_the_surer_it_shows_it() -> None:
    head = BranchedHead(torch.nn.Linear(1280, 4), 4, traits=1)
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.zero_()
        head.mlp.bias[0] = 1
        head.traits.weight[0, 0] = 4
        head.shown.weight[3, 0] = 1
        head.meanings.weight[2] = OPPOSITE
        photos = torch.zeros(3, 1280)
        photos[:, 0] = torch.tensor([-1.0, 0.0, 1.0])
        embedded = torch.nn.functional.normalize(head(photos), dim=1)
    assert embedded[:, 3].tolist() == sorted(embedded[:, 3].tolist())
    assert embedded[0, 3] < 0.05
    assert embedded[2, 3] > 0.6


def test_a_trait_gives_way_to_what_the_classifier_is_sure_of() -> None:
    head = BranchedHead(torch.nn.Linear(1280, 4), 4, traits=1)
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.zero_()
        head.mlp.bias[0] = 1
        head.traits.bias[0] = 9
        head.shown.weight[3, 0] = 3
        head.meanings.weight[2] = OPPOSITE
        head.classifier.weight[0, 0] = 30
        unsure, sure = torch.nn.functional.normalize(head(torch.eye(2, 1280).flip(0)), dim=1)
    assert unsure[3] > 0.4
    assert sure[3] < 0.01 < sure[2]


@pytest.mark.parametrize(
    ("people", "tags", "expected"),
    [
        ("none", ("beach",), {"sea"}),
        ("group", ("guitar",), {"portrait", "adults", "music"}),
        ("child", (), {"children", "portrait"}),
        ("none", ("no such tag",), set()),
    ],
)
def test_tags_and_people_say_what_a_photo_may_be_called(people: str, tags: tuple[str, ...], expected: set[str]) -> None:
    assert allow(Caption("photos/x.webp", "", people, tags)) == expected


def test_whatever_was_noted_of_a_weather_photo_is_one_of_the_34_names() -> None:
    names = read_everyday_names()
    assert len(names) == 34
    assert {one for noted in read_sentences("weather_labels.txt").values() for one in noted} <= names.keys()
    assert names.keys() >= PEOPLE | SKIES


def test_asking_counts_what_is_allowed_and_people_where_they_are() -> None:
    words = np.eye(4, dtype=np.float32)
    told = (frozenset({"dog"}), frozenset({"adults"}), frozenset({"cat"}), frozenset({"adults", "dog"}))
    everyday = Everyday(np.zeros((4, 1), np.float32), told, ("dog", "adults", "cat", "sea"))
    photos = np.array([[9, 1, 1, 0], [1, 9, 0, 0], [0, 9, 1, 2], [1, 9, 2, 0]], np.float32)
    assert ask(everyday, photos, words) == {
        "top-1": 0.75,
        "top-3": 1.0,
        "people found": 1.0,
        "people imagined": 0.5,
        "things with people": 0.0,
    }
