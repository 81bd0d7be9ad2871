"""A checksum behind the embeddings of a row: a flipped bit of a number is most often another number, just as likely.

The key of the row goes into it, so exchanged rows are found out, too. Rows of before have none and are taken as they
are, as far as their numbers make sense.
"""

from xxhash import xxh3_64_digest, xxh3_64_intdigest

SEAL = 8  # bytes
_LARGEST = (1 << 64) - 1


def sealed(blob: bytes, key: int | bytes) -> bytes:
    """``blob`` with its seal, to be stored in the row of ``key``."""
    return blob + xxh3_64_digest(blob, _seed(key))


def unsealed(stored: object, key: int | bytes, length: int) -> bytes | None:
    """The ``length`` bytes that were stored in the row of ``key``; None for anything else."""
    if not isinstance(stored, bytes):
        return None
    blob, seal = stored[:length], stored[length:]
    if len(blob) != length or (seal and seal != xxh3_64_digest(blob, _seed(key))):
        return None
    return blob


def _seed(key: int | bytes) -> int:
    return key & _LARGEST if isinstance(key, int) else xxh3_64_intdigest(key)
