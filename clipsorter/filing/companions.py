"""Which files of a folder are one photo: pairs, sidecars and live-photo videos travel together or not at all."""

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from clipsorter.filing.kinds import PICTURES, RAWS, VIDEOS

_JPEG = frozenset({"jpg", "jpeg", "jpe", "jfif", "jif", "mpo"})
_HEIF = frozenset({"heic", "heics", "heif", "heifs", "hif"})
_ONE_CAPTURE = _JPEG | _HEIF | RAWS
# IMG.xmp (Adobe), .AAE (Apple's edits), .MOV and .mp4 (live photo), .THM (the camera's own), .on1 (ON1)
_BY_STEM = frozenset({"xmp", "aae", "mov", "mp4", "thm", "on1"})
# IMG.jpg.xmp (digiKam, darktable), .pp3 (RawTherapee), .dop (DxO), .json (Google Takeout)
_BY_NAME = frozenset({"xmp", "pp3", "dop", "json"})


@dataclass(frozen=True, slots=True)
class Unit:
    """Files of one folder that are one photo to a person; plain names."""

    lead: str  # the one whose category counts
    followers: tuple[str, ...] = ()  # in alphabetical order

    @property
    def stem(self) -> str:
        """What all names of the unit begin with."""
        return PurePath(self.lead).stem


def units(photos: Collection[str], names: Iterable[str]) -> tuple[Unit, ...]:
    """Bind the chosen ``photos`` of one folder to what travels with them, given all ``names`` in that folder.

    Every chosen photo is in exactly one unit, as lead or as follower; other pictures follow where they are one
    capture with a chosen one. Same stem and JPEG, HEIF or raw: one capture. Same stem and a companion that may
    belong to either (``IMG.xmp`` beside ``IMG.jpg`` and ``IMG.png``): bound too, because parting them could part the
    companion from its photo. Pure; only names are looked at. Units come in the order of their first photo.
    """
    everything = sorted(names)
    by_name = _companions_by_name(everything)
    owned = {companion for companions in by_name.values() for companion in companions}
    by_stem: dict[str, list[str]] = defaultdict(list)
    for name in everything:
        if name not in owned:
            by_stem[PurePath(name).stem].append(name)
    chosen = set(photos)
    result: list[Unit] = []
    placed: set[str] = set()
    for photo in photos:
        if photo not in placed:
            capture = _capture(photo, by_stem[PurePath(photo).stem])
            members = {*capture, *(companion for name in capture for companion in by_name[name])}
            lead = min(chosen.intersection(capture), key=lambda name: (_rank(name), name))
            result.append(Unit(lead, tuple(sorted(members - {lead}))))
            placed |= members
    return tuple(result)


class Neighbours:
    """The names of one folder, indexed so that asking for one photo's companions does not look at all of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: set[str] = set()
        self._by_stem: dict[str, set[str]] = defaultdict(set)
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Note one more name."""
        self._names.add(name)
        stem = PurePath(name).stem
        inner = PurePath(stem).stem  # of IMG.jpg.xmp; of IMG_01.jpg.xmp without the number
        for key in (stem, inner, re.sub(r"_\d\d$", "", inner)):
            self._by_stem[key].add(name)

    def bound_to(self, lead: str, *others: str) -> frozenset[str]:
        """Everything that ``units`` binds to ``lead``, itself included, were ``others`` there too."""
        near = {lead, *others, *self._by_stem.get(PurePath(lead).stem, ())}
        # IMG_01.jpg.xmp is near IMG.jpg, but belongs to IMG_01.jpg where there is one.
        owners = {name.rpartition(".")[0] for name in near} & self._names
        (unit,) = units([lead], near | owners)
        return frozenset((unit.lead, *unit.followers))


def regular_names(folder: Path) -> list[str]:
    """The names of the ordinary files in a folder; nothing where it cannot be read. Links never travel."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError:
        return []


def _capture(photo: str, siblings: list[str]) -> set[str]:
    """The photo and what shares its stem and belongs to it."""
    pictures = {name for name in siblings if _suffix(name) in PICTURES | RAWS}
    shared = {name for name in siblings if _suffix(name) in _BY_STEM}
    if shared:
        return {photo} | pictures | shared
    if _suffix(photo) in _ONE_CAPTURE:
        return {photo} | {name for name in pictures if _suffix(name) in _ONE_CAPTURE}
    return {photo}


def _companions_by_name(names: list[str]) -> dict[str, list[str]]:
    """``IMG.jpg`` -> ``IMG.jpg.xmp``, and darktable's ``IMG_01.jpg.xmp`` where there is no ``IMG_01.jpg``."""
    found: dict[str, list[str]] = defaultdict(list)
    present = {name for name in names if _suffix(name) in PICTURES | RAWS | VIDEOS}
    for name in names:
        if _suffix(name) not in _BY_NAME:
            continue
        owner = name.rpartition(".")[0]
        duplicate = re.fullmatch(r"(.+)_\d\d(\.[^.]+)", owner)
        if owner not in present and duplicate:
            owner = "".join(duplicate.groups())
        if owner in present:
            found[owner].append(name)
    return found


def _rank(name: str) -> int:
    """The picture people look at leads: JPEG, then HEIF, then others, then raw."""
    suffix = _suffix(name)
    return 0 if suffix in _JPEG else 1 if suffix in _HEIF else 3 if suffix in RAWS else 2


def _suffix(name: str) -> str:
    return PurePath(name).suffix[1:].lower()
