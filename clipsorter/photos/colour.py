"""Every kind of pixel becomes 8-bit sRGB on white.

``resizable`` is the little that must happen at full size; all else is done by ``to_srgb`` on the resized picture,
where it costs next to nothing.
"""

import io
import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
_FINER_THAN_BYTES = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})
# Printers' profiles have some 3 MB. What calls itself a profile and has 200 MB would be kept below for later photos.
_LARGEST_PROFILE = 1 << 23  # bytes
_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK", "LAB": "Lab "}  # as ICC.1 writes them


def resizable(image: Image.Image) -> Image.Image:
    """The picture in a mode whose pixels can be averaged: no palette, transparency as a channel of its own."""
    if image.mode in ("P", "PA") or (image.mode in ("1", "L", "RGB") and "transparency" in image.info):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def can_be_reduced(image: Image.Image) -> bool:
    """Whether Pillow's ``reducing_gap`` works for this mode; it does not for 16 bits."""
    return not image.mode.startswith("I;16")


def white_level(image: Image.Image) -> float:
    """The sample value that means white: 255, 65535, or as the brightest sample of a 32-bit picture suggests."""
    if image.mode.startswith("I;16"):
        return 65535
    if image.mode not in _FINER_THAN_BYTES:
        return 255
    brightest = image.getextrema()[1]
    assert not isinstance(brightest, tuple)  # one channel
    if not math.isfinite(brightest):
        samples = np.asarray(image)
        brightest = float(samples.max(where=np.isfinite(samples), initial=0))
    usual = (255, 65535) if image.mode == "I" else (1, 255, 65535)
    return next((level for level in usual if brightest <= level), brightest)


def to_srgb(picture: Image.Image, white: float, profile: bytes | None) -> Image.Image:
    """A small ``resizable`` picture as RGB; a colour profile that cannot be used is ignored."""
    if picture.mode in _FINER_THAN_BYTES:
        samples = np.nan_to_num(np.asarray(picture, dtype=np.float32), posinf=white)
        picture = Image.fromarray(np.clip(samples * (255 / white) + 0.5, 0, 255).astype(np.uint8))
    if picture.mode in ("RGBA", "LA"):
        opaque = Image.new(picture.mode[:-1], picture.size, "white")
        opaque.paste(picture.convert(opaque.mode), mask=picture.getchannel("A"))
        picture = opaque
    if (
        profile
        and len(profile) <= _LARGEST_PROFILE
        and (transform := _to_srgb_transform(profile, picture.mode)) is not None
    ):
        return transform.apply(picture)
    return picture.convert("RGB")


@lru_cache(maxsize=8)  # one camera writes one profile into all its photos
def _to_srgb_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space != _PROFILE_SPACES.get(mode):
            return None
        if mode == "RGB" and "srgb" in ImageCms.getProfileDescription(source).lower():
            return None  # it is there already, and rounding would change pixels
        return ImageCms.ImageCmsTransform(
            source, ImageCms.ImageCmsProfile(_SRGB), mode, "RGB", ImageCms.Intent.PERCEPTUAL
        )
    except Exception:  # damaged profiles fail in many ways, none of which costs the picture
        return None
