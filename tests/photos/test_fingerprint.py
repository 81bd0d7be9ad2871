"""The same picture saved again, or a part of it, agrees in its details; another picture does not."""

import io
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image

from clipsorter.photos.fingerprint import (
    CROP,
    SAME,
    crop_likeness,
    first_look,
    have_one_shape,
    likeness,
    look_at,
    sharpness,
)

PICTURES = ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png", "camera.png", "motorcycle_left.png")


def as_thumbnail(picture: Image.Image, quality: int = 85) -> bytes:
    small = picture.convert("RGB")
    small.thumbnail((256, 256))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


@pytest.fixture(scope="module")
def pictures() -> dict[str, Image.Image]:
    return {name: Image.open(Path(skimage.data_dir) / name).convert("RGB") for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_saved_again_smaller_or_brighter_is_the_same(pictures: dict[str, Image.Image], name: str) -> None:
    picture = pictures[name]
    look = look_at(as_thumbnail(picture))
    brighter = picture.point(lambda value: min(255, value + 20))
    smaller = picture.resize((picture.width // 2, picture.height // 2))
    for variant in (as_thumbnail(picture, 40), as_thumbnail(brighter), as_thumbnail(smaller)):
        other = look_at(variant)
        assert have_one_shape(look, other)
        assert likeness(look, other) >= SAME
        assert first_look(look) @ first_look(other) >= SAME


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("cut", [(0.1, 0.1, 1.0, 1.0), (0.0, 0.15, 0.85, 1.0), (0.1, 0.0, 0.9, 1.0)])
def test_a_part_is_found_in_the_whole_whichever_comes_first(
    pictures: dict[str, Image.Image], name: str, cut: tuple[float, ...]
) -> None:
    picture = pictures[name]
    sides = np.array([picture.width, picture.height] * 2)
    whole = look_at(as_thumbnail(picture))
    part = look_at(as_thumbnail(picture.crop(tuple((sides * cut).astype(int).tolist()))))
    assert crop_likeness(whole, part) >= CROP
    assert crop_likeness(part, whole) >= CROP


def test_different_pictures_differ(pictures: dict[str, Image.Image]) -> None:
    looks = [look_at(as_thumbnail(picture)) for picture in pictures.values()]
    for one, other in combinations(looks, 2):
        assert likeness(one, other) < 0.5
        assert crop_likeness(one, other) < 0.5


def test_two_sunsets_are_two_pictures() -> None:
    """The same bright sky over the same dark sea, which is all that a hash of 64 bits sees."""

    def sunset(seed: int) -> bytes:
        rng = np.random.default_rng(seed)
        sky = np.linspace(230, 40, 160)[:, None] + rng.normal(0, 12, (20, 30)).repeat(8, axis=0).repeat(8, axis=1)
        return as_thumbnail(Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8)))

    assert likeness(look_at(sunset(1)), look_at(sunset(2))) < 0.5
    assert likeness(look_at(sunset(1)), look_at(sunset(1))) > 0.99


def test_a_picture_without_detail_is_like_no_other() -> None:
    blank = look_at(as_thumbnail(Image.new("RGB", (90, 60), "white")))
    assert likeness(blank, blank) == 0.0
    assert np.isfinite(first_look(blank)).all()
    assert crop_likeness(blank, blank) < CROP
    narrow = look_at(as_thumbnail(Image.new("RGB", (256, 1), "white")))
    assert crop_likeness(blank, narrow) < CROP


def test_the_sharper_picture_has_more_detail(pictures: dict[str, Image.Image]) -> None:
    cat = pictures["chelsea.png"]
    assert sharpness(as_thumbnail(cat)) > 2 * sharpness(as_thumbnail(cat.resize((60, 40)).resize(cat.size)))
