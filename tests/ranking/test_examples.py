"""Decisions, found again among the photos."""

from clipsorter.columns import Digests
from clipsorter.ranking.examples import find_examples
from clipsorter.values import Decision


def told(examples):
    return list(zip(examples.rows.tolist(), examples.bins.tolist(), examples.accepted.tolist(), strict=True))


def find(*decisions, digests=("a", "b", "c"), names=("dog", "cat")):
    by_digest: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_digest.setdefault(32 * decision.digest, []).append(decision)
    return told(find_examples(Digests.of(32 * one for one in digests), names, by_digest))


def test_no_decision_gives_no_example():
    assert find() == []


def test_yes_no_and_none_of_these_are_told_apart():
    assert find(Decision("a", "cat"), Decision("b", "dog", "no"), Decision("c", None)) == [
        (0, 1, True),
        (1, 0, False),
        (2, -1, True),
    ]


def test_the_last_yes_counts():
    assert find(Decision("a", "cat"), Decision("a", "dog")) == [(0, 0, True)]
    assert find(Decision("a", "cat"), Decision("a", None)) == [(0, -1, True)]


def test_a_later_word_on_the_same_bin_takes_the_earlier_one_back():
    assert find(Decision("a", "cat", "no"), Decision("a", "cat")) == [(0, 1, True)]
    assert find(Decision("a", "cat"), Decision("a", "cat", "no")) == [(0, 1, False)]


def test_a_yes_and_a_no_for_another_bin_stand_side_by_side():
    assert find(Decision("a", "cat", "no"), Decision("a", "dog")) == [(0, 1, False), (0, 0, True)]


def test_every_copy_of_a_photo_is_an_example():
    assert find(Decision("a", "cat"), digests=("a", "b", "a")) == [(0, 1, True), (2, 1, True)]


def test_unknown_categories_and_photos_are_ignored():
    assert find(Decision("a", "bird"), Decision("f", "cat")) == []
