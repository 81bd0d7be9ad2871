"""Rows in blocks, on threads or without."""

import numpy as np
import pytest

from clipsorter.ranking.blocks import BLOCK, FEW, in_blocks
from clipsorter.ranking.similarity import rank
from tests.ranking.worlds import make_weights, random_rows

LARGE = BLOCK * (FEW + 2) + 5  # on threads


@pytest.mark.parametrize("photos", [0, 1, BLOCK, BLOCK + 1, LARGE])
def test_every_row_comes_once(photos: int) -> None:
    seen = np.zeros(photos, np.int64)

    def count(rows: slice) -> None:
        seen[rows] += 1

    in_blocks(count, photos)
    assert (seen == 1).all()


@pytest.mark.parametrize("photos", [10, LARGE])
def test_an_error_in_a_block_comes_out(photos: int) -> None:
    def refuse(rows: slice) -> None:
        raise ValueError(rows)

    with pytest.raises(ValueError, match="slice"):
        in_blocks(refuse, photos)


def test_a_ranking_on_threads_is_that_of_its_parts() -> None:
    photos = np.resize(random_rows(1, 999), (LARGE, 16))
    weights = make_weights(random_rows(2, 5), background=random_rows(3, 2), exclusions=[random_rows(4, 1)] * 5)
    whole = rank(photos, weights, logit_scale=30)
    for rows in (slice(0, 3000), slice(LARGE - 3000, LARGE)):
        part = rank(photos[rows], weights, logit_scale=30)
        np.testing.assert_allclose(whole.cosine[rows], part.cosine, atol=1e-6)
        np.testing.assert_array_equal(whole.best[rows], part.best)
        np.testing.assert_allclose(whole.log_total[rows], part.log_total, atol=1e-5)
