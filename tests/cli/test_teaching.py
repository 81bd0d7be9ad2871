"""What teaching would change is shown before it is learned, and taken back in one step after."""

from pathlib import Path

import pytest
from PIL import Image

from clipsorter.filing.xmp import EMPTY, Keywords, edited, keywords_of
from tests.cli.conftest import CommandLine

GREEN = (20, 160, 60)


@pytest.fixture
def table(clipsorter: CommandLine, album: Path, tmp_path: Path) -> Path:
    """Three green photos; the table says that the first is warm."""
    for number in range(3):
        Image.new("RGB", (70, 40 + number), GREEN).save(album / f"green {number}.png")
    (tmp_path / "list.toml").write_text(
        'strictness = 0.0\n[[category]]\nname = "warm"\nphrases = ["red"]\n'
        '[[category]]\nname = "cold"\nphrases = ["blue"]\n',
        encoding="utf-8",
    )
    clipsorter("categories", "import", tmp_path / "list.toml")
    path = tmp_path / "said.csv"
    path.write_text("file,bin\ngreen 0.png,warm\nnone.png,warm\n", encoding="utf-8")
    return path


def homes(clipsorter: CommandLine, album: Path) -> dict[str, str | None]:
    return {line["file"]: line["bin"] for line in clipsorter("sort", album, "--strictness", 0, "--json").lines}


def test_a_dry_run_says_what_would_change_and_learns_nothing(clipsorter: CommandLine, album: Path, table: Path) -> None:
    before = homes(clipsorter, album)
    outcome = clipsorter("teach", album, "--decisions", table, "--dry-run", "--json")
    (told,) = outcome.lines
    assert (outcome.status, told["would_learn"], told["unknown"]) == (1, 1, ["none.png"])
    assert homes(clipsorter, album) == before
    assert clipsorter("decisions", album, "--json").lines == []
    (taught,) = clipsorter("teach", album, "--decisions", table, "--json").lines
    after = homes(clipsorter, album)
    moved = [file for file in before if after[file] != before[file]]
    assert moved[0] == "green 0.png"
    assert len(moved) > 1
    assert (told["changed"], told["followed"]) == (len(moved), len(moved) - 1)
    assert {(one["from"], one["to"]): one["count"] for one in told["flows"]} == {("cold", "warm"): len(moved)}
    assert set(told["flows"][0]["files"]) == {*moved} - {"green 0.png"}
    assert clipsorter("teach", album, "--undo", taught["batch"], "--json").lines == [{"undone": taught["batch"]}]
    assert homes(clipsorter, album) == before


def test_the_change_is_a_sentence_for_people(clipsorter: CommandLine, album: Path, table: Path) -> None:
    out = clipsorter("teach", album, "--decisions", table, "--dry-run").out
    assert out.startswith("1 move would be learned; 2 photos would change bin besides.")
    assert "3  cold > warm: green " in out


def test_a_sorted_tree_can_be_previewed_with_bins_that_are_new(
    clipsorter: CommandLine, album: Path, table: Path, tmp_path: Path
) -> None:
    (tmp_path / "sorted" / "lawn").mkdir(parents=True)
    Image.new("RGB", (33, 44), GREEN).save(tmp_path / "sorted" / "lawn" / "a.png")
    (told,) = clipsorter("teach", album, "--tree", tmp_path / "sorted", "--dry-run", "--json").lines
    assert told["would_learn"] == 1
    assert clipsorter("decisions", tmp_path / "sorted", "--json").lines == []


@pytest.mark.parametrize("arguments", [("--undo", 99), ("--undo", 1, "--dry-run"), ("--undo", "x")])
def test_what_cannot_be_taken_back_is_said(clipsorter: CommandLine, album: Path, arguments: tuple[object, ...]) -> None:
    if "x" in arguments:
        with pytest.raises(SystemExit):
            clipsorter("teach", album, *arguments)
    else:
        assert clipsorter("teach", album, *arguments).status == 2


def test_keywords_are_learned_on_request_only(clipsorter: CommandLine, album: Path, table: Path) -> None:
    (album / "red.png.xmp").write_bytes(edited(EMPTY, add=keywords_of([("Cold",)]), remove=Keywords()))
    assert [line["file"] for line in clipsorter("search", album, "tag:cold", "--json").lines if line["hit"]] == [
        "red.png"
    ]
    assert clipsorter("decisions", album, "--json").lines == []
    assert clipsorter("teach", album, "--keywords", "--dry-run", "--json").lines[0]["would_learn"] == 1
    assert clipsorter("decisions", album, "--json").lines == []
    assert clipsorter("teach", album, "--keywords", "--json").lines[0]["learned"] == 1
    assert clipsorter("decisions", album, "--json").lines == [{"file": "red.png", "bin": "cold", "verdict": "yes"}]


def test_a_bin_with_an_endless_name_is_refused_before_anything_is_learned(
    clipsorter: CommandLine, album: Path, tmp_path: Path
) -> None:
    path = tmp_path / "said.csv"
    path.write_text(f"file,bin\nred.png,warm\nred.png,{'名' * 201}\n", encoding="utf-8")
    outcome = clipsorter("teach", album, "--decisions", path)
    assert outcome.status == 2
    assert "too long" in outcome.err
    assert clipsorter("decisions", album, "--json").lines == []
