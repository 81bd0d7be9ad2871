"""A folder is described by what much of it shows."""

import numpy as np

from clipsorter.ranking.albums import MOST_NAMED, describe_albums


def test_a_category_describes_an_album_when_a_third_of_it_belongs_there() -> None:
    homes = np.array([[1, 0], [1, 0], [0, 1], [0, 0], [0, 0], [0, 0], [0, 1], [0, 1]], np.bool_)
    albums = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    shares, described = describe_albums(homes, albums)
    np.testing.assert_allclose(shares, [[1 / 3, 1 / 6], [0, 1]], atol=1e-6)
    assert described.tolist() == [[True, False], [False, True]]


def test_one_photo_describes_no_album_unless_it_is_alone() -> None:
    homes = np.array([[1], [0], [0], [1]], np.bool_)
    _, described = describe_albums(homes, np.array([0, 0, 0, 1]))
    assert described.tolist() == [[False], [True]]


def test_only_the_strongest_are_named() -> None:
    homes = np.ones((4, MOST_NAMED + 2), np.bool_)
    homes[0, 0] = False
    _, described = describe_albums(homes, np.zeros(4, np.intp))
    assert described.sum() == MOST_NAMED
    assert not described[0, 0]


def test_no_photos_have_no_albums() -> None:
    shares, described = describe_albums(np.zeros((0, 3), np.bool_), np.zeros(0, np.intp))
    assert shares.shape == described.shape == (0, 3)
