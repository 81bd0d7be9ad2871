import io
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from clipsorter.filing.keywords import FoundKeywords, keywords_of_photo
from tests.filing.test_xmp import LIGHTROOM


def picture(path: Path, **options: object) -> Path:
    Image.new("RGB", (8, 8), "teal").save(path, **options)
    return path


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif"])
def test_embedded_keywords_are_read(tmp_path: Path, name: str) -> None:
    exiftool = shutil.which("exiftool")
    if not exiftool:
        pytest.skip("exiftool is not installed")
    path = picture(tmp_path / name)
    command = [exiftool, "-q", "-overwrite_original", "-XMP-dc:Subject=海滩", "-XMP-lr:HierarchicalSubject=Trips|海滩"]
    subprocess.run([*command, str(path)], check=True, timeout=30)
    assert keywords_of_photo(path) == FoundKeywords(("海滩",), (("Trips", "海滩"),))


@pytest.mark.parametrize("charset", ["UTF8", "Latin"])
def test_iptc_keywords_are_read_in_either_charset(tmp_path: Path, charset: str) -> None:
    exiftool = shutil.which("exiftool")
    if not exiftool:
        pytest.skip("exiftool is not installed")
    path = picture(tmp_path / "a.jpg")
    mark = ["-IPTC:CodedCharacterSet=UTF8"] if charset == "UTF8" else ["-charset", "iptc=Latin"]
    words = ["-IPTC:Keywords=Café", "-IPTC:Keywords=beach"]
    subprocess.run([exiftool, "-q", "-overwrite_original", *mark, *words, str(path)], check=True, timeout=30)
    assert keywords_of_photo(path).flat == ("Café", "beach")


def test_sidecars_of_both_kinds_count_and_each_word_once(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.xmp").write_bytes(LIGHTROOM)
    (tmp_path / "a.xmp").write_bytes(LIGHTROOM.replace("夏天".encode(), b"summer"))
    assert keywords_of_photo(path).flat == ("family", "夏天", "summer")


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff\xe1\x00\x08junk", b"\x89PNG\r\n\x1a\n"])
def test_what_cannot_be_read_has_no_keywords(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    (tmp_path / "a.jpg.xmp").write_bytes(content)
    assert keywords_of_photo(tmp_path / "a.jpg") == FoundKeywords((), ())
    assert keywords_of_photo(tmp_path / "missing.jpg") == FoundKeywords((), ())


def test_a_damaged_packet_inside_a_picture_is_passed_by(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", xmp=b"<broken")
    (tmp_path / "a.jpg").write_bytes(out.getvalue())
    assert keywords_of_photo(tmp_path / "a.jpg") == FoundKeywords((), ())
