"""Sorting real files from the command line: plan, apply, undo and tags; everything can be taken back."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from clipsorter.filing.exiftool import is_installed
from clipsorter.filing.keywords import embedded_keywords
from tests.cli.conftest import CommandLine

SORT = ("--into", "red, blue", "--strictness", "0")


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and time of every file."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_plan_is_applied_and_undone_to_the_exact_start(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    before = state_of(album)
    target, plan = tmp_path / "sorted", tmp_path / "plan.json"
    planned = clipsorter("sort", album, *SORT, "--to", target, "--mode", "move", "--plan", plan)
    assert planned.status == 0
    assert (state_of(album), target.exists()) == (before, False)
    dry = clipsorter("apply", plan, "--dry-run", "--json")
    destinations = {line["destination"] for line in dry.lines[:-1]}
    assert destinations == {"red/red.png", "red/rouge, “1”.png", "blue/蓝色.png"}
    assert (dry.lines[-1]["filed"], dry.lines[-1]["not_filed"]) == (3, 0)
    assert state_of(album) == before

    applied = clipsorter("apply", plan, "--json")
    assert (applied.status, applied.lines[-1]["filed"]) == (0, 3)
    assert sorted(state_of(target)) == ["blue/蓝色.png", "red/red.png", "red/rouge, “1”.png"]
    assert state_of(album) == {}
    (run,) = clipsorter("runs", "--json").lines
    assert (run["state"], run["filed"]) == ("complete", 3)

    undone = clipsorter("undo", "--json")
    assert (undone.status, undone.lines[-1]["returned"]) == (0, 3)
    assert state_of(album) == before
    assert not target.exists()
    assert clipsorter("undo").status == 2


def test_applying_twice_files_nothing_twice_and_says_so(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    target, plan = tmp_path / "sorted", tmp_path / "plan.json"
    clipsorter("sort", album, *SORT, "--to", target, "--mode", "move", "--plan", plan)
    clipsorter("apply", plan)
    filed = state_of(target)
    again = clipsorter("apply", plan, "--json")
    assert again.status == 1
    assert again.lines[-1]["not_filed"] == 3
    assert state_of(target) == filed


def test_sorted_photos_are_known_at_their_new_place(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    target, plan = album / "sorted", tmp_path / "plan.json"
    clipsorter("sort", album, *SORT, "--to", target, "--mode", "move", "--plan", plan)
    clipsorter("apply", plan)
    assert clipsorter("index", album, "--json").lines[-1]["embedded"] == 0


def test_to_and_plan_belong_together(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    outcome = clipsorter("sort", album, *SORT, "--to", tmp_path / "sorted")
    assert (outcome.status, outcome.out) == (2, "")
    assert "--plan" in outcome.err


def test_a_plan_that_is_no_plan_is_refused(clipsorter: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps({"photos": []}))
    assert clipsorter("apply", tmp_path / "plan.json").status == 2
    assert clipsorter("apply", tmp_path / "none.json").status == 2
    assert clipsorter("apply", "/dev/zero").status == 2


def test_tags_are_written_and_taken_back_exactly(clipsorter: CommandLine, album: Path) -> None:
    theirs = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    theirs += b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag>'
    theirs += b"<rdf:li>holiday</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
    (album / "red.png.xmp").write_bytes(theirs)
    before = state_of(album)
    tagged = clipsorter("tag", album, *SORT, "--json")
    assert (tagged.status, tagged.lines[-1]["changed"]) == (0, 3)
    sidecar = (album / "red.png.xmp").read_text(encoding="utf-8")
    assert "holiday" in sidecar
    assert "<rdf:li>red</rdf:li>" in sidecar
    assert clipsorter("tag", album, *SORT, "--json").lines[-1]["changed"] == 0
    untagged = clipsorter("untag", album)
    assert (untagged.status, untagged.out) == (0, "3 sidecars changed, 0 right already, 0 left alone.\n")
    assert {file: content for file, (content, _) in state_of(album).items()} == {
        file: content for file, (content, _) in before.items()
    }


def test_a_dry_run_says_what_would_really_happen(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    target, plan = tmp_path / "sorted", tmp_path / "plan.json"
    rehearsed = clipsorter("sort", album, *SORT, "--to", target, "--dry-run")
    assert rehearsed.status == 0
    assert "red/  2 photos" in rehearsed.err
    assert "free" in rehearsed.err
    assert not plan.exists()
    clipsorter("sort", album, *SORT, "--to", target, "--mode", "move", "--plan", plan)
    (album / "red.png").write_bytes(b"another picture")
    (album / "trip" / "蓝色.png.xmp").write_text("came after the plan")
    assert re.search(
        r"^\d.* bytes needed, .* [kMGT]B free\.$", clipsorter("apply", plan, "--dry-run").err, re.MULTILINE
    )
    dry = clipsorter("apply", plan, "--dry-run", "--json")
    assert dry.status == 1
    assert {line["file"] for line in dry.lines if "error" in line} == {"red.png", "trip/蓝色.png"}
    real = clipsorter("apply", plan, "--json")
    assert [line for line in dry.lines if "error" in line] == [line for line in real.lines if "error" in line]
    (run,) = clipsorter("runs", "--json").lines
    (target / "red" / "rouge, “1”.png").write_bytes(b"edited since")
    assert clipsorter("undo", run["run"], "--dry-run", "--json").lines[-1]["left_alone"] == 1
    assert clipsorter("runs", "--json").lines == [run]


def test_a_photo_is_linked_into_its_other_categories_when_asked(
    clipsorter: CommandLine, album: Path, tmp_path: Path
) -> None:
    target, plan = tmp_path / "sorted", tmp_path / "plan.json"
    filing = ("--to", target, "--plan", plan, "--links", "symlink")
    assert clipsorter("sort", album, "--into", "red, warm; red", "--strictness", "0.1", *filing).status == 0
    assert clipsorter("apply", plan).status == 0
    linked = sorted(path.relative_to(target).as_posix() for path in target.rglob("*.png") if path.is_symlink())
    assert linked
    for name in linked:
        assert (target / name).read_bytes()
    assert clipsorter("undo").status == 0
    assert not target.exists()


def test_a_report_never_takes_the_place_of_the_output_itself(album: Path) -> None:
    out = album / "out.txt"
    with out.open("w") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "clipsorter", "scan", str(album), "--json", "--report", "/dev/stdout"],
            stdout=stream,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "output" in done.stderr
    assert out.read_text() == ""
    assert sorted(album.glob(".clipsorter*")) == []


def test_albums_are_described_and_their_photos_tagged(clipsorter: CommandLine, album: Path) -> None:
    before = state_of(album)
    told = clipsorter("tag", album, *SORT, "--albums", "--dry-run", "--json")
    assert told.lines[:2] == [
        {"album": "", "photos": 1, "categories": [{"name": "red", "share": 1.0}]},
        {"album": "trip", "photos": 2, "categories": []},  # one red and one blue: neither is what it is about
    ]
    assert state_of(album) == before
    Image.new("RGB", (50, 40), (240, 20, 20)).save(album / "trip" / "more.png")
    assert clipsorter("tag", album, *SORT, "--albums", "--style", "lightroom").status == 0
    sidecar = (album / "trip" / "蓝色.xmp").read_text(encoding="utf-8")
    assert "<rdf:li>red</rdf:li>" in sidecar
    assert "<rdf:li>blue</rdf:li>" in sidecar
    assert clipsorter("untag", album).status == 0
    assert not list(album.rglob("*.xmp"))


@pytest.mark.skipif(not is_installed(), reason="ExifTool is not installed")
def test_embedded_keywords_keep_what_was_decided_and_are_taken_back(
    clipsorter: CommandLine, album: Path, tmp_path: Path
) -> None:
    (tmp_path / "decided.csv").write_text("file,bin\nred.png,blue\n", encoding="utf-8")
    assert clipsorter("teach", album, "--decisions", tmp_path / "decided.csv").status == 0
    assert clipsorter("tag", album, *SORT, "--embed").status == 0
    assert "blue" in embedded_keywords(album / "red.png").subject
    assert embedded_keywords(album / "trip" / "蓝色.png").subject == ("blue",)
    assert clipsorter("index", album, "--json").status == 0
    assert clipsorter("decisions", album, "--json").lines == [{"file": "red.png", "bin": "blue", "verdict": "yes"}]
    assert clipsorter("untag", album).status == 0
    assert not embedded_keywords(album / "red.png")
    assert not list(album.rglob("*.xmp"))
    assert clipsorter("index", album, "--json").status == 0
    assert clipsorter("decisions", album, "--json").lines == [{"file": "red.png", "bin": "blue", "verdict": "yes"}]
