"""``clipsorter models verify --numbers``: what a person is told about a model's numbers."""

import pytest

from clipsorter.cli import model_numbers
from clipsorter.encoders.verification import Agreement
from clipsorter.engine.events import EncoderReady
from clipsorter.engine.verifying import Comparing, Verified
from tests.cli.conftest import CommandLine

GOOD, BAD = Agreement(0.99999, 0.99998, 0.9999), Agreement(0.42, 0.99998, 0.9999)


@pytest.mark.parametrize(
    ("library", "kept", "status", "said"),
    [
        (GOOD, None, 0, "same numbers  Starter model on CPU"),
        (GOOD, GOOD, 0, "same numbers  Starter model on CPU"),
        (BAD, None, 1, "OTHER NUMBERS  Starter model on CPU"),
        (GOOD, BAD, 1, "OTHER NUMBERS  Starter model on CPU"),
    ],
)
def test_the_answer_is_said_and_decides_the_status(
    clipsorter: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    *,
    library: Agreement,
    kept: Agreement | None,
    status: int,
    said: str,
) -> None:
    events = [EncoderReady("Starter model", "CPU"), Comparing("Starter model")]
    answer = Verified("Starter model", "CPU", library, kept)
    monkeypatch.setattr(model_numbers, "verify_model", lambda *_arguments: iter([*events, answer]))
    outcome = clipsorter("models", "verify", "starter", "--numbers")
    assert outcome.status == status
    assert said in outcome.out
    assert ("vectors kept" in outcome.out) is (kept is not None)
    (facts,) = clipsorter("models", "verify", "starter", "--numbers", "--json").lines
    assert facts["holds"] is (status == 0)
    assert facts["library"]["images"] == library.images


def test_a_model_without_a_library_is_a_sentence(clipsorter: CommandLine) -> None:
    outcome = clipsorter("models", "verify", "colour", "--numbers")
    assert outcome.status == 2
    assert "nothing to compare it with" in outcome.err
