"""Categories as people write them."""

import pytest

from clipsorter.engine.category_text import check_categories, parse_categories
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


@pytest.mark.parametrize("parents", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "a"}])
def test_a_category_cannot_stand_below_itself(parents: dict[str, str]) -> None:
    with pytest.raises(CategoryError, match="below itself"):
        check_categories(Category(name, parent=above) for name, above in parents.items())
    check_categories([Category("a", parent="b"), Category("b", parent="c"), Category("c"), Category("d", parent="x")])


@pytest.mark.parametrize("name", ["👨‍👩‍👧 family", "می‌خواهم", "שלום", "🏳️‍🌈"])
def test_joined_emoji_and_words_of_any_script_stay_whole(name: str) -> None:
    assert names(parse_categories(f" {name} ,cat")) == [name, "cat"]


def test_a_name_of_joiners_alone_is_none() -> None:
    assert names(parse_categories("\u200d \u200c, cat\u200d")) == ["cat"]
