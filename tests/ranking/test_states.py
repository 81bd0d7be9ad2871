"""What a board says about its photos, for searches."""

import numpy as np

from clipsorter.ranking.board import build_board
from clipsorter.ranking.similarity import rank
from clipsorter.ranking.states import read_states
from clipsorter.values import Category, Decision
from tests.ranking.worlds import crowd, digest, make_digests, make_weights, random_rows

KINDS = random_rows(3, 4, 32)


def test_a_board_knows_the_states_of_its_photos() -> None:
    embeddings, ids = crowd(1, KINDS[:2], 2, 0.05), np.array([9, 4, 7, 2])
    ranking = rank(embeddings, make_weights(KINDS[:2], names=["Dog", "cat"]), logit_scale=100)
    board = build_board(
        ids, make_digests(range(4)), ranking, np.full(2, -np.inf, np.float32), {digest(1): [Decision(digest(1), None)]}
    )
    states = read_states(board, ids, categories=[Category("Dog", parent="Animals"), Category("cat", parent="Animals")])
    assert states.bins is not None
    assert {name: np.flatnonzero(members).tolist() for name, members in states.bins.items()} == {
        "dog": [0],
        "cat": [2, 3],
        "animals": [0, 2, 3],
        None: [1],
    }
    assert states.confirmed is not None
    assert states.confirmed.tolist() == [False, True, False, False]
    assert states.review is not None
    assert states.review.tolist() == [False] * 4
