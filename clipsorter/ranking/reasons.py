"""Why a photo stands where it stands, and why a search found it or did not: numbers that can be said in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clipsorter.ranking.cutoffs import clear
from clipsorter.ranking.elsewhere import handicap
from clipsorter.ranking.examples import NOWHERE, Examples
from clipsorter.ranking.frames import compare, weigh_luck
from clipsorter.ranking.prompts import CategoryPrompts, CategoryWeights, Described, average, unit_rows
from clipsorter.ranking.queries import (
    HIT_SPREADS,
    PLAIN_SPREADS,
    Query,
    look_directions,
    measure_chances,
    search,
)
from clipsorter.ranking.similarity import Ranking
from clipsorter.ranking.states import NOTHING_KNOWN, PhotoStates, meets
from clipsorter.ranking.teaching import Lesson
from clipsorter.values import NO_FRAMES, Embeddings, Frames

MOST_PULLS = 4  # examples that are named; the others pull less


@dataclass(frozen=True, slots=True)
class Nearest:
    """A phrase and its cosine to the photo."""

    phrase: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Pull:
    """One example and how far it moved the photo's cosine to the category."""

    file: str  # the digest for a photo of another folder
    accepted: bool  # False: the person said that it does not belong
    pull: float  # on the cosine; negative: away from the category


@dataclass(frozen=True, slots=True)
class CategoryReason:
    """What speaks for one category and against it."""

    name: str
    similarity: float  # cosine, examples included
    untaught: float  # cosine of the words alone
    cutoff: float  # minus infinity: none, infinity: the model knows no word of it
    probability: float
    belongs: bool  # clears the cut-off and is kept out by nothing; a decision counts
    phrases: tuple[Nearest, ...]  # of the category, nearest first
    background: Nearest | None  # the phrase or everyday word that describes the photo too much better
    exclusion: Nearest | None  # the nearest excluded phrase, where that keeps the photo out
    verdict: Literal["yes", "no"] | None  # what the person said of the photo and this category
    pulls: tuple[Pull, ...]  # the strongest, strongest first


@dataclass(frozen=True, slots=True)
class LookReason:
    """One term of a query."""

    text: str
    kind: Literal["words", "exact", "like"]
    unwanted: bool
    similarity: float  # cosine of the photo to this term alone
    cutoff: float  # from which this term alone is plain to see
    seen: bool  # wanted: at or above the cut-off; unwanted: this is why the photo is left out


@dataclass(frozen=True, slots=True)
class ConditionReason:
    """One condition of a query; ``position`` is its place in the text."""

    position: int
    unwanted: bool
    met: bool  # as asked, a minus considered


@dataclass(frozen=True, slots=True)
class QueryReason:
    """Why a photo is a hit of a search, or is none."""

    hit: bool
    rank: int  # from 1, among all photos
    similarity: float  # cosine to all wanted terms together
    cutoff: float  # on it; minus infinity where looks do not decide
    named: bool  # its path holds every wanted word
    looks: tuple[LookReason, ...]
    conditions: tuple[ConditionReason, ...]


