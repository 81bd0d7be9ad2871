"""Several homes, and photos that count for the category above."""

import numpy as np

from clipsorter.ranking.board import build_board
from clipsorter.ranking.examples import Examples
from clipsorter.ranking.homes import ancestors, count_with_children, find_homes
from clipsorter.ranking.similarity import rank
from clipsorter.values import Category
from tests.ranking.worlds import make_digests, make_weights

PHOTOS = np.array([[1, 0, 0], [0.7, 0.714, 0], [0, 0, 1]], np.float32)
PHOTOS /= np.linalg.norm(PHOTOS, axis=1, keepdims=True)
TREE = (Category("Animals"), Category("Dog", parent="Animals"), Category("Rex", parent="Dog"), Category("Sea"))


def ranked():
    return rank(PHOTOS, make_weights(np.eye(3)[:2]), logit_scale=100)


def test_a_photo_belongs_to_every_category_it_clears():
    homes = find_homes(ranked(), np.array([0.5, 0.5], np.float32))
    assert homes.tolist() == [[True, False], [True, True], [False, False]]


def test_without_a_cutoff_only_the_best_counts():
    homes = find_homes(ranked(), np.full(2, -np.inf, np.float32))
    assert homes.sum(axis=1).tolist() == [1, 1, 1]
    assert homes[1].tolist() == [False, True]


def test_a_persons_word_wins():
    told = Examples(np.array([0, 1, 2]), np.array([-1, 0, 1]), np.array([True, False, True]))
    homes = find_homes(ranked(), np.array([0.5, 0.5], np.float32), examples=told)
    assert homes.tolist() == [[False, False], [False, True], [False, True]]


def test_an_excluded_photo_does_not_belong():
    weights = make_weights(np.eye(3)[:1], exclusions=[np.eye(3)[1:2]])
    assert find_homes(rank(PHOTOS, weights, logit_scale=100), np.array([0.1], np.float32)).tolist() == [
        [True],
        [False],
        [False],
    ]


def test_counts_of_a_board_include_the_children():
    embeddings = np.eye(4, dtype=np.float32)[[0, 1, 1, 2, 2, 2]]
    weights = make_weights(np.eye(4), names=[category.name for category in TREE])
    ranking = rank(embeddings, weights, logit_scale=100)
    board = build_board(np.arange(6), make_digests(range(6)), ranking, np.full(4, 0.5, np.float32), {})
    assert count_with_children(board, TREE) == {"Animals": 6, "Dog": 5, "Rex": 3, "Sea": 0}


def test_a_circle_of_parents_ends():
    circle = (Category("a", parent="b"), Category("b", parent="a"))
    assert ancestors("a", circle) == ("b", "a")
    assert ancestors("x", circle) == ()
