"""The whole way from weights to board for the cases that break sorters."""

import numpy as np

from clipsorter.ranking.board import Board, build_board
from clipsorter.ranking.cutoffs import choose_cutoffs
from clipsorter.ranking.examples import find_examples
from clipsorter.ranking.prompts import CategoryWeights
from clipsorter.ranking.similarity import rank
from clipsorter.ranking.teaching import teach
from clipsorter.values import Decision, Embeddings
from tests.ranking.worlds import crowd, digest, make_digests, make_weights, random_rows

KINDS = random_rows(21, 40, 64)
UNRELATED = KINDS[20:]


def sort(photos: Embeddings, weights: CategoryWeights, *said: Decision) -> Board:
    digests = make_digests(range(len(photos)))
    decisions = {one.digest: [other for other in said if other.digest == one.digest] for one in said}
    examples = find_examples(digests, weights.names, decisions)
    taught = teach(weights, photos[examples.rows], examples.bins, examples.accepted, library=photos)
    ranking = rank(photos, taught, logit_scale=50)
    return build_board(
        np.arange(len(photos)), digests, ranking, choose_cutoffs(ranking, 0.5, examples=examples), decisions
    )


def members(board: Board) -> list[list[int]]:
    return [sorted(column.photo_ids.tolist()) for column in board.bins]


def test_one_photo_is_sorted_corrected_and_sent_away() -> None:
    photo, weights = crowd(1, KINDS[:1], 1, 0.05), make_weights(KINDS[:2], reference=UNRELATED)
    assert members(sort(photo, weights)) == [[0], [], []]
    assert members(sort(photo, weights, Decision(digest(0), "c1"))) == [[], [0], []]
    assert members(sort(photo, weights, Decision(digest(0), None))) == [[], [], [0]]


def test_two_identical_categories_are_one_until_somebody_tells_them_apart() -> None:
    photos = crowd(2, KINDS[:1] + 0.4 * KINDS[1:3], 10, 0.05)
    weights = make_weights(KINDS[[0, 0]], reference=UNRELATED)
    first, second, _ = members(sort(photos, weights))
    assert (len(first), second) == (20, [])
    said = [Decision(digest(row), "c0" if row < 10 else "c1") for row in (0, 1, 10, 11)]
    assert members(sort(photos, weights, *said)) == [list(range(10)), list(range(10, 20)), []]


def test_a_category_that_matches_everything_keeps_everything_and_leaves_others_their_own() -> None:
    photos = crowd(3, KINDS[:1] + 0.9 * KINDS[1:5], 25, 0.05)  # a library of nothing but cats
    weights = make_weights(KINDS[:1], reference=UNRELATED)
    assert members(sort(photos, weights)) == [list(range(100)), []]
    beside = make_weights(np.stack([KINDS[0], KINDS[0] + KINDS[1], KINDS[15]]), reference=UNRELATED)
    everything, own, absent, unsorted = members(sort(photos, beside))
    assert (own, absent, unsorted) == (list(range(25)), [], [])
    assert everything == list(range(25, 100))


def test_contradictions_about_one_look_still_bind_each_photo() -> None:
    photos = np.repeat(crowd(4, KINDS[:1], 1), 20, axis=0)
    said = [Decision(digest(row), ("c0", "c1", None)[row % 3]) for row in range(18)]
    board = members(sort(photos, make_weights(KINDS[:2], reference=UNRELATED), *said))
    assert [[row for row in column if row < 18] for column in board] == [
        list(range(0, 18, 3)),
        list(range(1, 18, 3)),
        list(range(2, 18, 3)),
    ]
    assert sum(map(len, board)) == 20
