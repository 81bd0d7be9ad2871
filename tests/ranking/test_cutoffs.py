"""Cut-offs from the person's own photos."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.cutoffs import ANY_ENCODER, choose_cutoffs, clear, weigh_unsorted
from clipsorter.ranking.examples import NO_EXAMPLES, Examples
from clipsorter.ranking.similarity import rank
from clipsorter.values import Calibration
from tests.ranking.worlds import crowd, make_weights, random_rows

DIMENSION = 64
SEEDS = st.integers(0, 2**32 - 1)
KINDS = random_rows(100, 40, DIMENSION)


def library(seed, kinds, each=20):
    """Photos of some kinds, ranked against the first three kinds as categories; the last 24 kinds are reference."""
    embeddings = crowd(seed, KINDS[list(kinds)], each, noise=0.12)
    return rank(embeddings, make_weights(KINDS[:3], reference=KINDS[16:]), logit_scale=100)


def examples(*told):
    rows, bins, accepted = zip(*told, strict=True)
    return Examples(np.array(rows), np.array(bins), np.array(accepted))


def test_strictness_zero_lets_everything_in():
    assert (choose_cutoffs(library(1, range(8)), 0) == -np.inf).all()


@pytest.mark.parametrize("kinds", [range(3), range(1), range(10), range(3, 10)])
def test_cutoffs_part_the_right_from_the_rest_whatever_the_library_is_made_of(kinds):
    ranking = library(2, kinds)
    belongs = ranking.cosine > 0.6
    clears = ranking.cosine >= choose_cutoffs(ranking, 0.5)
    assert (clears & belongs).sum() >= 0.98 * belongs.sum()
    assert (clears & ~belongs).sum() <= 0.1 * (~belongs).sum()


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6))
def test_stricter_means_higher(levels):
    ranking = library(3, range(6), each=5)
    cutoffs = np.array([choose_cutoffs(ranking, level) for level in sorted(levels)])
    assert (np.diff(cutoffs, axis=0) >= 0).all()


def test_one_bin_may_be_stricter_than_the_rest():
    ranking = library(4, range(6))
    common = choose_cutoffs(ranking, 0.5)
    own = choose_cutoffs(ranking, 0.5, overrides=[None, 0.9, 0.0])
    assert own[0] == common[0]
    assert own[1] > common[1]
    assert own[2] == -np.inf


@pytest.mark.parametrize("strictness", [-0.1, 1.1, np.nan])
def test_a_strictness_out_of_range_is_refused(strictness):
    with pytest.raises(ValueError, match="between 0 and 1"):
        choose_cutoffs(library(5, range(2)), strictness)


def test_confirming_a_photo_below_the_cutoff_lowers_it_and_rejecting_one_above_raises_it():
    ranking = library(6, range(8))
    start = choose_cutoffs(ranking, 0.5)
    below = int(np.abs(ranking.cosine[:, 0] - (start[0] - 0.05)).argmin())
    above = int(ranking.cosine[:, 0].argmax())
    assert choose_cutoffs(ranking, 0.5, examples=examples((below, 0, True)))[0] < start[0]
    assert choose_cutoffs(ranking, 0.5, examples=examples((above, 0, False)))[0] > start[0]
    assert choose_cutoffs(ranking, 0.5, examples=examples((above, 0, False)))[1] == start[1]
    assert choose_cutoffs(ranking, 0.5, examples=examples((above, -1, True)))[0] > start[0]


def test_contradictions_and_thousands_of_examples_leave_a_finite_cutoff_between_the_photos():
    ranking = library(7, range(8))
    rng = np.random.default_rng(1)
    rows, said = rng.integers(0, len(ranking), 5000), rng.random(5000) < 0.5
    cutoff = choose_cutoffs(ranking, 0.5, examples=Examples(rows, np.zeros(5000, np.intp), said))[0]
    assert -1 < cutoff < 1


def test_a_photo_at_the_cutoff_belongs():
    ranking = rank(random_rows(1, 5), make_weights(random_rows(2, 3)), logit_scale=100.0)
    cutoff = float(ranking.cosine[2, 0])
    belongs = clear(replace(ranking, background=np.full(5, -np.inf, np.float32)), 0, cutoff, NO_EXAMPLES)
    assert belongs.tolist() == (ranking.cosine[:, 0] >= cutoff).tolist()
    assert belongs[2]


def test_no_photo_has_cutoffs_too():
    assert choose_cutoffs(library(8, range(3), each=0), 0.5).shape == (3,)


def test_a_calibrated_encoder_has_cutoffs_of_its_own_and_others_keep_the_common_ones():
    common = library(1, range(8))
    fitted = replace(common, calibration=Calibration((), common=2.5, per_doubling=1, room=1))
    spreads = (choose_cutoffs(fitted, 0.5) - common.chance.level) / common.chance.spread
    np.testing.assert_allclose(spreads, 2.5 + np.log2(3), rtol=1e-4)
    same = replace(common, calibration=ANY_ENCODER)
    np.testing.assert_array_equal(choose_cutoffs(same, 0.5), choose_cutoffs(common, 0.5))


@given(SEEDS, st.integers(1, 4), st.sampled_from([-1.0, 0.0, 0.2]))
def test_with_unsorted_as_a_candidate_probabilities_share_what_it_leaves(seed, categories, cutoff):
    photos, rows = random_rows(seed, 20), random_rows(seed + 1, categories)
    ranking = rank(photos, make_weights(rows, background=random_rows(seed + 2, 2)), logit_scale=20)
    weighed = weigh_unsorted(ranking, np.full(categories, cutoff, np.float32))
    powers = np.exp(20 * np.concatenate([photos @ rows.T, photos @ random_rows(seed + 2, 2).T], axis=1).astype(float))
    expected = powers[:, :categories] / (powers.sum(axis=1, keepdims=True) + np.exp(20 * cutoff))
    np.testing.assert_allclose(weighed.probability, expected, atol=1e-4)
    below = ranking.similarity < cutoff
    assert (weighed.probability[below] < 0.5).all()


def test_without_a_cutoff_and_for_sigmoid_models_unsorted_weighs_nothing():
    photos, weights = random_rows(1, 9), make_weights(random_rows(2, 3))
    ranking = rank(photos, weights, logit_scale=20)
    for cutoff in (-np.inf, np.inf):  # none, or words that the model does not know
        weighed = weigh_unsorted(ranking, np.full(3, cutoff, np.float32))
        np.testing.assert_array_equal(weighed.log_total, ranking.log_total)
    sigmoid = rank(photos, weights, logit_scale=20, logit_bias=-5.0)
    assert weigh_unsorted(sigmoid, np.zeros(3, np.float32)) is sigmoid
    empty = rank(photos, make_weights(random_rows(2, 0)), logit_scale=20)
    assert weigh_unsorted(empty, np.zeros(0, np.float32)) is empty
