"""What the camera wrote, and what it should not have written."""

from datetime import datetime
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from clipsorter.photos.camera import LONGEST, CameraFacts, read_camera


def photo(path: Path, tags: dict[int, object], shot: dict[int, object]) -> Path:
    image = Image.new("RGB", (8, 6))
    exif = image.getexif()
    exif.update(tags)
    exif.get_ifd(ExifTags.IFD.Exif).update(shot)
    image.save(path, exif=exif)
    return path


def test_the_facts_of_a_shot_are_read(tmp_path: Path) -> None:
    base = ExifTags.Base
    path = photo(
        tmp_path / "a.jpg",
        {base.Make: "Canon", base.Model: "Canon EOS R5"},
        {
            base.DateTimeOriginal: "2023:05:12 14:03:09",
            base.LensModel: "RF 50mm F1.2",
            base.FNumber: 1.8,
            base.ExposureTime: 0.004,
            base.ISOSpeedRatings: 200,
            base.FocalLength: 50.0,
        },
    )
    facts = read_camera(path)
    assert facts.taken == datetime(2023, 5, 12, 14, 3, 9)  # noqa: DTZ001 - cameras know no zone
    assert (facts.camera, facts.lens, facts.iso) == ("Canon EOS R5", "RF 50mm F1.2", 200)
    assert (facts.aperture, facts.exposure, facts.focal_length) == pytest.approx((1.8, 0.004, 50.0))


def test_nonsense_is_not_known(tmp_path: Path) -> None:
    base = ExifTags.Base
    path = photo(
        tmp_path / "a.jpg",
        {base.Make: "x" * 500, base.Model: "a\x00\x1bb"},
        {base.FNumber: 0.0, base.ExposureTime: 0.0},
    )
    facts = read_camera(path)
    assert len(facts.camera) <= 2 * LONGEST + 1
    assert facts.camera.isprintable()
    assert (facts.aperture, facts.exposure) == (None, None)


def test_what_is_no_photo_has_no_facts(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe1\x00\x08Exif\x00\x00II")
    assert read_camera(tmp_path / "a.jpg") == CameraFacts()
    assert read_camera(tmp_path / "gone.jpg") == CameraFacts()
    assert read_camera(tmp_path) == CameraFacts()
