"""Keywords that others wrote are found by searches, and may be learned from when a person says so."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Found, Ranked
from clipsorter.engine.filing_steps import TagRequest
from clipsorter.engine.keyword_decisions import KeywordDecisions
from clipsorter.engine.requests import RankRequest
from clipsorter.filing.xmp import EMPTY, Keywords, edited, keywords_of
from clipsorter.values import Category, Decision

CATEGORIES = (Category("Trips"), Category("Beach", parent="Trips"), Category("Dog"))


def write_sidecar(path: Path, *paths: tuple[str, ...]) -> None:
    path.write_bytes(edited(EMPTY, add=keywords_of(paths), remove=Keywords()))


def hits(engine: Engine, folder: Path, query: str) -> list[str]:
    *_, found = engine.search(folder, query)
    assert isinstance(found, Found)
    return sorted(found.collection.files[row] for row in np.flatnonzero(found.result.hit))


def test_tags_of_sidecars_are_found_and_follow_their_changes(engine: Engine, album: Path) -> None:
    write_sidecar(album / "red 0.png.xmp", ("Trips", "Beach"))
    write_sidecar(album / "trip" / "blue 1.xmp", ("Cafe\u0301",))
    list(engine.index(album))
    assert hits(engine, album, "tag:beach") == hits(engine, album, "tag:trips/beach") == ["red 0.png"]
    assert hits(engine, album, "tag:TRIPS") == ["red 0.png"]
    assert hits(engine, album, "tag:café") == ["trip/blue 1.png"]
    assert len(hits(engine, album, "-tag:beach")) == 8
    assert hits(engine, album, "tag:nothing") == []
    write_sidecar(album / "red 0.png.xmp", ("Dog",))
    os.utime(album / "red 0.png.xmp", ns=(1, 1))  # older than before, and yet another time
    (album / "trip" / "blue 1.xmp").unlink()
    write_sidecar(album / "green 2.XMP", ("Dog",))
    list(engine.index(album))
    assert hits(engine, album, "tag:beach") == hits(engine, album, "tag:café") == []
    assert hits(engine, album, "tag:dog") == ["green 2.jpg", "red 0.png"]


def test_a_photo_that_moves_without_its_sidecar_leaves_the_tags_behind(engine: Engine, album: Path) -> None:
    write_sidecar(album / "red 0.png.xmp", ("Dog",))
    write_sidecar(album / "red 1.png.xmp", ("Dog",))
    list(engine.index(album))
    (album / "red 0.png").rename(album / "trip" / "red 0.png")
    (album / "red 1.png").rename(album / "trip" / "red 1.png")
    (album / "red 1.png.xmp").rename(album / "trip" / "red 1.png.xmp")
    list(engine.index(album))
    assert hits(engine, album, "tag:dog") == ["trip/red 1.png"]


def test_embedded_keywords_are_found(engine: Engine, album: Path) -> None:
    if not (exiftool := shutil.which("exiftool")):
        pytest.skip("exiftool is not installed")
    command = [
        exiftool,
        "-q",
        "-overwrite_original",
        "-XMP-dc:Subject=海滩",
        "-IPTC:Keywords=family",
        album / "green 0.jpg",
    ]
    subprocess.run(command, check=True, timeout=60)
    list(engine.index(album))
    assert hits(engine, album, "tag:海滩") == hits(engine, album, "tag:Family") == ["green 0.jpg"]


@pytest.mark.parametrize("packet", [b"", b"<broken", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", b"\0" * 100])
def test_a_damaged_sidecar_says_nothing_and_stops_nothing(engine: Engine, album: Path, packet: bytes) -> None:
    (album / "red 0.png.xmp").write_bytes(packet)
    list(engine.index(album))
    assert hits(engine, album, "tag:b") == []


def test_thousands_of_keywords_are_cut_off(engine: Engine, album: Path) -> None:
    write_sidecar(album / "red 0.png.xmp", *[(f"word{number}",) for number in range(1000)], ("x" * 300,))
    list(engine.index(album))
    assert hits(engine, album, "tag:word0") == ["red 0.png"]
    assert hits(engine, album, "tag:word999") == hits(engine, album, "tag:" + "x" * 300) == []


def test_keywords_decide_only_when_asked_and_ours_never(
    engine: Engine, album: Path, paint: Callable[..., Path]
) -> None:
    write_sidecar(album / "red 0.png.xmp", ("beach",))
    write_sidecar(album / "red 1.png.xmp", ("Trips", "Beach"))
    write_sidecar(album / "red 2.png.xmp", ("Beach",), ("Dog",))
    list(engine.index(album))
    *_, ranked = engine.rank(album, RankRequest((Category("Dog", phrases=("green",)),), 0))
    assert isinstance(ranked, Ranked)
    list(engine.tag(ranked, album, TagRequest(CATEGORIES)))
    list(engine.index(album))
    assert len(hits(engine, album, "tag:dog")) >= 3
    (found,) = engine.decisions_from_keywords(album, CATEGORIES)
    assert isinstance(found, KeywordDecisions)
    digests = dict(zip(ranked.collection.files, ranked.collection.digests, strict=True))
    assert set(found.decisions) == {Decision(digests[f"red {number}.png"], "Beach") for number in range(2)}
    assert found.ambiguous == ("red 2.png",)


def test_tags_that_were_just_written_are_found_and_those_taken_back_are_not(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    colours = (Category("red"), Category("blue"))
    list(engine.save_categories(colours, {}))
    *_, ranked = engine.rank(album, RankRequest(colours, 0.5))
    assert isinstance(ranked, Ranked)
    list(engine.tag(ranked, album, TagRequest(colours), dry_run=True))
    assert hits(engine, album, "tag:red") == []
    list(engine.tag(ranked, album, TagRequest(colours)))
    assert hits(engine, album, "tag:red") == ["red 0.png", "red 1.png", "red 2.png"]
    assert hits(engine, album, "tag:blue") == [f"trip/blue {number}.png" for number in range(3)]
    list(engine.untag(album))
    assert hits(engine, album, "tag:red") == hits(engine, album, "tag:blue") == []
