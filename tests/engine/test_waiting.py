"""While the encoder works on a batch, an index run does not hold the engine's thread: a search comes in between."""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from clipsorter.encoders.colour import ColourEncoder
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded, Indexed
from clipsorter.values import Embeddings, Pixels

LOOKS = 5


class SlowAnswer:
    """An answer that comes after ``LOOKS`` looks for it; whoever waits instead of looking fails."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self.looks = 0
        self.is_forgotten = False

    def is_there(self, timeout: float = 0.0) -> bool:
        self.looks += 1
        return self.looks > LOOKS

    def forget(self) -> None:
        self.is_forgotten = True

    def __call__(self) -> Embeddings:
        assert self.looks > LOOKS
        return self._embeddings


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[SlowAnswer]:
    """The answers that the colour encoder gives from now on."""
    answers: list[SlowAnswer] = []

    def submit(encoder: ColourEncoder, pixels: Pixels) -> SlowAnswer:
        answers.append(SlowAnswer(encoder.encode_images(pixels)))
        return answers[-1]

    monkeypatch.setattr(ColourEncoder, "submit_images", submit)
    return answers


def test_a_batch_at_work_leaves_steps_for_others(engine: Engine, album: Path, given: list[SlowAnswer]) -> None:
    events = list(engine.index(album))
    assert [answer.looks for answer in given] == [LOOKS + 1] * 2  # nine photos are two batches
    assert len([event for event in events if isinstance(event, Embedded) and event.done == 0]) >= LOOKS
    assert isinstance(events[-1], Indexed)
    assert events[-1].embedded == 9
    assert not any(answer.is_forgotten for answer in given)


def test_a_run_stopped_over_a_batch_forgets_it_and_the_next_run_has_everything(
    engine: Engine, album: Path, given: list[SlowAnswer]
) -> None:
    with closing(cast(Generator[object], engine.index(album))) as steps:
        next(event for event in steps if given and given[0].looks > 1)
    assert [answer.is_forgotten for answer in given] == [True, True]
    events = list(engine.index(album))
    assert isinstance(events[-1], Indexed)
    assert events[-1].embedded == 9
