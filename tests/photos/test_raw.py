"""Camera raw files: the preview inside, else the sensor's picture."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clipsorter.errors import DecodeError
from clipsorter.photos import raw, scan
from clipsorter.photos.decode import attempt, prepare
from clipsorter.photos.formats import RAW_BESIDE, RAW_MISSING
from clipsorter.photos.prepared import PreparedPhoto, Unreadable
from clipsorter.photos.scan import Outcome, Passed
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import Photo
from tests.photos.conftest import SHAPE
from tests.photos.raw_files import write_dng

needs_rawpy = pytest.mark.skipif(not raw.is_installed(), reason="the optional part clipsorter[raw] is not installed")
LookAt = Callable[[Path], Photo]

SENSOR = (768, 512)


@pytest.fixture(scope="module")
def scene() -> Image.Image:
    """Red above blue, with a green corner at the top left: its turning shows."""
    picture = Image.new("RGB", SENSOR, (40, 60, 220))
    picture.paste((220, 40, 40), (0, 0, SENSOR[0], SENSOR[1] // 2))
    picture.paste((40, 200, 60), (0, 0, 200, 200))
    return picture


def thumbnail_of(prepared: PreparedPhoto) -> Image.Image:
    return Image.open(io.BytesIO(prepared.thumbnail)).convert("RGB")


def strongest(picture: Image.Image, x: float, y: float) -> str:
    """Which colour is strongest at a place given as parts of width and height."""
    pixel = picture.getpixel((int(x * picture.width), int(y * picture.height)))
    assert isinstance(pixel, tuple)
    return ["red", "green", "blue"][int(np.argmax(pixel))]


@needs_rawpy
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("has_preview", [True, False])
def test_a_raw_photo_stands_upright(
    tmp_path: Path, scene: Image.Image, photo_of: LookAt, orientation: int, has_preview: bool
) -> None:
    path = tmp_path / "IMG_1.dng"
    write_dng(path, scene, preview=scene if has_preview else None, orientation=orientation)
    prepared = prepare(photo_of(path), SHAPE)
    upright = SENSOR if orientation in {1, 3} else SENSOR[::-1]
    assert (prepared.facts.width, prepared.facts.height) == upright
    corner = {1: (0.1, 0.1), 3: (0.9, 0.9), 6: (0.9, 0.1), 8: (0.1, 0.9)}[orientation]
    opposite = (1 - corner[0], 1 - corner[1])
    picture = thumbnail_of(prepared)
    assert strongest(picture, *corner) == "green"
    assert strongest(picture, *opposite) == "blue"
    assert prepared.facts.taken == datetime(2024, 5, 6, 7, 8, 9)  # noqa: DTZ001 - cameras know no zone


@needs_rawpy
def test_the_preview_is_preferred_and_an_icon_is_not(tmp_path: Path, scene: Image.Image, photo_of: LookAt) -> None:
    path = tmp_path / "IMG_1.dng"
    write_dng(path, scene, preview=Image.new("RGB", SENSOR, (40, 220, 40)))
    assert strongest(thumbnail_of(prepare(photo_of(path), SHAPE)), 0.5, 0.2) == "green"
    write_dng(path, scene, preview=Image.new("RGB", (160, 106), (40, 220, 40)))
    assert strongest(thumbnail_of(prepare(photo_of(path), SHAPE)), 0.5, 0.2) == "red"


@needs_rawpy
def test_a_preview_of_another_shape_counts_as_it_is(tmp_path: Path, scene: Image.Image, photo_of: LookAt) -> None:
    path = tmp_path / "IMG_1.dng"
    write_dng(path, scene, preview=scene.resize((640, 640)))
    assert thumbnail_of(prepare(photo_of(path), SHAPE)).size == (256, 256)


@needs_rawpy
def test_a_jpeg_named_raw_still_decodes(tmp_path: Path, scene: Image.Image, photo_of: LookAt) -> None:
    scene.save(tmp_path / "IMG_1.CR2", "JPEG")
    scene.save(tmp_path / "IMG_2.nef", "PNG")
    for path in tmp_path.iterdir():
        assert prepare(photo_of(path), SHAPE).facts.width == SENSOR[0]


@needs_rawpy
def test_damaged_raw_files_are_said_to_be_so_by_the_workers(
    tmp_path: Path, scene: Image.Image, photo_of: LookAt
) -> None:
    whole = tmp_path / "whole.dng"
    write_dng(whole, scene, preview=scene)
    content = whole.read_bytes()
    generator = np.random.default_rng(5)
    for number in range(12):
        broken = bytearray(content[: int(len(content) * (1 if number % 2 else generator.random()))])
        for place in generator.integers(8, len(broken), 40):
            broken[place] = generator.integers(256)
        (tmp_path / f"broken {number}.dng").write_bytes(broken)
    (tmp_path / "noise.nef").write_bytes(generator.bytes(50_000))
    photos = [photo_of(path) for path in sorted(tmp_path.iterdir())]
    with DecodeWorkers(SHAPE, count=1) as workers:
        answers = [answer for answer in workers.prepare(iter(photos)) if answer is not None]
    assert {answer.photo for answer in answers} == set(photos)
    by_name = {answer.photo.path.name: answer for answer in answers}
    assert isinstance(by_name["whole.dng"], PreparedPhoto)
    assert isinstance(by_name["noise.nef"], Unreadable)


def test_a_raw_file_beside_its_jpeg_is_left_to_travel_with_it(tmp_path: Path) -> None:
    for name in ("IMG_1.CR2", "IMG_1.JPG", "IMG_1.xmp"):
        (tmp_path / name).write_bytes(b"x")
    outcomes = {entry.path.name: entry for entry in scan.scan(tmp_path)}
    assert isinstance(outcomes["IMG_1.JPG"], Photo)
    beside = outcomes["IMG_1.CR2"]
    assert isinstance(beside, Passed)
    assert (beside.outcome, beside.reason) == (Outcome.IGNORED, RAW_BESIDE)


def test_without_its_part_a_raw_file_is_named_with_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photo_of: LookAt
) -> None:
    monkeypatch.setattr(scan, "raw_is_installed", lambda: False)
    monkeypatch.setattr(raw, "is_installed", lambda: False)
    (tmp_path / "IMG_1.CR2").write_bytes(b"II*\0")
    [entry] = scan.scan(tmp_path)
    assert isinstance(entry, Passed)
    assert entry.reason == RAW_MISSING
    answer = attempt(photo_of(tmp_path / "IMG_1.CR2"), SHAPE)
    assert isinstance(answer, Unreadable)
    assert answer.reason == RAW_MISSING
    with pytest.raises(DecodeError, match=r"clipsorter\[raw\]"):
        prepare(photo_of(tmp_path / "IMG_1.CR2"), SHAPE)


@needs_rawpy
def test_with_its_part_a_raw_file_alone_is_a_photo(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.CR2").write_bytes(b"II*\0")
    [entry] = scan.scan(tmp_path)
    assert isinstance(entry, Photo)
