"""The keywords a photo already has, from its sidecars and from inside the file, whoever wrote them."""

import contextlib
import unicodedata
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from PIL import Image, IptcImagePlugin

from clipsorter.filing.packet import XmpError
from clipsorter.filing.sidecar import read_sidecar
from clipsorter.filing.xmp import Keywords, read
from clipsorter.regular_files import open_regular

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")
_IPTC_KEYWORDS = (2, 25)  # IIM 4.2, record 2
_IPTC_CHARSET = (1, 90)
_UTF8_MARK = b"\x1b%G"  # ISO 2022 escape for UTF-8


@dataclass(frozen=True, slots=True)
class FoundKeywords:
    """Keywords of one photo, each once, in the order they were found."""

    flat: tuple[str, ...]  # "Beach"
    paths: tuple[tuple[str, ...], ...]  # ("Trips", "Beach")


def fold(keyword: str) -> str:
    """The form in which keywords are compared: composed, without case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", keyword).casefold().split())


def folded_keywords(found: FoundKeywords) -> tuple[str, ...]:
    """Everything a photo can be asked for: its keywords, those above them, and whole paths as "trips/beach"."""
    steps = [step for path in found.paths for step in (*path, "/".join(path))]
    return tuple(dict.fromkeys(folded for word in (*found.flat, *steps) if (folded := fold(word))))


def keywords_of_photo(photo: Path, ours: Mapping[Path, Keywords] = MappingProxyType({})) -> FoundKeywords:
    """Read the keywords of a photo: ``IMG.jpg.xmp``, ``IMG.xmp``, embedded XMP, IPTC.

    What is ``ours`` in a sidecar does not count (see ``tags.our_keywords``). Only headers are read, nothing is
    decoded; what cannot be read counts as empty, so this never fails. Any thread.
    """
    flat: dict[str, None] = {}
    paths: dict[tuple[str, ...], None] = {}
    for keywords in _everywhere(photo, ours):
        flat.update(dict.fromkeys(keywords.subject))
        paths.update(dict.fromkeys(tuple(path.split("|")) for path in keywords.hierarchical))
        paths.update(dict.fromkeys(tuple(path.split("/")) for path in keywords.tags_list))
    return FoundKeywords(tuple(word for word in flat if word), tuple(path for path in paths if all(path)))


def embedded_keywords(photo: Path) -> Keywords:
    """The keywords of the XMP packet inside a photo. Raises XmpError or OSError where it cannot be read."""
    try:
        with open_regular(photo) as file, Image.open(file, formats=_FORMATS) as image:
            packet = image.info.get("xmp")
    except OSError:
        raise
    except Exception as error:  # a broken header makes Pillow stumble in many ways
        raise XmpError("cannot be read as a picture") from error
    return read(packet.rstrip(b"\0")) if isinstance(packet, bytes) else Keywords()


def _everywhere(photo: Path, ours: Mapping[Path, Keywords]) -> Iterable[Keywords]:
    for name in (f"{photo.name}.xmp", f"{photo.name}.XMP", f"{photo.stem}.xmp", f"{photo.stem}.XMP"):
        sidecar = photo.with_name(name)
        try:
            packet = read_sidecar(sidecar)
            if packet is not None:
                yield read(packet) - ours.get(sidecar, Keywords())
        except (XmpError, OSError):
            continue
    yield from _embedded(photo)


def _embedded(photo: Path) -> Iterable[Keywords]:
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            open_regular(photo) as file,
            Image.open(file, formats=_FORMATS) as image,
        ):
            packet = image.info.get("xmp")
            iptc = IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:  # a broken header makes Pillow stumble in many ways
        return  # not a picture that Pillow reads: its sidecars have spoken
    if isinstance(packet, bytes):
        with contextlib.suppress(XmpError):
            yield read(packet.rstrip(b"\0"))
    words = iptc.get(_IPTC_KEYWORDS, [])
    is_utf8 = iptc.get(_IPTC_CHARSET) == _UTF8_MARK
    yield Keywords(tuple(_iptc_text(word, is_utf8=is_utf8) for word in (words if isinstance(words, list) else [words])))


def _iptc_text(word: bytes, *, is_utf8: bool) -> str:
    """IPTC names its character set or, more often, does not: UTF-8 where it is, else Latin-1."""
    try:
        return word.decode("utf-8").strip()
    except UnicodeDecodeError:
        return word.decode("utf-8" if is_utf8 else "latin-1", "replace").strip()
