"""Whether a file is a safetensors file, without reading its numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from clipsorter.encoders.weights_file import read_header
from clipsorter.errors import ModelFilesError


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    file = tmp_path / "model.safetensors"
    save_file({"one": np.zeros((2, 3), np.float32), "two": np.ones(4, np.float16)}, file, {"format": "pt"})
    return file


def test_the_header_names_every_tensor(weights: Path) -> None:
    header = read_header(weights)
    assert {name: facts["shape"] for name, facts in header.items()} == {"one": [2, 3], "two": [4]}


@pytest.mark.parametrize("change", [-1, 1])
def test_a_file_of_another_length_is_damaged(weights: Path, change: int) -> None:
    content = weights.read_bytes()
    weights.write_bytes(content[:change] if change < 0 else content + b"x")
    with pytest.raises(ModelFilesError, match="not as long as it says"):
        read_header(weights)


def header_only(content: object) -> bytes:
    text = json.dumps(content).encode()
    return len(text).to_bytes(8, "little") + text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        b"just a text that somebody renamed",
        b"<!DOCTYPE html><html>Please sign in</html>" * 100,
        b"\x80\x02}q\x00." + bytes(64),
        (2**63).to_bytes(8, "little") + bytes(64),
        header_only([]),
        header_only({}),
        header_only({"one": 3}),
        header_only({"one": {"data_offsets": []}}),
        b"\x04" + bytes(7) + b"\xff\xfe{}",
    ],
)
def test_anything_else_is_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(content)
    with pytest.raises(ModelFilesError, match="is no safetensors file"):
        read_header(file)


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="cannot be read"):
        read_header(tmp_path / "gone.safetensors")
