"""Photos that look alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.similar import find_near_pairs, find_similar, group_copies, group_pairs, propose_keeper
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


@pytest.mark.parametrize("photos", [0, 1, 5, 3000])
def test_near_pairs_are_exactly_those_above_the_limit(photos):
    embeddings = crowd(2, random_rows(3, max(photos // 4, 1), 64), 4, 0.04)[:photos]
    cosine = embeddings @ embeddings.T
    clear = np.triu(cosine >= 0.9001, 1), np.triu(cosine >= 0.8999, 1)
    found = np.concatenate([np.zeros((0, 2), int), *find_near_pairs(embeddings, near=0.9)])
    pairs = set(map(tuple, found.tolist()))
    assert len(pairs) == len(found)
    assert set(map(tuple, np.argwhere(clear[0]).tolist())) <= pairs <= set(map(tuple, np.argwhere(clear[1]).tolist()))
    assert photos < 5 or len(pairs) > photos // 4


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] != pair[1]), max_size=20))
def test_groups_are_what_is_connected(pairs):
    groups = group_pairs([np.array(pairs, np.intp).reshape(-1, 2)])
    home = {row: number for number, group in enumerate(groups) for row in group.tolist()}
    assert sorted(home) == sorted({row for pair in pairs for row in pair})
    assert all(home[left] == home[right] for left, right in pairs)
    assert sum(map(len, groups)) == len(home)
    assert len(groups) >= len(home) - len(pairs)
    assert all(len(group) > 1 for group in groups)


def test_the_keeper_has_most_pixels_then_is_sharpest_then_first():
    rows = np.array([1, 2, 3])
    pixels = np.array([9, 5, 7, 7])
    assert propose_keeper(rows, pixels) == 2
    assert propose_keeper(rows, pixels, np.array([0, 0, 1.0, 2.0])) == 3
