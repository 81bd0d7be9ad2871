"""Categories as people write them."""

from pathlib import Path

import pytest

from clipsorter.engine.category_text import parse_categories, read_category_file
from clipsorter.engine.decision_file import read_decision_file
from clipsorter.errors import CategoryError
from clipsorter.values import Category


def names(categories: tuple[Category, ...]) -> list[str]:
    return [category.name for category in categories]


@pytest.mark.parametrize(
    "text",
    ["dog, cat, beach", "dog，cat、beach", " dog ,, cat,\nbeach, ", "dog\ncat\nbeach"],
)
def test_commas_of_any_keyboard_and_lines_separate_categories(text: str) -> None:
    assert names(parse_categories(text)) == ["dog", "cat", "beach"]


def test_semicolons_separate_the_phrases_of_one_category() -> None:
    dog, cat = parse_categories("dog; puppy； our dog Rex, cat")
    assert (dog.name, dog.phrases) == ("dog", ("puppy", "our dog Rex"))
    assert cat.phrases == ()


@pytest.mark.parametrize("text", ["", " , ,, ", ";;;", "\n"])
def test_an_empty_list_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(CategoryError, match="empty; name at least one"):
        parse_categories(text)


def test_a_name_twice_is_refused_whatever_its_case() -> None:
    with pytest.raises(CategoryError, match="Dog"):
        parse_categories("dog, cat, Dog")


@pytest.mark.parametrize("name", ["Unsorted", "unsorted", "未分类"])
def test_the_name_of_the_unsorted_bin_is_taken(name: str) -> None:
    with pytest.raises(CategoryError, match="belong nowhere"):
        parse_categories(f"dog, {name}")


def test_names_are_composed_and_lose_control_characters() -> None:
    assert names(parse_categories("cafe\u0301, a\tb\x00 c")) == ["café", "a b c"]


def test_a_file_gives_everything_a_category_can_carry(tmp_path: Path) -> None:
    path = tmp_path / "categories.toml"
    path.write_text(
        '[[category]]\nname = "boxer"\nphrases = ["our dog Rex"]\nexclude = ["boxing match"]\n'
        'context = "a dog breed"\ncutoff = 0.25\nparent = "Animals"\n[[category]]\nname = "海滩"\n',
        encoding="utf-8",
    )
    boxer, beach = read_category_file(path)
    assert boxer == Category(
        "boxer", ("our dog Rex",), ("boxing match",), context="a dog breed", cutoff=0.25, parent="Animals"
    )
    assert beach == Category("海滩")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty"),
        ("[[category]\n", "not valid TOML"),
        ('[[categories]]\nname = "a"', "unknown key “categories”; it needs"),
        ('category = "dog"', r"needs \[\[category\]\]"),
        ("[[category]]\nname = 3", "“name” of category 1 must be text"),
        ('[[category]]\nname = "a"\nphrases = "b"', "must be a list"),
        ('[[category]]\nname = "a"\nthreshold = 1', "unknown key “threshold”"),
        ('[[category]]\nname = "a"\ncutoff = 7', "from 0 to 1"),
        ('[[category]]\nphrases = ["b"]', "no name"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "categories.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CategoryError, match=sentence):
        read_category_file(path)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CategoryError, match="cannot be read"):
        read_category_file(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CategoryError, match="not valid TOML"):
        read_category_file(tmp_path / "bytes.toml")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_file_without_an_end_is_too_large() -> None:
    with pytest.raises(CategoryError, match="too large"):
        read_category_file(Path("/dev/zero"))
    with pytest.raises(CategoryError, match="too large"):
        read_decision_file(Path("/dev/zero"))
