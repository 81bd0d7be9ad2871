"""A first look at a .safetensors file: whether it is one. No torch; reads the header only.

The layout is that of safetensors' own specification ("Format"): eight bytes with the length of a JSON object, that
object, then the numbers of all tensors.
"""

import json
from pathlib import Path
from typing import Any

from clipsorter.errors import ModelFilesError

_LONGEST_HEADER = 100_000_000  # bytes, safetensors' own limit


def read_header(file: Path) -> dict[str, Any]:
    """Tensor name -> {"dtype", "shape", "data_offsets"}; raises ModelFilesError for whatever is no safetensors file.

    A file that was cut is noticed too: the tensors have to end where the file ends.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if size < 8 or not 2 <= length <= min(_LONGEST_HEADER, size - 8):
                raise ValueError("no header")
            header = json.loads(stream.read(length).decode("utf-8"))
        tensors = {name: facts for name, facts in header.items() if name != "__metadata__"}
        end = max(int(facts["data_offsets"][1]) for facts in tensors.values())
    except OSError as error:
        raise ModelFilesError(f'"{file}" cannot be read.') from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelFilesError(
            f'"{file.name}" is no safetensors file; perhaps a text or a web page was saved under that name.'
        ) from error
    if 8 + length + end != size:
        raise ModelFilesError(f'"{file.name}" is damaged: it is not as long as it says; fetch it again.')
    return tensors
