"""Sentences that can be told apart again."""

import pytest

from clipsorter.photos.reasons import Reason, recognise


@pytest.mark.parametrize("reason", Reason)
def test_every_sentence_is_recognised_with_what_it_is_about(reason: Reason) -> None:
    about = tuple(str(number) for number in range(reason.value.count("{}")))
    assert recognise(reason.sentence(*about)) == (reason, about)


def test_other_sentences_are_not() -> None:
    assert recognise("The dog ate it.") is None
    assert recognise(f"{Reason.EMPTY.sentence()} Or so.") is None
