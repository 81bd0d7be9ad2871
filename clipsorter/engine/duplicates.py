"""Photos that are there more than once: copies by content, re-saves, bursts and crops by their looks.

Re-saves are searched among the pictures themselves, because a small model moves a picture that was saved smaller as
far as another boat. The clock proposes what may be a frame of the same burst, the model what may be a part of the same
picture; the pictures decide. All proposals come from sketches of 256 bytes and from embeddings, and their number grows
with that of the photos; only what is likely by then is decoded.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.photos.fingerprint import (
    CROP,
    MAYBE_CROP,
    SAME_SHAPE,
    Look,
    crop_likeness,
    is_one_moment,
    is_one_picture,
    look_at,
    sharpness,
)
from clipsorter.photos.formats import is_video
from clipsorter.photos.sketch import BYTES, outline, sketch_thumbnail
from clipsorter.photos.windows import best_windows
from clipsorter.ranking.neighbours import (
    NO_PAIRS,
    Groups,
    NearestPairs,
    Pairs,
    find_near_pairs,
    measure_pairs,
    merge_pairs,
)
from clipsorter.ranking.similar import group_copies, order_originals, propose_keeper

AT_ONCE = 64  # photos, or pairs of them, between two chances to cancel
CROPS_AT_ONCE = 16  # likewise; each is moved until it fits
# Correlation of two outlines: of 300 re-saves (JPEG quality 40, 60 % of the size, brighter) none is below 0.92.
MAYBE_SAME = 0.9
SAME_TREES = 32  # found 1,692 of 1,703 pairs above MAYBE_SAME among 8,315 photos, and all of 300 re-saves
SAME_NEIGHBOURS = 8
BURST = np.timedelta64(10, "s")
BURST_NEAR = 0.9  # cosine
BURST_OUTLINE = 0.4  # correlation of outlines: coarser than what decides, so it agrees more
BURST_REACH = 8  # later photos that each is compared with
CROP_NEAR = 0.85  # cosine; half of the crops to 80 % are nearer than 0.93, a tenth is farther than 0.84
CROP_TREES = 24
CROP_NEIGHBOURS = 3  # the nearest photos of each photo that are tried
KEPT_LOOKS = 4096  # about 60 kB each
OUTLINES_AT_ONCE = 8192
TOGETHER = 1 << 17  # pairs that are taken in at once

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Group:
    """At least two files, and the one worth keeping: the largest, then the sharpest, then the first.

    Files that are called like a copy of another one of them come last.
    """

    files: tuple[str, ...]
    keeper: str


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Photos that are there more than once: the same content, or nearly the same picture."""

    copies: tuple[Group, ...]
    near: tuple[Group, ...]


def find_duplicates(collection: Collection, cache: Cache) -> Generator[None, None, Duplicates]:
    """Group exact copies by digest and near-duplicates by looks; each step is short."""
    copies = group_copies(collection.digests)
    sizes = cache.sizes(collection.photo_ids)
    search = _Search(collection, cache, sizes)
    yield from search.read_sketches()
    yield from search.join_saved_again()
    yield from search.join_bursts()
    yield from search.join_crops()
    for rows in copies:
        search.join_all(rows)
    near: list[Group] = []
    for number, rows in enumerate(search.groups.groups()):
        if len({collection.digests[row] for row in rows}) > 1:
            near.append(_group(collection, rows, sizes, cache))
        if number % AT_ONCE == 0:
            yield None
    exact = [order_originals([collection.files[row] for row in rows]) for rows in copies]
    return Duplicates(tuple(Group(tuple(files), files[0]) for files in exact), tuple(near))


