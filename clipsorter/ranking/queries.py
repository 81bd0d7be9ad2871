"""A query, once read (``grammar``) and embedded, against every photo."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from clipsorter.errors import QueryError
from clipsorter.ranking.blocks import in_blocks
from clipsorter.ranking.board import Bin, Board
from clipsorter.ranking.frames import compare, weigh_luck
from clipsorter.ranking.grammar import Look, Query, parse_query
from clipsorter.ranking.ordering import locate, order_best_first
from clipsorter.ranking.prompts import average, describe, language_of, unit_rows
from clipsorter.ranking.sentences import REFERENCE
from clipsorter.ranking.similarity import Chance, measure_chance, refuse_unusable
from clipsorter.ranking.states import NOTHING_KNOWN, PhotoStates, meets
from clipsorter.values import NO_FRAMES, Embeddings, Frames

__all__ = [
    "Query",
    "SearchResult",
    "background_prompts",
    "filter_board",
    "parse_query",
    "query_prompts",
    "search",
]

# Spreads of chance (similarity.Chance) above its level. A query has one chance to fit a photo by luck, a board has one
# per category: so it can afford to be stricter than cutoffs.COMMON.
HIT_SPREADS = 2.0
# An unwanted thing that is nearer than the wanted one needs no more than a hit does; otherwise it has to be plain to
# see. Measured on 62 pairs such as "animal -elephant" over 7,515 photos: of what the query finds without the minus it
# keeps 86 % of the wanted photos and 12 % of the unwanted; subtracting vectors keeps 21 % and 0 %, or 61 % and 12 %
# when only half is subtracted.
PLAIN_SPREADS = 3.0

_WORDS = re.compile(r"\w+")
_ALIKE = 64  # photos whose cosines with all others show what "not alike" looks like


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
    """N photos against one query."""

    similarity: NDArray[np.float32]  # [N], cosine to what is wanted; minus the one to what is not, if that is all
    hit: NDArray[np.bool_]  # [N], clears the query's cut-off or is named like it, and meets all conditions
    order: NDArray[np.intp]  # [N], rows, best first: hits before the rest, photos named like the query before others
    cutoff: float  # on the cosine; minus infinity where looks do not decide
    named: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))  # [N], a hit by its path
    without: tuple[tuple[int, int], ...] = ()  # where nothing hits: hits if the part at this position were not there
    relaxed: bool = False  # nothing hits; the nearest are shown instead


def query_prompts(query: Query, languages: tuple[str, ...]) -> tuple[str, ...]:
    """What has to be embedded for this query, ``background_prompts`` not included. May be empty."""
    return tuple(dict.fromkeys(prompt for look in query.looks for prompt in _prompts(look, languages)))


def background_prompts(query: Query, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Unrelated phrases that show what "no match" looks like: embed them and pass them to ``search``."""
    if not any(look.kind != "like" for look in query.looks):
        return ()
    return REFERENCE[language_of(query.text, languages)]


