"""The weights of a model: one .safetensors file, or several with an index that says which holds what.

The index is transformers' (huggingface.co/docs/transformers, "Big models"): a JSON object whose "weight_map" names for
each tensor the file it lies in. Everywhere in the house the weights are one path, that of the file or of the index.
"""

import json
from hashlib import sha256
from pathlib import Path

from clipsorter.encoders.file_hashes import hash_file
from clipsorter.encoders.safetensors_header import Tensor, read_header
from clipsorter.errors import ModelFilesError
from clipsorter.json_text import parse_json

INDEX_NAME = "model.safetensors.index.json"


def read_weights_header(weights: Path) -> dict[str, Tensor]:
    """Name -> tensor over all pieces; raises ModelFilesError unless each is whole and holds what the index says."""
    if weights.name != INDEX_NAME:
        return read_header(weights)
    tensors: dict[str, Tensor] = {}
    for piece, names in _read_index(weights).items():
        found = read_header(piece)
        if found.keys() != names:
            raise ModelFilesError(
                f'"{piece.name}" does not hold what "{weights.name}" says of it; the pieces are of different models. '
                "Fetch them again."
            )
        tensors |= found
    return tensors


def hash_weights(weights: Path, memory_folder: Path | None = None) -> str:
    """64 hex digits that change with any byte of the weights; of a single file its SHA-256, see ``hash_file``."""
    if weights.name != INDEX_NAME:
        return hash_file(weights, memory_folder)
    pieces = {piece.name: hash_file(piece, memory_folder) for piece in _read_index(weights)}
    return sha256(json.dumps(pieces, sort_keys=True).encode()).hexdigest()


def _read_index(index: Path) -> dict[Path, set[str]]:
    """File -> names of the tensors in it. No file outside the folder of the index is named."""
    try:
        weight_map = parse_json(index.read_text("utf-8"))["weight_map"]
        pieces: dict[Path, set[str]] = {}
        for tensor, name in weight_map.items():
            if Path(name).name != name or not name.endswith(".safetensors") or "\\" in name:
                raise ModelFilesError(f'"{index.name}" points to "{name[:80]}", which is no piece of the model.')
            pieces.setdefault(index.parent / name, set()).add(tensor)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFilesError(f'"{index}" cannot be read as the index of a model\'s weights.') from error
    if not pieces:
        raise ModelFilesError(f'"{index}" names no weights.')
    if missing := [piece.name for piece in pieces if not piece.is_file()]:
        raise ModelFilesError(
            f'{len(missing)} of the {len(pieces)} pieces of the weights are not in "{index.parent}", the first of them '
            f'"{missing[0]}"; copy them from where the model comes from.'
        )
    return pieces
