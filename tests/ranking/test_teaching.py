"""Decisions teach: near photos follow, far ones stay, and nothing collapses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipsorter.ranking.similarity import rank
from clipsorter.ranking.teaching import teach
from tests.ranking.worlds import crowd, make_weights, random_rows

DIMENSION = 64
KINDS = random_rows(11, 44, DIMENSION)
EACH = 40


def confused_world(seed, kinds=6):
    """Photos of some kinds whose category words point half to the next kind: zero-shot makes mistakes."""
    words = KINDS[:kinds] + 0.9 * np.roll(KINDS[:kinds], 1, axis=0)
    library = crowd(seed, KINDS[:kinds], EACH, noise=0.2)
    return library, np.repeat(np.arange(kinds), EACH), make_weights(words, reference=KINDS[20:])


def accuracy(library, truth, weights):
    return (rank(library, weights, logit_scale=100).best == truth).mean()


def correct(library, truth, weights, each):
    """The most confident mistakes of every bin, as a person would see them at the top of a column."""
    ranking = rank(library, weights, logit_scale=100)
    rows = [
        wrong[np.argsort(-ranking.similarity[wrong])][:each]
        for column in range(len(weights))
        for wrong in [np.flatnonzero((ranking.best == column) & (truth != column))]
    ]
    return np.concatenate(rows)


def test_without_examples_nothing_moves():
    library, _, weights = confused_world(1)
    none = np.zeros(0, np.intp)
    assert teach(weights, library[:0], none, none.astype(bool), library=library) is weights


@pytest.mark.parametrize("seed", range(4))
def test_corrections_never_hurt_and_ten_per_bin_help(seed):
    library, truth, weights = confused_world(seed)
    before = accuracy(library, truth, weights)
    after = []
    for each in (1, 2, 5, 10):
        rows = correct(library, truth, weights, each)
        assert len(rows)
        taught = teach(weights, library[rows], truth[rows], np.ones(len(rows), bool), library=library)
        after.append(accuracy(library, truth, taught))
    assert min(after) >= before
    assert after[-1] > before + 0.5 * (1 - before)


def test_the_first_example_pulls_its_look_alikes_along():
    library, truth, weights = confused_world(5)
    row = correct(library, truth, weights, 1)[:1]
    taught = teach(weights, library[row], truth[row], np.array([True]), library=library)
    alike, home = truth == truth[row[0]], truth[row[0]]
    gain = (library @ (taught.weights - weights.weights).T)[:, home]
    assert (gain[alike] > 0).mean() > 0.9
    assert gain[alike].mean() > 0.01
    assert gain[~alike].mean() < 0


def test_a_no_moves_the_bin_away_and_none_of_these_moves_all_bins_away():
    library, _, weights = confused_world(6)
    photo, other = library[:1], library[-1:]
    ranking = rank(photo, weights, logit_scale=100)
    column = int(ranking.best[0])
    refused = teach(weights, photo, np.array([column]), np.array([False]), library=library)
    assert (photo @ refused.weights[column])[0] < ranking.similarity[0]
    nowhere = teach(weights, photo, np.array([-1]), np.array([True]), library=library)
    assert (photo @ nowhere.weights[column])[0] < ranking.similarity[0]
    far = np.abs(other @ (nowhere.weights - weights.weights).T).max()
    assert far < np.abs(photo @ (nowhere.weights - weights.weights).T).max()


def test_one_category_learns_from_none_of_these():
    library, truth, _ = confused_world(7)
    weights = make_weights(KINDS[:1] + 0.9 * KINDS[1:2], reference=KINDS[20:])
    rows = np.flatnonzero(truth < 2)[::8]
    taught = teach(weights, library[rows], np.where(truth[rows] == 0, 0, -1), np.ones(len(rows), bool), library=library)
    before, after = (library @ one.weights[0] for one in (weights, taught))
    assert after[truth == 0].min() - after[truth == 1].max() > before[truth == 0].min() - before[truth == 1].max()


@pytest.mark.parametrize(("count", "slips"), [(200, 0.2), (5000, 0.2), (5000, 0.0)])
def test_many_decisions_with_slips_among_them_do_not_collapse(count, slips):
    library, truth, weights = confused_world(8)
    rng = np.random.default_rng(count)
    rows = rng.integers(0, len(library), count)
    bins = np.where(rng.random(count) < slips, rng.integers(0, 6, count), truth[rows])
    taught = teach(weights, library[rows], bins, np.ones(count, bool), library=library)
    assert accuracy(library, truth, taught) > accuracy(library, truth, weights)


def test_a_photo_in_two_bins_at_once_ends_between_them():
    library, truth, weights = confused_world(9)
    rows = np.repeat(np.flatnonzero(truth == 0)[:10], 2)
    taught = teach(weights, library[rows], np.tile([1, 2], 10), np.ones(20, bool), library=library)
    cosine = library[rows[::2]] @ taught.weights.T
    assert np.isfinite(taught.weights).all()
    assert np.abs(cosine[:, 1] - cosine[:, 2]).mean() < 0.1
    rest = truth > 2
    assert accuracy(library[rest], truth[rest], taught) > 0.8 * accuracy(library[rest], truth[rest], weights)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 5))
def test_whatever_is_said_the_weights_stay_unit_rows(seed, count, categories):
    rng = np.random.default_rng(seed)
    weights = make_weights(random_rows(seed, categories, 16), reference=random_rows(seed + 1, 20))
    photos = random_rows(seed + 2, count)
    bins, accepted = rng.integers(-1, categories, count), rng.random(count) < 0.5
    accepted |= bins < 0
    order = rng.permutation(count)
    taught = teach(weights, photos, bins, accepted, library=photos)
    again = teach(weights, photos[order], bins[order], accepted[order], library=photos)
    np.testing.assert_allclose(np.linalg.norm(taught.weights, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(taught.weights, again.weights, atol=1e-3)


@pytest.mark.parametrize("bad", [0.0, np.nan])
def test_an_unusable_example_is_refused(bad):
    library, _, weights = confused_world(10)
    with pytest.raises(ValueError, match="embedding of an example"):
        teach(weights, np.full((1, DIMENSION), bad, np.float32), np.array([0]), np.array([True]), library=library)
