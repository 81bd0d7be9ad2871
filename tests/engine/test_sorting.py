"""Boards and searches over a real index with the colour encoder."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Found, Ranked, Saved
from clipsorter.engine.explaining import Explained
from clipsorter.engine.requests import RankRequest
from clipsorter.errors import QueryError
from clipsorter.values import Category, Decision

RED_GREEN_BLUE = tuple(map(Category, ("red", "green", "blue")))


def ranked(engine: Engine, folder: Path, request: RankRequest) -> Ranked:
    *_, event = engine.rank(folder, request)
    assert isinstance(event, Ranked)
    return event


def names(answer: Ranked) -> dict[str | None, list[str]]:
    files = answer.collection.files
    return {
        column.name: sorted(files[row] for row in answer.collection.positions(column.photo_ids))
        for column in answer.board.bins
    }


def test_photos_land_in_the_bin_of_their_colour(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    board = names(ranked(engine, album, RankRequest(RED_GREEN_BLUE, strictness=0)))
    assert list(board) == ["red", "green", "blue", None]
    assert board == {
        "red": ["red 0.png", "red 1.png", "red 2.png"],
        "green": ["green 0.jpg", "green 1.jpg", "green 2.jpg"],
        "blue": ["trip/blue 0.png", "trip/blue 1.png", "trip/blue 2.png"],
        None: [],
    }


def test_without_categories_everything_is_unsorted(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    answer = ranked(engine, album, RankRequest(()))
    assert [column.name for column in answer.board.bins] == [None]
    assert len(answer.board.unsorted) == 9


def test_an_empty_folder_gives_an_empty_board(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    list(engine.index(tmp_path / "empty"))
    answer = ranked(engine, tmp_path / "empty", RankRequest(RED_GREEN_BLUE))
    assert [len(column) for column in answer.board.bins] == [0, 0, 0, 0]


def test_a_subfolder_is_ranked_from_the_same_cache(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    assert names(ranked(engine, album / "trip", RankRequest(RED_GREEN_BLUE, 0)))["blue"] == [
        "blue 0.png",
        "blue 1.png",
        "blue 2.png",
    ]


def test_a_query_filters_the_board_and_counts_its_hits(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    answer = ranked(engine, album, RankRequest(RED_GREEN_BLUE, 0, query="red"))
    assert answer.board.hits == 3
    assert names(answer)["red"] == ["red 0.png", "red 1.png", "red 2.png"]
    assert not names(answer)["blue"]


def test_all_photos_stand_together_with_the_newest_first(
    engine: Engine, tmp_path: Path, paint: Callable[..., Path]
) -> None:
    album = tmp_path / "album"
    for number, (name, year) in enumerate((("red", 2021), ("green", 2024), ("blue", 2019))):
        exif = Image.Exif()
        exif[36867] = exif[306] = f"{year}:05:01 10:00:00"
        exif.get_ifd(0x8769)[36867] = f"{year}:05:01 10:00:00"
        path = paint(album / f"{number}.jpg", name)
        Image.open(path).save(path, exif=exif)
    paint(album / "undated.png", "red")
    list(engine.index(album))
    answer = ranked(engine, album, RankRequest(RED_GREEN_BLUE, strictness=0))
    overview = answer.overview
    files = [answer.collection.files[row] for row in answer.collection.positions(overview.photo_ids)]
    assert files == ["1.jpg", "0.jpg", "2.jpg", "undated.png"]
    assert [overview.home(row) for row in range(4)] == ["green", "red", "blue", "red"]
    assert not overview.is_ranked


def test_hits_stand_together_as_the_search_ranks_them(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    answer = ranked(engine, album, RankRequest(RED_GREEN_BLUE, strictness=0, query="red"))
    assert answer.search is not None
    best = answer.collection.photo_ids[answer.search.order]
    assert answer.overview.photo_ids.tolist() == best[: answer.board.hits].tolist()
    assert answer.overview.is_ranked


def test_a_search_ranks_every_photo(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    *_, found = engine.search(album, "blue")
    assert isinstance(found, Found)
    best = [found.collection.files[row] for row in found.result.order[:3]]
    assert sorted(best) == ["trip/blue 0.png", "trip/blue 1.png", "trip/blue 2.png"]
    assert sorted(found.result.order) == list(range(9))


def test_a_decision_wins_is_kept_and_can_be_taken_back(engine: Engine, album: Path, tmp_path: Path) -> None:
    list(engine.index(album))
    request = RankRequest(RED_GREEN_BLUE, 0)
    first = ranked(engine, album, request)
    digest = first.collection.digests[first.collection.files.index("red 0.png")]
    (saved,) = engine.decide([Decision(digest, "blue")])
    assert isinstance(saved, Saved)
    assert "red 0.png" in names(ranked(engine, album, request))["blue"]
    engine.close()
    assert "red 0.png" in names(ranked(engine, album, request))["blue"]
    list(engine.undo(saved.batch))
    assert names(ranked(engine, album, request)) == names(first)
    list(engine.redo(saved.batch))
    assert "red 0.png" in names(ranked(engine, album, request))["blue"]


def test_first_run_and_restart_give_the_same_board(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    request = RankRequest(RED_GREEN_BLUE)
    first = ranked(engine, album, request)
    engine.close()
    second = ranked(engine, album, request)
    assert names(first) == names(second)
    np.testing.assert_array_equal(first.ranking.cosine, second.ranking.cosine)


def test_a_decision_teaches_other_folders_too(engine: Engine, album: Path, paint: Callable[..., Path]) -> None:
    for number in range(3):
        paint(album / "other" / f"green {number}.png", "green", 50 + number)
    list(engine.index(album))
    request = RankRequest((Category("red"), Category("blue")), 0)
    before = ranked(engine, album / "other", request)
    here = engine.rank(album, request)
    *_, whole = here
    assert isinstance(whole, Ranked)
    files = whole.collection.files
    greens = [whole.collection.digests[files.index(f"green {number}.jpg")] for number in range(3)]
    list(engine.decide([Decision(digest, "blue") for digest in greens]))
    after = ranked(engine, album / "other", request)
    assert (after.ranking.cosine[:, 1] > before.ranking.cosine[:, 1]).all()
    assert len(names(after)["blue"]) == 3


def hits(engine: Engine, folder: Path, query: str) -> list[str]:
    *_, found = engine.search(folder, query)
    assert isinstance(found, Found)
    return sorted(found.collection.files[row] for row in np.flatnonzero(found.result.hit))


def test_a_search_may_ask_for_bins_states_and_dates(engine: Engine, album: Path) -> None:
    exif = Image.Exif()
    exif[0x0132] = "2023:07:14 10:00:00"
    Image.new("RGB", (60, 40), (220, 30, 30)).save(album / "summer.jpg", exif=exif)
    list(engine.index(album))
    list(engine.save_categories(RED_GREEN_BLUE, {}))
    list(engine.save_strictness(0.0))
    assert hits(engine, album, "summer 2023") == ["summer.jpg"]
    assert hits(engine, album, "bin:green") == ["green 0.jpg", "green 1.jpg", "green 2.jpg"]
    assert hits(engine, album, "is:unsorted") == []
    assert "summer.jpg" in hits(engine, album, "red")
    assert "summer.jpg" not in hits(engine, album, "red -2023")
    with pytest.raises(QueryError) as caught:
        hits(engine, album, "red is:nonsense")
    assert caught.value.position >= 4


@pytest.mark.slow
def test_words_the_starter_does_not_know_are_said_and_not_guessed(tmp_path: Path, paint: Callable[..., Path]) -> None:
    paint(tmp_path / "album" / "red.png", "red")
    with closing(Engine(tmp_path / "data", workers=1)) as starter:
        list(starter.index(tmp_path / "album"))
        with pytest.raises(QueryError, match="魑魅") as caught:
            hits(starter, tmp_path / "album", "dog -魑魅")
        assert caught.value.position == len("dog ")
        answer = ranked(starter, tmp_path / "album", RankRequest((Category("魑魅"), Category("猫; 狗")), 0))
        assert answer.unknown == ("魑魅",)
        assert len(answer.board.bins[0]) == 0


def test_a_place_on_the_board_and_in_a_search_is_explained(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    request = RankRequest(RED_GREEN_BLUE, 0.5)
    first = ranked(engine, album, request)
    photo = first.collection.find("red 0.png")
    *_, why = engine.explain(first, photo, replace(request, query="blue -2023"))
    assert isinstance(why, Explained)
    assert (why.file, why.bin, why.decided, why.categories[0].name) == ("red 0.png", "red", False, "red")
    assert why.query is not None
    assert (why.query.hit, [one.met for one in why.query.conditions]) == (False, [True])
    list(engine.decide([Decision(first.collection.digests[first.collection.files.index("red 0.png")], "blue")]))
    second = ranked(engine, album, request)
    *_, why = engine.explain(second, second.collection.find("red 1.png"), request)
    assert isinstance(why, Explained)
    blue = next(one for one in why.categories if one.name == "blue")
    assert [(pull.file, pull.accepted, pull.pull > 0) for pull in blue.pulls] == [("red 0.png", True, True)]
    assert blue.similarity > blue.untaught
    with pytest.raises(ValueError, match="not in this collection"):
        list(engine.explain(second, 10**9, request))
