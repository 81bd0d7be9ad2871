"""HEIC photos, where the optional part is installed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from clipsorter.photos import scan
from clipsorter.photos.decode import prepare
from clipsorter.photos.formats import HEIF_MISSING
from clipsorter.photos.prepared import PreparedPhoto, Unreadable
from clipsorter.photos.scan import Passed
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import Photo
from tests.photos.conftest import SHAPE

LookAt = Callable[[Path], Photo]


@pytest.fixture
def heic(tmp_path: Path, astronaut: Image.Image) -> Path:
    """A real picture as an iPhone stores it, turned, with its time."""
    pillow_heif = pytest.importorskip("pillow_heif", reason="the optional part clipsorter[heif] is not installed")
    path = tmp_path / "IMG_1.HEIC"
    exif = Image.Exif()
    exif[0x0132] = "2024:05:06 07:08:09"
    pillow_heif.from_pillow(astronaut.resize((640, 480))).save(path, quality=80, exif=exif.tobytes())
    return path


def test_a_heic_photo_is_read_by_its_content(heic: Path, photo_of: LookAt) -> None:
    prepared = prepare(photo_of(heic), SHAPE)
    assert (prepared.facts.width, prepared.facts.height) == (640, 480)
    assert prepared.facts.taken is not None
    assert prepared.pixels.std() > 20
    misnamed = heic.rename(heic.with_suffix(".jpg"))
    assert (prepare(photo_of(misnamed), SHAPE).pixels == prepared.pixels).all()


def test_a_truncated_heic_photo_is_reported_by_the_workers(heic: Path, photo_of: LookAt) -> None:
    content = heic.read_bytes()
    for part in (0.05, 0.5, 0.9):
        heic.with_name(f"cut {part}.heic").write_bytes(content[: int(len(content) * part)])
    photos = [photo_of(path) for path in sorted(heic.parent.iterdir())]
    with DecodeWorkers(SHAPE, count=1) as workers:
        answers = {answer.photo.path: answer for answer in workers.prepare(iter(photos)) if answer is not None}
    assert isinstance(answers.pop(heic), PreparedPhoto)
    assert len(answers) == 3
    assert all(isinstance(answer, Unreadable) for answer in answers.values())


def test_without_its_part_a_heic_photo_is_named_with_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "heif_is_installed", lambda: False)
    (tmp_path / "IMG_1.HEIC").write_bytes(b"x")
    [entry] = scan.scan(tmp_path)
    assert isinstance(entry, Passed)
    assert entry.reason == HEIF_MISSING
