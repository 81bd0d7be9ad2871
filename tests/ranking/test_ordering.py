"""Sorting and finding photos by number."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from clipsorter.ranking.ordering import locate, order_best_first, order_groups

COSINES = st.floats(-1, 1, width=32) | st.sampled_from([-1.0, -0.0, 0.0, 0.5, 1.0])


@given(arrays.arrays(np.float32, st.integers(0, 60), elements=COSINES), st.randoms(use_true_random=False))
def test_best_first_with_ties_in_the_given_order(similarity, random):
    rows = np.arange(len(similarity))
    random.shuffle(rows)
    expected = rows[np.argsort(-similarity[rows], kind="stable")]
    np.testing.assert_array_equal(order_best_first(similarity, rows), expected)


@given(arrays.arrays(np.float32, st.integers(0, 60), elements=COSINES), st.data())
def test_groups_follow_each_other_each_best_first_and_minus_one_last(similarity, data):
    groups = data.draw(arrays.arrays(np.int16, len(similarity), elements=st.integers(-1, 3)))
    expected = sorted(range(len(groups)), key=lambda row: (groups[row] % 10, -similarity[row], row))
    assert order_groups(groups, similarity).tolist() == expected


def test_infinities_have_their_place():
    similarity = np.array([0, np.inf, -np.inf, 1], np.float32)
    assert order_best_first(similarity, np.arange(4)).tolist() == [1, 3, 0, 2]


@given(st.lists(st.integers(-5, 200) | st.integers(-(2**60), 2**60), unique=True, max_size=40), st.data())
def test_photos_are_found_wherever_their_numbers_lie(ids, data):
    asked = data.draw(st.lists(st.sampled_from(ids), max_size=20)) if ids else []
    found = locate(np.array(ids, np.int64))(np.array(asked, np.int64))
    assert [ids[place] for place in found] == asked
