"""Photos that are there more than once: copies by content, re-saves, bursts and crops by their looks.

Re-saves are searched among the pictures themselves, because a small model moves a picture that was saved smaller as
far as another boat. The model proposes what may be a frame of the same burst, or a part of the same picture; the
pictures decide.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.photos.fingerprint import (
    CROP,
    SAME,
    SAME_MOMENT,
    Look,
    crop_likeness,
    first_look,
    have_one_shape,
    likeness,
    look_at,
    sharpness,
)
from clipsorter.ranking.similar import find_near_pairs, group_copies, group_pairs, nearest_of, propose_keeper

LOOKED_AT_ONCE = 64  # photos, or pairs of them, between two chances to cancel
# Correlation of two first looks: of 98 re-saves (JPEG quality 40, 60 % of the size, brighter) none is lower.
MAYBE_SAME = 0.9
BURST = np.timedelta64(10, "s")
BURST_NEAR = 0.9  # cosine
CROP_NEAR = 0.85  # cosine; half of the crops to 80 % are nearer than 0.93, a tenth is farther than 0.84
CROP_NEIGHBOURS = 4  # the nearest photos of each photo that are tried
KEPT_LOOKS = 4096  # about 60 kB each

_Pairs = NDArray[np.intp]  # [P, 2], rows of the collection


@dataclass(frozen=True, slots=True)
class Group:
    """At least two files, and the one worth keeping: the largest, then the sharpest, then the first."""

    files: tuple[str, ...]
    keeper: str


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Photos that are there more than once: the same content, or nearly the same picture."""

    copies: tuple[Group, ...]
    near: tuple[Group, ...]


def find_duplicates(collection: Collection, cache: Cache) -> Generator[None, None, Duplicates]:
    """Group exact copies by digest and near-duplicates by looks; each step is short."""

    @lru_cache(KEPT_LOOKS)
    def look(row: int) -> Look | None:
        picture = cache.thumbnail(collection.digests[row])
        return look_at(picture) if picture else None

    first_looks = np.zeros((len(collection), 256), np.float32)
    for row in range(len(collection)):
        if found := look(row):
            first_looks[row] = first_look(found)
        if row % LOOKED_AT_ONCE == 0:
            yield None

    def agree(left: int, right: int, least: float) -> bool:
        one, other = look(left), look(right)
        return bool(one and other and have_one_shape(one, other) and likeness(one, other) >= least)

    def is_crop(left: int, right: int) -> bool:
        one, other = look(left), look(right)
        return bool(one and other and crop_likeness(one, other) >= CROP)

    joined: list[_Pairs] = []
    for block in find_near_pairs(first_looks, near=MAYBE_SAME):
        joined.append(_only(block, [agree(left, right, SAME) for left, right in block.tolist()]))
        yield None
    taken = cache.taken(collection.photo_ids)
    close: list[_Pairs] = [np.zeros((0, 2), np.intp)]
    for block in find_near_pairs(collection.embeddings, near=CROP_NEAR):
        cosine = np.einsum("pd,pd->p", collection.embeddings[block[:, 0]], collection.embeddings[block[:, 1]])
        apart = np.abs(taken[block[:, 0]] - taken[block[:, 1]])  # NaT is never small
        burst = block[(apart <= BURST) & (cosine >= BURST_NEAR)]
        joined.append(_only(burst, [agree(left, right, SAME_MOMENT) for left, right in burst.tolist()]))
        close.append(block)
        yield None
    maybe_crops = nearest_of(np.concatenate(close), collection.embeddings, CROP_NEIGHBOURS)
    for start in range(0, len(maybe_crops), LOOKED_AT_ONCE):
        block = maybe_crops[start : start + LOOKED_AT_ONCE]
        joined.append(_only(block, [is_crop(left, right) for left, right in block.tolist()]))
        yield None
    near = [rows for rows in group_pairs(joined) if len({collection.digests[row] for row in rows}) > 1]
    return Duplicates(
        copies=tuple(_group(collection, rows, cache) for rows in group_copies(collection.digests)),
        near=tuple(_group(collection, rows, cache) for rows in near),
    )


def _only(pairs: _Pairs, wanted: Sequence[bool]) -> _Pairs:
    return pairs[np.array(wanted, np.bool_)]


def _group(collection: Collection, rows: NDArray[np.intp], cache: Cache) -> Group:
    facts = [cache.facts(int(collection.photo_ids[row])) for row in rows]
    pictures = [cache.thumbnail(collection.digests[row]) for row in rows]
    place = propose_keeper(
        np.arange(len(rows)),
        np.array([one.width * one.height for one in facts]),
        np.array([sharpness(picture) if picture else 0.0 for picture in pictures]),
    )
    files = tuple(collection.files[row] for row in rows)
    return Group(files, files[place])
