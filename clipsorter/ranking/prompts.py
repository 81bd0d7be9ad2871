"""Categories become prompts, prompts become category weights.

An encoder was trained on captions, so a bare word is a worse description of a photo than a sentence around it. Every
phrase of a category goes through a few templates and the unit vectors are averaged: the prompt ensemble of Radford et
al., "Learning Transferable Visual Models From Natural Language Supervision", 2021, section 3.1.4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipsorter.languages import language_of_words
from clipsorter.ranking.sentences import BACKGROUND, CONTEXT_MARKS, REFERENCE, TEMPLATES
from clipsorter.values import Calibration, Category


@dataclass(frozen=True, slots=True)
class Described:
    """A phrase and the prompts that say it to an encoder."""

    phrase: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryPrompts:
    """The prompts of one category: ``about`` describes it, each entry of ``exclude`` is one thing that it is not."""

    name: str
    about: tuple[Described, ...]
    exclude: tuple[Described, ...]


@dataclass(frozen=True, slots=True)
class PromptPlan:
    """What has to be embedded before ``build_weights`` can work."""

    prompts: tuple[str, ...]  # unique, in order of first use
    categories: tuple[CategoryPrompts, ...]  # K, in the person's order
    background: tuple[str, ...]  # M
    reference: tuple[str, ...]  # R


@dataclass(frozen=True, slots=True, eq=False)
class CategoryWeights:
    """Categories as directions in the encoder's space; all rows are float32 and L2-normalised."""

    names: tuple[str, ...]  # K
    weights: NDArray[np.float32]  # [K, D]
    background: NDArray[np.float32]  # [M, D], M may be 0
    exclusions: tuple[NDArray[np.float32], ...]  # K arrays [E_k, D], E_k may be 0
    reference: NDArray[np.float32]  # [R, D], R may be 0

    def __len__(self) -> int:
        return len(self.names)


def language_of(phrase: str, languages: Sequence[str]) -> str:
    """The language of the sentences around a phrase, a key of ``TEMPLATES``, given the encoder's BCP 47 tags.

    That of the phrase where the encoder reads it, as far as letters and everyday words tell; else English. A model that
    reads no English gets its own sentences around English words, too ("一张beach的照片"): captions like that are what
    Chinese-CLIP was trained on.
    """
    spoken = [tag.split("-")[0].lower() for tag in languages]
    language = language_of_words(phrase)
    if language == "zh" and "zh" not in spoken and "ja" in spoken:
        language = "ja"  # kanji alone
    if language in spoken and language in TEMPLATES:
        return language
    return next((one for one in spoken if one in TEMPLATES), "en") if "en" not in spoken else "en"


def describe(
    phrase: str, languages: Sequence[str], context: str = "", *, own: Sequence[tuple[str, str]] = ()
) -> tuple[str, ...]:
    """The prompts for one phrase: every template of its language, filled in.

    ``own`` templates, as (language, template), take the place of the usual ones of that language.
    """
    language = language_of(phrase, languages)
    about = f"{phrase}{CONTEXT_MARKS.get(language, ', ')}{context}" if context else phrase
    templates = [template for spoken, template in own if spoken == language] or TEMPLATES[language]
    return tuple(template.replace("{}", about) for template in templates)


def plan_prompts(
    categories: Sequence[Category], languages: tuple[str, ...], *, calibration: Calibration | None = None
) -> PromptPlan:
    """Say what has to be embedded for these categories with an encoder of these languages (BCP 47 tags).

    The background phrases of its ``calibration``, where it has one, take the place of the common ones.
    """
    planned = tuple(_plan_category(category, languages) for category in categories)
    spoken = dict.fromkeys(language_of(category.name, languages) for category in categories) or [
        language_of("", languages)
    ]
    background = tuple(phrase for language in spoken for phrase in BACKGROUND[language])
    if calibration and calibration.background:
        background = calibration.background
    every = [prompt for one in planned for said in (*one.about, *one.exclude) for prompt in said.prompts]
    reference = tuple(phrase for language in spoken for phrase in REFERENCE[language])
    return PromptPlan(tuple(dict.fromkeys([*every, *background, *reference])), planned, background, reference)


def _plan_category(category: Category, languages: tuple[str, ...]) -> CategoryPrompts:
    phrases = _unique_phrases([category.name, *category.phrases])
    return CategoryPrompts(
        name=category.name,
        about=tuple(
            Described(phrase, describe(phrase, languages, category.context.strip(), own=category.templates))
            for phrase in phrases
        ),
        exclude=tuple(Described(phrase, describe(phrase, languages)) for phrase in _unique_phrases(category.exclude)),
    )


def _unique_phrases(phrases: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(stripped for phrase in phrases if (stripped := phrase.strip())))


def build_weights(plan: PromptPlan, text_embeddings: Mapping[str, NDArray[np.floating]]) -> CategoryWeights:
    """Average the prompts of each category into one unit vector.

    ``text_embeddings`` maps every prompt of ``plan.prompts`` to its embedding [D], of any positive length. With one
    phrase per category the result equals open_clip's ``build_zero_shot_classifier`` for the same templates.

    Raises ValueError for an embedding that is zero or not finite, KeyError for a prompt that is not there.
    """
    dimension = len(text_embeddings[plan.prompts[0]])
    empty = np.zeros((0, dimension), np.float32)
    weights = [
        average([text_embeddings[prompt] for said in one.about for prompt in said.prompts]) for one in plan.categories
    ]
    return CategoryWeights(
        names=tuple(one.name for one in plan.categories),
        weights=np.stack(weights) if weights else empty,
        background=unit_rows(np.stack([text_embeddings[prompt] for prompt in plan.background])),
        exclusions=tuple(
            np.stack([average([text_embeddings[prompt] for prompt in said.prompts]) for said in one.exclude])
            if one.exclude
            else empty
            for one in plan.categories
        ),
        reference=unit_rows(np.stack([text_embeddings[prompt] for prompt in plan.reference])),
    )


def average(embeddings: Sequence[NDArray[np.floating]]) -> NDArray[np.float32]:
    """The direction [D] that unit vectors share: normalise, mean, normalise."""
    mean: NDArray[np.float32] = unit_rows(np.stack(embeddings)).mean(axis=0, keepdims=True)
    row: NDArray[np.float32] = unit_rows(mean)[0]
    return row


def unit_rows(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows [R, D] scaled to length 1. Raises ValueError where a row is zero or not finite."""
    lengths = np.linalg.norm(np.asarray(rows, np.float64), axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not (lengths > 0).all():
        raise ValueError("An embedding is zero or not finite.")
    units: NDArray[np.float32] = (rows / lengths).astype(np.float32)
    return units
