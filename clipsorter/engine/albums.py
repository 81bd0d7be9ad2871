"""Albums that nobody has to make: the folders below the open one, and the months in which photos were taken."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.library.collection import Collection


@dataclass(frozen=True, slots=True, eq=False)
class FolderAlbum:
    """The photos in one folder and all below it."""

    folder: str  # relative, with "/"
    photo_ids: NDArray[np.int64]  # ascending


@dataclass(frozen=True, slots=True, eq=False)
class DateAlbum:
    """The photos taken in one year or month."""

    year: int
    month: int | None  # None: the whole year
    photo_ids: NDArray[np.int64]  # ascending


@dataclass(frozen=True, slots=True, eq=False)
class Albums:
    """Folders in the order of their names, dates with the newest first, a year before its months."""

    folders: tuple[FolderAlbum, ...]
    dates: tuple[DateAlbum, ...]


def list_albums(collection: Collection, taken: NDArray[np.datetime64]) -> Albums:
    """Sort N photos into albums; ``taken`` [N] is aligned with the collection, NaT where a photo does not say."""
    return Albums(_folders(collection), _dates(collection.photo_ids, taken))


def _folders(collection: Collection) -> tuple[FolderAlbum, ...]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, file in enumerate(collection.files):
        rows[file.rpartition("/")[0]].append(row)
    below: defaultdict[str, list[list[int]]] = defaultdict(list)
    for deepest, own in rows.items():
        folder = deepest
        while folder:
            below[folder].append(own)
            folder = folder.rpartition("/")[0]
    return tuple(
        FolderAlbum(folder, collection.photo_ids[np.sort(np.concatenate(below[folder]))])
        for folder in sorted(below, key=lambda name: name.casefold().split("/"))
    )


def _dates(photo_ids: NDArray[np.int64], taken: NDArray[np.datetime64]) -> tuple[DateAlbum, ...]:
    dated = np.flatnonzero(~np.isnat(taken))
    months = taken[dated].astype("datetime64[M]").astype(np.int64)  # since January 1970
    albums = []
    for year in np.unique(months // 12)[::-1].tolist():
        of_year = dated[months // 12 == year]
        albums.append(DateAlbum(1970 + year, None, photo_ids[of_year]))
        for month in np.unique(months[months // 12 == year])[::-1].tolist():
            albums.append(DateAlbum(1970 + year, month % 12 + 1, photo_ids[dated[months == month]]))  # noqa: PERF401
    return tuple(albums)
