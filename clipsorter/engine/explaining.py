"""Why a photo stands in its bin, and why a search found it or did not."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from clipsorter.engine.events import EncoderReady, EncoderStarting, Ranked
from clipsorter.engine.model import Model
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.sorting import Decisions, prepare_search, sort_collection, teach_categories
from clipsorter.library.cache import Cache
from clipsorter.ranking.board import assign
from clipsorter.ranking.examples import NOWHERE
from clipsorter.ranking.frames import nearest_picture
from clipsorter.ranking.reasons import CategoryReason, QueryReason, explain_category, explain_query

_Loading = EncoderStarting | EncoderReady


@dataclass(frozen=True, slots=True)
class Explained:
    """Why one photo stands where it stands."""

    file: str  # relative to the folder, with "/"
    bin: str | None  # None: Unsorted
    decided: bool  # a person put it there
    categories: tuple[CategoryReason, ...]  # the most similar first
    query: QueryReason | None  # None without a query in the request


def explain(
    ranked: Ranked, photo_id: int, request: RankRequest, *, model: Model, cache: Cache, decisions: Decisions
) -> Generator[_Loading | None, None, Explained]:
    """Take a ranking apart for one of its photos; ``ranked`` is the answer to ``request``, with or without its query.

    Raises ValueError for a photo that is not in the collection, and QueryError.
    """
    collection, ranking, cutoffs = ranked.collection, ranked.ranking, ranked.cutoffs
    row = int(collection.positions(np.array([photo_id]))[0]) if len(collection) else 0
    if row >= len(collection) or int(collection.photo_ids[row]) != photo_id:
        raise ValueError(f"photo {photo_id} is not in this collection")
    taught = yield from teach_categories(collection, request.categories, model=model, cache=cache, decisions=decisions)
    sources = (*(collection.files[example] for example in taught.examples.rows), *taught.elsewhere)
    home, decided = assign(ranking, cutoffs, taught.examples)
    spec = yield from model.spec()
    word = model.everyday.nearest(collection.embeddings[row], taught.weights, spec)
    categories = [
        explain_category(
            row,
            column,
            photo=nearest_picture(row, taught.lesson.weights.weights[column], collection.embeddings, collection.frames),
            ranking=ranking,
            cutoff=cutoffs[column],
            prompts=taught.plan.categories[column],
            background=taught.plan.background,
            word=word,
            texts=taught.texts,
            weights=taught.weights,
            lesson=taught.lesson,
            sources=sources,
            examples=taught.examples,
        )
        for column in range(len(ranking.names))
    ]
    query: QueryReason | None = None
    if request.query.strip():
        everything = yield from sort_collection(collection, request, model=model, cache=cache, decisions=decisions)
        board = everything.ranked.board
        prepared = yield from prepare_search(collection, request, spec, model=model, cache=cache, board=board)
        query = explain_query(
            row,
            prepared.query,
            embeddings=collection.embeddings,
            texts=prepared.texts,
            languages=spec.languages,
            background=prepared.background,
            files=collection.files,
            states=prepared.states,
            frames=collection.frames,
        )
    return Explained(
        file=collection.files[row],
        bin=None if home[row] == NOWHERE else ranking.names[home[row]],
        decided=bool(decided[row]),
        categories=tuple(sorted(categories, key=lambda one: -one.similarity)),
        query=query,
    )
