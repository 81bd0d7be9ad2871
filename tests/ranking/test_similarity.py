"""Photos times category weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.blocks import BLOCK
from clipsorter.ranking.similarity import measure_chance, rank
from tests.ranking.worlds import make_weights, random_rows

SEEDS = st.integers(0, 2**32 - 1)


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@given(SEEDS, st.integers(0, 40), st.integers(1, 6), st.integers(0, 4), st.sampled_from([1.0, 20.0, 100.0]))
def test_probability_is_a_softmax_over_categories_and_background(seed, photos, categories, background, scale):
    rows = random_rows(seed, photos + categories + background)
    embeddings, weights, away = np.split(rows, [photos, photos + categories])
    ranking = rank(embeddings, make_weights(weights, background=away if background else None), logit_scale=scale)
    expected = softmax(scale * embeddings.astype(float) @ np.concatenate([weights, away]).T.astype(float))
    np.testing.assert_allclose(ranking.cosine, embeddings @ weights.T, atol=1e-6)
    np.testing.assert_allclose(ranking.probability, expected[:, :categories], atol=1e-4)
    ordered = np.sort(expected, axis=1)[:, ::-1]
    best = expected[:, :categories].max(axis=1)
    runner_up = np.where(best == ordered[:, 0], ordered[:, 1] if ordered.shape[1] > 1 else 0, ordered[:, 0])
    np.testing.assert_allclose(ranking.margin, np.maximum(best - runner_up, 0), atol=1e-4)
    np.testing.assert_array_equal(ranking.best, ranking.cosine.argmax(axis=1))


@given(SEEDS, st.permutations(range(5)))
def test_order_of_categories_changes_nothing_but_the_columns(seed, order):
    embeddings, weights, away = random_rows(seed, 30), random_rows(seed + 1, 5), random_rows(seed + 2, 3)
    order = np.array(order)
    first = rank(embeddings, make_weights(weights, background=away), logit_scale=50)
    second = rank(embeddings, make_weights(weights[order], background=away), logit_scale=50)
    np.testing.assert_allclose(second.cosine, first.cosine[:, order], atol=1e-6)
    np.testing.assert_allclose(second.probability, first.probability[:, order], atol=1e-5)
    np.testing.assert_array_equal(order[second.best], first.best)
    np.testing.assert_allclose(second.margin, first.margin, atol=1e-5)


@given(SEEDS)
def test_order_of_photos_changes_nothing_but_the_rows(seed):
    embeddings, weights = random_rows(seed, 50), make_weights(random_rows(seed + 1, 4))
    order = np.random.default_rng(seed).permutation(50)
    first, second = (rank(rows, weights, logit_scale=80) for rows in (embeddings, embeddings[order]))
    np.testing.assert_allclose(second.cosine, first.cosine[order], atol=1e-6)
    np.testing.assert_allclose(second.margin, first.margin[order], atol=1e-5)


@given(SEEDS, st.floats(0.5, 2.0))
def test_the_logit_scale_sharpens_but_never_reorders(seed, factor):
    embeddings, weights = random_rows(seed, 30), make_weights(random_rows(seed + 1, 4))
    first, second = (rank(embeddings, weights, logit_scale=scale) for scale in (30.0, 30.0 * factor))
    np.testing.assert_array_equal(first.best, second.best)
    np.testing.assert_array_equal(first.similarity, second.similarity)


def test_one_category_has_a_margin_against_the_background():
    embeddings = np.eye(3, dtype=np.float32)
    ranking = rank(embeddings, make_weights(np.eye(3)[:1], background=np.eye(3)[1:2]), logit_scale=100)
    np.testing.assert_allclose(ranking.margin, [1, 0, 0], atol=1e-6)
    np.testing.assert_allclose(ranking.probability[:, 0], [1, 0, 0.5], atol=1e-6)


def test_one_category_without_background_is_certain():
    ranking = rank(np.eye(2, dtype=np.float32), make_weights(np.eye(2)[:1]), logit_scale=100)
    np.testing.assert_allclose(ranking.probability[:, 0], 1)
    np.testing.assert_allclose(ranking.margin, 1)


def test_two_identical_categories_share_and_the_first_one_is_best():
    rows = np.repeat(random_rows(1, 1), 2, axis=0)
    ranking = rank(random_rows(2, 9), make_weights(rows), logit_scale=100)
    np.testing.assert_allclose(ranking.probability, 0.5, atol=1e-5)
    np.testing.assert_allclose(ranking.margin, 0, atol=1e-5)
    assert not ranking.best.any()


def test_no_photo_and_no_category_are_answered():
    none = rank(random_rows(0, 0), make_weights(random_rows(0, 3)), logit_scale=100)
    assert none.cosine.shape == none.probability.shape == (0, 3)
    empty = rank(random_rows(0, 4), make_weights(random_rows(0, 0)), logit_scale=100)
    assert empty.probability.shape == (4, 0)
    assert (empty.best == -1).all()


def test_a_sigmoid_model_rates_every_category_by_itself():
    embeddings, rows = random_rows(3, 20), random_rows(4, 3)
    ranking = rank(embeddings, make_weights(rows), logit_scale=100, logit_bias=-12.0)
    expected = 1 / (1 + np.exp(-(100 * (embeddings @ rows.T).astype(float) - 12)))
    np.testing.assert_allclose(ranking.probability, expected, atol=1e-4)
    assert (ranking.margin >= 0).all()


def test_single_probabilities_equal_the_table():
    ranking = rank(random_rows(5, 20), make_weights(random_rows(6, 3)), logit_scale=40)
    rows = np.arange(20)
    np.testing.assert_array_equal(ranking.probability_at(rows, ranking.best), ranking.probability[rows, ranking.best])
    np.testing.assert_array_equal(ranking.probability_at(rows, 1), ranking.probability[:, 1])


def test_a_photo_nearer_to_an_exclusion_is_out_of_that_category_only():
    embeddings = np.eye(3, dtype=np.float32)
    none = np.zeros((0, 3), np.float32)
    weights = make_weights(np.array([[1, 1, 0.0], [0, 0.2, 1]]), exclusions=[np.eye(3)[1:2], none])
    ranking = rank(embeddings, weights, logit_scale=100)
    np.testing.assert_array_equal(ranking.excluded[:, 0], [False, True, False])
    assert not ranking.excluded[:, 1].any()
    assert list(ranking.best) == [0, 1, 1]
    assert ranking.probability[1, 0] == 0
    np.testing.assert_allclose(ranking.probability.sum(axis=1), 1, atol=1e-5)


def test_a_photo_excluded_from_everything_has_no_best():
    weights = make_weights(np.array([[1.0, 1]]), exclusions=[np.eye(2)[:1]])
    ranking = rank(np.eye(2, dtype=np.float32), weights, logit_scale=100)
    assert list(ranking.best) == [-1, 0]
    assert ranking.similarity[0] == ranking.margin[0] == 0


@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, BLOCK + 1])
def test_a_zero_or_not_finite_embedding_is_refused_wherever_it_stands(bad, row):
    embeddings = np.tile(random_rows(1, 1, 4), (BLOCK + 2, 1))
    embeddings[row] = bad
    with pytest.raises(ValueError, match="embedding of a photo"), np.errstate(invalid="ignore"):
        rank(embeddings, make_weights(np.ones((1, 4))), logit_scale=100)


def test_a_photo_at_right_angles_to_everything_is_not_mistaken_for_zero():
    ranking = rank(np.eye(3, dtype=np.float32)[2:], make_weights(np.eye(3)[:2]), logit_scale=100)
    assert ranking.similarity[0] == 0


@given(SEEDS)
def test_the_level_of_chance_ignores_a_phrase_that_describes_everything(seed):
    embeddings = random_rows(seed, 200, 64)
    reference = random_rows(seed + 1, 24, 64)
    calm = measure_chance(embeddings, reference)
    photo = embeddings[:1]
    crowded = measure_chance(np.repeat(photo, 50, axis=0), np.concatenate([reference, photo]))
    assert abs(calm.level) < 0.02
    assert 0.1 < calm.spread < 0.15
    assert crowded.level < 0.2
    assert crowded.spread < 0.4
