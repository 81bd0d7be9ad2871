"""Every photo in exactly one bin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.board import build_board
from clipsorter.ranking.similarity import rank
from clipsorter.values import Decision
from tests.ranking.worlds import digest, make_digests, make_weights, random_rows

SEEDS = st.integers(0, 2**32 - 1)
OPEN = -np.inf


def make_board(embeddings, weights, *, cutoffs=OPEN, decisions=(), photo_ids=None):
    ranking = rank(embeddings, weights, logit_scale=100)
    photo_ids = np.arange(len(embeddings)) + 10 if photo_ids is None else photo_ids
    digests = make_digests(photo_ids)
    by_digest: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_digest.setdefault(decision.digest, []).append(decision)
    limits = np.broadcast_to(np.float32(cutoffs), (len(weights),))
    return build_board(photo_ids, digests, ranking, limits, by_digest)


def homes(board):
    return {int(photo): column.name for column in board.bins for photo in column.photo_ids}


def test_in_unsorted_a_photo_is_as_near_as_to_the_category_that_suits_it_best():
    photos, weights = random_rows(3, 20), make_weights(random_rows(4, 3))
    ranking = rank(photos, weights, logit_scale=100)
    unsorted = make_board(photos, weights, cutoffs=np.inf).unsorted
    assert unsorted.similarity.tolist() == sorted(ranking.similarity.tolist(), reverse=True)


@given(SEEDS, st.integers(0, 30), st.integers(0, 5), st.sampled_from([OPEN, 0.1, 0.5, np.inf]), st.data())
def test_every_photo_stands_in_exactly_one_bin_best_first(seed, photos, categories, cutoff, data):
    names = [f"c{number}" for number in range(categories)]
    decision = st.builds(
        Decision,
        st.integers(10, 45).map(digest),
        st.sampled_from([None, "elsewhere", *names]),
        st.sampled_from(["yes", "no"]),
    )
    decisions = data.draw(st.lists(decision, max_size=12))
    board = make_board(
        random_rows(seed, photos), make_weights(random_rows(seed + 1, categories)), cutoffs=cutoff, decisions=decisions
    )
    assert [column.name for column in board.bins] == [*names, None]
    assert sorted(photo for column in board.bins for photo in column.photo_ids) == list(range(10, 10 + photos))
    for column in board.bins:
        assert (np.diff(column.similarity) <= 0).all()
        assert ((column.probability >= 0) & (column.probability <= 1)).all()
        assert {len(part) for part in (column.similarity, column.probability, column.decided)} == {len(column)}
    assert set(board.review) <= set(range(10, 10 + photos))
    assert len(set(board.review)) == len(board.review)
    placed = homes(board)
    for said in {one.digest for one in decisions}:
        mine = [one for one in decisions if one.digest == said and one.bin != "elsewhere"]
        photo = int(said, 16)
        if photo in placed and mine and mine[-1].verdict == "yes":
            assert placed[photo] == mine[-1].bin
        if photo in placed and mine and mine[-1].verdict == "no" and mine[-1].bin is not None:
            assert placed[photo] != mine[-1].bin


@given(SEEDS, st.permutations(range(20)))
def test_the_order_of_the_photos_does_not_matter(seed, order):
    embeddings, weights = random_rows(seed, 20), make_weights(random_rows(seed + 1, 3))
    embeddings[5] = embeddings[6]
    ids = np.arange(20)
    first = make_board(embeddings, weights, cutoffs=0.1, photo_ids=ids)
    second = make_board(embeddings[list(order)], weights, cutoffs=0.1, photo_ids=ids[list(order)])
    for one, other in zip(first.bins, second.bins, strict=True):
        np.testing.assert_array_equal(one.photo_ids, other.photo_ids)
    np.testing.assert_array_equal(first.review, second.review)


def test_ties_are_broken_by_photo_id():
    board = make_board(
        np.repeat(random_rows(1, 1), 4, axis=0), make_weights(random_rows(1, 1)), photo_ids=np.array([7, 3, 9, 1])
    )
    assert list(board.bins[0].photo_ids) == [1, 3, 7, 9]


def test_what_clears_no_cutoff_goes_to_unsorted_and_nothing_does_without_one():
    embeddings = np.eye(3, dtype=np.float32)
    weights = make_weights(np.eye(3)[:2])
    assert homes(make_board(embeddings, weights, cutoffs=0.5)) == {10: "c0", 11: "c1", 12: None}
    assert None not in homes(make_board(embeddings, weights)).values()


def test_a_yes_wins_over_every_cutoff_and_is_marked():
    board = make_board(
        np.eye(3, dtype=np.float32), make_weights(np.eye(3)[:2]), cutoffs=0.5, decisions=[Decision(digest(12), "c0")]
    )
    assert list(board.bins[0].photo_ids) == [10, 12]
    assert list(board.bins[0].decided) == [False, True]


def test_none_of_these_means_unsorted_and_a_no_means_the_next_best():
    embeddings = np.array([[1, 0.1], [1, 0.2], [0.1, 1]], np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    decisions = [Decision(digest(10), None), Decision(digest(11), "c0", "no")]
    board = make_board(embeddings, make_weights(np.eye(2)), decisions=decisions)
    assert homes(board) == {10: None, 11: "c1", 12: "c1"}
    assert board.unsorted.decided.tolist() == [True]
    assert not board.bins[1].decided.any()


def test_a_no_to_the_only_category_means_unsorted():
    board = make_board(
        np.eye(2, dtype=np.float32), make_weights(np.eye(2)[:1]), decisions=[Decision(digest(10), "c0", "no")]
    )
    assert homes(board)[10] is None


def test_a_decision_for_a_category_that_is_gone_is_ignored():
    plain = make_board(random_rows(1, 5), make_weights(random_rows(2, 2)))
    odd = make_board(random_rows(1, 5), make_weights(random_rows(2, 2)), decisions=[Decision(digest(10), "gone")])
    assert homes(plain) == homes(odd)
    assert not any(column.decided.any() for column in odd.bins)


@pytest.mark.parametrize("categories", [0, 1])
def test_an_empty_folder_has_an_empty_board(categories):
    board = make_board(random_rows(0, 0), make_weights(random_rows(0, categories)))
    assert [len(column) for column in board.bins] == [0] * (categories + 1)
    assert len(board.unsorted) == 0
