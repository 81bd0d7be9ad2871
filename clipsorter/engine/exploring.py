"""Questions about a library besides its board: which categories it asks for, and what is alike."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from clipsorter.engine.events import EncoderReady, EncoderStarting
from clipsorter.engine.model import Model
from clipsorter.engine.vocabulary import Word, read_vocabulary
from clipsorter.library.collection import Collection
from clipsorter.ranking.prompts import build_weights, plan_prompts
from clipsorter.ranking.similar import find_similar
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
