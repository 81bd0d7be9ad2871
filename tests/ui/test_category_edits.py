"""From one list of categories to the next."""

import pytest

from clipsorter.errors import CategoryError
from clipsorter.ui.category_edits import add_typed, change_one, remove_one, reorder
from clipsorter.values import Category

LIST = (Category("animal"), Category("dog", parent="animal"), Category("beach"))


def names(categories: tuple[Category, ...]) -> list[str]:
    return [one.name for one in categories]


def test_what_is_typed_is_added_but_nothing_twice() -> None:
    assert names(add_typed(LIST, "Dog, cat; kitten")) == ["animal", "dog", "beach", "cat"]
    assert add_typed(LIST, "cat; kitten", ("tomcat",))[-1].phrases == ("kitten", "tomcat")
    assert add_typed(LIST, "dog") == LIST


def test_a_new_name_is_carried_to_what_stands_below() -> None:
    after, renamed = change_one(LIST, "animal", Category("pet"))
    assert names(after) == ["pet", "dog", "beach"]
    assert after[1].parent == "pet"
    assert renamed == {"animal": "pet"}


@pytest.mark.parametrize("name", ["Beach", "", "  ", "unsorted", "x" * 500])
def test_a_name_that_is_taken_or_none_is_refused(name: str) -> None:
    with pytest.raises(CategoryError):
        change_one(LIST, "dog", Category(name))


def test_what_stood_below_a_removed_category_stands_at_the_top() -> None:
    assert [(one.name, one.parent) for one in remove_one(LIST, "animal")] == [("dog", ""), ("beach", "")]


def test_an_order_that_forgets_one_changes_nothing() -> None:
    assert names(reorder(LIST, ["beach", "dog", "animal"])) == ["beach", "dog", "animal"]
    assert reorder(LIST, ["beach", "dog"]) == LIST
