"""What is embedded becomes a board, or the answer to a search.

Everything is read from the cache and from memory; the encoder is started only for words it has not seen before.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clipsorter.columns import Digests
from clipsorter.engine.events import EncoderReady, EncoderStarting, Found, Previewed, Ranked
from clipsorter.engine.model import Model
from clipsorter.engine.requests import RankRequest
from clipsorter.errors import QueryError
from clipsorter.filing.keywords import fold
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Board, build_board
from clipsorter.ranking.changes import compare_boards
from clipsorter.ranking.cutoffs import choose_cutoffs, weigh_unsorted
from clipsorter.ranking.examples import NO_EXAMPLES, Examples, find_examples
from clipsorter.ranking.grammar import Placed, Taken
from clipsorter.ranking.homes import count_with_children
from clipsorter.ranking.prompts import CategoryWeights, PromptPlan, build_weights, plan_prompts
from clipsorter.ranking.queries import (
    Query,
    SearchResult,
    background_prompts,
    filter_board,
    parse_query,
    query_prompts,
    search,
)
from clipsorter.ranking.similarity import rank
from clipsorter.ranking.states import PhotoStates, read_states
from clipsorter.ranking.teaching import Lesson, learn
from clipsorter.values import Category, Decision, Embeddings, EncoderSpec

Decisions = Mapping[str, Sequence[Decision]]
_Loading = EncoderStarting | EncoderReady


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """Categories as the encoder and the person see them."""

    plan: PromptPlan
    texts: Mapping[str, NDArray[np.float32]]  # of the plan's prompts
    weights: CategoryWeights  # of the words alone
    lesson: Lesson  # of the examples here, then of those elsewhere
    examples: Examples  # among the photos of the collection
    elsewhere: tuple[str, ...]  # digests of the other examples; a photo may give several


@dataclass(frozen=True, slots=True, eq=False)
class PreparedSearch:
    """A query, read and embedded, and what its conditions may ask."""

    query: Query
    texts: Mapping[str, NDArray[np.float32]]
    background: NDArray[np.float32]  # [M, D]
    states: PhotoStates


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """A board of everything, with what it was made from: until that changes, a search only has to filter it."""

    request: RankRequest  # without query and samples
    decisions: Decisions
    ranked: Ranked

    def answers(self, collection: Collection, request: RankRequest, decisions: Decisions) -> bool:
        """Whether sorting now would give the same."""
        return (
            collection is self.ranked.collection
            and everything_of(request) == self.request
            and decisions == self.decisions
        )


def everything_of(request: RankRequest) -> RankRequest:
    """The request for the same board, not filtered."""
    return replace(request, query="", samples=(), nearest=0)


def sort_collection(
    collection: Collection, request: RankRequest, *, model: Model, cache: Cache, decisions: Decisions
) -> Generator[_Loading | None, None, Sorted]:
    """Rank every photo of the collection; what the request searches for does not count.

    Decisions bind their own photo and teach all others, those on photos in other folders included.
    """
    spec = yield from model.spec()
    taught = yield from teach_categories(collection, request.categories, model=model, cache=cache, decisions=decisions)
    examples = taught.examples
    backdrop = yield from model.everyday.measure(collection, taught.weights, spec)
    ranking = rank(
        collection.embeddings,
        taught.lesson.weights,
        logit_scale=spec.logit_scale,
        logit_bias=spec.logit_bias,
        calibration=spec.calibration,
        frames=collection.frames,
        backdrop=backdrop,
    )
    cutoffs = choose_cutoffs(
        ranking, request.strictness, overrides=[category.cutoff for category in request.categories], examples=examples
    )
    unknown = [category.name for category in request.categories if not _is_understood(category, model)]
    cutoffs[[name in unknown for name in ranking.names]] = np.inf  # what nobody understands nothing resembles
    ranking = weigh_unsorted(ranking, cutoffs)
    board = build_board(collection.photo_ids, collection.digests, ranking, cutoffs, decisions, examples=examples)
    counts = count_with_children(board, request.categories)
    ranked = Ranked(board, collection, ranking, cutoffs, tuple(unknown), None, counts)
    return Sorted(everything_of(request), decisions, ranked)


def filter_sorted(
    ranked: Ranked, request: RankRequest, *, model: Model, cache: Cache, samples: Embeddings | None = None
) -> Generator[_Loading, None, Ranked]:
    """Keep of a board of everything what the request searches for; may raise QueryError.

    ``samples`` [S, D] are the request's samples, embedded.
    """
    if not (request.query.strip() or request.samples):
        return ranked
    spec = yield from model.spec()
    result = yield from _search(ranked.collection, request, spec, model, cache, ranked.board, samples)
    board = filter_board(ranked.board, ranked.collection.photo_ids, result)
    return replace(ranked, board=board, search=result, counts=count_with_children(board, request.categories))


def preview_decisions(
    collection: Collection,
    request: RankRequest,
    proposed: Sequence[Decision],
    *,
    model: Model,
    cache: Cache,
    decisions: Decisions,
) -> Generator[_Loading | None, None, Previewed]:
    """Make the board that these decisions would make, and compare it with the one of now. Nothing is stored."""
    merged = {digest: tuple(said) for digest, said in decisions.items()}
    for one in proposed:
        merged[one.digest] = (*merged.get(one.digest, ()), one)
    before = yield from sort_collection(collection, request, model=model, cache=cache, decisions=decisions)
    after = yield from sort_collection(collection, request, model=model, cache=cache, decisions=merged)
    moved = collection.photo_ids[collection.digests.find({one.digest for one in proposed})]
    return Previewed(compare_boards(before.ranked.board, after.ranked.board, moved), after.ranked)


def teach_categories(
    collection: Collection, categories: Sequence[Category], *, model: Model, cache: Cache, decisions: Decisions
) -> Generator[_Loading, None, Taught]:
    """Embed the words of categories and let the decisions on photos here and elsewhere teach them."""
    spec = yield from model.spec()
    plan = plan_prompts(categories, spec.languages, calibration=spec.calibration)
    texts = yield from model.embed_texts(plan.prompts)
    weights = build_weights(plan, texts)
    examples = find_examples(collection.digests, weights.names, decisions)
    elsewhere, digests, embeddings = _read_elsewhere(
        collection, examples, weights.names, decisions, cache, model.encoder_id
    )
    lesson = learn(
        weights,
        np.concatenate([collection.embeddings[examples.rows], embeddings[elsewhere.rows]]),
        np.concatenate([examples.bins, elsewhere.bins]),
        np.concatenate([examples.accepted, elsewhere.accepted]),
        library=collection.embeddings,
    )
    return Taught(plan, texts, weights, lesson, examples, tuple(digests[row] for row in elsewhere.rows))


def _is_understood(category: Category, model: Model) -> bool:
    return any(model.understands(phrase) for phrase in (category.name, *category.phrases))


def _read_elsewhere(  # noqa: PLR0917 - private
    collection: Collection,
    examples: Examples,
    names: Sequence[str],
    decisions: Decisions,
    cache: Cache,
    encoder_id: str,
) -> tuple[Examples, Sequence[str], Embeddings]:
    """Further examples than those in the collection; their rows are those of digests and embeddings."""
    here = {collection.digests[row] for row in examples.rows}
    digests, embeddings = cache.embeddings_of([one for one in decisions if one not in here], encoder_id)
    if not digests:
        return NO_EXAMPLES, (), np.zeros((0, collection.embeddings.shape[1]), np.float32)
    return find_examples(Digests.of(digests), names, decisions), digests, embeddings


def expect_search(request: RankRequest, model: Model) -> None:
    """Begin loading the encoder where a query needs it, so that the photos are read meanwhile. May raise QueryError."""
    query = parse_query(request.query)
    spec = model.remembered_spec
    if spec is None or not all(look.kind == "like" or model.understands(look.text) for look in query.looks):
        return  # it is started later, or not at all
    if model.lacks((*query_prompts(query, spec.languages), *background_prompts(query, spec.languages))):
        model.start()


def search_collection(
    collection: Collection, request: RankRequest, *, model: Model, cache: Cache, decisions: Decisions
) -> Generator[_Loading | None, None, Found]:
    """Rank every photo of the collection by the request's query alone; raises QueryError.

    Only a query that asks for bins ("bin:beach", "is:unsorted") makes a board of the request's categories first.
    """
    spec = yield from model.spec()
    board: Board | None = None
    if any(_asks_board(condition) for condition in parse_query(request.query).conditions):
        everything = yield from sort_collection(collection, request, model=model, cache=cache, decisions=decisions)
        board = everything.ranked.board
    return Found((yield from _search(collection, request, spec, model, cache, board)), collection)


def _search(  # noqa: PLR0917 - private
    collection: Collection,
    request: RankRequest,
    spec: EncoderSpec,
    model: Model,
    cache: Cache,
    board: Board | None,
    samples: Embeddings | None = None,
) -> Generator[_Loading, None, SearchResult]:
    prepared = yield from prepare_search(collection, request, spec, model=model, cache=cache, board=board)
    return search(
        collection.embeddings,
        prepared.query,
        prepared.texts,
        languages=spec.languages,
        background=prepared.background,
        files=collection.files,
        states=prepared.states,
        samples=samples,
        nearest=request.nearest,
        frames=collection.frames,
    )


def prepare_search(
    collection: Collection, request: RankRequest, spec: EncoderSpec, *, model: Model, cache: Cache, board: Board | None
) -> Generator[_Loading, None, PreparedSearch]:
    """Read a query and embed it; ``board`` holds all photos, for questions about bins. May raise QueryError."""
    query = parse_query(request.query)
    for look in query.looks:
        if look.kind != "like" and not model.understands(look.text):
            sentence = f"{model.name} does not know the word “{look.text}”; {model.offer(look.text)}."
            raise QueryError(sentence, look.position, "unknown words", look.text)
    background = background_prompts(query, spec.languages)
    texts = yield from model.embed_texts((*query_prompts(query, spec.languages), *background))
    asks_dates = any(isinstance(condition, Taken) for condition in query.conditions)
    taken = cache.taken(collection.photo_ids) if asks_dates else None
    tags = {
        one.value.casefold(): cache.tagged(collection.photo_ids, fold(one.value))
        for one in query.conditions
        if isinstance(one, Placed) and one.field == "tag"
    }
    states = PhotoStates(taken=taken, tags=tags)
    if board:
        states = read_states(board, collection.photo_ids, categories=request.categories, taken=taken, tags=tags)
    return PreparedSearch(query, texts, _rows(texts, background, spec.dimension), states)


def _asks_board(condition: Taken | Placed) -> bool:
    return isinstance(condition, Placed) and condition.field != "tag"


def _rows(texts: Mapping[str, NDArray[np.float32]], prompts: Sequence[str], dimension: int) -> NDArray[np.float32]:
    return np.stack([texts[prompt] for prompt in prompts]) if prompts else np.zeros((0, dimension), np.float32)
