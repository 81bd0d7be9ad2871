import base64
import io
import re
import tracemalloc
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from clipsorter.errors import FilingError
from clipsorter.filing.contact_sheet import SheetBin, contact_sheet_steps
from clipsorter.filing.rows import SortedPhoto

EVIL = '"><script>alert(1)</script><img src=x onerror="alert(1)">\'&\x00\x1b.jpg'


def write_contact_sheet(path: Path, title: str, bins: list[SheetBin], **more: Any) -> None:
    list(contact_sheet_steps(path, title, bins, **more))


def photo(file: str, bin_: str | None = "cat") -> SortedPhoto:
    return SortedPhoto(file, Path("/secret/place") / "x.jpg", bin_, 0.25, 0.98, 0.5, {})


def picture(size: tuple[int, int] = (256, 192), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


class Page(HTMLParser):
    """The page as a browser would build it: tags, attributes, texts."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.source = path.read_text("utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_every_photo_is_shown_in_its_bin_in_order(tmp_path: Path) -> None:
    shown = picture()
    bins = [
        SheetBin("cat", [photo("a/1.jpg"), photo("2.jpg")]),
        SheetBin("空", []),
        SheetBin(None, [photo("3.jpg", None)]),
    ]
    write_contact_sheet(tmp_path / "s.html", "假期", bins, thumbnail=lambda _: shown, day=date(2026, 11, 21))
    page = Page(tmp_path / "s.html")
    assert page.all("html") == [{"lang": "en"}]
    assert [image["alt"] for image in page.all("img")] == ["1.jpg", "2.jpg", "3.jpg"]
    assert [base64.b64decode(image["src"].partition(",")[2]) for image in page.all("img")] == [shown] * 3
    wanted = ("3 photos · 2 categories", "Unsorted", "No photos here.", "Made with ClipSorter on 2026-11-21")
    assert set(wanted) <= set(page.texts)
    assert {link["href"] for link in page.all("a")} == {f"#{section['id']}" for section in page.all("section")}


def test_the_page_speaks_chinese(tmp_path: Path) -> None:
    write_contact_sheet(tmp_path / "s.html", "t", [SheetBin(None, [])], thumbnail=lambda _: None, language="zh")
    page = Page(tmp_path / "s.html")
    assert page.all("html") == [{"lang": "zh-Hans"}]
    assert {"未分类", "这里没有照片。", "0 张照片 · 0 个类别"} <= set(page.texts)
    with pytest.raises(FilingError, match="English or Chinese"):
        write_contact_sheet(tmp_path / "s.html", "t", [], thumbnail=lambda _: None, language="fr")


def test_names_cannot_leave_their_place_in_the_page(tmp_path: Path) -> None:
    bins = [SheetBin(EVIL, [photo(EVIL)], colour='red;}</style><script>x"')]
    write_contact_sheet(tmp_path / "s.html", EVIL, bins, thumbnail=lambda _: picture())
    page = Page(tmp_path / "s.html")
    assert not page.all("script")
    assert len(page.all("img")) == 1
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert page.all("section")[0]["style"] == "--accent:#3b82f6"
    assert "\x00" not in page.source


def test_the_page_reaches_for_nothing_outside_and_tells_no_folder(tmp_path: Path) -> None:
    write_contact_sheet(tmp_path / "s.html", "t", [SheetBin("c", [photo("a.jpg")])], thumbnail=lambda _: picture())
    page = Page(tmp_path / "s.html")
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert not re.findall(r"https?:|//\w|url\(|@import", re.sub(r'src="data:[^"]*"', "", page.source))
    assert "/secret/place" not in page.source


@pytest.mark.parametrize("broken", [None, b"", b"not a picture", picture()[:30], b"<svg onload=alert(1)>"])
def test_a_photo_without_thumbnail_keeps_its_name(tmp_path: Path, broken: bytes | None) -> None:
    write_contact_sheet(tmp_path / "s.html", "t", [SheetBin("c", [photo("a.jpg")])], thumbnail=lambda _: broken)
    page = Page(tmp_path / "s.html")
    assert not page.all("img")
    assert {"a.jpg", "no preview"} <= set(page.texts)


@pytest.mark.parametrize(("size", "ratio"), [((200, 100), "2.000"), ((900, 10), "3.000"), ((10, 900), "0.500")])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_keep_their_shape_within_reason(tmp_path: Path, size: tuple[int, int], ratio: str, kind: str) -> None:
    bins = [SheetBin("c", [photo("a.jpg")])]
    write_contact_sheet(tmp_path / "s.html", "t", bins, thumbnail=lambda _: picture(size, kind))
    page = Page(tmp_path / "s.html")
    assert page.all("figure")[0]["style"] == f"--r:{ratio}"
    assert page.all("img")[0]["src"].startswith(f"data:image/{kind.lower()};base64,")


def test_memory_stays_flat_over_thousands_of_photos(tmp_path: Path) -> None:
    thumbnail = picture() + bytes(50_000)
    photos = [photo(f"{number}.jpg") for number in range(1_000)]
    tracemalloc.start()
    try:
        write_contact_sheet(tmp_path / "s.html", "t", [SheetBin("c", photos)], thumbnail=lambda _: thumbnail)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "s.html").stat().st_size > 60_000_000
    assert peak < 8_000_000


def test_an_interrupted_sheet_leaves_nothing(tmp_path: Path) -> None:
    def fails(_: SortedPhoto) -> bytes:
        raise RuntimeError("cancelled")

    with pytest.raises(RuntimeError, match="cancelled"):
        write_contact_sheet(tmp_path / "s.html", "t", [SheetBin("c", [photo("a.jpg")])], thumbnail=fails)
    assert not list(tmp_path.iterdir())


def test_a_sheet_never_takes_the_place_of_a_photo(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"precious")
    with pytest.raises(FilingError, match="photo"):
        write_contact_sheet(tmp_path / "a.jpg", "t", [], thumbnail=lambda _: None)
    assert (tmp_path / "a.jpg").read_bytes() == b"precious"