def search(
    embeddings: Embeddings,
    query: Query,
    text_embeddings: Mapping[str, NDArray[np.floating]],
    *,
    languages: tuple[str, ...],
    background: NDArray[np.float32],
    files: Sequence[str],
    states: PhotoStates = NOTHING_KNOWN,
    samples: Embeddings | None = None,
    nearest: int = 0,
    frames: Frames = NO_FRAMES,
) -> SearchResult:
    """Compare every photo with a query; of a photo that has ``frames`` the nearest one counts, for each term anew.

    ``embeddings`` [N, D] float32, rows L2-normalised; ``text_embeddings`` holds the ``query_prompts`` for the encoder's
    ``languages`` (BCP 47); ``background`` [M, D] the embeddings of ``background_prompts``; ``files`` N paths. A photo
    is a hit when its cosine stands ``HIT_SPREADS`` above those of unrelated phrases, or when its path holds every
    wanted word; it must show nothing unwanted and meet every condition. An empty query hits everything. Ties keep the
    order of the rows.

    ``samples`` [S, D] are pictures to look like, besides those that the query names. Where no photo is similar enough,
    ``nearest`` so many of those that meet the rest are hits all the same.

    Raises QueryError when a condition asks what ``states`` does not know or ``like:`` names no photo, ValueError when
    an embedding is zero or not finite.
    """
    photos = len(embeddings)
    frames = weigh_luck(embeddings, frames, unit_rows(background))
    directions = look_directions(query, embeddings, text_embeddings, languages, files)
    wanted = [(look, row) for look, row in zip(query.looks, directions, strict=True) if not look.unwanted]
    wanted += [(Look("", "like"), row) for row in (samples if samples is not None else ())]
    unwanted = [(look, row) for look, row in zip(query.looks, directions, strict=True) if look.unwanted]
    chances = measure_chances([look for look, _ in wanted + unwanted], embeddings, background)
    parts: list[tuple[int, NDArray[np.bool_]]] = []  # what each part of the query lets through
    similarity, cutoff = np.zeros(photos, np.float32), -np.inf
    named = np.zeros(photos, np.bool_)
    if wanted:
        direction, chance = _combine(wanted, chances)
        similarity = _compare(embeddings, direction, frames)
        cutoff = chance.level + HIT_SPREADS * chance.spread
        named = _match_names(files, [look.text for look, _ in wanted])
        parts.append((wanted[0][0].position, (similarity >= cutoff) | named))
    for look, row in unwanted:
        shown = _compare(embeddings, row, frames)
        chance = chances[look.kind == "like"]
        plain = shown >= chance.level + PLAIN_SPREADS * chance.spread
        nearer = shown >= chance.level + HIT_SPREADS * chance.spread
        parts.append((look.position, ~(plain | (nearer & (shown > similarity) if wanted else nearer))))
        if not wanted:
            similarity = np.minimum(similarity, -shown) if look is not unwanted[0][0] else -shown
    parts += [(one.position, meets(one, states, photos) ^ one.unwanted) for one in query.conditions]
    hit = _all_of((mask for _, mask in parts), photos)
    without: tuple[tuple[int, int], ...] = ()
    if relaxed := not hit.any():
        without = tuple(
            (position, int(_all_of((mask for _, mask in parts[:left_out] + parts[left_out + 1 :]), photos).sum()))
            for left_out, (position, _) in enumerate(parts)
        )
        others = _all_of((mask for _, mask in parts[bool(wanted) :]), photos)
        hit[order_best_first(similarity, np.flatnonzero(others))[:nearest]] = True
    named &= hit
    order = [
        order_best_first(similarity, np.flatnonzero(group)) for group in (named, hit & ~named, ~hit) if group.any()
    ]
    return SearchResult(
        similarity, hit, np.concatenate(order or [np.zeros(0, np.intp)]), float(cutoff), named, without, relaxed
    )


def _prompts(look: Look, languages: tuple[str, ...]) -> tuple[str, ...]:
    if look.kind == "like":
        return ()
    return (look.text,) if look.kind == "exact" else describe(look.text, languages)


def look_directions(
    query: Query,
    embeddings: Embeddings,
    text_embeddings: Mapping[str, NDArray[np.floating]],
    languages: tuple[str, ...],
    files: Sequence[str],
) -> list[NDArray[np.float32]]:
    """The unit vector [D] of every look of a query; for the arguments and errors see ``search``."""
    return [
        _find_photo(look, embeddings, files)
        if look.kind == "like"
        else average([text_embeddings[prompt] for prompt in _prompts(look, languages)])
        for look in query.looks
    ]


def _find_photo(look: Look, embeddings: Embeddings, files: Sequence[str]) -> NDArray[np.float32]:
    """The unit vector [D] of the photo that a ``like:`` names, by its path or its name alone."""
    name = look.text.casefold()
    for row, file in enumerate(files):
        if file.casefold() == name or file.casefold().endswith("/" + name):
            return unit_rows(embeddings[row][None])[0]  # type: ignore[no-any-return]
    raise QueryError(f"There is no photo named {look.text} here.", look.position, "no such photo", look.text)


