"""The questions worth asking."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.board import assign
from clipsorter.ranking.examples import NO_EXAMPLES
from clipsorter.ranking.review import CERTAIN, GROUPS, choose_review, find_middles, measure_doubt, spread_out
from clipsorter.ranking.similarity import Ranking, rank
from tests.ranking.worlds import crowd, make_weights, random_rows

SEEDS = st.integers(0, 2**32 - 1)
KINDS = random_rows(9, 40, 64)


def sort(photos: np.ndarray, cutoff: float, categories: int = 2) -> tuple[Ranking, np.ndarray, np.ndarray]:
    ranking = rank(photos, make_weights(KINDS[:categories], reference=KINDS[20:]), logit_scale=100)
    cutoffs = np.full(categories, cutoff, np.float32)
    return ranking, cutoffs, assign(ranking, cutoffs, NO_EXAMPLES)[0]


@given(SEEDS, st.integers(0, 60), st.integers(1, 5), st.sampled_from([-np.inf, 0.0, 0.3, np.inf]))
def test_doubt_is_the_distance_to_the_nearest_other_place(seed: int, photos: int, kinds: int, cutoff: float) -> None:
    ranking, cutoffs, home = sort(random_rows(seed, photos, 64), cutoff, kinds)
    for row, doubt in enumerate(measure_doubt(ranking, cutoffs, home)):
        cosine, own = ranking.cosine[row], home[row]
        if own < 0:
            ways = np.abs(cosine - cutoffs)
        else:
            others = [cosine[k] for k in range(kinds) if k != own and cosine[k] >= cutoff]
            ways = np.abs([cosine[own] - cutoff, *(cosine[own] - other for other in others)])
        np.testing.assert_allclose(doubt, ways.min(), atol=1e-6)


def test_of_photos_alike_one_is_asked_about_and_the_largest_group_comes_first() -> None:
    between = np.concatenate([KINDS[:1] + KINDS[1:2], KINDS[:1] + 0.7 * KINDS[1:2], KINDS[:1] + 0.4 * KINDS[1:2]])
    heaps = [crowd(1, between[place : place + 1], count, 0.01) for place, count in enumerate((9, 30, 4))]
    photos = np.concatenate(heaps)
    ranking, cutoffs, home = sort(photos, 0.3)
    questions = choose_review(np.arange(43), ranking, cutoffs, home, np.zeros(43, bool))
    group = np.repeat([0, 1, 2], [9, 30, 4])
    assert group[questions[0]] == 1
    assert set(group[questions[:9]]) == {0, 1, 2}
    assert len(set(questions.tolist())) == len(questions)


def test_what_a_person_decided_is_never_asked_again() -> None:
    ranking, cutoffs, home = sort(crowd(2, KINDS[:4], 20, 0.2), 0.4)
    decided = np.arange(80) % 3 == 0
    questions = choose_review(np.arange(80), ranking, cutoffs, home, decided)
    assert len(questions)
    assert not decided[questions].any()


def test_a_clear_board_needs_no_review() -> None:
    ranking, cutoffs, home = sort(crowd(1, KINDS[:2], 10, 0.02), 0.4)
    assert measure_doubt(ranking, cutoffs, home).min() > CERTAIN * ranking.chance.spread
    assert len(choose_review(np.arange(20), ranking, cutoffs, home, np.zeros(20, bool))) == 0


def test_without_categories_there_is_nothing_to_ask() -> None:
    ranking, cutoffs, home = sort(random_rows(3, 5, 64), 0.3, 0)
    assert len(choose_review(np.arange(5), ranking, cutoffs, home, np.zeros(5, bool))) == 0


@given(SEEDS, st.integers(0, 80), st.integers(1, GROUPS))
def test_middles_are_different_points_at_most_one_a_group(seed: int, count: int, groups: int) -> None:
    points = random_rows(seed, count, 3)
    middles = find_middles(points, groups)
    assert len(set(middles.tolist())) == len(middles) <= groups
    assert bool(len(middles)) == bool(count)


def test_points_in_heaps_give_one_middle_a_heap() -> None:
    heaps = crowd(4, random_rows(5, 4, 8), 25, 0.02)[np.random.default_rng(1).permutation(100)]
    middles = find_middles(heaps, 12)
    assert np.linalg.norm(heaps[:, None] - heaps[middles], axis=2).min(axis=1).max() < 0.2


@given(SEEDS, st.integers(0, 200))
def test_any_first_few_are_spread_evenly_and_none_is_left_out(seed: int, count: int) -> None:
    points = np.random.default_rng(seed).normal(size=count).astype(np.float32)
    order = spread_out(points)
    assert sorted(order.tolist()) == list(range(count))
    ranks = np.argsort(np.argsort(points, kind="stable"))[order]
    for few in (7, 15):
        if count >= 8 * few:
            gaps = np.diff(np.concatenate([[0], np.sort(ranks[:few]), [count]]))
            assert gaps.max() <= 2 * count / few


def test_with_one_category_the_questions_reach_from_members_to_strays() -> None:
    strays, members = random_rows(3, 400, 64), crowd(4, KINDS[:1], 40, 0.25)
    photos = np.concatenate([strays, members])
    ranking, cutoffs, home = sort(photos, 0.3, 1)
    asked = choose_review(np.arange(len(photos)), ranking, cutoffs, home, np.zeros(len(photos), np.bool_))[:15]
    cosine = ranking.cosine[asked, 0]
    doubtful = np.sort(ranking.cosine[measure_doubt(ranking, cutoffs, home) < CERTAIN * ranking.chance.spread, 0])
    assert cosine[0] == doubtful[len(doubtful) // 2]
    assert cosine.max() > np.quantile(doubtful, 0.9)
    assert cosine.min() < np.quantile(doubtful, 0.1)
