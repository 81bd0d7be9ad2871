"""What a photo says about itself, believed only as far as it makes sense."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

from clipsorter.values import PhotoFacts

# Orientation n in 1..8 as EXIF numbers it; what turns the stored picture upright.
UPRIGHT: Mapping[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_exif(image: Image.Image) -> Image.Exif:
    """The metadata of a loaded image; empty when it cannot be parsed."""
    try:
        return image.getexif()
    except Exception:  # broken metadata makes Pillow stumble in many ways, and never costs the picture
        return Image.Exif()


def read_orientation(exif: Image.Exif) -> int:
    """1..8 as EXIF numbers it; 1 (upright) for anything that is not one of them. A string of a digit counts."""
    try:
        orientation = int(exif.get(ExifTags.Base.Orientation, 1))
    except Exception:  # tuples, fractions over zero, bytes...
        return 1
    return orientation if orientation in UPRIGHT else 1


def read_facts(exif: Image.Exif, size: tuple[int, int]) -> PhotoFacts:
    """Facts of a photo that is ``size`` px (width, height) upright. Raises nothing: nonsense becomes None."""
    width, height = size
    latitude, longitude = _place(_directory(exif, ExifTags.IFD.GPSInfo))
    return PhotoFacts(width, height, _taken(exif), latitude, longitude)


def _directory(exif: Image.Exif, tag: int) -> dict[int, Any]:
    try:
        return exif.get_ifd(tag)
    except Exception:  # see read_exif
        return {}


def _taken(exif: Image.Exif) -> datetime | None:
    """Naive camera time: when the shutter opened, else when the file was written."""
    photo = _directory(exif, ExifTags.IFD.Exif)
    for value in (photo.get(ExifTags.Base.DateTimeOriginal), exif.get(ExifTags.Base.DateTime)):
        try:
            text = value.decode("ascii") if isinstance(value, bytes) else str(value)
            return datetime.strptime(text.strip(" \0")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - EXIF has no zone
        except (ValueError, OverflowError):
            continue
    return None


def _place(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees, both or neither."""
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "N", "S", 90)
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "E", "W", 180)
    if latitude is None or longitude is None:
        return None, None
    return latitude, longitude


def _degrees(value: Any, reference: Any, positive: str, negative: str, limit: float) -> float | None:
    """(degrees, minutes, seconds) and a letter as signed degrees; None unless all of it makes sense."""
    try:
        degrees, minutes, seconds = (float(part) for part in value)
        letter = (reference.decode("ascii") if isinstance(reference, bytes) else str(reference)).strip(" \0").upper()
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if letter not in (positive, negative) or min(degrees, minutes, seconds) < 0:
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(angle) or angle > limit:
        return None
    return angle if letter == positive else -angle
