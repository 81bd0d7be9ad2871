"""Photos that look alike."""

import numpy as np
import pytest

from clipsorter.ranking.similar import find_similar, group_copies, order_originals, propose_keeper
from tests.ranking.worlds import crowd, random_rows


def test_more_like_these_leaves_these_out_and_ranks_all_others():
    embeddings = crowd(1, random_rows(1, 4, 64), 10, 0.1)
    rows, cosine = find_similar(embeddings, [3, 5])
    assert set(rows[:8]) == set(range(10)) - {3, 5}
    assert len(rows) == 38
    assert (np.diff(cosine[rows]) <= 0).all()
    with pytest.raises(ValueError, match="nothing"):
        find_similar(embeddings, [])


def test_copies_are_found_by_content():
    assert [group.tolist() for group in group_copies(["a", "b", "a", "c", "b", "a"])] == [[0, 2, 5], [1, 4]]
    assert group_copies(["a", "b"]) == group_copies([]) == ()


def test_the_keeper_has_most_pixels_then_is_sharpest_then_first():
    rows = np.array([1, 2, 3])
    pixels = np.array([9, 5, 7, 7])
    assert propose_keeper(rows, pixels) == 2
    assert propose_keeper(rows, pixels, np.array([0, 0, 1.0, 2.0])) == 3


def test_a_file_called_like_the_copy_of_another_comes_after_it():
    files = [
        "a/IMG_1 (copy).jpg",
        "a/IMG_1.jpg",
        "b/Copy of IMG_1.jpg",
        "b/IMG_1(2).jpg",
        "c/IMG_1 副本.jpg",
        "c/IMG_1.jpg",
    ]
    assert order_originals(files)[:2] == ["a/IMG_1.jpg", "c/IMG_1.jpg"]
    assert sorted(order_originals(files)) == sorted(files)


def test_names_that_have_nothing_to_do_with_each_other_keep_their_order():
    files = ["z/Summer 2.jpg", "a/IMG_10.jpg", "a/IMG_1.jpg", "b.jpg", ".hidden", "a/IMG_10.png"]
    assert order_originals(files) == files
