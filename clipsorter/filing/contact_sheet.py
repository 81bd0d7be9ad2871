"""A board as one page of thumbnails that can be opened, printed or sent, with nothing beside it."""

import base64
import io
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Literal

from PIL import Image

from clipsorter.errors import FilingError
from clipsorter.filing.exports import report
from clipsorter.filing.rows import SortedPhoto
from clipsorter.filing.sheet_style import STYLE
from clipsorter.filing.table import STEP

Thumbnail = Callable[[SortedPhoto], bytes | None]
Language = Literal["en", "zh"]

# The colours of the window's bins, by position; a test compares them.
ACCENTS = (
    *("#3b82f6", "#d27204", "#059669", "#8b5cf6", "#ef4444", "#0891b2"),
    *("#ec4899", "#609b0c", "#6366f1", "#b45309", "#0d9488", "#64748b"),
)
GREY = "#64748b"  # Unsorted
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FORMATS = ("JPEG", "PNG", "WEBP")
_NARROWEST, _WIDEST = 0.5, 3.0  # shapes beyond these are cropped, so that a panorama cannot make a row a ribbon

# default-src 'none' keeps scripts, frames, fonts and every address outside the page from loading.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class SheetBin:
    """One section of the page."""

    name: str | None  # None: Unsorted
    photos: Sequence[SortedPhoto]  # best first
    colour: str = ""  # "#3b82f6"; anything else: chosen by position


@dataclass(frozen=True, slots=True)
class _Words:
    """What the page says in one language; ``{n}`` is a number with separators, ``_1`` its singular."""

    html: str
    unsorted: str
    photo_1: str
    photos: str
    bins_1: str
    bins: str
    empty: str
    no_picture: str
    similarity: str
    made: str

    def count(self, number: int) -> str:
        return (self.photo_1 if number == 1 else self.photos).format(n=f"{number:,}")

    def groups(self, number: int) -> str:
        return (self.bins_1 if number == 1 else self.bins).format(n=f"{number:,}")


_WORDS = {
    "en": _Words(
        html="en",
        unsorted="Unsorted",
        photo_1="{n} photo",
        photos="{n} photos",
        bins_1="{n} category",
        bins="{n} categories",
        empty="No photos here.",
        no_picture="no preview",
        similarity="similarity",
        made="Made with ClipSorter on {day}",
    ),
    "zh": _Words(
        html="zh-Hans",
        unsorted="未分类",
        photo_1="{n} 张照片",
        photos="{n} 张照片",
        bins_1="{n} 个类别",
        bins="{n} 个类别",
        empty="这里没有照片。",
        no_picture="无预览",
        similarity="相似度",
        made="由 ClipSorter 生成于 {day}",
    ),
}


def contact_sheet_steps(
    path: Path,
    title: str,
    bins: Sequence[SheetBin],
    *,
    thumbnail: Thumbnail,
    language: Language = "en",
    day: date | None = None,
) -> Generator[int, None, None]:
    """Write one HTML file with every bin and a thumbnail per photo.

    The page loads nothing from anywhere and runs nothing. ``thumbnail`` is asked once per photo, in order, and may
    answer None; its bytes (JPEG, PNG or WebP) go straight to disk, so memory stays flat at any size. ``day`` None
    leaves the date out. Raises FilingError where the file cannot be written or a photo stands in its place; what
    ``thumbnail`` raises passes through (an OSError as FilingError) and leaves no file. Yields now and then about how
    many photos are written; closing the generator before its end leaves no file either.
    """
    if language not in _WORDS:
        raise FilingError(f"Contact sheets are written in English or Chinese, not “{language}”.")
    with report(path) as file:
        for number, piece in enumerate(_page(title, bins, thumbnail, _WORDS[language], day), 1):
            # A file name that is not valid text shows its stray bytes instead of stopping the page.
            file.write(piece.encode("utf-8", "backslashreplace"))
            if number % STEP == 0:
                yield number


