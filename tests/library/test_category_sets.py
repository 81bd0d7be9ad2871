"""Category lists under a name, and what is tuned to one encoder."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from clipsorter.errors import CategoryError
from clipsorter.library.database import open_database
from clipsorter.library.library import Library
from clipsorter.library.library_schema import LIBRARY_SCHEMA
from clipsorter.values import Category, CategorySet

DOG = Category("dog", ("puppy",), ("cat",), "an animal", "#3b82f6", 0.25, "animals", (("en", "a {}"), ("zh", "一{}")))
TRAVEL = CategorySet("Travel", (DOG, Category("海滩")), 0.75, "one")


def cutoffs(library: Library) -> list[float | None]:
    return [category.cutoff for category in library.categories()]


def test_sets_are_kept_replaced_renamed_and_removed(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        library.save_category_set(TRAVEL)
        library.save_category_set(CategorySet("Family", (DOG,)))
    with Library.open(tmp_path / "library.db") as library:
        assert library.category_sets() == (CategorySet("Family", (DOG,)), TRAVEL)
        library.save_category_set(CategorySet("Family", ()))
        library.rename_category_set("Travel", " Reise ")
        assert [(one.name, len(one.categories)) for one in library.category_sets()] == [("Family", 0), ("Reise", 2)]
        library.rename_category_set("Reise", "Reise")
        library.remove_category_set("Family")
        assert [one.name for one in library.category_sets()] == ["Reise"]


def test_impossible_names_of_sets_change_nothing(library: Library) -> None:
    library.save_category_set(TRAVEL)
    library.save_category_set(CategorySet("Family", (DOG,)))
    before = library.category_sets()
    for impossible in (
        lambda: library.rename_category_set("Travel", "Family"),
        lambda: library.rename_category_set("none", "other"),
        lambda: library.rename_category_set("Travel", " "),
        lambda: library.remove_category_set("none"),
        lambda: library.save_category_set(CategorySet("", (DOG,))),
    ):
        with pytest.raises(CategoryError):
            impossible()
    assert library.category_sets() == before


def test_strictness_and_cutoffs_belong_to_one_encoder_and_come_back_with_it(library: Library) -> None:
    library.use_encoder("one")
    library.set_strictness(0.75)
    library.save_categories([DOG, Category("cat", cutoff=0.9)], {})
    library.use_encoder("two")
    assert (library.strictness(), cutoffs(library)) == (0.5, [None, None])
    library.save_categories([Category("cat", cutoff=0.1)], {})
    library.use_encoder("one")
    assert (library.strictness(), cutoffs(library)) == (0.75, [0.9])
    library.save_categories([Category("hound", cutoff=0.9)], {"cat": "hound"})
    library.use_encoder("two")
    assert [(one.name, one.cutoff) for one in library.categories()] == [("hound", 0.1)]


def test_what_was_tuned_before_an_encoder_was_named_goes_to_the_first_one_only(library: Library) -> None:
    library.set_strictness(0.25)
    library.save_categories([DOG], {})
    library.use_encoder("one")
    assert (library.strictness(), cutoffs(library)) == (0.25, [0.25])
    library.use_encoder("two")
    assert (library.strictness(), cutoffs(library)) == (0.5, [None])


def test_the_cutoff_of_a_removed_category_is_remembered(library: Library) -> None:
    library.use_encoder("new")
    library.save_categories([DOG, Category("cat", cutoff=0.9)], {})
    library.save_categories([DOG], {})
    assert library.cutoffs() == {"dog": 0.25, "cat": 0.9}
    library.use_encoder("other")
    assert library.cutoffs() == {}


def test_joined_categories_leave_one_cutoff(library: Library) -> None:
    library.save_categories([DOG, Category("cat", cutoff=0.9)], {})
    library.save_categories([Category("cat", cutoff=0.9)], {"dog": "cat"})
    assert cutoffs(library) == [0.9]


def test_a_library_of_the_first_version_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with closing(open_database(path, LIBRARY_SCHEMA)):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "DROP TABLE cutoffs; DROP TABLE encoders; DROP TABLE category_sets;"
            "DELETE FROM _sqlite_migrations WHERE name != 'first_tables'; PRAGMA user_version = 1;"
            "INSERT INTO bins VALUES (1, 'dog'), (2, 'cat');"
            """INSERT INTO categories VALUES (1, 0, '{"cutoff": 0.25}'), (2, 1, '{"cutoff": null}');"""
            "INSERT INTO settings VALUES ('strictness', '0.75');"
        )
    with Library.open(path) as library:
        assert [(one.name, one.cutoff) for one in library.categories()] == [("dog", 0.25), ("cat", None)]
        library.use_encoder("one")
        assert (library.strictness(), cutoffs(library)) == (0.75, [0.25, None])
