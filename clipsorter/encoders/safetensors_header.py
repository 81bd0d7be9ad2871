"""The header of a .safetensors file, checked before anything else reads the file.

The format (huggingface.co/docs/safetensors): 8 bytes with the length of the header, little-endian; the header, a JSON
object of tensor name -> dtype, shape and place in the bytes that follow; then nothing but those bytes, without holes.
"""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clipsorter.errors import ModelFilesError

LONGEST_HEADER = 100_000_000  # bytes, the limit of the format's own implementation
BYTES = {
    "BOOL": 1,
    "U8": 1,
    "I8": 1,
    "F8_E4M3": 1,
    "F8_E5M2": 1,
    "I16": 2,
    "U16": 2,
    "F16": 2,
    "BF16": 2,
    "I32": 4,
    "U32": 4,
    "F32": 4,
    "I64": 8,
    "U64": 8,
    "F64": 8,
}


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor as the header describes it."""

    dtype: str
    shape: tuple[int, ...]


def read_header(file: Path) -> dict[str, Tensor]:
    """Name -> tensor of a .safetensors file; raises ModelFilesError for anything that is not exactly one."""
    try:
        with file.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            length = int.from_bytes(stream.read(8), "little")
            if size < 10 or length > min(size - 8, LONGEST_HEADER):
                raise _NotSafetensorsError(
                    "it does not begin with a header, perhaps a text or a web page was saved under that name"
                )
            text = stream.read(length)
    except OSError as error:
        raise ModelFilesError(f'"{file}" cannot be read.') from error
    except _NotSafetensorsError as error:
        raise _refusal(file, error) from error
    try:
        return _read_tensors(text, size - 8 - length)
    except (_NotSafetensorsError, ValueError, RecursionError) as error:
        raise _refusal(file, error) from error


class _NotSafetensorsError(Exception):
    pass


def _refusal(file: Path, error: Exception) -> ModelFilesError:
    reason = str(error) if isinstance(error, _NotSafetensorsError) else "its header is not JSON"
    return ModelFilesError(f'"{file.name}" is no safetensors file, or a damaged one: {reason}. Fetch it again.')


def _read_tensors(text: bytes, room: int) -> dict[str, Tensor]:
    if not text.startswith(b"{"):
        raise _NotSafetensorsError("its header is not JSON, perhaps a text or a web page was saved under that name")
    header = json.loads(text.decode("utf-8"), object_pairs_hook=_without_repetition)
    tensors: dict[str, Tensor] = {}
    places: list[tuple[int, int]] = []
    for name, facts in header.items():
        if name != "__metadata__":
            tensors[name], place = _read_tensor(name, facts)
            places.append(place)
    end = 0
    for start, stop in sorted(places):
        if start != end:
            raise _NotSafetensorsError("its tensors overlap or leave a hole")
        end = stop
    if end != room:
        raise _NotSafetensorsError(f"its header promises {end:,} bytes of numbers and {room:,} are there")
    if not tensors:
        raise _NotSafetensorsError("it holds no numbers")
    return tensors


def _read_tensor(name: str, facts: Any) -> tuple[Tensor, tuple[int, int]]:
    if not isinstance(facts, Mapping):
        raise _NotSafetensorsError(f'"{name[:60]}" is not described')
    dtype: Any = facts.get("dtype")
    shape: Any = facts.get("shape")
    place: Any = facts.get("data_offsets")
    is_known = isinstance(dtype, str) and dtype in BYTES
    if not is_known or not _are_sizes(shape) or not _are_sizes(place) or len(place) != 2:
        raise _NotSafetensorsError(f'"{name[:60]}" is described wrongly')
    start, stop = place
    if stop - start != BYTES[dtype] * math.prod(shape):
        raise _NotSafetensorsError(f'"{name[:60]}" has another size than its shape says')
    return Tensor(dtype, tuple(shape)), (start, stop)


def _are_sizes(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotSafetensorsError("a name stands in its header twice")
    return found
