"""A checksum behind the embeddings of a row: a flipped bit of a number is most often another number, just as likely.

What the row is about (the digest of a content, a prompt) goes into it, so exchanged rows and a digest with a flipped
bit are found out, too. Rows of before have none and are taken as they are, as far as their numbers make sense.
"""

from xxhash import xxh3_64_digest

SEAL = 8  # bytes


def sealed(blob: bytes, about: bytes) -> bytes:
    """``blob`` with its seal, to be stored in the row about that."""
    return blob + xxh3_64_digest(blob + about)


def unsealed(stored: object, about: bytes, length: int) -> bytes | None:
    """The ``length`` bytes that were stored in the row about that; None for anything else."""
    if not isinstance(stored, bytes):
        return None
    blob, seal = stored[:length], stored[length:]
    if len(blob) != length or (seal and seal != xxh3_64_digest(blob + about)):
        return None
    return blob
