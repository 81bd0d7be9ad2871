"""One line for every entry, photos really decoded."""

from datetime import datetime

import pytest
from PIL import Image

from clipsorter.errors import FolderError
from clipsorter.photos.report import EntryReport, report
from clipsorter.photos.scan import Outcome

from .test_decode import exif_block, png_claiming


def test_every_entry_has_one_outcome_in_the_order_of_the_scan(tmp_path):
    (tmp_path / "sub").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=exif_block())
    (tmp_path / "b.png").write_bytes(png_claiming(60000, 60000))
    (tmp_path / "c.png").write_bytes(b"torn")
    (tmp_path / "d.txt").write_text("words")
    (tmp_path / ".e.jpg").write_bytes(b"")
    Image.new("RGB", (20, 10)).save(tmp_path / "sub" / "f.png")
    entries = list(report(tmp_path, workers=2))
    assert [(entry.file, entry.outcome) for entry in entries] == [
        (".e.jpg", "skipped"),
        ("a.jpg", "decodes"),
        ("b.png", "refused"),
        ("c.png", "unreadable"),
        ("d.txt", "ignored"),
        ("sub/f.png", "decodes"),
    ]
    assert all(entry.reason.endswith(".") for entry in entries if entry.outcome is not Outcome.DECODES)
    photo = entries[1]
    assert (photo.width, photo.height) == (30, 40)
    assert photo.taken == datetime(2019, 7, 14, 12, 29, 59)  # noqa: DTZ001 - camera time has no zone
    assert (photo.latitude, photo.longitude) == (pytest.approx(48.858333), pytest.approx(2.294444))
    assert entries[5] == EntryReport("sub/f.png", Outcome.DECODES, width=20, height=10)


def test_an_empty_folder_has_an_empty_report(tmp_path):
    assert list(report(tmp_path)) == []


def test_a_missing_folder_is_said_at_once(tmp_path):
    with pytest.raises(FolderError, match="no folder"):
        next(report(tmp_path / "nowhere"))
