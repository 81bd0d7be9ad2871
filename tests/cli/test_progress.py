"""What progress looks like where nothing can be rewritten, as in a log."""

import io
from itertools import count

import pytest

from clipsorter.cli import progress
from clipsorter.cli.progress import ProgressLine
from clipsorter.engine.events import Embedded, EncoderStarting


def test_a_log_is_told_each_thing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = count(0.0, 3600.0)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(hours))
    log = io.StringIO()
    events = [
        *[EncoderStarting("ViT")] * 5,
        Embedded(1, 9, 0.0, None),
        EncoderStarting("ViT"),
        EncoderStarting("B"),
    ]
    assert list(ProgressLine(log).watch(events)) == events
    assert log.getvalue().splitlines() == ["Loading ViT…", "1 of 9 photos", "Loading ViT…", "Loading B…"]
