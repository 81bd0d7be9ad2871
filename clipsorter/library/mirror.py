"""A memory-mapped copy of one encoder's embeddings, because 100,000 rows are slow to read one by one."""

import hashlib
from pathlib import Path


def mirror_file(cache_path: Path, encoder_id: str) -> Path:
    """Where the mirror of ``encoder_id`` lives, beside the cache it copies."""
    name = hashlib.blake2b(encoder_id.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return cache_path.with_name("mirrors") / f"{name}.mirror"
