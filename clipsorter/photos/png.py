"""PNG side chunks that can cost the picture.

Pillow gives a whole PNG up when a text or profile chunk is oversized or malformed. Such chunks say nothing that sorting
needs, so a PNG that fails is tried once more without them.
"""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SIDE_CHUNKS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"iCCP"})


def without_side_chunks(data: bytes) -> bytes | None:
    """``data`` without text and colour profile, or None if it is no PNG or has none to leave out."""
    if not data.startswith(_SIGNATURE):
        return None
    kept = [_SIGNATURE]
    position = len(_SIGNATURE)
    left_out = False
    while data[position + 4 : position + 8].isalpha():  # else no chunk begins here: what follows stays as it is
        end = position + 12 + int.from_bytes(data[position : position + 4], "big")
        if data[position + 4 : position + 8] in _SIDE_CHUNKS:
            left_out = True
        else:
            kept.append(data[position:end])
        position = end
    kept.append(data[position:])
    return b"".join(kept) if left_out else None