def _page(title: str, bins: Sequence[SheetBin], thumbnail: Thumbnail, words: _Words, day: date | None) -> Iterator[str]:
    colours = [_colour(bin_, index) for index, bin_ in enumerate(bins)]
    yield _head(title, bins, colours, words)
    for index, (bin_, colour) in enumerate(zip(bins, colours, strict=True)):
        yield (
            f'<section id="b{index}" style="--accent:{colour}"><h2><i class="dot"></i>{_name(bin_, words)}'
            f'<span class="count">{words.count(len(bin_.photos))}</span></h2>\n'
        )
        if bin_.photos:
            yield '<div class="wall">\n'
            for photo in bin_.photos:
                yield _figure(photo, thumbnail(photo), words)
            yield "</div>\n"
        else:
            yield f'<p class="empty">{words.empty}</p>\n'
        yield "</section>\n"
    yield "</main>\n"
    if day is not None:
        yield f"<footer>{words.made.format(day=day.isoformat())}</footer>\n"
    yield "</body>\n</html>\n"


def _head(title: str, bins: Sequence[SheetBin], colours: Sequence[str], words: _Words) -> str:
    chips = "\n".join(
        f'<a href="#b{index}" style="--accent:{colour}"><i class="dot"></i>{_name(bin_, words)}'
        f'<span class="count">{len(bin_.photos):,}</span></a>'
        for index, (bin_, colour) in enumerate(zip(bins, colours, strict=True))
    )
    photos = sum(len(bin_.photos) for bin_ in bins)
    named = sum(bin_.name is not None for bin_ in bins)
    return f"""<!doctype html>
<html lang="{words.html}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="ClipSorter">
<title>{_text(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header><h1>{_text(title)}</h1><p>{words.count(photos)} · {words.groups(named)}</p></header>
<nav>
{chips}
</nav>
<main>
"""


def _figure(photo: SortedPhoto, picture: bytes | None, words: _Words) -> str:
    kind, ratio = _kind_and_ratio(picture)
    name = photo.file.rpartition("/")[2]
    shown = (
        f'<img alt="{_text(name)}" loading="lazy" decoding="async" '
        f'src="data:{kind};base64,{base64.b64encode(picture).decode()}">'
        if picture and kind
        else f'<div class="none">{words.no_picture}</div>'
    )
    hint = f"{photo.file} · {words.similarity} {photo.similarity:.3f}"
    return (
        f'<figure style="--r:{ratio:.3f}" title="{_text(hint)}">{shown}'
        f"<figcaption><span>{_text(name)}</span><b>{photo.probability:.0%}</b></figcaption></figure>\n"
    )


def _kind_and_ratio(picture: bytes | None) -> tuple[str, float]:
    """Mime type and width over height, read from the header alone; ("", 4:3) for what is not a picture."""
    if picture:
        try:
            with Image.open(io.BytesIO(picture), formats=_FORMATS) as image:
                ratio = image.width / image.height
                return image.get_format_mimetype() or "", min(max(ratio, _NARROWEST), _WIDEST)
        except (OSError, SyntaxError, ValueError, ZeroDivisionError, Image.DecompressionBombError):
            pass  # a thumbnail that cannot be shown is shown as missing
    return "", 4 / 3


def _colour(bin_: SheetBin, position: int) -> str:
    if _COLOUR.fullmatch(bin_.colour):  # it stands inside a style, so nothing but a colour may pass
        return bin_.colour
    return GREY if bin_.name is None else ACCENTS[position % len(ACCENTS)]


def _name(bin_: SheetBin, words: _Words) -> str:
    return words.unsorted if bin_.name is None else _text(bin_.name)


def _text(text: str) -> str:
    """Safe between tags and inside quoted attributes; control characters would make the page invalid."""
    return escape("".join(sign if sign.isprintable() else "�" for sign in text), quote=True)
