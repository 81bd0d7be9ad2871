"""The contract of the command line: what is printed, what is written, which status comes back."""

import csv
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from clipsorter.cli.commands import COMMANDS
from clipsorter.cli.parser import COMMAND_NAMES, build_parser
from clipsorter.cli.program import put_command_first
from tests.cli.conftest import CommandLine


def test_sort_prints_one_json_line_per_photo(clipsorter: CommandLine, album: Path) -> None:
    outcome = clipsorter("sort", album, "--into", "red, blue", "--strictness", 0, "--json")
    assert outcome.status == 0
    assert {line["file"]: line["bin"] for line in outcome.lines} == {
        "red.png": "red",
        "trip/rouge, “1”.png": "red",
        "trip/蓝色.png": "blue",
    }
    for line in outcome.lines:
        assert list(line) == ["file", "bin", "similarity", "probability", "margin", "similarities"]
        assert set(line["similarities"]) == {"red", "blue"}
        assert line["similarity"] == max(line["similarities"].values())
        assert 0 <= line["margin"] <= line["probability"] <= 1


def test_sort_prints_bins_for_people_with_unsorted_last(clipsorter: CommandLine, album: Path) -> None:
    outcome = clipsorter("sort", album, "--into", "red, blue")
    headings = [line for line in outcome.out.splitlines() if not line.startswith(" ")]
    assert [heading.split(" (")[0] for heading in headings] == ["red", "blue", "Unsorted"]
    assert "red.png" in outcome.out
    assert "3 new" in outcome.err


def test_a_photo_whose_memory_a_disk_spoilt_is_looked_at_before_the_answer(
    clipsorter: CommandLine, album: Path, tmp_path: Path
) -> None:
    assert clipsorter("index", album).status == 0
    with closing(sqlite3.connect(tmp_path / "data" / "cache.db")) as connection:
        (stored,) = connection.execute("SELECT embedding FROM embeddings WHERE content = 2").fetchone()
        flipped = bytes([stored[0], stored[1] ^ 0x80, *stored[2:]])
        connection.execute("UPDATE embeddings SET embedding = ? WHERE content = 2", [flipped])
        connection.commit()
    outcome = clipsorter("sort", album, "--into", "red, blue", "--strictness", "0", "--json")
    assert len(outcome.out.splitlines()) == 3
    assert outcome.status == 0