def explain_category(
    row: int,
    column: int,
    *,
    photo: NDArray[np.float32],
    ranking: Ranking,
    cutoff: float,
    prompts: CategoryPrompts,
    background: Sequence[str],
    word: Nearest | None = None,
    texts: Mapping[str, NDArray[np.floating]],
    weights: CategoryWeights,
    lesson: Lesson,
    sources: Sequence[str],
    examples: Examples,
) -> CategoryReason:
    """What speaks for a photo (``row`` of the ranking, embedding ``photo`` [D]) in a category (``column``).

    ``prompts`` and ``background`` are those of the plan that ``texts`` were embedded for, ``weights`` the untaught
    ones. ``word`` is the everyday word that says most against all categories, where any was asked. ``lesson`` is what
    the weights were taught, ``sources`` [E] name its examples. ``examples`` are the decisions on the photos of the
    ranking.
    """
    similarity = float(ranking.cosine[row, column])
    pulls = lesson.pulls(photo)[:, column]
    strongest = [int(place) for place in np.argsort(-np.abs(pulls), kind="stable")[:MOST_PULLS] if pulls[place] != 0]
    mine = examples.rows == row
    here = mine & (examples.bins == column)
    nowhere = bool((mine & (examples.bins == NOWHERE)).any())
    verdict: Literal["yes", "no"] | None = None
    if here.any() or nowhere:
        verdict = "yes" if here.any() and bool(examples.accepted[here][-1]) else "no"
    against = _nearest(photo, [Described(phrase, (phrase,)) for phrase in background], texts)[:1]
    if word is not None and ranking.calibration is not None and ranking.named is not None:
        less = handicap(ranking.chance.spread, ranking.calibration, ranking.logit_scale)
        if not against or word.similarity - less > against[0].similarity:
            against = (word,)
    belongs = bool(clear(ranking, column, cutoff, examples)[row])
    is_beaten = bool(against) and not belongs and similarity >= cutoff  # the only other hurdle
    is_excluded = ranking.excluded is not None and bool(ranking.excluded[row, column])
    return CategoryReason(
        name=ranking.names[column],
        similarity=similarity,
        untaught=float(weights.weights[column] @ photo),
        cutoff=float(cutoff),
        probability=float(ranking.probability_at(np.array([row]), column)[0]),
        belongs=belongs and not is_excluded if verdict is None else verdict == "yes",
        phrases=_nearest(photo, prompts.about, texts),
        background=against[0] if is_beaten else None,
        exclusion=_nearest(photo, prompts.exclude, texts)[0] if is_excluded else None,
        verdict=verdict,
        pulls=tuple(Pull(sources[place], bool(lesson.accepted[place]), float(pulls[place])) for place in strongest),
    )


def explain_query(
    row: int,
    query: Query,
    *,
    embeddings: Embeddings,
    texts: Mapping[str, NDArray[np.floating]],
    languages: tuple[str, ...],
    background: NDArray[np.float32],
    files: Sequence[str],
    states: PhotoStates = NOTHING_KNOWN,
    frames: Frames = NO_FRAMES,
) -> QueryReason:
    """Take a search apart for one photo; arguments and errors are those of ``search``."""
    result = search(
        embeddings,
        query,
        texts,
        languages=languages,
        background=background,
        files=files,
        states=states,
        frames=frames,
    )
    frames = weigh_luck(embeddings, frames, unit_rows(background))
    chances = measure_chances(query.looks, embeddings, background)
    similarity = float(result.similarity[row])
    only_unwanted = all(look.unwanted for look in query.looks)
    looks = []
    directions = look_directions(query, embeddings, texts, languages, files)
    for look, direction in zip(query.looks, directions, strict=True):
        shown = float(compare(embeddings, direction, frames, slice(row, row + 1))[0])
        chance = chances[look.kind == "like"]
        near = chance.level + HIT_SPREADS * chance.spread
        plain = chance.level + PLAIN_SPREADS * chance.spread
        cutoff = near if not look.unwanted or only_unwanted or shown > similarity else plain
        looks.append(LookReason(look.text, look.kind, look.unwanted, shown, cutoff, shown >= cutoff))
    conditions = tuple(
        ConditionReason(one.position, one.unwanted, bool(meets(one, states, len(embeddings))[row]) is not one.unwanted)
        for one in query.conditions
    )
    return QueryReason(
        hit=bool(result.hit[row]),
        rank=int(np.flatnonzero(result.order == row)[0]) + 1,
        similarity=similarity,
        cutoff=result.cutoff,
        named=bool(result.named[row]),
        looks=tuple(looks),
        conditions=conditions,
    )


def _nearest(
    photo: NDArray[np.float32],
    described: Sequence[Described],
    texts: Mapping[str, NDArray[np.floating]],
) -> tuple[Nearest, ...]:
    found = [
        Nearest(said.phrase, float(average([texts[prompt] for prompt in said.prompts]) @ photo)) for said in described
    ]
    return tuple(sorted(found, key=lambda one: -one.similarity))
