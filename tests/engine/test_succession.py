"""Changing the model loses nothing: the old one answers meanwhile, decisions carry over, going back is instant."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from clipsorter.encoders.sources import ModelSource, find_model
from clipsorter.engine import workplace
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded, EncoderReady, Indexed, Ranked, Saved, Scanned
from clipsorter.engine.explaining import Explained
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.tuning import Tuned
from clipsorter.values import Category, Decision

CATEGORIES = (Category("red"), Category("green"))
REQUEST = RankRequest(CATEGORIES, strictness=0)


@pytest.fixture(autouse=True)
def _other_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other models that need no weights either: the same colours under other ids."""

    def find(name: str, models_folder: Path) -> ModelSource:
        if name in {"second", "third"}:
            return replace(find_model("colour", models_folder), encoder_id=name)
        return find_model(name, models_folder)

    monkeypatch.setattr(workplace, "find_model", find)


@pytest.fixture
def open_engine(tmp_path: Path) -> Callable[..., closing[Engine]]:
    return lambda model, *before: closing(Engine(tmp_path / "data", model=model, models_before=before, workers=1))


def ranked(engine: Engine, folder: Path) -> Ranked:
    *_, answer = engine.rank(folder, REQUEST)
    assert isinstance(answer, Ranked)
    return answer


def test_the_model_before_answers_until_the_chosen_one_has_looked(
    open_engine: Callable[..., closing[Engine]], album: Path
) -> None:
    with open_engine("colour") as engine:
        list(engine.index(album))
        photo = ranked(engine, album).collection.digests[0]
        list(engine.decide([Decision(photo, "green")]))
    with open_engine("second", "colour") as engine:
        answer = ranked(engine, album)
        assert (answer.collection.encoder_id, len(answer.collection)) == ("colour-1", 9)
        run = engine.index(album)
        while not isinstance(next(run), Embedded):
            pass
        assert ranked(engine, album).collection.encoder_id == "colour-1"
        *_, explained = engine.explain(answer, int(answer.collection.photo_ids[0]), REQUEST)
        assert isinstance(explained, Explained)
        list(run)
        after = ranked(engine, album)
        assert (after.collection.encoder_id, len(after.collection)) == ("second", 9)
        green = next(column for column in after.board.bins if column.name == "green")
        assert photo in {after.collection.digests[row] for row in after.collection.positions(green.photo_ids)}
        assert green.decided.any()


def test_going_back_is_instant(open_engine: Callable[..., closing[Engine]], album: Path) -> None:
    for model in ("colour", "second"):
        with open_engine(model) as engine:
            list(engine.index(album))
    with open_engine("colour", "second") as engine:
        events = list(engine.index(album))
        assert not any(isinstance(event, Embedded | EncoderReady) for event in events)
        assert isinstance(events[-1], Indexed)
        assert (events[-1].embedded, events[-1].unchanged) == (0, 9)
        assert ranked(engine, album).collection.encoder_id == "colour-1"


def test_a_stopped_change_goes_on_where_it_was(
    open_engine: Callable[..., closing[Engine]], album: Path, paint: Callable[..., Path]
) -> None:
    for number in range(16):
        paint(album / f"more {number}.png", "red", 100 + number)
    with open_engine("colour") as engine:
        list(engine.index(album))
    with open_engine("second", "colour") as engine:
        run = engine.index(album)
        while not (isinstance(event := next(run), Embedded) and event.done):
            pass
        run.close()  # type: ignore[attr-defined]
    with open_engine("second", "colour") as engine:
        assert ranked(engine, album).collection.encoder_id == "colour-1"
        scanned = [event for event in engine.index(album) if isinstance(event, Scanned)]
        assert scanned[-1].unchanged >= 8
        assert ranked(engine, album).collection.encoder_id == "second"


def test_of_two_models_before_the_one_that_knows_more_photos_answers(
    open_engine: Callable[..., closing[Engine]], album: Path, paint: Callable[..., Path]
) -> None:
    for number in range(16):
        paint(album / f"more {number}.png", "red", 100 + number)
    with open_engine("colour") as engine:
        list(engine.index(album))
    with open_engine("second", "colour") as engine:
        run = engine.index(album)
        while not (isinstance(event := next(run), Embedded) and event.done):
            pass
        run.close()  # type: ignore[attr-defined]
    with open_engine("third", "second", "colour") as engine:
        assert ranked(engine, album).collection.encoder_id == "colour-1"
        list(engine.index(album))
        assert ranked(engine, album).collection.encoder_id == "third"


def test_strictness_and_cutoffs_are_those_of_the_model_that_answers(
    open_engine: Callable[..., closing[Engine]], album: Path
) -> None:
    with open_engine("colour") as engine:
        list(engine.index(album))
        list(engine.save_categories([Category("red", cutoff=0.25), Category("green")], {}))
        list(engine.save_strictness(0.125))
    with open_engine("second", "colour") as engine:
        (opened,) = engine.open()
        assert (opened.tuned_to, opened.strictness) == ("second", 0.5)
        asked = RankRequest(opened.categories, opened.strictness, tuned_to=opened.tuned_to)
        run = engine.index(album)
        old = Tuned("colour-1", 0.125, {"red": 0.25})
        assert next(run) == old
        tuned, *_, answer = engine.rank(album, asked)
        assert tuned == old
        assert isinstance(answer, Ranked)
        *_, same = engine.rank(
            album, RankRequest((Category("red", cutoff=0.25), Category("green")), 0.125, tuned_to="colour-1")
        )
        assert isinstance(same, Ranked)
        assert answer.cutoffs == pytest.approx(same.cutoffs)
        list(engine.save_strictness(0.75))  # moved while the old one answers: meant for what is seen
        list(run)
        tuned, *_ = engine.rank(album, replace(asked, tuned_to="colour-1"))
        assert tuned == Tuned("second", 0.5, {})
        assert not any(isinstance(event, Tuned) for event in engine.rank(album, asked))
    with open_engine("colour") as engine:
        (opened,) = engine.open()
        assert (opened.strictness, opened.categories[0].cutoff) == (0.75, 0.25)
        assert opened.model == "Colours only"


def test_a_chosen_model_that_is_not_here_has_no_name(open_engine: Callable[..., closing[Engine]]) -> None:
    with open_engine("laion-vit-h-14") as engine:
        (opened,) = engine.open()
    assert (opened.model, opened.tuned_to) == ("", "")


def test_a_model_before_that_is_gone_is_no_trouble(open_engine: Callable[..., closing[Engine]], album: Path) -> None:
    with open_engine("colour", "laion-vit-h-14") as engine:
        list(engine.index(album))
        assert len(ranked(engine, album).collection) == 9


def test_forgetting_one_models_embeddings_leaves_the_others_and_every_decision(
    open_engine: Callable[..., closing[Engine]], album: Path
) -> None:
    for model in ("colour", "second"):
        with open_engine(model) as engine:
            list(engine.index(album))
    with open_engine("colour") as engine:
        list(engine.decide([Decision(ranked(engine, album).collection.digests[0], "red")]))
        assert list(engine.forget_embeddings("second")) == [Saved()]
        assert len(ranked(engine, album).collection) == 9
        *_, recalled = engine.recall(album)
        assert len(recalled.decisions) == 1
    with open_engine("second", "colour") as engine:
        assert ranked(engine, album).collection.encoder_id == "colour-1"
