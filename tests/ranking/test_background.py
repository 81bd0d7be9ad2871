"""A photo that is plainly nothing in particular stays out of a bin, whatever its cosine."""

import numpy as np
import pytest

from clipsorter.ranking.board import build_board
from clipsorter.ranking.homes import find_homes
from clipsorter.ranking.similarity import rank
from clipsorter.values import Calibration, Decision
from tests.ranking.worlds import make_digests, make_weights

LIKE_CATEGORY, LIKE_BACKGROUND, LIKE_BOTH = 0, 1, 2
PHOTOS = np.array([[0.9, 0.2, 0.39], [0.5, 0.8, 0.33], [0.7, 0.7, 0.14]], np.float32)
PHOTOS /= np.linalg.norm(PHOTOS, axis=1, keepdims=True)
DIGESTS = make_digests(range(3))


def unsorted_at(cutoff: float, *decisions: Decision) -> list[int]:
    ranking = rank(PHOTOS, make_weights(np.eye(3)[:1], background=np.eye(3)[1:2]), logit_scale=50)
    said = {decision.digest: (decision,) for decision in decisions}
    board = build_board(np.arange(3), DIGESTS, ranking, np.array([cutoff], np.float32), said)
    return sorted(board.unsorted.photo_ids.tolist())


def test_what_the_background_describes_much_better_stays_unsorted() -> None:
    assert unsorted_at(0.3) == [LIKE_BACKGROUND]


def test_without_a_cutoff_nothing_stays_unsorted() -> None:
    assert unsorted_at(-np.inf) == []


def test_where_a_person_confirmed_photos_only_the_cosine_counts() -> None:
    name = make_weights(np.eye(3)[:1]).names[0]
    assert unsorted_at(0.3, Decision(DIGESTS[LIKE_CATEGORY], name)) == []


@pytest.mark.parametrize("scale", [14.0, 100.0])
def test_tag_mode_agrees_with_the_board(scale: float) -> None:
    ranking = rank(PHOTOS, make_weights(np.eye(3)[:1], background=np.eye(3)[1:2]), logit_scale=scale)
    cutoffs = np.array([0.3], np.float32)
    board = build_board(np.arange(3), DIGESTS, ranking, cutoffs, {})
    np.testing.assert_array_equal(np.flatnonzero(find_homes(ranking, cutoffs)[:, 0]), np.sort(board.bins[0].photo_ids))


def test_how_much_better_the_background_may_be_is_the_calibrations_to_say() -> None:
    weights = make_weights(np.eye(3)[:1], background=np.eye(3)[1:2])
    cutoffs = np.array([0.3], np.float32)
    for room, expected in ((0.0, [LIKE_BACKGROUND]), (100.0, [])):
        ranking = rank(PHOTOS, weights, logit_scale=50, calibration=Calibration((), 1, 0, room))
        board = build_board(np.arange(3), DIGESTS, ranking, cutoffs, {})
        assert board.unsorted.photo_ids.tolist() == expected
