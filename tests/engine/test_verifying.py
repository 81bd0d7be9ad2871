"""A model is verified as a person asks for it: through both child processes."""

from pathlib import Path

import pytest

from clipsorter.encoders.sources import find_model
from clipsorter.encoders.verification import find_vectors
from clipsorter.engine.events import EncoderReady
from clipsorter.engine.verifying import Verified, verify_model
from clipsorter.errors import ModelError


@pytest.mark.slow
def test_the_starter_is_verified(tmp_path: Path) -> None:
    *before, last = verify_model(find_model("starter", tmp_path), "cpu", tmp_path)
    assert any(isinstance(event, EncoderReady) for event in before)
    assert isinstance(last, Verified)
    assert last.library.holds
    assert last.kept is not None
    assert last.holds
    assert not list(tmp_path.iterdir())  # its vectors are shipped


def test_the_double_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing to compare"):
        list(verify_model(find_model("colour", tmp_path), "cpu", tmp_path))
    assert find_vectors("colour-1", tmp_path) is None
