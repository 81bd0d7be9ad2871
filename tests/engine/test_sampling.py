"""Searching by picture: photos of the library, images from anywhere, alone and together with words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Ranked
from clipsorter.engine.requests import RankRequest, Sample
from clipsorter.errors import DecodeError
from clipsorter.photos.reasons import Reason


def found(engine: Engine, folder: Path, request: RankRequest) -> list[str]:
    *_, event = engine.rank(folder, request)
    assert isinstance(event, Ranked)
    (everything,) = event.board.bins
    return [event.collection.files[row] for row in event.collection.positions(everything.photo_ids)]


def test_a_picture_from_outside_finds_its_like(
    engine: Engine, album: Path, tmp_path: Path, paint: Callable[..., Path]
) -> None:
    list(engine.index(album))
    picture = paint(tmp_path / "elsewhere" / "sample.png", "blue", 77)
    for _ in range(2):  # the second time from memory
        files = found(engine, album, RankRequest((), samples=(Sample(files=(picture,)),), nearest=3))
        assert {"trip/blue 0.png", "trip/blue 1.png", "trip/blue 2.png"} == set(files[:3])


def test_photos_of_the_library_are_looked_up(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    *_, recalled = engine.recall(album)
    collection = recalled.collection
    digests = tuple(collection.digests[collection.files.index(f"red {number}.png")] for number in range(2))
    files = found(engine, album, RankRequest((), samples=(Sample(digests=digests),), nearest=3))
    assert set(files[:3]) == {f"red {number}.png" for number in range(3)}


def test_what_is_no_picture_is_refused_in_words(engine: Engine, album: Path, tmp_path: Path) -> None:
    list(engine.index(album))
    text = tmp_path / "letter.png"
    text.write_text("Dear reader,")
    with pytest.raises(DecodeError, match=Reason.NO_IMAGE.sentence()[:30]):
        found(engine, album, RankRequest((), samples=(Sample(files=(text,)),)))
    for name in ("nowhere.png", "half\0name.png"):
        with pytest.raises(DecodeError, match="gone"):
            found(engine, album, RankRequest((), samples=(Sample(files=(tmp_path / name,)),)))
