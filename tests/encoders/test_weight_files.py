"""Weights in several pieces: every piece is whole, holds what the index says, and counts for the encoder's id."""

import json
from pathlib import Path

import pytest

from clipsorter.encoders.sources import find_model
from clipsorter.encoders.weight_files import INDEX_NAME, hash_weights, read_weights_header
from clipsorter.errors import ModelFilesError
from tests.encoders.tiny_weights import tiny_weights

FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"


def in_pieces(first: bytes = b"ab", second: bytes = b"c") -> dict[str, bytes]:
    """Two pieces with one tensor each, and their index."""
    index = {"metadata": {"total_size": 3}, "weight_map": {"v": FIRST, "w": SECOND}}
    return {
        INDEX_NAME: json.dumps(index).encode(),
        FIRST: tiny_weights(first).replace(b'"w"', b'"v"'),
        SECOND: tiny_weights(second),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, content in in_pieces().items():
        (folder / name).write_bytes(content)
    (folder / "config.json").write_text('{"model_type": "chinese_clip"}', "utf-8")
    (folder / "preprocessor_config.json").write_text("{}", "utf-8")
    (folder / "vocab.txt").write_text("[PAD]", "utf-8")
    return folder


def test_the_pieces_are_one_model(folder: Path, tmp_path: Path) -> None:
    assert {name: tensor.shape for name, tensor in read_weights_header(folder / INDEX_NAME).items()} == {
        "v": (2,),
        "w": (1,),
    }
    assert find_model(str(folder), tmp_path).weights == folder / INDEX_NAME


def test_a_byte_of_any_piece_is_another_encoder(folder: Path, tmp_path: Path) -> None:
    ids = {find_model(str(folder), tmp_path).encoder_id}
    for pieces in (in_pieces(first=b"ax"), in_pieces(second=b"x")):
        for name, content in pieces.items():
            (folder / name).write_bytes(content)
        ids.add(find_model(str(folder), tmp_path).encoder_id)
    assert len(ids) == 3
    assert len(hash_weights(folder / INDEX_NAME)) == 64


def test_a_single_file_beside_the_pieces_is_taken_as_transformers_does(folder: Path, tmp_path: Path) -> None:
    (folder / "model.safetensors").write_bytes(tiny_weights())
    assert find_model(str(folder), tmp_path).weights == folder / "model.safetensors"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (SECOND, None, "1 of the 2 pieces"),
        (SECOND, tiny_weights()[:-1], "is no safetensors file"),
        (SECOND, b"<!DOCTYPE html>", "is no safetensors file"),
        (FIRST, tiny_weights(b"ab"), "of different models"),
        (INDEX_NAME, b"[]", "cannot be read as the index"),
        (INDEX_NAME, b"[" * 100_000, "cannot be read as the index"),
        (INDEX_NAME, b'{"weight_map": {}}', "names no weights"),
        (INDEX_NAME, b'{"weight_map": {"w": 3}}', "cannot be read as the index"),
        (INDEX_NAME, b'{"weight_map": {"w": "../x.safetensors"}}', "no piece of the model"),
        (INDEX_NAME, b'{"weight_map": {"w": "x.bin"}}', "no piece of the model"),
    ],
)
def test_pieces_that_do_not_belong_together_are_a_sentence(
    folder: Path, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelFilesError, match=said):
        find_model(str(folder), tmp_path)


def test_open_clip_reads_no_pieces_and_that_is_said(folder: Path, tmp_path: Path) -> None:
    (folder / "open_clip_config.json").write_text('{"model_cfg": {}}', "utf-8")
    with pytest.raises(ModelFilesError, match="which open_clip does not read; use the single"):
        find_model(str(folder), tmp_path)