class _Search:
    """One search among the different contents of a collection; rows of a pair are those of the collection."""

    def __init__(self, collection: Collection, cache: Cache, sizes: NDArray[np.int64]) -> None:
        self.groups = Groups()
        self._collection = collection
        self._cache = cache
        self._rows = np.array(sorted({digest: row for row, digest in enumerate(collection.digests)}.values()), np.intp)
        self._is_video = np.fromiter(map(is_video, collection.files), np.bool_, len(collection))
        self._shapes = np.log(np.maximum(sizes[:, 0], 1) / np.maximum(sizes[:, 1], 1))
        self._sketches = np.zeros((len(collection), BYTES), np.uint8)
        self._outlines = np.zeros((len(collection), BYTES), np.float32)
        self._look = lru_cache(KEPT_LOOKS)(self._look_anew)

    def read_sketches(self) -> Iterator[None]:
        """Take the sketches from the cache; those of photos that were indexed before there were any are made now."""
        self._sketches, known = self._cache.sketches(self._collection.photo_ids, BYTES)
        missing = [row for row in self._rows.tolist() if not known[row]]
        for start in range(0, len(missing), AT_ONCE):
            made: list[tuple[str, bytes]] = []
            for row in missing[start : start + AT_ONCE]:
                digest = self._collection.digests[row]
                if sketched := _read_off(self._cache.thumbnail(digest), sketch_thumbnail):
                    made.append((digest, sketched))
                    self._sketches[row] = np.frombuffer(sketched, np.uint8)
            self._cache.put_sketches(made)
            yield None
        for start in range(0, len(self._sketches), OUTLINES_AT_ONCE):
            rows = slice(start, start + OUTLINES_AT_ONCE)
            self._outlines[rows] = outline(self._sketches[rows])
            yield None

    def join_saved_again(self) -> Iterator[None]:
        """The same picture in another size, quality or brightness."""
        pairs, found = NO_PAIRS, [NO_PAIRS]
        outlines = self._outlines[self._rows]
        for block in find_near_pairs(outlines, near=MAYBE_SAME, most=SAME_NEIGHBOURS, trees=SAME_TREES):
            found.append(block)
            if sum(map(len, found)) >= TOGETHER:
                pairs, found = merge_pairs(pairs, *found), []
            yield None
        # Only now, so that no two pictures are compared twice and neighbouring pairs share a picture that is at hand.
        yield from self._join_alike(self._rows[merge_pairs(pairs, *found)], is_one_picture)

    def join_bursts(self) -> Iterator[None]:
        """Frames of one moment."""
        taken = self._cache.taken(self._collection.photo_ids)[self._rows]
        dated = np.flatnonzero(~np.isnat(taken))
        in_time = dated[np.argsort(taken[dated], kind="stable")]
        for reach in range(1, BURST_REACH + 1):
            pairs = np.stack([in_time[:-reach], in_time[reach:]], axis=1)
            pairs = self._rows[pairs[taken[pairs[:, 1]] - taken[pairs[:, 0]] <= BURST]]
            yield None
            pairs = pairs[measure_pairs(self._collection.embeddings, pairs) >= BURST_NEAR]
            pairs = pairs[measure_pairs(self._outlines, pairs) >= BURST_OUTLINE]
            yield from self._join_alike(pairs, is_one_moment)

    def join_crops(self) -> Iterator[None]:
        """A part cut out of another photo."""
        embeddings = self._collection.embeddings[self._rows]
        close, found = NearestPairs(embeddings, CROP_NEIGHBOURS), [NO_PAIRS]
        for block in find_near_pairs(embeddings, near=CROP_NEAR, most=CROP_NEIGHBOURS, trees=CROP_TREES):
            found.append(block)
            if sum(map(len, found)) >= TOGETHER:
                close.add(*found)
                found = [NO_PAIRS]
            yield None
        close.add(*found)
        yield None
        pairs = self._rows[close.pairs]
        pairs = self._of_one_kind(pairs)
        both_ways = np.concatenate([pairs, pairs[:, ::-1]])
        compared = 0
        for numbers, fits, places in best_windows(self._sketches, self._shapes, both_ways):
            for number, place in ((numbers[one], places[one]) for one in np.flatnonzero(fits >= MAYBE_CROP).tolist()):
                whole, part = both_ways[number].tolist()
                if self.groups.are_joined(whole, part):
                    continue
                one, other = self._look(whole), self._look(part)
                if one and other and crop_likeness(one, other, place) >= CROP:
                    self.groups.join(whole, part)
                compared += 1
                if compared % CROPS_AT_ONCE == 0:
                    yield None
            yield None

    def join_all(self, rows: NDArray[np.intp]) -> None:
        """Make one group of rows."""
        for row in rows[1:].tolist():
            self.groups.join(int(rows[0]), row)

    def _of_one_kind(self, pairs: Pairs) -> Pairs:
        """Without those of a video and a photo: a still of a video's own frame is something else to a person."""
        left, right = pairs.T
        return pairs[np.flatnonzero(self._is_video[left] == self._is_video[right])]

    def _join_alike(self, pairs: Pairs, is_one: Callable[[Look, Look], bool]) -> Iterator[None]:
        pairs = self._of_one_kind(pairs)
        pairs = pairs[np.abs(self._shapes[pairs[:, 0]] - self._shapes[pairs[:, 1]]) <= SAME_SHAPE]
        for start in range(0, len(pairs), AT_ONCE):
            for left, right in pairs[start : start + AT_ONCE].tolist():
                if not self.groups.are_joined(left, right):
                    one, other = self._look(left), self._look(right)
                    if one and other and is_one(one, other):
                        self.groups.join(left, right)
            yield None

    def _look_anew(self, row: int) -> Look | None:
        return _read_off(self._cache.thumbnail(self._collection.digests[row]), look_at)


def _read_off(thumbnail: bytes | None, read: Callable[[bytes], T]) -> T | None:
    """What a thumbnail shows; None where there is none, or one that a failing disk spoilt."""
    try:
        return read(thumbnail) if thumbnail else None
    except (OSError, ValueError, SyntaxError):  # what Pillow says of a damaged JPEG
        return None


def _group(collection: Collection, rows: NDArray[np.intp], sizes: NDArray[np.int64], cache: Cache) -> Group:
    row_of = {collection.files[row]: row for row in rows}
    rows = np.array([row_of[file] for file in order_originals(list(row_of))], np.intp)
    pictures = [cache.thumbnail(collection.digests[row]) for row in rows]
    place = propose_keeper(
        np.arange(len(rows)),
        sizes[rows].prod(axis=1),
        np.array([_read_off(picture, sharpness) or 0.0 for picture in pictures]),
    )
    files = tuple(collection.files[row] for row in rows)
    return Group(files, files[place])
