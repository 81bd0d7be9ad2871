"""Raw files made of a picture: the smallest DNG (Adobe, Digital Negative 1.4) that LibRaw reads as a camera's."""

import io
import struct
from pathlib import Path

import numpy as np
from PIL import Image

BYTE, ASCII, SHORT, LONG, RATIONAL, SRATIONAL = 1, 2, 3, 4, 5, 10
_FORMS = {BYTE: "B", ASCII: "B", SHORT: "H", LONG: "I", RATIONAL: "II", SRATIONAL: "ii"}
_IDENTITY = (1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1)

Tags = dict[int, tuple[int, tuple[int, ...]]]


def write_dng(path: Path, picture: Image.Image, *, preview: Image.Image | None, orientation: int = 1) -> None:
    """``picture`` as the sensor saw it, in a Bayer pattern; ``preview`` as the JPEG inside, taken on 2024-05-06."""
    sensor = np.asarray(picture.convert("RGB"), np.uint16) * 257
    mosaic = sensor[:, :, 1].copy()
    mosaic[0::2, 0::2], mosaic[1::2, 1::2] = sensor[0::2, 0::2, 0], sensor[1::2, 1::2, 2]
    height, width = mosaic.shape
    raw = mosaic.astype("<u2").tobytes()
    picture_tags: Tags = {
        254: (LONG, (0,)),
        256: (LONG, (width,)),
        257: (LONG, (height,)),
        258: (SHORT, (16,)),
        259: (SHORT, (1,)),
        262: (SHORT, (32803,)),
        277: (SHORT, (1,)),
        278: (LONG, (height,)),
        279: (LONG, (len(raw),)),
        33421: (SHORT, (2, 2)),
        33422: (BYTE, (0, 1, 1, 2)),  # red, green, green, blue
        50717: (LONG, (65535,)),
    }
    camera_tags: Tags = {
        271: (ASCII, tuple(b"Test\0")),
        272: (ASCII, tuple(b"Camera\0")),
        274: (SHORT, (orientation,)),
        306: (ASCII, tuple(b"2024:05:06 07:08:09\0")),
        50706: (BYTE, (1, 4, 0, 0)),
        50707: (BYTE, (1, 1, 0, 0)),
        50708: (ASCII, tuple(b"Test Camera\0")),
        50721: (SRATIONAL, _IDENTITY),
        50728: (RATIONAL, (1, 1, 1, 1, 1, 1)),
        50778: (SHORT, (21,)),
    }
    if preview is None:
        path.write_bytes(_tiff([(picture_tags | camera_tags, raw)]))
        return
    encoded = io.BytesIO()
    preview.save(encoded, "JPEG", quality=90)
    jpeg = encoded.getvalue()
    preview_tags: Tags = {
        254: (LONG, (1,)),
        256: (LONG, (preview.width,)),
        257: (LONG, (preview.height,)),
        258: (SHORT, (8, 8, 8)),
        259: (SHORT, (7,)),
        262: (SHORT, (6,)),
        277: (SHORT, (3,)),
        278: (LONG, (preview.height,)),
        279: (LONG, (len(jpeg),)),
    }
    path.write_bytes(_tiff([(preview_tags | camera_tags, jpeg), (picture_tags, raw)]))


def _tiff(directories: list[tuple[Tags, bytes]]) -> bytes:
    """A little-endian TIFF file; the second directory becomes a child of the first, as DNG wants it."""
    content, places = bytearray(b"II*\0\0\0\0\0"), []
    for tags, strip in reversed(directories):
        full = tags | {273: (LONG, (len(content),))}
        content += strip + b"\0" * (len(strip) % 2)
        if places:
            full[330] = (LONG, (places[-1],))
        entries = bytearray(struct.pack("<H", len(full)))
        start = len(content)
        later = start + 2 + 12 * len(full) + 4
        extra = bytearray()
        for tag, (kind, values) in sorted(full.items()):
            form = _FORMS[kind]
            packed = struct.pack(f"<{len(values)}{form[0]}", *values)
            entries += struct.pack("<HHI", tag, kind, len(values) // len(form))
            if len(packed) <= 4:
                entries += packed.ljust(4, b"\0")
            else:
                entries += struct.pack("<I", later + len(extra))
                extra += packed + b"\0" * (len(packed) % 2)
        content += entries + b"\0\0\0\0" + extra
        places.append(start)
    content[4:8] = struct.pack("<I", places[-1])
    return bytes(content)
