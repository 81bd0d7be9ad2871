"""From a board to the person's files: what ``filing`` needs to know, read off board and cache as plain values."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from clipsorter.engine.events import Ranked
from clipsorter.filing.plan import ToFile
from clipsorter.filing.tags import ToTag
from clipsorter.library.cache import Cache
from clipsorter.ranking.examples import find_examples
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
        for row, similarity, decided in zip(rows, column.similarity, column.decided, strict=True):
            others = (ranking.names[other] for other in np.flatnonzero(homes[row]))
            yield ToFile(
                photo=files[str(folder / collection.files[row])].photo,
                digest=collection.digests[row],
                category=column.name,
                others=tuple(name for name in others if name != column.name),
                taken=None if np.isnat(taken[row]) else taken[row].astype("datetime64[us]").item(),
                reason="your decision" if decided else f"similarity {similarity:.2f}",
            )


def photos_to_tag(
    ranked: Ranked, folder: Path, categories: Sequence[Category], decisions: Decisions, *, confirmed_only: bool
) -> Iterator[ToTag]:
    """Every photo with all categories that hold for it, each as a path from the topmost one down.

    With ``confirmed_only`` a category holds only where a person said so. A photo without any is there too, so that
    tags of ours that no longer hold are taken back.
    """
    collection, names = ranked.collection, ranked.ranking.names
    examples = find_examples(collection.digests, names, decisions)
    if confirmed_only:
        homes = np.zeros(ranked.ranking.cosine.shape, np.bool_)
        yes = examples.accepted & (examples.bins >= 0)
        homes[examples.rows[yes], examples.bins[yes]] = True
    else:
        homes = find_homes(ranked.ranking, ranked.cutoffs, examples=examples)
    paths = [(*reversed(ancestors(name, categories)), name) for name in names]
    for row, file in enumerate(collection.files):
        held = tuple(paths[column] for column in np.flatnonzero(homes[row]))
        yield ToTag(folder / file, collection.digests[row], held)
