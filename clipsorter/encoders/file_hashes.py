"""SHA-256 of weight files, remembered while path, size, time and inode stay: a large model takes seconds to read."""

import contextlib
import json
import os
from hashlib import file_digest
from pathlib import Path

from clipsorter.errors import ModelFilesError
from clipsorter.json_text import parse_json

MEMORY_NAME = "hashes.json"


def hash_file(file: Path, memory_folder: Path | None = None) -> str:
    """SHA-256 of ``file`` as 64 hex digits; raises ModelFilesError when it cannot be read.

    With an existing ``memory_folder`` the answer is remembered there. What cannot be remembered is computed again.
    """
    try:
        stat = file.stat()
        facts = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
        remembered = _read_memory(memory_folder)
        if (entry := remembered.get(str(file))) and entry[:3] == facts:
            return str(entry[3])
        with file.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelFilesError(f'"{file}" cannot be read.') from error
    if memory_folder is not None and memory_folder.is_dir():
        _write_memory(memory_folder, remembered | {str(file): [*facts, digest]})
    return digest


def _read_memory(folder: Path | None) -> dict[str, list[int | str]]:
    if folder is None:
        return {}
    try:
        memory = parse_json((folder / MEMORY_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(memory, dict):
        return {}
    return {file: entry for file, entry in memory.items() if isinstance(entry, list) and len(entry) == 4}


def _write_memory(folder: Path, memory: dict[str, list[int | str]]) -> None:
    beside = folder / f"{MEMORY_NAME}.{os.getpid()}"
    with contextlib.suppress(OSError):  # a read-only models folder costs time, nothing else
        beside.write_text(json.dumps(memory, indent=1), "utf-8")
        beside.replace(folder / MEMORY_NAME)
