"""What the camera wrote beside the picture: read from the head of a file, for people to see."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from clipsorter.photos.facts import read_exif, read_facts
from clipsorter.photos.formats import PILLOW_FORMATS
from clipsorter.regular_files import open_regular

LONGEST = 80  # characters of a name


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """What a file says about how it was taken; what it does not say, or says wrongly, is None or empty."""

    taken: datetime | None = None  # naive local time of the camera
    camera: str = ""
    lens: str = ""
    aperture: float | None = None  # f-number
    exposure: float | None = None  # seconds
    iso: int | None = None
    focal_length: float | None = None  # mm
    latitude: float | None = None  # degrees, north positive
    longitude: float | None = None  # degrees, east positive


def read_camera(path: Path) -> CameraFacts:
    """Read the facts of one photo. Nothing is decoded; what cannot be read is not known, so this never fails."""
    try:
        with open_regular(path) as file, Image.open(file, formats=PILLOW_FORMATS) as image:
            exif = read_exif(image)
            shot = exif.get_ifd(ExifTags.IFD.Exif)
            facts = read_facts(exif, image.size)
    except Exception:  # a broken header makes Pillow stumble in many ways
        return CameraFacts()
    maker, model = _text(exif.get(ExifTags.Base.Make)), _text(exif.get(ExifTags.Base.Model))
    camera = model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}".strip()
    iso = _number(shot.get(ExifTags.Base.ISOSpeedRatings))
    return CameraFacts(
        taken=facts.taken,
        camera=camera,
        lens=_text(shot.get(ExifTags.Base.LensModel)),
        aperture=_number(shot.get(ExifTags.Base.FNumber)),
        exposure=_number(shot.get(ExifTags.Base.ExposureTime)),
        iso=None if iso is None else round(iso),
        focal_length=_number(shot.get(ExifTags.Base.FocalLength)),
        latitude=facts.latitude,
        longitude=facts.longitude,
    )


def _text(value: Any) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:LONGEST]


def _number(value: Any) -> float | None:
    """A positive number; some cameras write a tuple of one."""
    try:
        number = float(value[0] if isinstance(value, tuple) else value)
    except (TypeError, ValueError, IndexError, ZeroDivisionError, OverflowError):
        return None
    return number if isfinite(number) and 0 < number < 1e7 else None
