"""Coarse shapes: the same picture saved again is near, another picture is far."""

import io
from pathlib import Path

import pytest
import skimage
from PIL import Image

from clipsorter.photos.fingerprint import ALIKE_BITS, difference, fingerprint

PICTURES = ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png", "camera.png", "motorcycle_left.png")


def as_thumbnail(picture: Image.Image, quality: int = 85) -> bytes:
    small = picture.convert("RGB")
    small.thumbnail((256, 256))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


@pytest.fixture(scope="module")
def pictures() -> dict[str, Image.Image]:
    return {name: Image.open(Path(skimage.data_dir) / name) for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_saved_again_brightened_or_trimmed_keeps_its_shape(
    pictures: dict[str, Image.Image], name: str
) -> None:
    picture = pictures[name]
    shape = fingerprint(as_thumbnail(picture))
    width, height = picture.size
    trimmed = picture.crop((width // 50, height // 50, width - width // 50, height - height // 50))
    brighter = picture.convert("RGB").point(lambda value: min(255, value + 20))
    for variant in (as_thumbnail(picture, 40), as_thumbnail(trimmed), as_thumbnail(brighter)):
        assert difference(shape, fingerprint(variant)) <= ALIKE_BITS


def test_different_pictures_have_different_shapes(pictures: dict[str, Image.Image]) -> None:
    shapes = [fingerprint(as_thumbnail(picture)) for picture in pictures.values()]
    for place, one in enumerate(shapes):
        for other in shapes[place + 1 :]:
            assert difference(one, other) > ALIKE_BITS
