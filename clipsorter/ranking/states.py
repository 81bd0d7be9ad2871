"""What a search may ask about photos besides their looks: when they were taken, their tags, where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from clipsorter.errors import QueryError
from clipsorter.ranking.board import Board
from clipsorter.ranking.grammar import Placed, Taken
from clipsorter.ranking.homes import ancestors
from clipsorter.ranking.ordering import locate
from clipsorter.values import Category


@dataclass(frozen=True, slots=True, eq=False)
class PhotoStates:
    """What is known of N photos; None: not known, so it cannot be asked. Names and tags are compared without case."""

    taken: NDArray[np.datetime64] | None = None  # [N], in days or finer, NaT where a photo does not say
    bins: Mapping[str | None, NDArray[np.bool_]] | None = None  # name, casefolded, or None: Unsorted -> [N]
    review: NDArray[np.bool_] | None = None  # [N]
    confirmed: NDArray[np.bool_] | None = None  # [N]
    tags: Mapping[str, NDArray[np.bool_]] | None = None  # tag, casefolded -> [N]; a tag that is not in it has no photo


NOTHING_KNOWN = PhotoStates()


def meets(condition: Taken | Placed, states: PhotoStates, photos: int) -> NDArray[np.bool_]:
    """Which photos meet a condition, [N], its minus not considered."""
    if isinstance(condition, Taken):
        if states.taken is None:
            sentence = "It is not known here when these photos were taken."
            raise QueryError(sentence, condition.position, "dates unknown")
        days = states.taken.astype("datetime64[D]")
        met = (days >= np.datetime64(condition.first)) & (days <= np.datetime64(condition.last))  # NaT is never met
        if condition.months:
            met &= np.isin(days.astype("datetime64[M]").astype(np.int64) % 12 + 1, condition.months)
        return met
    value = condition.value.casefold()
    known: NDArray[np.bool_] | None
    if condition.field == "tag":
        known = None if states.tags is None else states.tags.get(value, np.zeros(photos, np.bool_))
    elif condition.field == "bin" or value == "unsorted":
        name = None if condition.field == "is" else value
        known = None if states.bins is None else states.bins.get(name, np.zeros(photos, np.bool_))
    else:
        known = states.review if value == "review" else states.confirmed
    if known is None:
        sentence = f"{condition.field}: cannot be asked here."
        raise QueryError(sentence, condition.position, "condition unknown", condition.field)
    return known


def read_states(
    board: Board,
    photo_ids: NDArray[np.int64],
    *,
    categories: Sequence[Category] = (),
    taken: NDArray[np.datetime64] | None = None,
    tags: Mapping[str, NDArray[np.bool_]] | None = None,
) -> PhotoStates:
    """What a board says about its photos, aligned with ``photo_ids`` [N].

    A photo stands in its bin and, by the parents of ``categories``, in all bins above it.
    """
    bins: dict[str | None, NDArray[np.bool_]] = {}
    confirmed, review = np.zeros((2, len(photo_ids)), np.bool_)
    rows_of = locate(photo_ids)
    for column in board.bins:
        rows = rows_of(column.photo_ids)
        confirmed[rows] = column.decided
        for name in (column.name, *(ancestors(column.name, categories) if column.name else ())):
            folded = name if name is None else name.casefold()
            bins.setdefault(folded, np.zeros(len(photo_ids), np.bool_))[rows] = True
    review[rows_of(board.review)] = True
    return PhotoStates(taken=taken, bins=MappingProxyType(bins), review=review, confirmed=confirmed, tags=tags)
