"""A model is verified as a person asks for it: through both child processes."""

from pathlib import Path

import pytest

from clipsorter.encoders.onnx_graphs import read_graphs
from clipsorter.encoders.sources import find_model
from clipsorter.encoders.verification import find_vectors
from clipsorter.engine.events import EncoderReady
from clipsorter.engine.verifying import Verified, verify_model
from clipsorter.errors import ModelError


@pytest.mark.slow
def test_the_starter_is_verified(tmp_path: Path) -> None:
    kept, graphs = tmp_path / "verification", tmp_path / "graphs"
    source = find_model("starter", tmp_path)
    *before, last = verify_model(source, "cpu", kept, graphs)
    assert any(isinstance(event, EncoderReady) for event in before)
    assert isinstance(last, Verified)
    assert last.library.holds
    assert last.kept is not None
    assert last.holds
    assert not kept.exists()  # its vectors are shipped
    assert read_graphs(graphs / source.encoder_id, source)  # so what was verified is what runs


def test_the_double_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing to compare"):
        list(verify_model(find_model("colour", tmp_path), "cpu", tmp_path))
    assert find_vectors("colour-1", tmp_path) is None
