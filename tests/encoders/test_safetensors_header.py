"""Only a whole .safetensors file passes, and what is wrong with another one is said."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from clipsorter.encoders.safetensors_header import Tensor, read_header
from clipsorter.errors import ModelFilesError
from tests.encoders.tiny_weights import tiny_weights


def test_the_librarys_own_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    save_file({"a": np.zeros((2, 3), np.float16), "b": np.zeros((), np.int64)}, file, metadata={"format": "pt"})
    assert read_header(file) == {"a": Tensor("F16", (2, 3)), "b": Tensor("I64", ())}


def _file(header: Any, body: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


BYTE = {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        b"This is a text file with a new name.\n" * 40,
        b"<!doctype html><html><body>Please sign in</body></html>",
        b"\x80\x04\x95pickle.................",
        _file({"a": BYTE}, b""),  # cut
        _file({"a": BYTE}, b"12"),  # too long
        _file({"a": BYTE | {"dtype": "OBJECT"}}, b"1"),
        _file({"a": BYTE | {"shape": [2]}}, b"1"),
        _file({"a": BYTE | {"shape": [-1]}}, b"1"),
        _file({"a": BYTE | {"data_offsets": [1, 2]}}, b"12"),  # a hole
        _file({"a": BYTE, "b": BYTE}, b"1"),  # overlap
        _file({"a": BYTE | {"data_offsets": [0]}}, b"1"),
        _file({"a": BYTE | {"shape": [True]}}, b"1"),
        _file({"a": 5}, b"1"),
        _file({"__metadata__": {}}, b""),
        _file(b'{"a": {}, "a": {}}', b""),
        _file(b"[" * 100_000, b""),
        _file(b"\xff\xfe{}", b""),
        (2**63).to_bytes(8, "little") + b"{}",
    ],
)
def test_anything_else_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "wrong.safetensors"
    file.write_bytes(content)
    with pytest.raises(ModelFilesError, match=r'"wrong\.safetensors" is no safetensors file, or a damaged one'):
        read_header(file)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="cannot be read"):
        read_header(tmp_path / "gone.safetensors")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 200), byte=st.integers(0, 255), cut=st.integers(0, 5))
def test_damage_is_refused_or_harmless_and_never_an_exception_of_another_kind(
    position: int, byte: int, cut: int, tmp_path: Path
) -> None:
    content = bytearray(tiny_weights(b"12345678"))
    content[position % len(content)] = byte
    file = tmp_path / "a.safetensors"
    file.write_bytes(bytes(content[: len(content) - cut]))
    try:
        tensors = read_header(file)
    except ModelFilesError:
        return
    assert len(tensors) == 1
