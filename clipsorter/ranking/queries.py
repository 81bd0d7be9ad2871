"""A search phrase is parsed, embedded and compared with every photo."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.board import Bin, Board
from clipsorter.ranking.prompts import REFERENCE, average, describe, language_of, unit_rows
from clipsorter.ranking.similarity import BLOCK, measure_chance, refuse_unusable
from clipsorter.values import Embeddings

# A query has one chance to fit a photo by luck, a board has one per category: so a little above cutoffs.COMMON.
HIT_SPREADS = 2.0

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Query:
    """What a person looks for; ``text`` is as typed, without surrounding blanks."""

    text: str

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
    """N photos against one query."""

    similarity: NDArray[np.float32]  # [N], cosine to the query
    hit: NDArray[np.bool_]  # [N], clears the query's cut-off or is named like it
    order: NDArray[np.intp]  # [N], rows, best first: hits before the rest
    cutoff: float  # on the cosine


def parse_query(text: str) -> Query:
    """Understand a search phrase. Raises QueryError pointing at the character that cannot be understood."""
    return Query(" ".join(text.split()))


def query_prompts(query: Query, languages: tuple[str, ...]) -> tuple[str, ...]:
    """What has to be embedded for this query, background phrases not included."""
    return describe(query.text, languages) if query else ()


def background_prompts(query: Query, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Unrelated phrases that show what "no match" looks like: embed them and pass them to ``search``."""
    return REFERENCE[language_of(query.text, languages)]


def search(
    embeddings: Embeddings,
    query: Query,
    text_embeddings: Mapping[str, NDArray[np.floating]],
    *,
    logit_scale: float,
    background: NDArray[np.float32],
    files: Sequence[str],
) -> SearchResult:
    """Compare every photo with a query.

    ``embeddings`` [N, D] float32, rows L2-normalised; ``text_embeddings`` holds ``query_prompts``; ``background``
    [M, D] the embeddings of ``background_prompts``; ``files`` N paths. A photo is a hit when its cosine stands
    ``HIT_SPREADS`` above those of unrelated phrases, or when its path holds every word of the query; photos named like
    the query come first. An empty query hits everything. Ties keep the order of the rows.

    Raises ValueError when an embedding is zero or not finite.
    """
    if not query:
        everything = np.arange(len(embeddings))
        return SearchResult(np.zeros(len(embeddings), np.float32), everything >= 0, everything, -np.inf)
    wanted = average([text_embeddings[prompt] for prompt in _embedded_prompts(query, text_embeddings)])
    similarity = np.empty(len(embeddings), np.float32)
    for start in range(0, len(embeddings), BLOCK):
        rows = slice(start, start + BLOCK)
        similarity[rows] = embeddings[rows] @ wanted
        refuse_unusable(embeddings[rows], similarity[rows, None])
    chance = measure_chance(embeddings, unit_rows(background))
    cutoff = chance.level + HIT_SPREADS * chance.spread
    named = _match_names(files, query)
    hit = (similarity >= cutoff) | named
    order = np.lexsort((-similarity, ~named, ~hit))
    return SearchResult(similarity, hit, order, cutoff)


def _embedded_prompts(query: Query, text_embeddings: Mapping[str, NDArray[np.floating]]) -> tuple[str, ...]:
    """The prompts of a query in the template language that was embedded for it."""
    chinese = query_prompts(query, ("zh",))
    return chinese if all(prompt in text_embeddings for prompt in chinese) else query_prompts(query, ("en",))


def _match_names(files: Sequence[str], query: Query) -> NDArray[np.bool_]:
    wanted = _WORDS.findall(query.text.casefold().replace("_", " "))
    found = np.zeros(len(files), np.bool_)
    if wanted:
        for row, file in enumerate(files):
            lowered = file.casefold()
            if all(word in lowered for word in wanted):
                found[row] = set(wanted) <= set(_WORDS.findall(lowered.replace("_", " ")))
    return found


def filter_board(board: Board, photo_ids: NDArray[np.int64], result: SearchResult) -> Board:
    """Keep only the hits; every bin is ordered by similarity to the query, ``hits`` counts them.

    ``photo_ids`` [N] are those that ``result`` is aligned with, in any order.
    """
    by_id = np.argsort(photo_ids, kind="stable")
    place = np.empty(len(photo_ids), np.intp)
    place[result.order] = np.arange(len(photo_ids))

    def rows_of(ids: NDArray[np.int64]) -> NDArray[np.intp]:
        return by_id[np.searchsorted(photo_ids, ids, sorter=by_id)]

    def keep(column: Bin) -> Bin:
        rows = rows_of(column.photo_ids)
        chosen = np.flatnonzero(result.hit[rows])
        chosen = chosen[np.argsort(place[rows[chosen]], kind="stable")]
        return Bin(
            column.name,
            column.photo_ids[chosen],
            column.similarity[chosen],
            column.probability[chosen],
            column.margin[chosen],
            column.decided[chosen],
        )

    bins = tuple(keep(column) for column in board.bins)
    review = board.review[result.hit[rows_of(board.review)]]
    return Board(bins, review, sum(map(len, bins)))
