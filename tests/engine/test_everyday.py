"""The everyday words are read once, after the first look, and compared with the photos only when something changed."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clipsorter.columns import Paths
from clipsorter.encoders.colour import ColourEncoder
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Ranked
from clipsorter.engine.everyday import EverydayWords, everyday_prompts
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.vocabulary import Word, read_vocabulary
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.ranking.sentences import REFERENCE
from clipsorter.values import Calibration, Category
from tests.ranking.worlds import finish, make_digests, make_weights, random_rows

CALIBRATED = replace(ColourEncoder.spec, calibration=Calibration((), 1.5, 0.25, room=0.0, words=0.5))


@pytest.fixture
def calibrated(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The engine, its encoder with a calibration that asks two words."""
    monkeypatch.setattr(ColourEncoder, "spec", CALIBRATED)
    for place in ("clipsorter.engine.everyday", "tests.engine.test_everyday"):
        monkeypatch.setattr(f"{place}.read_vocabulary", lambda: (Word("red", "红"), Word("green", "绿")))
    return engine


def test_an_encoder_without_a_fitted_number_asks_none() -> None:
    assert everyday_prompts(ColourEncoder.spec) == ()
    assert everyday_prompts(replace(CALIBRATED, calibration=Calibration((), 1.5, 0.25, 1.0))) == ()
    assert len(everyday_prompts(CALIBRATED)) == len(read_vocabulary())
    assert everyday_prompts(CALIBRATED)[:1] == (f"a photo of a {read_vocabulary()[0].english}",)
    assert read_vocabulary()[0].chinese in everyday_prompts(replace(CALIBRATED, languages=("zh-Hans",)))[0]


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache.open(tmp_path / "cache.db")) as cache:
        yield cache


def collect(embeddings: np.ndarray) -> Collection:
    ids = np.arange(len(embeddings))
    return Collection(ids, Paths(f"{row}.jpg" for row in ids), make_digests(ids.tolist()), embeddings)


def test_photos_are_compared_again_only_when_they_or_the_categories_changed(cache: Cache) -> None:
    words = EverydayWords(cache, "text")
    dimension = 12
    photos = collect(random_rows(1, 50, dimension))
    weights = make_weights(random_rows(2, 3, dimension), reference=random_rows(3, len(REFERENCE["en"]), dimension))
    assert finish(words.measure(photos, weights, CALIBRATED)) is None  # not read yet
    prompts = list(dict.fromkeys(everyday_prompts(CALIBRATED)))
    cache.put_text_embeddings("text", prompts[:-1], random_rows(4, len(prompts) - 1, dimension))
    assert finish(words.measure(photos, weights, CALIBRATED)) is None  # not all
    cache.put_text_embeddings("text", prompts[-1:], random_rows(5, 1, dimension))
    first = finish(words.measure(photos, weights, CALIBRATED))
    assert first is not None
    assert finish(words.measure(photos, weights, CALIBRATED)) is first
    fewer = finish(words.measure(photos, make_weights(weights.weights[:2], reference=weights.reference), CALIBRATED))
    assert fewer is not None
    assert fewer is not first
    again = finish(words.measure(collect(photos.embeddings.copy()), weights, CALIBRATED))
    assert again is not None
    np.testing.assert_array_equal(again.background, first.background)


def ranked(engine: Engine, folder: Path, *categories: str) -> Ranked:
    *_, answer = engine.rank(folder, RankRequest(tuple(map(Category, categories))))
    assert isinstance(answer, Ranked)
    return answer


def test_words_are_read_at_the_end_of_an_index_run_and_asked_at_every_board(calibrated: Engine, album: Path) -> None:
    list(calibrated.index(album))
    first, second = ranked(calibrated, album, "red", "something"), ranked(calibrated, album, "red", "something")
    assert first.ranking.named is not None
    assert first.ranking.named.tolist() == [True, False]
    assert second.ranking.background is first.ranking.background
    green = np.array([file.startswith("green") for file in first.collection.files])
    assert first.ranking.background[green].min() > first.ranking.background[~green].max()


def test_an_encoder_that_asks_no_word_is_asked_for_none(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    assert ranked(engine, album, "red").ranking.named is None
