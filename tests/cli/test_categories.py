"""Lists of categories on the command line."""

from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

LIST = """
strictness = 0.25
[[category]]
name = "red"
phrases = ["crimson"]
colour = "#AA0011"
templates = {en = ["a {} thing"]}
[[category]]
name = "dark red"
parent = "red"
cutoff = 0.9
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.toml"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_an_imported_list_is_used_kept_exported_and_used_again(
    clipsorter: CommandLine, listed: Path, tmp_path: Path
) -> None:
    assert clipsorter("categories", "import", listed, "--json").status == 0
    red, dark = clipsorter("categories", "list", "--json").lines
    assert red == {
        "name": "red",
        "phrases": ["crimson"],
        "context": "",
        "exclude": [],
        "parent": "",
        "colour": "#aa0011",
        "cutoff": None,
        "templates": {"en": ["a {} thing"]},
    }
    assert (dark["parent"], dark["cutoff"]) == ("red", 0.9)
    assert clipsorter("categories", "save", "Reds").status == 0
    assert clipsorter("categories", "load", "travel").status == 0
    assert "beach" in [line["name"] for line in clipsorter("categories", "list", "--json").lines]
    assert clipsorter("categories", "export", tmp_path / "out.toml", "--set", "Reds").status == 0
    assert clipsorter("categories", "remove", "Reds").status == 0
    assert clipsorter("categories", "import", tmp_path / "out.toml").status == 0
    assert clipsorter("categories", "list", "--json").lines == [red, dark]
    assert 'model = "colour-1"' in (tmp_path / "out.toml").read_text("utf-8")


@pytest.mark.parametrize("action", [("save", "Nothing"), ("export", "out.toml")])
def test_a_list_of_nothing_is_neither_kept_nor_exported(
    clipsorter: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: tuple[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    told = clipsorter("categories", *action)
    assert (told.status, told.err) == (2, "clipsorter: No categories are in use yet, so there is nothing to keep.\n")
    assert not (tmp_path / "out.toml").exists()
    assert not any(line["kept"] for line in clipsorter("categories", "sets", "--json").lines)


def test_the_list_before_is_not_lost(clipsorter: CommandLine, listed: Path) -> None:
    clipsorter("categories", "import", listed)
    assert "Previous list" in clipsorter("categories", "load", "旅行").err
    assert clipsorter("categories", "load", "Previous list").status == 0
    assert [line["name"] for line in clipsorter("categories", "list", "--json").lines] == ["red", "dark red"]


def test_cutoffs_of_one_model_are_not_those_of_another(clipsorter: CommandLine, listed: Path, tmp_path: Path) -> None:
    clipsorter("categories", "import", listed)
    other = ("--model", "starter")
    assert [line["cutoff"] for line in clipsorter("categories", "list", *other, "--json").lines] == [None, None]
    assert [line["cutoff"] for line in clipsorter("categories", "list", "--json").lines] == [None, 0.9]
    clipsorter("categories", "export", tmp_path / "out.toml")
    clipsorter("categories", "import", tmp_path / "out.toml", *other)
    assert [line["cutoff"] for line in clipsorter("categories", "list", *other, "--json").lines] == [None, None]


def test_imported_under_a_name_a_list_changes_nothing_in_use(clipsorter: CommandLine, listed: Path) -> None:
    clipsorter("categories", "load", "Nature")
    before = clipsorter("categories", "list", "--json").lines
    assert clipsorter("categories", "import", listed, "--as", "Reds").status == 0
    assert clipsorter("categories", "list", "--json").lines == before
    assert clipsorter("categories", "rename", "Reds", "Rot").status == 0
    kept = [line["name"] for line in clipsorter("categories", "sets", "--json").lines if line["kept"]]
    assert kept == ["Rot"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("load", "none"), "no set of categories called “none”"),
        (("remove", "none"), "no set of categories called “none”"),
        (("import", "{folder}/none.toml"), "cannot be read"),
        (("export", "{folder}"), "is a folder"),
        (("save", " "), "needs a name"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    clipsorter: CommandLine, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    clipsorter("categories", "load", "travel")
    outcome = clipsorter("categories", *[argument.format(folder=tmp_path) for argument in arguments])
    assert (outcome.status, outcome.out) == (2, "")
    assert sentence in outcome.err


def test_photos_of_a_child_count_for_its_parents(clipsorter: CommandLine, album: Path, tmp_path: Path) -> None:
    (tmp_path / "tree.toml").write_text(
        '[[category]]\nname = "red"\nparent = "warm"\n[[category]]\nname = "warm"\nphrases = ["blue"]\n'
        'parent = "all"\n[[category]]\nname = "green"\n',
        encoding="utf-8",
    )
    clipsorter("categories", "import", tmp_path / "tree.toml")
    assert clipsorter("sort", album, "--counts", "--json").lines == [
        {"bin": "red", "photos": 2, "with_below": 2, "above": ["warm", "all"]},
        {"bin": "warm", "photos": 1, "with_below": 3, "above": ["all"]},
        {"bin": "green", "photos": 0, "with_below": 0, "above": []},
        {"bin": None, "photos": 0, "with_below": 0, "above": []},
    ]
    assert "warm (1; 3 with those below)" in clipsorter("sort", album).out
    assert "all > warm > red" in clipsorter("sort", album, "--counts").out
    found = {line["file"] for line in clipsorter("search", album, "bin:warm", "--json").lines if line["hit"]}
    assert found == {"red.png", "trip/rouge, “1”.png", "trip/蓝色.png"}
    assert len([line for line in clipsorter("search", album, "bin:all", "--json").lines if line["hit"]]) == 3
