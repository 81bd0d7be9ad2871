"""Photos as large as a screen shows them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from clipsorter.photos.large import LONGEST_SIDE, LargePicture, attempt_large
from clipsorter.photos.prepared import Unreadable
from clipsorter.photos.reasons import Reason
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import Photo


def on_disk(path: Path) -> Photo:
    return Photo(path, path.stat().st_size, 0, 0)


def pixels(picture: LargePicture) -> np.ndarray:
    width, height = picture.size
    return np.frombuffer(picture.pixels, np.uint8).reshape(height, width, 3)


@pytest.mark.parametrize("ending", ["avif", "png", "tif", "webp"])
def test_a_photo_of_any_format_is_upright_in_its_own_size(tmp_path: Path, ending: str) -> None:
    picture = Image.new("RGB", (64, 32), "red")
    picture.paste("blue", (0, 0, 32, 32))  # the left half, which a turn to the right brings to the top
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    picture.save(path := tmp_path / f"a.{ending}", exif=exif)
    large = attempt_large(on_disk(path))
    assert isinstance(large, LargePicture)
    assert (large.size, large.of) == ((32, 64), (32, 64))
    top, bottom = pixels(large)[8, 16], pixels(large)[56, 16]
    assert top[2] > 200 > top[0]
    assert bottom[0] > 200 > bottom[2]


def test_a_very_large_photo_is_as_large_as_a_screen(tmp_path: Path) -> None:
    Image.new("RGB", (12_000, 9_000), "green").save(path := tmp_path / "a.jpg")
    large = attempt_large(on_disk(path))
    assert isinstance(large, LargePicture)
    assert (large.size, large.of) == ((LONGEST_SIDE, LONGEST_SIDE * 3 // 4), (12_000, 9_000))
    assert len(large.pixels) == LONGEST_SIDE * LONGEST_SIDE * 3 // 4 * 3


def test_of_an_animation_the_first_picture_is_shown(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue")]
    frames[0].save(path := tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True)
    large = attempt_large(on_disk(path))
    assert isinstance(large, LargePicture)
    assert pixels(large)[5, 5].tolist() == [255, 0, 0]


def test_why_a_photo_cannot_be_shown_is_a_value(tmp_path: Path) -> None:
    gone = attempt_large(Photo(tmp_path / "gone.avif", 1, 0, 0))
    assert isinstance(gone, Unreadable)
    assert gone.reason == Reason.GONE.sentence()
    path = tmp_path / "half.png"
    Image.effect_noise((300, 300), 50).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    half = attempt_large(on_disk(path))
    assert isinstance(half, Unreadable)
    assert half.reason == Reason.DAMAGED.sentence()


def test_decode_workers_do_it_in_a_child(tmp_path: Path) -> None:
    Image.new("RGB", (640, 480), "green").save(path := tmp_path / "a.avif")
    with DecodeWorkers(count=1) as workers:
        answers = [one for one in workers.enlarge([on_disk(path)]) if one is not None]
    assert [one.size for one in answers if isinstance(one, LargePicture)] == [(640, 480)]
