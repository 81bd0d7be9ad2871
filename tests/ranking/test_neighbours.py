"""Near photos among very many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.neighbours import ALL_AT_ONCE, NO_PAIRS, Groups, NearestPairs, find_near_pairs
from tests.ranking.worlds import crowd, random_rows


def all_pairs(embeddings, **limits):
    blocks = [np.zeros((0, 2), np.intp), *find_near_pairs(embeddings, **limits)]
    return {(left, right) for block in blocks for left, right in block.tolist()}


@pytest.mark.parametrize("photos", [0, 1, 2, 5, ALL_AT_ONCE])
def test_among_few_photos_all_near_pairs_are_found(photos):
    embeddings = crowd(2, random_rows(3, max(photos // 4, 1), 64), 4, 0.04)[:photos]
    cosine = np.triu(embeddings @ embeddings.T, 1)
    found = all_pairs(embeddings, near=0.9, most=8, trees=1)
    sure, possible = (set(map(tuple, np.argwhere(cosine >= near).tolist())) for near in (0.9001, 0.8999))
    assert sure <= found <= possible
    assert photos < 5 or len(found) > photos // 4


def test_among_many_photos_nearly_all_near_pairs_are_found_and_no_others():
    embeddings = crowd(2, random_rows(3, 2500, 64), 2, 0.03)
    cosine = np.triu(embeddings @ embeddings.T, 1)
    near = set(map(tuple, np.argwhere(cosine >= 0.9).tolist()))
    found = all_pairs(embeddings, near=0.9, most=4, trees=32)
    assert len(near) > 2000
    assert len(found & near) > 0.99 * len(near)
    assert all(cosine[pair] >= 0.8999 for pair in found - near)


def test_thousands_of_equal_photos_are_one_group_from_few_pairs():
    embeddings = np.repeat(random_rows(1, 1, 32), 5000, axis=0)
    groups = Groups()
    for block in find_near_pairs(embeddings, near=0.9, most=4, trees=8):
        assert len(block) <= 4 * 5120
        for left, right in block.tolist():
            groups.join(left, right)
    assert [len(group) for group in groups.groups()] == [5000]


def test_the_same_photos_give_the_same_pairs_and_nothing_is_near_nothing():
    embeddings = crowd(2, random_rows(3, 400, 32), 2, 0.05)
    embeddings[10:20] = 0
    first, again = (all_pairs(embeddings, near=0.8, most=3, trees=4) for _ in range(2))
    assert first == again
    assert first
    assert not {row for pair in first for row in pair} & set(range(10, 20))


def test_the_nearest_partners_are_kept_however_the_pairs_arrive():
    embeddings = random_rows(4, 30, 4)
    pairs = np.argwhere(np.triu(np.ones((30, 30), np.bool_), 1))
    cosine = embeddings @ embeddings.T - 2 * np.eye(30)
    best = np.argsort(-cosine, axis=1)[:, :2]
    expected = {(min(row, one), max(row, one)) for row in range(30) for one in best[row].tolist()}
    for parts in (1, 7, 100):
        nearest = NearestPairs(embeddings, 2)
        nearest.add(NO_PAIRS)
        assert len(nearest.pairs) == 0
        for block in np.array_split(np.random.default_rng(parts).permutation(pairs), parts):
            nearest.add(block, block[:2])
        assert {tuple(pair) for pair in nearest.pairs.tolist()} == expected


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] != pair[1]), max_size=20))
def test_groups_are_what_is_connected(pairs):
    joined = Groups()
    for left, right in pairs:
        joined.join(left, right)
    groups = joined.groups()
    home = {row: number for number, group in enumerate(groups) for row in group.tolist()}
    assert sorted(home) == sorted({row for pair in pairs for row in pair})
    assert all(home[left] == home[right] and joined.are_joined(left, right) for left, right in pairs)
    assert sum(map(len, groups)) == len(home)
    assert len(groups) >= len(home) - len(pairs)
    assert all(len(group) > 1 for group in groups)
    assert not joined.are_joined(13, 14)
