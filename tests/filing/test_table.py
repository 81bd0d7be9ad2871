import csv
import io
import json
import math
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.errors import FilingError
from clipsorter.filing.rows import SortedPhoto
from clipsorter.filing.table import csv_steps, defused, json_steps


def write_csv(path: Path, rows: Iterable[SortedPhoto]) -> None:
    list(csv_steps(path, rows))


def write_json(path: Path, rows: Iterable[SortedPhoto]) -> None:
    list(json_steps(path, rows))


def row(file: str, bin_: str | None = "cat", similarity: float = 0.25, **more: object) -> SortedPhoto:
    return SortedPhoto(
        file, Path("/photos") / "x.jpg", bin_, similarity, 0.9, 0.5, {"cat": similarity, "海滩": -0.125}, **more
    )


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_a_table_opens_in_a_spreadsheet_with_chinese_names(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [row("猫/一.jpg", tags=("cat", "海滩")), row("b.jpg", None)])
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert read(tmp_path / "t.csv") == [
        ["file", "bin", "similarity", "probability", "margin", "tags", "cat", "海滩"],
        ["猫/一.jpg", "cat", "0.25", "0.9", "0.5", "cat; 海滩", "0.25", "-0.125"],
        ["b.jpg", "Unsorted", "0.25", "0.9", "0.5", "", "0.25", "-0.125"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\n@"])
def test_a_name_that_looks_like_a_formula_is_defused(tmp_path: Path, start: str) -> None:
    evil = start + 'cmd|" /C calc"!A0'
    photo = SortedPhoto(evil, Path("/x.jpg"), evil, 0.1, 0.2, 0.3, {evil: 0.1})
    write_csv(tmp_path / "t.csv", [photo])
    header, cells = read(tmp_path / "t.csv")
    assert cells[0] == cells[1] == header[6] == "'" + evil


@given(st.text(max_size=20))
def test_defusing_adds_at_most_one_apostrophe_and_loses_nothing(text: str) -> None:
    safe = defused(text)
    assert safe in (text, "'" + text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_negative_cosines_stay_numbers(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [row("a.jpg", similarity=-0.5)])
    assert read(tmp_path / "t.csv")[1][2] == "-0.5"


def test_a_table_of_nothing_has_its_header(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [])
    write_json(tmp_path / "t.json", [])
    assert read(tmp_path / "t.csv") == [["file", "bin", "similarity", "probability", "margin", "tags"]]
    assert json.loads((tmp_path / "t.json").read_text("utf-8")) == []


def test_json_keeps_names_that_are_not_text_and_numbers_that_are_not_finite(tmp_path: Path) -> None:
    odd = os.fsdecode(b"caf\xe9.jpg")
    write_json(tmp_path / "t.json", [row(odd, None, math.nan), row('"\n.jpg')])
    first, second = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert (first["file"], first["bin"], first["similarity"]) == (odd, None, None)
    assert second["file"] == '"\n.jpg'
    assert list(first) == ["file", "bin", "similarity", "probability", "margin", "similarities", "tags"]
    write_csv(tmp_path / "t.csv", [row(odd)])
    assert read(tmp_path / "t.csv")[1][0] == r"caf\udce9.jpg"


@pytest.mark.parametrize("name", ["a.jpg", "a.JPEG", "a.CR2", "a.xmp", "a.mov", "a.heic"])
@pytest.mark.parametrize("exists", [True, False])
def test_a_table_never_takes_the_name_of_a_photo_or_its_companion(tmp_path: Path, name: str, exists: bool) -> None:
    if exists:
        (tmp_path / name).write_bytes(b"precious")
    with pytest.raises(FilingError, match="photo"):
        write_csv(tmp_path / name, [row("a.jpg")])
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ([b"precious"] if exists else [])


def test_a_table_never_replaces_what_a_link_or_a_bare_name_hides(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"precious")
    (tmp_path / "t.csv").symlink_to("a.jpg")
    (tmp_path / "bare").write_bytes(b"\xff\xd8\xff\x00precious")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(tmp_path / "pipe")
    for name in ("t.csv", "bare", "folder.csv", "pipe", "loop.csv", "missing/t.csv"):
        with pytest.raises(FilingError):
            write_json(tmp_path / name, [row("a.jpg")])
    assert (tmp_path / "a.jpg").read_bytes() == b"precious"
    assert (tmp_path / "bare").read_bytes() == b"\xff\xd8\xff\x00precious"
    assert len(list(tmp_path.iterdir())) == 6


def test_a_new_table_may_be_read_by_whoever_the_umask_lets_and_others_keep_their_umask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "umask", None)  # the process has one for all threads, so nobody may change it for a moment
    write_csv(tmp_path / "t.csv", [row("a.jpg")])
    (tmp_path / "other").touch()
    assert (tmp_path / "t.csv").stat().st_mode == (tmp_path / "other").stat().st_mode
    (tmp_path / "t.csv").chmod(0o640)
    write_csv(tmp_path / "t.csv", [row("b.jpg")])
    assert (tmp_path / "t.csv").stat().st_mode & 0o777 == 0o640


def test_a_table_that_stops_half_way_leaves_the_old_one_whole(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [row("old.jpg")])
    before = (tmp_path / "t.csv").read_bytes()

    def broken():
        yield row("new.jpg")
        raise RuntimeError("the engine stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        write_csv(tmp_path / "t.csv", broken())
    assert (tmp_path / "t.csv").read_bytes() == before
    assert list(tmp_path.iterdir()) == [tmp_path / "t.csv"]


def test_a_new_table_replaces_the_old_one_and_keeps_its_permissions(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [row("old.jpg")])
    (tmp_path / "t.csv").chmod(0o640)
    write_csv(tmp_path / "t.csv", [row("new.jpg")])
    assert read(tmp_path / "t.csv")[1][0] == "new.jpg"
    assert (tmp_path / "t.csv").stat().st_mode & 0o777 == 0o640
