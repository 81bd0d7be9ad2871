"""The same picture saved again, or a part of it, agrees in its details; another picture does not."""

import io
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import skimage
from numpy.typing import NDArray
from PIL import Image

from clipsorter.photos.fingerprint import (
    CROP,
    MAYBE_CROP,
    SAME,
    SAME_SHAPE,
    crop_likeness,
    is_one_picture,
    likeness,
    look_at,
    sharpness,
)
from clipsorter.photos.sketch import BYTES, outline, sketch, sketch_thumbnail
from clipsorter.photos.windows import best_windows

PICTURES = ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png", "camera.png", "motorcycle_left.png")


def as_thumbnail(picture: Image.Image, quality: int = 85) -> bytes:
    small = picture.convert("RGB")
    small.thumbnail((256, 256))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def outline_of(thumbnail: bytes) -> NDArray[np.float32]:
    return outline(np.frombuffer(sketch_thumbnail(thumbnail), np.uint8))[0]


def as_crop(whole: bytes, part: bytes) -> float:
    """The engine's way: a guess from the sketches, then the closer look."""
    looks = look_at(whole), look_at(part)
    sketches = np.stack([np.frombuffer(sketch_thumbnail(one), np.uint8) for one in (whole, part)])
    shapes = np.array([look.shape for look in looks])
    for _, (fit,), (place,) in best_windows(sketches, shapes, np.array([[0, 1]])):
        if fit >= MAYBE_CROP:
            return crop_likeness(*looks, place)
    return -1.0


@pytest.fixture(scope="module")
def pictures() -> dict[str, Image.Image]:
    return {name: Image.open(Path(skimage.data_dir) / name).convert("RGB") for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_saved_again_smaller_or_brighter_is_the_same(pictures: dict[str, Image.Image], name: str) -> None:
    picture = pictures[name]
    thumbnail = as_thumbnail(picture)
    look = look_at(thumbnail)
    brighter = picture.point(lambda value: min(255, value + 20))
    smaller = picture.resize((picture.width // 2, picture.height // 2))
    for variant in (as_thumbnail(picture, 40), as_thumbnail(brighter), as_thumbnail(smaller)):
        other = look_at(variant)
        assert abs(look.shape - other.shape) <= SAME_SHAPE
        assert likeness(look, other) >= SAME
        assert outline_of(thumbnail) @ outline_of(variant) >= SAME


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("cut", [(0.1, 0.1, 1.0, 1.0), (0.0, 0.15, 0.85, 1.0), (0.1, 0.0, 0.9, 1.0)])
def test_a_part_is_found_in_the_whole_and_the_whole_in_no_part(
    pictures: dict[str, Image.Image], name: str, cut: tuple[float, ...]
) -> None:
    picture = pictures[name]
    sides = np.array([picture.width, picture.height] * 2)
    whole = as_thumbnail(picture)
    part = as_thumbnail(picture.crop(tuple((sides * cut).astype(int).tolist())))
    assert as_crop(whole, part) >= CROP
    assert as_crop(part, whole) < CROP


def test_different_pictures_differ(pictures: dict[str, Image.Image]) -> None:
    for one, other in combinations(map(as_thumbnail, pictures.values()), 2):
        assert likeness(look_at(one), look_at(other)) < 0.5
        assert outline_of(one) @ outline_of(other) < 0.5
        assert as_crop(one, other) < 0.5


def test_a_thing_in_another_colour_is_another_picture_and_a_tint_is_none() -> None:
    random = np.random.default_rng(3)
    board = Image.fromarray(random.integers(0, 255, (24, 24), np.uint8)).resize((240, 240)).convert("RGB")

    def painted(*factors: float, part: tuple[int, int, int, int] = (80, 80, 160, 160)) -> bytes:
        thing = board.crop(part)
        painting = np.asarray(thing) * np.array(factors)
        picture = board.copy()
        picture.paste(Image.fromarray(painting.astype(np.uint8)), part[:2])
        return as_thumbnail(picture)

    red, blue = look_at(painted(1, 0.55, 0.2)), look_at(painted(0.65, 0.55, 1))
    assert likeness(red, blue) >= SAME
    assert not is_one_picture(red, blue)
    assert crop_likeness(red, blue, (1.0, 0.0, 0.0)) == -1
    whole = (0, 0, 240, 240)
    assert is_one_picture(look_at(painted(1, 1, 1)), look_at(painted(1, 0.9, 0.8, part=whole)))


def test_two_sunsets_are_two_pictures() -> None:
    """The same bright sky over the same dark sea, which is all that a hash of 64 bits sees."""

    def sunset(seed: int) -> bytes:
        rng = np.random.default_rng(seed)
        sky = np.linspace(230, 40, 160)[:, None] + rng.normal(0, 12, (20, 30)).repeat(8, axis=0).repeat(8, axis=1)
        return as_thumbnail(Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8)))

    assert likeness(look_at(sunset(1)), look_at(sunset(2))) < 0.5
    assert likeness(look_at(sunset(1)), look_at(sunset(1))) > 0.99


def test_a_picture_without_detail_is_like_no_other() -> None:
    blank, narrow = (as_thumbnail(Image.new("RGB", size, "white")) for size in ((90, 60), (256, 1)))
    assert likeness(look_at(blank), look_at(blank)) == 0.0
    assert not outline_of(blank).any()
    assert as_crop(blank, blank) == -1
    assert crop_likeness(look_at(blank), look_at(narrow), (0.5, 0.5, 0.5)) == 0.0


def test_a_sketch_is_the_same_from_the_picture_and_from_its_thumbnail(pictures: dict[str, Image.Image]) -> None:
    picture = pictures["chelsea.png"]
    picture.thumbnail((256, 256))
    direct, read = (np.frombuffer(one, np.uint8) for one in (sketch(picture), sketch_thumbnail(as_thumbnail(picture))))
    assert len(direct) == len(read) == BYTES
    assert np.abs(direct.astype(int) - read).max() <= 8
    assert outline(direct)[0] @ outline(read)[0] > 0.995


def test_the_sharper_picture_has_more_detail(pictures: dict[str, Image.Image]) -> None:
    cat = pictures["chelsea.png"]
    assert sharpness(as_thumbnail(cat)) > 2 * sharpness(as_thumbnail(cat.resize((60, 40)).resize(cat.size)))
