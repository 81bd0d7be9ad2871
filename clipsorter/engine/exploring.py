"""Questions about a library besides its board: which categories it asks for, what is alike, what is there twice."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.engine.events import EncoderReady, EncoderStarting
from clipsorter.engine.model import Model
from clipsorter.engine.vocabulary import Word, read_vocabulary
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.photos.fingerprint import ALIKE_BITS, difference, fingerprint, sharpness
from clipsorter.ranking.prompts import build_weights, plan_prompts
from clipsorter.ranking.similar import NEAR, find_near_pairs, find_similar, group_copies, group_pairs, propose_keeper
from clipsorter.ranking.suggestions import suggest
from clipsorter.values import Category

_Loading = EncoderStarting | EncoderReady
WORDS_AT_ONCE = 4  # encoded between two chances to cancel


@dataclass(frozen=True, slots=True)
class SuggestedCategory:
    """A word that describes photos no other suggestion describes."""

    word: Word
    count: int
    files: tuple[str, ...]  # up to four of them, best first
    digests: tuple[str, ...] = ()  # of these files


@dataclass(frozen=True, slots=True)
class Suggested:
    """Suggested categories, the largest first."""

    categories: tuple[SuggestedCategory, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Photos that look like one photo, most similar first, with their cosines."""

    files: tuple[tuple[str, float], ...]


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


def suggest_categories(
    collection: Collection, present: Sequence[Category], limit: int, *, model: Model
) -> Generator[_Loading | None, None, Suggested]:
    """Pick the everyday words that describe most photos and are no category yet."""
    spec = yield from model.spec()
    words = read_vocabulary()
    everyday = [Category(word.english) for word in words]
    for start in range(0, len(everyday), WORDS_AT_ONCE):
        yield from model.embed_texts(plan_prompts(everyday[start : start + WORDS_AT_ONCE], spec.languages).prompts)
        yield None
    plan = plan_prompts([*everyday, *present], spec.languages)
    weights = build_weights(plan, (yield from model.embed_texts(plan.prompts)))
    taken = {category.name.casefold() for category in present}
    found = suggest(
        collection.embeddings,
        [word.english for word in words],
        weights.weights[: len(words)],
        reference=weights.reference,
        present=weights.weights[len(words) :],
        limit=limit + len(taken),
    )
    by_name = {word.english: word for word in words}
    categories = [
        SuggestedCategory(
            by_name[one.name],
            one.count,
            tuple(collection.files[row] for row in one.samples),
            tuple(collection.digests[row] for row in one.samples),
        )
        for one in found
        if not {one.name.casefold(), by_name[one.name].chinese} & taken
    ]
    return Suggested(tuple(categories[:limit]))


def find_alike(collection: Collection, file: str, limit: int) -> Alike:
    """Photos that look like ``file`` (relative to the folder). Raises FolderError where it is not one of them."""
    row = collection.positions(np.array([collection.find(file)]))
    order, cosine = find_similar(collection.embeddings, row.tolist())
    return Alike(tuple((collection.files[row], float(cosine[row])) for row in order[:limit]))


def find_duplicates(collection: Collection, cache: Cache) -> Generator[None, None, Duplicates]:
    """Group exact copies by digest and near-duplicates by looks; each step compares one block.

    A small model finds all sailing boats alike, so a pair that is near in its space has to have the same coarse shape
    too.
    """
    shapes: dict[str, int | None] = {}

    def shape(row: int) -> int | None:
        digest = collection.digests[row]
        if digest not in shapes:
            picture = cache.thumbnail(digest)
            shapes[digest] = fingerprint(picture) if picture else None
        return shapes[digest]

    def same_shape(left: int, right: int) -> bool:
        one, other = shape(left), shape(right)
        return one is not None and other is not None and difference(one, other) <= ALIKE_BITS

    pairs: list[NDArray[np.intp]] = []
    for block in find_near_pairs(collection.embeddings, near=NEAR):
        kept = [pair for pair in block.tolist() if same_shape(*pair)]
        pairs.append(np.array(kept, np.intp).reshape(-1, 2))
        yield None
    near = [rows for rows in group_pairs(pairs) if len({collection.digests[row] for row in rows}) > 1]
    return Duplicates(
        *(
            tuple(_group(collection, rows, cache) for rows in groups)
            for groups in (group_copies(collection.digests), near)
        )
    )


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
