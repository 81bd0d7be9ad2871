"""What an everyday word describes much better than a category stays out of its bin."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.board import build_board
from clipsorter.ranking.cutoffs import FURTHER
from clipsorter.ranking.elsewhere import AT_ONCE, choose_words, handicap, measure_backdrop
from clipsorter.ranking.prompts import unit_rows
from clipsorter.ranking.similarity import rank
from clipsorter.values import Calibration, Decision
from tests.ranking.worlds import finish, make_digests, make_weights, random_rows

SCALE = 20.0
CALIBRATION = Calibration((), common=1.5, per_doubling=0.25, room=4.0, words=3.5)
# Forty everyday words in directions of their own: 0 is "dog", 1 is "forest", 2 is close to "dog".
WORDS = np.eye(40, 64, dtype=np.float32)
WORDS[2] = unit_rows(WORDS[:1] + 0.9 * WORDS[2:3])[0]
DOG, FOREST, PUPPY = WORDS[:3]
SEEDS = st.integers(0, 2**32 - 1)


def left_over(photos: np.ndarray, category: np.ndarray, cutoff: float = 0.2, *decisions: Decision) -> list[int]:
    weights = make_weights(category[None], reference=random_rows(1, 32, 64))
    backdrop = finish(measure_backdrop(photos, weights, WORDS, logit_scale=SCALE, calibration=CALIBRATION))
    ranking = rank(photos, weights, logit_scale=SCALE, calibration=CALIBRATION, backdrop=backdrop)
    digests = make_digests(range(len(photos)))
    said = {decision.digest: (decision,) for decision in decisions}
    board = build_board(np.arange(len(photos)), digests, ranking, np.array([cutoff], np.float32), said)
    return sorted(board.unsorted.photo_ids.tolist())


def photo(**shares: float) -> np.ndarray:
    """A photo with these shares of words, the rest noise."""
    named = {"dog": DOG, "forest": FOREST, "puppy": PUPPY}
    row = sum(share * named[word] for word, share in shares.items()) + 0.5 * random_rows(7, 1, 64)[0]
    return unit_rows(np.asarray(row)[None])[0]


PHOTOS = np.stack([photo(dog=1.0), photo(dog=0.4, forest=1.2), photo(dog=0.5, puppy=1.2), photo(forest=1.0)])


def test_a_forest_is_no_dog_however_near_it_is() -> None:
    assert left_over(PHOTOS, DOG) == [1, 3]


def test_a_word_close_to_the_category_takes_nothing_away() -> None:
    chosen = choose_words(DOG[None], WORDS)
    assert not chosen.asked[[0, 2]].any()
    assert chosen.asked[1]
    assert chosen.named.tolist() == [True]


def test_a_category_that_is_no_everyday_word_is_harder_to_beat() -> None:
    general = unit_rows((0.5 * DOG + 0.5 * WORDS[5] + random_rows(5, 1, 64)[0])[None])[0]
    assert choose_words(general[None], WORDS).named.tolist() == [False]
    weights = make_weights(general[None], reference=random_rows(1, 32, 64))
    backdrop = finish(measure_backdrop(PHOTOS, weights, WORDS, logit_scale=SCALE, calibration=CALIBRATION))
    ranking = rank(PHOTOS, weights, logit_scale=SCALE, calibration=CALIBRATION, backdrop=backdrop)
    least = ranking.background - CALIBRATION.room / SCALE - FURTHER * ranking.chance.spread
    expected = np.flatnonzero(ranking.cosine[:, 0] < least)
    assert left_over(PHOTOS, general, -1.0) == expected.tolist()


def test_a_person_knows_better_than_a_word() -> None:
    digests, name = make_digests(range(4)), "c0"
    assert 1 not in left_over(PHOTOS, DOG, 0.2, Decision(digests[1], name))
    assert left_over(PHOTOS, DOG, -np.inf) == []


def test_one_confirmed_dog_does_not_let_the_forests_in() -> None:
    assert left_over(PHOTOS, DOG, -1.0) == [1, 3]
    assert left_over(PHOTOS, DOG, -1.0, Decision(make_digests(range(4))[0], "c0")) == [1, 3]


@given(SEEDS, st.integers(1, 60), st.integers(1, 6))
def test_the_background_is_the_nearest_phrase_or_word_less_the_handicap(seed: int, count: int, kinds: int) -> None:
    photos = random_rows(seed, count, 64)
    weights = make_weights(
        random_rows(seed + 1, kinds, 64), background=random_rows(3, 5, 64), reference=random_rows(1, 32, 64)
    )
    backdrop = finish(measure_backdrop(photos, weights, WORDS, logit_scale=SCALE, calibration=CALIBRATION))
    ranking = rank(photos, weights, logit_scale=SCALE, calibration=CALIBRATION, backdrop=backdrop)
    asked = choose_words(weights.weights, WORDS).asked
    words = (photos @ WORDS[asked].T).max(axis=1, initial=-np.inf)
    phrases = (photos @ weights.background.T).max(axis=1)
    expected = np.maximum(phrases, words - handicap(ranking.chance.spread, CALIBRATION, SCALE))
    np.testing.assert_allclose(ranking.background, expected, atol=1e-6)
    plain = rank(photos, weights, logit_scale=SCALE, calibration=CALIBRATION)
    np.testing.assert_array_equal(ranking.cosine, plain.cosine)
    np.testing.assert_array_equal(ranking.log_total, plain.log_total)


def test_very_many_photos_are_measured_in_steps() -> None:
    photos = np.tile(PHOTOS, (AT_ONCE // 2 + 1, 1))
    weights = make_weights(DOG[None], reference=random_rows(1, 32, 64))
    steps = measure_backdrop(photos, weights, WORDS, logit_scale=SCALE, calibration=CALIBRATION)
    assert sum(1 for _ in steps) == 3
    few = finish(measure_backdrop(PHOTOS, weights, WORDS, logit_scale=SCALE, calibration=CALIBRATION))
    many = finish(measure_backdrop(photos, weights, WORDS, logit_scale=SCALE, calibration=CALIBRATION))
    np.testing.assert_allclose(many.background, np.tile(few.background, AT_ONCE // 2 + 1), atol=1e-6)