def test_sort_reads_categories_from_a_file(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    path = tmp_path / "categories.toml"
    path.write_text('[[category]]\nname = "warm"\nphrases = ["red"]\n[[category]]\nname = "cold"\nphrases = ["blue"]\n')
    outcome = clipsorter("sort", album, "--into-file", path, "--strictness", 0, "--json")
    assert {line["bin"] for line in outcome.lines} == {"warm", "cold"}


def test_sort_writes_a_table_and_a_contact_sheet(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    table, sheet = tmp_path / "table.csv", tmp_path / "sheet.html"
    outcome = clipsorter("sort", album, "--into", "red, blue", "--csv", table, "--html", sheet)
    assert outcome.status == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["file"] for row in rows} == {"red.png", "trip/rouge, “1”.png", "trip/蓝色.png"}
    page = sheet.read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") == 3
    assert "http" not in page.replace("http-equiv", "")


def test_a_photo_that_cannot_be_read_has_its_line_and_shows_in_the_status(clipsorter: CommandLine, album: Path) -> None:
    (album / "broken.jpg").write_bytes(b"no photo")
    outcome = clipsorter("sort", album, "--into", "red, blue", "--json")
    assert outcome.status == 1
    (broken,) = [line for line in outcome.lines if line["file"] == "broken.jpg"]
    assert broken["bin"] is None
    assert broken["error"]
    assert len(outcome.lines) == 4


def test_search_ranks_every_photo_and_marks_hits(clipsorter: CommandLine, album: Path) -> None:
    outcome = clipsorter("search", album, "blue", "--json")
    assert outcome.status == 0
    assert [line["rank"] for line in outcome.lines] == [1, 2, 3]
    assert (outcome.lines[0]["file"], outcome.lines[0]["hit"]) == ("trip/蓝色.png", True)
    similarities = [line["similarity"] for line in outcome.lines]
    assert similarities == sorted(similarities, reverse=True)
    assert len(clipsorter("search", album, "blue", "--json", "--limit", 2).lines) == 2


def test_index_reports_counts(clipsorter: CommandLine, album: Path) -> None:
    first, second = clipsorter("index", album, "--json"), clipsorter("index", album, "--json")
    assert (first.lines[-1]["embedded"], second.lines[-1]["embedded"]) == (3, 0)
    assert second.lines[-1]["unchanged"] == 3


def test_scan_reports_every_entry_once(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    (album / "notes.txt").write_text("hello")
    (album / "broken.jpg").write_bytes(b"no photo")
    (album / ".hidden").mkdir()
    (album / "link.png").symlink_to(album / "red.png")
    report = tmp_path / "report.jsonl"
    assert clipsorter("scan", album, "--report", report).status == 0
    lines = {line["file"]: line for line in map(json.loads, report.read_text().splitlines())}
    assert {file: line["outcome"] for file, line in lines.items()} == {
        "red.png": "decodes",
        "trip/rouge, “1”.png": "decodes",
        "trip/蓝色.png": "decodes",
        "broken.jpg": "unreadable",
        "notes.txt": "ignored",
        ".hidden": "skipped",
        "link.png": "skipped",
    }
    assert (lines["trip/蓝色.png"]["width"], lines["trip/蓝色.png"]["height"]) == (40, 50)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sort", "{none}", "--into", "red"], "There is no folder"),
        (["sort", "{file}", "--into", "red"], "is a file"),
        (["sort", "{album}", "--into", " , "], "list of categories is empty"),
        (["sort", "{album}"], "list of categories is empty"),
        (["sort", "{album}", "--into-file", "{none}"], "cannot be read"),
        (["index", "{album}", "--model", "no-such-model"], "no-such-model"),
        (["index", "{album}", "--data", "{file}"], "folder"),
        (["search", "{none}", "red"], "There is no folder"),
        (["scan", "{none}"], "There is no folder"),
        (["search", "{album}", "  "], "A search needs words"),
        (["serach"], 'did you mean "search"?'),
        (["frobnicate"], "is neither a command nor a folder"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    clipsorter: CommandLine, album: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    places = {"none": tmp_path / "none", "file": album / "red.png", "album": album}
    command, *rest = [argument.format(**places) for argument in arguments]
    outcome = clipsorter(command, *rest)
    assert outcome.status == 2
    assert outcome.out == ""
    (line,) = [line for line in outcome.err.splitlines() if line]
    assert line.startswith("clipsorter: ")
    assert sentence in line


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ([], ["window"]),
        (["photos"], ["window", "photos"]),
        (["--data", "sort", "photos"], ["window", "--data", "sort", "photos"]),
        (["--data", "x", "sort", "photos"], ["sort", "--data", "x", "photos"]),
        (["--json", "index", "photos"], ["index", "--json", "photos"]),
        (["--version"], ["--version"]),
        (["search", "photos", "index"], ["search", "photos", "index"]),
    ],
)
def test_the_command_may_stand_behind_options(typed: list[str], understood: list[str]) -> None:
    assert put_command_first(typed) == understood


def test_the_demo_sorts_its_own_pictures(clipsorter: CommandLine, tmp_path: Path) -> None:
    outcome = clipsorter("demo", "--to", tmp_path / "demo", "--json")
    assert outcome.status == 0
    assert len(outcome.lines) == len(list((tmp_path / "demo").glob("*.webp"))) >= 30


def test_taught_decisions_are_kept_and_sort_uses_them(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    table = tmp_path / "decisions.csv"
    table.write_text("file,bin\nred.png,blue\ntrip/蓝色.png,\n", encoding="utf-8")
    taught = clipsorter("teach", album, "--decisions", table, "--json")
    assert (taught.status, taught.lines) == (0, [{"learned": 2, "batch": 1, "unknown": []}])
    assert clipsorter("decisions", album, "--json").lines == [
        {"file": "red.png", "bin": "blue", "verdict": "yes"},
        {"file": "trip/蓝色.png", "bin": None, "verdict": "yes"},
    ]
    landed = {
        line["file"]: line["bin"]
        for line in clipsorter("sort", album, "--into", "red, blue", "--strictness", 0, "--json").lines
    }
    assert (landed["red.png"], landed["trip/蓝色.png"]) == ("blue", None)


def test_a_table_with_unknown_files_is_learned_as_far_as_possible(
    clipsorter: CommandLine, album: Path, tmp_path: Path
) -> None:
    table = tmp_path / "decisions.csv"
    table.write_text("file,bin\nnone.png,blue\nred.png,red\n", encoding="utf-8")
    taught = clipsorter("teach", album, "--decisions", table, "--json")
    assert (taught.status, taught.lines) == (1, [{"learned": 1, "batch": 1, "unknown": ["none.png"]}])
    table.write_text("photo,category\n", encoding="utf-8")
    assert clipsorter("teach", album, "--decisions", table).status == 2


def test_photos_sorted_before_teach_the_bins_of_their_folders(
    clipsorter: CommandLine, album: Path, tmp_path: Path
) -> None:
    """A green photo resembles neither word; a sorted folder says that it is "cold"."""
    green = (20, 160, 60)
    for number in range(3):
        place = tmp_path / "sorted" / "cold" / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (50, 40 + number), green).save(place)
    Image.new("RGB", (70, 40), green).save(album / "new.png")
    categories = ("--into", "warm; red, cold; blue", "--strictness", "0", "--json")
    before = {line["file"]: line["similarities"] for line in clipsorter("sort", album, *categories).lines}
    taught = clipsorter("teach", album, "--tree", tmp_path / "sorted", "--json")
    assert (taught.status, taught.lines) == (0, [{"learned": 3, "batch": 1, "unknown": []}])
    after = {line["file"]: line for line in clipsorter("sort", album, *categories).lines}
    assert after["new.png"]["bin"] == "cold"
    assert after["new.png"]["similarities"]["cold"] > before["new.png"]["cold"]


def test_a_folder_that_cannot_be_looked_into_shows_in_the_status_but_is_no_photo(
    clipsorter: CommandLine, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = os.scandir

    def refuse(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if str(path) == str(album / "trip"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    outcome = clipsorter("sort", album, "--into", "red, blue", "--json")
    assert (outcome.status, [line["file"] for line in outcome.lines]) == (1, ["red.png"])
    assert f"{album / 'trip'}: You have no permission" in outcome.err
    assert clipsorter("index", album, "--json").lines[0] == {
        "file": "trip",
        "error": "You have no permission to look into this folder.",
    }


def test_the_names_that_start_a_command_are_the_commands() -> None:
    # The names stand beside the parser so that nothing needs to be loaded to know them.
    assert {*COMMANDS, "window"} == COMMAND_NAMES
    assert set(build_parser().format_help().split()) >= COMMAND_NAMES


def test_the_help_of_every_command_begins_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    groups = {"models": ("list", "download"), "categories": ("list", "import")}
    for words in [(name,) for name in COMMAND_NAMES] + [(one, two) for one, inner in groups.items() for two in inner]:
        with pytest.raises(SystemExit):
            build_parser().parse_args([*words, "--help"])
        _usage, what, *_rest = capsys.readouterr().out.split("\n\n")
        assert what.rstrip().endswith("."), words
        assert what[0].isupper()


def test_what_only_lists_has_no_dry_run() -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["runs", "--dry-run"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["decisions", "{album}"], "Nothing has been decided"),
        (["duplicates", "{empty}"], "No photo is there more than once."),
        (["suggest", "{empty}"], "No everyday word"),
        (["runs"], "No files have been sorted yet."),
        (["recover"], "No run was interrupted."),
        (["categories", "list"], "No categories are in use yet."),
    ],
)
def test_a_list_without_lines_says_so_to_people_and_nothing_to_programs(
    clipsorter: CommandLine, album: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    words = [argument.format(album=album, empty=empty) for argument in arguments]
    outcome = clipsorter(*words)
    assert (outcome.status, outcome.out) == (0, "")
    assert sentence in outcome.err
    outcome = clipsorter(*words, "--json")
    assert (outcome.status, outcome.out) == (0, "")
    assert sentence not in outcome.err
