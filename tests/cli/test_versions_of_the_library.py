"""A data folder of an older ClipSorter goes on being used; one of a newer ClipSorter is refused and left alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

# What later migrations added, taken away again: both files as the first version left them.
BACK_TO_THE_FIRST = {
    "library.db": ("cutoffs", "encoders", "category_sets"),
    "cache.db": ("photo_tags", "tags", "keywords_read", "sidecars", "sketches", "frames"),
}


def age(data: Path) -> None:
    """Make the data folder one of the first version, which kept a cut-off with its category."""
    with closing(sqlite3.connect(data / "library.db")) as connection:
        connection.executescript(
            "UPDATE categories SET definition = json_set(definition, '$.cutoff', cutoffs.strictness)"
            " FROM cutoffs WHERE cutoffs.bin = categories.bin;"
        )
    for name, tables in BACK_TO_THE_FIRST.items():
        with closing(sqlite3.connect(data / name)) as connection:
            connection.executescript("".join(f"DROP TABLE {table};" for table in tables))
            connection.executescript(
                "DELETE FROM _sqlite_migrations WHERE name != 'first_tables'; PRAGMA user_version = 1;"
            )


def _head(file: Path) -> bytes:
    """The header of an SQLite file: user_version at offset 60, application id at 68."""
    return file.read_bytes()[:100] if file.is_file() else b""


def test_a_data_folder_of_the_first_version_loses_nothing(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    table = tmp_path / "decisions.csv"
    table.write_text("file,bin\nred.png,blue\ntrip/蓝色.png,\n", "utf-8")
    categories = tmp_path / "categories.toml"
    categories.write_text('[[category]]\nname = "red"\n[[category]]\nname = "blue"\ncutoff = 0.25\n', "utf-8")
    assert clipsorter("categories", "import", categories).status == 0
    assert clipsorter("teach", album, "--decisions", table, "--quiet").status == 0
    questions = (("decisions", album, "--json"), ("sort", album, "--json", "--quiet"), ("categories", "list", "--json"))
    before = [clipsorter(*question).lines for question in questions]
    assert len(before[0]) == 2

    age(tmp_path / "data")
    assert clipsorter("index", album, "--json", "--quiet").lines[-1]["embedded"] == 0  # nothing is computed again
    assert [clipsorter(*question).lines for question in questions] == before
    kept = [file.read_bytes()[60:64] for file in (tmp_path / "data").rglob("*") if b"ClSL" in _head(file)]
    assert kept.count(bytes([0, 0, 0, 1])) == 1  # user_version of the copy from before the change


@pytest.mark.parametrize("name", ["library.db", "cache.db"])
def test_a_newer_data_folder_is_refused_in_one_sentence_and_left_alone(
    clipsorter: CommandLine, album: Path, tmp_path: Path, name: str
) -> None:
    assert clipsorter("index", album, "--quiet").status == 0
    assert clipsorter("categories", "sets").status == 0
    file = tmp_path / "data" / name
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE);")
    before = file.read_bytes()
    outcome = clipsorter("sort", album, "--into", "red, blue", "--quiet")
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert "written by a newer ClipSorter; please update ClipSorter to use it." in outcome.err
    assert file.read_bytes() == before
