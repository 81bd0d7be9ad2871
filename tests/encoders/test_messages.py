"""An error of the encoder's child is the same error in its parent."""

import pytest

from clipsorter import errors
from clipsorter.encoders.messages import describe, revive
from clipsorter.errors import ModelError


@pytest.mark.parametrize(
    "kind",
    [
        errors.ModelError,
        errors.UnknownModelError,
        errors.ModelFilesError,
        errors.NeedsTorchError,
        errors.EncoderDiedError,
    ],
)
def test_an_error_keeps_its_kind_and_its_sentence(kind: type[ModelError]) -> None:
    revived = revive(describe(3, kind("The sentence."), "trace"))
    assert (type(revived), str(revived)) == (kind, "The sentence.")


def test_what_is_no_model_error_is_one_with_the_same_sentence() -> None:
    revived = revive(describe(None, errors.StoreError("The disk is full."), "trace"))
    assert (type(revived), str(revived)) == (ModelError, "The disk is full.")


def test_a_bug_brings_its_traceback() -> None:
    revived = revive(describe(None, ZeroDivisionError(), "line 7"))
    assert type(revived) is RuntimeError
    assert "line 7" in str(revived)