def _all_of(masks: Iterable[NDArray[np.bool_]], photos: int) -> NDArray[np.bool_]:
    """Which photos every mask lets through, [N]."""
    every = np.ones(photos, np.bool_)
    for mask in masks:
        every &= mask
    return every


def measure_chances(
    looks: Sequence[Look], embeddings: Embeddings, background: NDArray[np.float32]
) -> tuple[Chance, Chance]:
    """What "no match" looks like for words, and for photos; each only if one of the looks needs it."""
    empty = np.zeros((0, embeddings.shape[1]), np.float32)
    alike = any(look.kind == "like" for look in looks)
    others = embeddings[:: max(1, len(embeddings) // _ALIKE)][:_ALIKE]
    return (
        measure_chance(embeddings, unit_rows(background) if len(background) else empty),
        measure_chance(embeddings, others if alike else empty),
    )


def _combine(
    wanted: Sequence[tuple[Look, NDArray[np.float32]]], chances: tuple[Chance, Chance]
) -> tuple[NDArray[np.float32], Chance]:
    """One direction for several looks, and what chance does along it if their cosines are independent."""
    total = np.sum([look.weight * row for look, row in wanted], axis=0)
    length = float(np.linalg.norm(total))
    if length < 1e-6:
        raise QueryError("These terms cancel each other out.", wanted[-1][0].position, "cancelling terms")
    each = [(look.weight / length, chances[look.kind == "like"]) for look, _ in wanted]
    level = sum(share * chance.level for share, chance in each)
    spread = sum((share * chance.spread) ** 2 for share, chance in each) ** 0.5
    return (total / length).astype(np.float32), Chance(level, spread)


def _compare(embeddings: Embeddings, direction: NDArray[np.float32], frames: Frames) -> NDArray[np.float32]:
    similarity = np.empty(len(embeddings), np.float32)

    def fill(rows: slice) -> None:
        similarity[rows] = compare(embeddings, direction, frames, rows)
        refuse_unusable(embeddings[rows], similarity[rows, None])

    in_blocks(fill, len(embeddings))
    return similarity


def _match_names(files: Sequence[str], phrases: Sequence[str]) -> NDArray[np.bool_]:
    """Which paths hold every word of all phrases, as whole words; an underscore separates words."""
    wanted = {word for phrase in phrases for word in _WORDS.findall(phrase.casefold().replace("_", " "))}
    found = np.zeros(len(files), np.bool_)
    if not wanted:
        return found
    # One search through all paths at once refuses most queries; no path can hold a zero character.
    folded = "\0".join(files).casefold()
    rare = max(wanted, key=len)
    if rare not in folded:
        return found
    for row, file in enumerate(folded.split("\0")):
        if rare in file:
            found[row] = wanted <= set(_WORDS.findall(file.replace("_", " ")))
    return found


def filter_board(board: Board, photo_ids: NDArray[np.int64], result: SearchResult) -> Board:
    """Keep only the hits; every bin is ordered by similarity to the query, ``hits`` counts them.

    ``photo_ids`` [N] are those that ``result`` is aligned with, in any order.
    """
    rows_of = locate(photo_ids)
    place = np.empty(len(photo_ids), np.intp)
    place[result.order] = np.arange(len(photo_ids))

    def keep(column: Bin) -> Bin:
        rows = rows_of(column.photo_ids)
        chosen = np.flatnonzero(result.hit[rows])
        chosen = chosen[np.argsort(place[rows[chosen]])]  # places are unique, so any sort will do
        return column.take(chosen)

    bins = tuple(keep(column) for column in board.bins)
    review = board.review[result.hit[rows_of(board.review)]]
    return Board(bins, review, sum(map(len, bins)))
