"""Work for a share of the time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ui.duty_cycle import LONGEST_REST, SLICE_SECONDS, DutyCycle

STEPS = st.lists(st.floats(0.001, 5.0), min_size=20, max_size=60)


@given(STEPS)
def test_all_of_the_time_means_no_rest(steps: list[float]) -> None:
    duty = DutyCycle()
    assert not any(duty.rest_after(step) for step in steps)


@given(STEPS, st.sampled_from([0.25, 0.5, 0.75]))
def test_in_the_long_run_the_share_is_kept(steps: list[float], share: float) -> None:
    duty = DutyCycle(share)
    rested = sum(duty.rest_after(step) for step in (*steps, SLICE_SECONDS))  # the last one ends a slice
    worked = sum(steps) + SLICE_SECONDS
    assert worked / (worked + rested) == pytest.approx(share)


def test_one_endless_step_is_no_endless_rest() -> None:
    assert DutyCycle(0.1).rest_after(1000.0) == LONGEST_REST


@pytest.mark.parametrize("share", [0.0, -1.0, 1.5, float("nan")])
def test_a_share_that_makes_no_sense_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        DutyCycle(share)
