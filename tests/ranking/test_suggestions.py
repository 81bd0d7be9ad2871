"""Which categories a library asks for."""

import numpy as np
import pytest

from clipsorter.ranking.suggestions import suggest
from tests.ranking.worlds import crowd, random_rows

KINDS = random_rows(21, 60, 64)
WORDS, REFERENCE = KINDS[:24], KINDS[24:]
NAMES = [f"word {row}" for row in range(24)]


def names_of(suggestions):
    return [one.name for one in suggestions]


def library(*sizes):
    return np.concatenate([crowd(kind, WORDS[kind : kind + 1], size, 0.06) for kind, size in enumerate(sizes)])


def test_words_come_by_size_with_counts_and_four_samples():
    embeddings = library(10, 30, 20)
    found = suggest(embeddings, NAMES, WORDS, reference=REFERENCE)
    assert names_of(found[:3]) == ["word 1", "word 2", "word 0"]
    assert [one.count for one in found[:3]] == [30, 20, 10]
    assert all(set(one.samples) <= set(np.flatnonzero(embeddings @ WORDS[int(one.name[5:])] > 0.5)) for one in found)
    assert [len(one.samples) for one in found[:3]] == [4, 4, 4]


def test_two_words_for_one_thing_give_one_suggestion():
    twins = np.concatenate([WORDS, crowd(9, WORDS[:1], 1, 0.01)])
    found = suggest(library(40, 20), [*NAMES, "twin"], twins, reference=REFERENCE)
    assert len({"word 0", "twin"} & set(names_of(found))) == 1


def test_what_has_a_category_is_not_suggested_again():
    found = suggest(library(40, 20), NAMES, WORDS, reference=REFERENCE, present=WORDS[:1])
    assert names_of(found) == ["word 1"]


def test_counts_never_overlap_and_the_limit_holds():
    embeddings = library(*range(5, 20))
    found = suggest(embeddings, NAMES, WORDS, reference=REFERENCE, limit=6)
    assert len(found) == 6
    assert sum(one.count for one in found) <= len(embeddings)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_too_few_photos_suggest_nothing(size):
    assert suggest(library(size), NAMES, WORDS, reference=REFERENCE) == ()


def test_an_empty_vocabulary_suggests_nothing():
    assert suggest(library(5), [], WORDS[:0], reference=REFERENCE) == ()
