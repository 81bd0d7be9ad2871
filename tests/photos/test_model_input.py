"""Model input against the real thing: open_clip's own transform on real pictures."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from open_clip.transform import image_transform
from PIL import Image, ImageOps

from clipsorter.photos.decode import prepare
from clipsorter.values import InputShape, Photo

# Without colour profiles: open_clip ignores these, ClipSorter does not.
REAL = ("chelsea.png", "coffee.png", "astronaut.png", "motorcycle_left.png", "camera.png", "hubble_deep_field.jpg")


def open_clip_input(image: Image.Image, shape: InputShape) -> NDArray[np.float64]:
    """What open_clip feeds a model, as 0..255, [S, S, 3]."""
    transform = image_transform(
        shape.side,
        is_train=False,
        mean=(0, 0, 0),
        std=(1, 1, 1),
        resize_mode=shape.resize,
        interpolation=shape.interpolation,
        fill_color=shape.fill,
    )
    return np.asarray(transform(image), np.float64).transpose(1, 2, 0) * 255


def differences(ours: NDArray[np.uint8], theirs: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and greatest absolute difference, in steps of 255."""
    difference = np.abs(ours.astype(np.float64) - theirs)
    return float(difference.mean()), float(difference.max())


@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear"])
@pytest.mark.parametrize("resize", ["shortest", "squash", "longest"])
@pytest.mark.parametrize("name", REAL)
def test_without_a_draft_it_is_open_clips(name, resize, interpolation, pictures, photo_of):
    shape = InputShape(224, resize, interpolation, fill=120)
    ours = prepare(photo_of(pictures / name), shape).pixels
    with Image.open(pictures / name) as image:
        mean, greatest = differences(ours, open_clip_input(image, shape))
    assert ours.shape == (224, 224, 3)
    assert ours.dtype == np.uint8
    assert (mean, greatest) == pytest.approx((0, 0), abs=1e-3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(451, 300), (1003, 667), (300, 451), (209, 300), (3000, 120)])
def test_every_orientation_is_open_clips_after_exif_transpose(size, orientation, tmp_path, pictures, photo_of):
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = orientation
    with Image.open(pictures / "chelsea.png") as cat:
        cat.resize(size).save(path, exif=exif)
    prepared = prepare(photo_of(path), InputShape(224))
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
    mean, greatest = differences(prepared.pixels, open_clip_input(upright, InputShape(224)))
    assert (prepared.facts.width, prepared.facts.height) == upright.size
    if min(size) * 4 >= max(size):
        assert (mean, greatest) == pytest.approx((0, 0), abs=1e-3)
    else:  # nobody wants a panorama resized whole
        assert mean < 0.3
        assert greatest < 12


@pytest.mark.parametrize("resize", ["shortest", "squash", "longest"])
@pytest.mark.parametrize(("size", "orientation"), [((4032, 3024), 6), ((3264, 2448), 3), ((1801, 3203), 1)])
def test_a_draft_stays_within_the_documented_tolerance(size, orientation, resize, request, tmp_path):
    """Mean 0.5 of 255, 50 dB and no pixel more than 4 off, but for edges that no reduced pixel covers exactly."""
    path = tmp_path / "large.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    with Image.open(request.getfixturevalue("pictures") / "coffee.png") as coffee:
        coffee.resize(size, Image.Resampling.LANCZOS).save(path, quality=92, exif=exif)
    shape = InputShape(224, resize)
    ours = prepare(request.getfixturevalue("photo_of")(path), shape).pixels
    with Image.open(path) as image:
        theirs = open_clip_input(ImageOps.exif_transpose(image), shape)
    mean, greatest = differences(ours, theirs)
    error = float(np.mean((ours - theirs) ** 2))
    assert mean <= 0.5
    assert greatest <= (4.5 if size[0] % 4 == 0 or resize == "shortest" else 12)  # theirs is not rounded
    assert 10 * np.log10(255**2 / error) >= 50


def test_a_large_png_is_reduced_first_and_stays_close(tmp_path, pictures, photo_of: Callable[[Path], Photo]):
    path = tmp_path / "large.png"
    with Image.open(pictures / "motorcycle_left.png") as image:
        image.convert("RGB").resize((4447, 3001), Image.Resampling.LANCZOS).save(path, compress_level=1)
    ours = prepare(photo_of(path), InputShape(224)).pixels
    with Image.open(path) as image:
        mean, greatest = differences(ours, open_clip_input(image, InputShape(224)))
    assert mean <= 0.5
    assert greatest < 4.5
