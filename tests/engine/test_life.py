"""A little of a person's life with the engine; more of it: ``python -m tests.engine.machine 500``."""

import pytest

from tests.engine.machine import play


def test_nothing_is_lost_in_a_few_short_lives() -> None:
    play(examples=3, steps=12)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_is_lost_in_longer_lives() -> None:
    play(examples=15, steps=30)
