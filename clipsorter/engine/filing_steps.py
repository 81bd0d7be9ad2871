"""From a board to the person's files: what ``filing`` needs to know, read off board and cache as plain values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clipsorter.engine.events import Ranked
from clipsorter.filing.plan import ToFile
from clipsorter.filing.sidecar import Style
from clipsorter.filing.tags import ToTag
from clipsorter.library.cache import Cache
from clipsorter.ranking.albums import describe_albums
from clipsorter.ranking.board import percent
from clipsorter.ranking.examples import NOWHERE, find_examples
from clipsorter.ranking.homes import ancestors, find_homes
from clipsorter.values import Category, Decision

Decisions = Mapping[str, Sequence[Decision]]


def photos_to_file(ranked: Ranked, folder: Path, cache: Cache, decisions: Decisions) -> Iterator[ToFile]:
    """Every photo that stands in a bin, with its home, its other categories and the reason. Unsorted stays put."""
    collection, ranking = ranked.collection, ranked.ranking
    files = cache.files_below(folder)
    taken = cache.taken(collection.photo_ids)
    examples = find_examples(collection.digests, ranking.names, decisions)
    homes = find_homes(ranking, ranked.cutoffs, examples=examples)
    for column in ranked.board.bins:
        if column.name is None:
            continue
        rows = collection.positions(column.photo_ids)
        for row, probability, decided in zip(rows, column.probability, column.decided, strict=True):
            others = (ranking.names[other] for other in np.flatnonzero(homes[row]))
            yield ToFile(
                photo=files[str(folder / collection.files[row])].photo,
                digest=collection.digests[row],
                category=column.name,
                others=tuple(name for name in others if name != column.name),
                taken=None if np.isnat(taken[row]) else taken[row].astype("datetime64[us]").item(),
                reason="your decision" if decided else f"{percent(probability)} sure",
            )


@dataclass(frozen=True, slots=True)
class TagRequest:
    """Which categories become keywords, and where."""

    categories: tuple[Category, ...]
    confirmed_only: bool = False  # only what a person said
    albums: bool = False  # also what describes the folder a photo is in
    style: Style = "digikam"  # of new sidecars
    embed: bool = False  # also into the photos themselves, by ExifTool


@dataclass(frozen=True, slots=True)
class Album:
    """What describes one folder."""

    folder: str  # relative to the photo folder, with "/"; empty for itself
    photos: int
    categories: tuple[tuple[str, float], ...]  # with the share of its photos, in [0, 1]; strongest first


@dataclass(frozen=True, slots=True)
class TagCounts:
    """What a tag run is about: photos per category, in the person's order, and the albums where they were asked for."""

    photos: tuple[tuple[str, int], ...]
    albums: tuple[Album, ...] = ()


def photos_to_tag(
    ranked: Ranked, folder: Path, request: TagRequest, decisions: Decisions
) -> tuple[TagCounts, Iterator[ToTag]]:
    """Every photo with all categories that hold for it, each as a path from the topmost one down.

    With ``confirmed_only`` a category holds only where a person said so. With ``albums`` the categories that describe
    a folder hold for each photo in it, except where a person said no. A photo without any is there too, so that tags
    of ours that no longer hold are taken back.
    """
    collection, names = ranked.collection, ranked.ranking.names
    examples = find_examples(collection.digests, names, decisions)
    homes = find_homes(ranked.ranking, ranked.cutoffs, examples=examples)
    confirmed = np.zeros(homes.shape, np.bool_)
    yes = examples.accepted & (examples.bins >= 0)
    confirmed[examples.rows[yes], examples.bins[yes]] = True
    wanted = confirmed if request.confirmed_only else homes
    albums: tuple[Album, ...] = ()
    if request.albums:
        folders = [file.rpartition("/")[0] for file in collection.files]
        order = {name: number for number, name in enumerate(sorted(set(folders)))}
        album_of = np.array([order[name] for name in folders], np.intp)
        shares, described = describe_albums(homes, album_of)
        from_album = described[album_of] if len(album_of) else np.zeros_like(homes)
        no = ~examples.accepted & (examples.bins >= 0)
        from_album[examples.rows[no], examples.bins[no]] = False
        from_album[examples.rows[examples.bins == NOWHERE]] = False
        wanted = wanted | from_album
        albums = tuple(
            Album(
                name,
                int(np.count_nonzero(album_of == number)),
                tuple(
                    (names[column], float(shares[number, column]))
                    for column in np.argsort(-shares[number], kind="stable")
                    if described[number, column]
                ),
            )
            for name, number in order.items()
        )
    counts = TagCounts(tuple(zip(names, map(int, wanted.sum(axis=0)), strict=True)), albums)
    paths = [(*reversed(ancestors(name, request.categories)), name) for name in names]
    return counts, (
        ToTag(
            folder / file,
            collection.digests[row],
            tuple(paths[column] for column in np.flatnonzero(wanted[row])),
            folder,
        )
        for row, file in enumerate(collection.files)
    )
