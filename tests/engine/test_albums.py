"""Albums that make themselves."""

from pathlib import Path

import numpy as np

from clipsorter.columns import Digests, Paths
from clipsorter.engine.albums import list_albums
from clipsorter.engine.engine import Engine
from clipsorter.library.collection import Collection

FILES = ("a.jpg", "Trip/b.jpg", "Trip/2023/c.jpg", "home/d.jpg", "Trip-2/e.jpg")
TAKEN = np.array(["2023-05-01T10:00", "NaT", "2023-12-31T23:59", "2022-01-01", "2023-05-31"], "datetime64[us]")


def collection(files: tuple[str, ...]) -> Collection:
    ids = np.arange(10, 10 + len(files), dtype=np.int64)
    return Collection(
        ids, Paths(files), Digests.of(f"{number:032x}" for number in ids), np.zeros((len(files), 1), np.float32)
    )


def test_a_folder_holds_what_is_below_it() -> None:
    albums = list_albums(collection(FILES), TAKEN)
    found = {one.folder: one.photo_ids.tolist() for one in albums.folders}
    assert found == {"home": [13], "Trip": [11, 12], "Trip/2023": [12], "Trip-2": [14]}
    names = [one.folder for one in albums.folders]
    assert names.index("Trip/2023") == names.index("Trip") + 1  # right below it


def test_dates_are_by_year_and_month_newest_first() -> None:
    dates = list_albums(collection(FILES), TAKEN).dates
    assert [(one.year, one.month, one.photo_ids.tolist()) for one in dates] == [
        (2023, None, [10, 12, 14]),
        (2023, 12, [12]),
        (2023, 5, [10, 14]),
        (2022, None, [13]),
        (2022, 1, [13]),
    ]


def test_a_photo_from_before_1970_has_its_year() -> None:
    (year, month) = list_albums(collection(("a.jpg",)), np.array(["1958-02-03"], "datetime64[us]")).dates
    assert (year.year, month.month) == (1958, 2)


def test_without_photos_there_are_no_albums() -> None:
    albums = list_albums(collection(()), np.zeros(0, "datetime64[us]"))
    assert (albums.folders, albums.dates) == ((), ())


def test_the_engine_lists_the_albums_of_a_folder(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    (albums,) = engine.albums(album)
    assert [(one.folder, len(one.photo_ids)) for one in albums.folders] == [("trip", 3)]
    assert albums.dates == ()
