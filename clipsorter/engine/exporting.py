"""A board as a file for people: a page of thumbnails or a table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np

from clipsorter.engine.events import Ranked
from clipsorter.filing.contact_sheet import Language, SheetBin, contact_sheet_steps
from clipsorter.filing.rows import SortedPhoto
from clipsorter.filing.table import DIGITS, UNSORTED, csv_steps, json_steps
from clipsorter.values import Category


@dataclass(frozen=True, slots=True)
class Export:
    """What to write where. ``unsorted`` is what a table calls the photos that are in no bin."""

    kind: Literal["sheet", "table", "json"]
    path: Path
    language: Language = "en"
    unsorted: str = UNSORTED


@dataclass(frozen=True, slots=True)
class Exporting:
    """About so many photos are written."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Exported:
    """The file is there, whole."""

    path: Path
    photos: int


def sorted_photos(ranked: Ranked, folder: Path) -> Iterator[SortedPhoto]:
    """Every photo of a board, bin by bin in the board's order, best first."""
    ranking, collection = ranked.ranking, ranked.collection
    similarity, probability, margin = ranking.similarity, ranking.probability_to(ranking.best), ranking.margin
    for column in ranked.board.bins:
        for row in collection.positions(column.photo_ids):
            file = collection.files[row]
            yield SortedPhoto(
                file=file,
                path=folder / file,
                bin=column.name,
                similarity=_rounded(similarity[row]),
                probability=_rounded(probability[row]),
                margin=_rounded(margin[row]),
                similarities=dict(zip(ranking.names, map(_rounded, ranking.cosine[row]), strict=True)),
            )


def export_board(
    export: Export,
    ranked: Ranked,
    folder: Path,
    categories: Sequence[Category],
    thumbnail: Callable[[str], bytes | None],
) -> Iterator[Exporting | Exported]:
    """Write a board; yields Exporting now and then and, last, Exported.

    Raises FilingError, or is closed early, and then an older file of that name is as it was.
    ``thumbnail`` gives a photo's JPEG by digest. ``categories`` lend their colours.
    """
    photos = sorted_photos(ranked, folder)
    total = sum(map(len, ranked.board.bins))
    if export.kind == "table":
        steps = csv_steps(export.path, photos, unsorted=export.unsorted)
    elif export.kind == "json":
        steps = json_steps(export.path, photos)
    else:
        digests = dict(zip(ranked.collection.files, ranked.collection.digests, strict=True))
        colours = {category.name: category.colour for category in categories}
        bins = []
        for column in ranked.board.bins:
            bins.append(SheetBin(column.name, list(islice(photos, len(column))), colours.get(column.name or "", "")))
            yield Exporting(0, total)
        steps = contact_sheet_steps(
            export.path,
            folder.name,
            bins,
            thumbnail=lambda photo: thumbnail(digests[photo.file]),
            language=export.language,
            day=datetime.now().astimezone().date(),
        )
    with closing(steps):
        for done in steps:
            yield Exporting(min(done, total), total)
    yield Exported(export.path, total)


def _rounded(number: float | np.floating) -> float:
    return round(float(number), DIGITS)
