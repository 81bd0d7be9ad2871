"""Fitting from where on a photo belongs, in a small world whose answer is known."""

import json

import numpy as np
import pytest
from calibrating import BACKGROUNDS, MOST, Outcome, average_outcomes, draw_scenarios, fit_calibration, try_out
from data import PEOPLE, read_captions
from evaluation import HELD_LABELS
from sentences import HERE

from clipsorter.encoders.starter_files import read_head
from clipsorter.ranking.cutoffs import ANY_ENCODER
from clipsorter.ranking.prompts import describe
from clipsorter.ranking.sentences import REFERENCE
from clipsorter.values import Calibration

DIMENSION = 96
NAMES = {f"label {number}": f"thing {number}" for number in range(10)}
STRAYS = [f"other {number}" for number in range(5)]


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


class World:
    """Every name has a direction that all of its prompts share; photos lie around the direction of their label."""

    def __init__(self, level: float) -> None:
        rng = np.random.default_rng(4)
        self.directions = {name: unit(rng.normal(size=DIMENSION)) for name in [*NAMES.values(), *STRAYS]}
        self.meanings = {prompt: self.directions[name] for name in NAMES.values() for prompt in describe(name, ("en",))}
        others = [*REFERENCE["en"], *(phrase for phrases in BACKGROUNDS for phrase in phrases)]
        self.meanings |= {phrase: unit(rng.normal(size=DIMENSION)) for phrase in others}
        given = [label for label in [*NAMES, *STRAYS] for _ in range(30)]
        rows = np.stack([self.directions[NAMES.get(label, label)] for label in given])
        self.labels = [frozenset({label}) for label in given]
        self.photos = unit(level * rows + unit(rng.normal(size=rows.shape)))

    def read(self, texts: list[str]) -> np.ndarray:
        return np.stack([self.meanings[text] for text in texts])


def test_scenarios_follow_from_their_seed_and_hold_members_and_strays() -> None:
    world = World(0.5)
    one, same = (draw_scenarios(world.photos, world.labels, NAMES, world.read) for _ in range(2))
    assert [scenario.right.sum() for scenario in one] == [scenario.right.sum() for scenario in same]
    assert {scenario.categories for scenario in one} == {1, 2, 4, 8}
    assert all(scenario.stray.any() and not scenario.stray.all() for scenario in one)
    assert not any((scenario.right & scenario.stray).any() for scenario in one)


def test_no_label_counts_more_than_another_because_it_has_more_photos() -> None:
    world = World(0.5)
    many = [*world.labels, *[frozenset({"label 0"})] * 200]
    photos = np.concatenate([world.photos, np.repeat(world.photos[:1], 200, axis=0)])
    (first, *_) = draw_scenarios(photos, many, NAMES, world.read)
    assert len(first.best) == MOST + 30 * (len({*many}) - 1)


@pytest.mark.parametrize("level", [0.3, 0.6])
def test_the_fit_is_better_than_numbers_that_hold_for_any_encoder_or_as_good(level: float) -> None:
    world = World(level)
    scenarios = draw_scenarios(world.photos, world.labels, NAMES, world.read)
    fitted = fit_calibration(scenarios, 30)
    assert try_out(scenarios, fitted, 30).score >= try_out(scenarios, ANY_ENCODER, 30).score - 0.005


def test_a_photo_that_is_two_things_is_a_stray_only_where_neither_is_a_category() -> None:
    world = World(0.6)
    both = [one | {"label 1"} if "label 0" in one else one for one in world.labels]
    for count in (1, 2):
        pair = {name: NAMES[name] for name in [f"label {number}" for number in range(count + 1)]}
        plain, double = (draw_scenarios(world.photos, told, pair, world.read) for told in (world.labels, both))
        assert min(one.stray.sum() for one in double) < max(one.stray.sum() for one in plain)
        assert all((one.stray & one.right).sum() == 0 for one in double)


def test_letting_all_in_keeps_every_member_and_letting_none_in_keeps_every_stray_out() -> None:
    world = World(0.6)
    scenarios = draw_scenarios(world.photos, world.labels, NAMES, world.read)
    lenient = try_out(scenarios, Calibration((), -100, 0, 1000), 30)
    strict = try_out(scenarios, Calibration((), 100, 0, 0), 30)
    assert (lenient.home > 0.9, lenient.strays_out) == (True, 0)
    assert (strict.home, strict.strays_out) == (0, 1)
    between = average_outcomes([lenient, strict])
    assert (between.home, between.strays_out) == (lenient.home / 2, 0.5)


def test_a_member_in_unsorted_costs_as_much_as_two_strays_in_a_bin() -> None:
    start = Outcome(home=0.9, strays_out=0.8, precision=0.9)
    assert Outcome(home=0.89, strays_out=0.82, precision=0.9).score == pytest.approx(start.score)
    assert Outcome(home=0.91, strays_out=0.79, precision=0.9).score > start.score


def test_labels_kept_back_differ_between_the_folds() -> None:
    assert not HELD_LABELS[0] & HELD_LABELS[1]


def test_captions_of_our_own_are_read_beside_the_collected_ones(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "captions").mkdir()
    (tmp_path / "captions" / "captions.jsonl").write_text("", "utf-8")
    own = read_captions(tmp_path)
    assert len(own) > 250
    assert all(one.people in {"none", *PEOPLE} and one.text and all(one.tags) for one in own)
    assert len({one.photo for one in own}) == len(own)


def test_a_photo_is_described_by_all_its_captions_and_the_words_people_sort_by(tmp_path) -> None:  # type: ignore[no-untyped-def]
    line = {"photo": "photos/a0122.webp", "caption_en": "A small child.", "people": "child", "tags": ["toys"]}
    (tmp_path / "captions").mkdir()
    file = tmp_path / "captions" / "captions.jsonl"
    file.write_text(
        json.dumps({**line, "licence": "CC0"}) + "\n" + json.dumps({**line, "licence": "doubtful"}), "utf-8"
    )
    first, *rest = read_captions(tmp_path)
    assert first.photo not in {one.photo for one in rest}
    assert first.sentences.count("A small child.") == 3
    assert first.sentences.count("a little boy plays with toys") == 2
    assert {"toys", "children"} < set(first.sentences)


def test_what_ships_is_what_was_fitted() -> None:
    fitted = json.loads((HERE / "calibration.json").read_text("utf-8"))
    shipped = read_head()
    assert shipped.calibration == Calibration(
        **{**fitted["calibration"], "background": tuple(fitted["calibration"]["background"])}
    )
    assert shipped.logit_scale == fitted["logit_scale"]
