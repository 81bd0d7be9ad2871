import os
import shutil
from pathlib import Path

import pytest

from clipsorter.errors import CategoryError, StoreError
from clipsorter.library.library import Library
from clipsorter.library.library_rows import KEPT_FOLDERS
from clipsorter.values import Category, CategorySet, Decision
from tests.library.builders import digest

DOG = Category("dog", ("puppy", "our dog Rex"), ("cat",), "an animal", "#3b82f6", 0.25, "animals")
BEACH, CITY = Category("beach"), Category("city")
ONE, TWO = digest(1), digest(2)


def yes(which: str, name: str | None) -> Decision:
    return Decision(which, name)


def no(which: str, name: str | None) -> Decision:
    return Decision(which, name, "no")


def test_a_new_library_is_empty(library: Library) -> None:
    assert (library.folders(), library.categories(), library.decisions()) == ((), (), {})
    assert library.strictness() == 0.5
    assert library.restored is None


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        library.remember_folder(Path("/photos"))
        library.save_categories([DOG, BEACH], {})
        library.decide([yes(ONE, "dog"), no(TWO, "dog"), no(TWO, "beach"), yes(TWO, None)])
        library.set_strictness(0.75)
    with Library.open(tmp_path / "library.db") as library:
        assert library.folders() == (Path("/photos"),)
        assert library.categories() == (DOG, BEACH)
        assert library.decisions() == {
            ONE: (yes(ONE, "dog"),),
            TWO: (yes(TWO, None), no(TWO, "dog"), no(TWO, "beach")),
        }
        assert library.strictness() == 0.75


def test_the_folder_opened_last_comes_first(library: Library) -> None:
    odd = Path(os.fsdecode(b"/photos/\xff")) if os.name != "nt" else Path("/photos/ü")
    for folder in [Path("/a"), odd, Path("/b"), Path("/a")]:
        library.remember_folder(folder)
    assert library.folders() == (Path("/a"), Path("/b"), odd)


def test_a_yes_replaces_any_other_yes_and_the_no_to_the_same_bin(library: Library) -> None:
    library.decide([no(ONE, "dog"), no(ONE, "city"), yes(ONE, "beach"), yes(ONE, "dog")])
    assert set(library.decisions()[ONE]) == {yes(ONE, "dog"), no(ONE, "city")}
    library.decide([yes(ONE, None)])
    assert set(library.decisions()[ONE]) == {yes(ONE, None), no(ONE, "city")}


def test_a_no_takes_back_the_yes_to_the_same_bin_only(library: Library) -> None:
    library.decide([yes(ONE, "dog")])
    library.decide([no(ONE, "city")])
    assert set(library.decisions()[ONE]) == {yes(ONE, "dog"), no(ONE, "city")}
    library.decide([no(ONE, "dog")])
    assert set(library.decisions()[ONE]) == {no(ONE, "dog"), no(ONE, "city")}


def test_an_impossible_decision_stores_nothing(library: Library) -> None:
    with pytest.raises(ValueError, match="none of these"):
        library.decide([yes(ONE, "dog"), no(ONE, None)])
    with pytest.raises(ValueError, match="digest"):
        library.decide([yes(ONE, "dog"), yes("12", "dog")])
    with pytest.raises(CategoryError):
        library.decide([yes(ONE, "dog"), yes(TWO, "  ")])
    assert library.decisions() == {}


def test_names_are_normalised_but_keep_their_case(library: Library) -> None:
    library.save_categories([Category("  Cafe\u0301 "), Category("café")], {})
    assert [category.name for category in library.categories()] == ["Café", "café"]
    library.decide([yes(ONE, "Cafe\u0301"), yes(TWO, "café")])
    assert library.decisions() == {ONE: (yes(ONE, "Café"),), TWO: (yes(TWO, "café"),)}


@pytest.mark.parametrize("names", [["a", ""], ["a", " \t"], ["a", "b", " a "], ["a", "\ud83d"]])
def test_an_impossible_category_list_changes_nothing(library: Library, names: list[str]) -> None:
    library.save_categories([DOG, BEACH], {})
    with pytest.raises(CategoryError):
        library.save_categories([Category(name) for name in names], {"dog": "a"})
    assert library.categories() == (DOG, BEACH)


def test_a_renamed_category_keeps_its_decisions_and_its_undo(library: Library) -> None:
    library.save_categories([DOG, BEACH], {})
    first = library.decide([yes(ONE, "dog")])
    second = library.decide([yes(ONE, "beach")])
    library.save_categories([Category("hound"), BEACH], {"dog": "hound"})
    library.undo(second)
    assert library.decisions() == {ONE: (yes(ONE, "hound"),)}
    library.undo(first)
    assert library.decisions() == {}


def test_two_categories_may_swap_their_names(library: Library) -> None:
    library.save_categories([DOG, BEACH], {})
    batch = library.decide([yes(ONE, "dog"), yes(TWO, "beach")])
    library.save_categories([BEACH, DOG], {"dog": "beach", "beach": "dog"})
    assert library.decisions() == {ONE: (yes(ONE, "beach"),), TWO: (yes(TWO, "dog"),)}
    library.undo(batch)
    library.redo(batch)
    assert library.decisions() == {ONE: (yes(ONE, "beach"),), TWO: (yes(TWO, "dog"),)}


def test_names_may_move_on_in_a_chain(library: Library) -> None:
    library.save_categories([DOG, BEACH], {})
    library.decide([yes(ONE, "dog"), yes(TWO, "beach")])
    library.save_categories([BEACH, CITY], {"dog": "beach", "beach": "city"})
    assert library.decisions() == {ONE: (yes(ONE, "beach"),), TWO: (yes(TWO, "city"),)}


def test_categories_joined_in_one_keep_both_decisions_and_yes_stands(library: Library) -> None:
    library.save_categories([DOG, BEACH], {})
    library.decide([yes(ONE, "dog"), no(ONE, "beach"), yes(TWO, "beach"), no(TWO, "dog")])
    library.save_categories([BEACH], {"dog": "beach"})
    assert library.decisions() == {ONE: (yes(ONE, "beach"),), TWO: (yes(TWO, "beach"),)}
    assert library.categories() == (BEACH,)


def test_a_renamed_unknown_category_changes_nothing_else(library: Library) -> None:
    library.save_categories([DOG], {"never": "dog", "ever": "cat"})
    assert library.categories() == (DOG,)


def test_a_removed_categorys_decisions_are_there_when_it_comes_back(library: Library) -> None:
    library.save_categories([DOG, BEACH], {})
    library.decide([yes(ONE, "dog")])
    library.save_categories([BEACH], {})
    library.save_categories([DOG, BEACH], {})
    assert library.decisions() == {ONE: (yes(ONE, "dog"),)}


def test_undo_leaves_alone_what_was_decided_later(library: Library) -> None:
    first = library.decide([yes(ONE, "dog"), yes(TWO, "dog")])
    library.decide([yes(ONE, "beach")])
    library.undo(first)
    assert library.decisions() == {ONE: (yes(ONE, "beach"),)}
    library.redo(first)
    assert library.decisions() == {ONE: (yes(ONE, "beach"),), TWO: (yes(TWO, "dog"),)}


def test_undo_and_redo_work_after_a_restart_and_twice_is_once(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.decide([yes(ONE, "dog")])
        batch = library.decide([yes(ONE, "beach"), no(ONE, "dog")])
        after = library.decisions()
    with Library.open(path) as library:
        library.undo(batch)
        library.undo(batch)
        assert library.decisions() == {ONE: (yes(ONE, "dog"),)}
    with Library.open(path) as library:
        library.redo(batch)
        library.redo(batch)
        assert library.decisions() == after


def test_batches_are_numbered_upwards_and_an_unknown_one_is_a_mistake(library: Library) -> None:
    assert library.decide([]) < library.decide([yes(ONE, "dog")])
    with pytest.raises(ValueError, match="no batch 99"):
        library.undo(99)


def test_strictness_stays_within_its_range(library: Library) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        library.set_strictness(1.1)
    with pytest.raises(ValueError, match="from 0 to 1"):
        library.set_strictness(float("nan"))
    library.set_strictness(1)
    assert library.strictness() == 1.0


def test_no_number_of_folders_makes_a_library_unreadable(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        with library._db.atomic():  # as a script of an older version left it
            library._db.conn.executemany(
                "INSERT INTO folders (path) VALUES (?)", [(f"/photos/{number}".encode(),) for number in range(10_001)]
            )
        library.decide([yes(ONE, "dog")])
    with Library.open(tmp_path / "library.db") as library:
        assert library.decisions() == {ONE: (yes(ONE, "dog"),)}
        assert len(library.folders()) == KEPT_FOLDERS
        library.remember_folder(Path("/newest"))
        assert library.folders()[:2] == (Path("/newest"), Path("/photos/10000"))
        assert library._db.execute("SELECT count(*) FROM folders").fetchone() == (KEPT_FOLDERS,)


@pytest.mark.parametrize(
    ("too_much", "words"),
    [
        ([Category("x" * 5000)], "too long"),
        ([Category("dog", phrases=("y" * 2_000_000,))], "too large"),
        ([Category("dog", phrases=tuple(map(str, range(400_000))))], "too large"),
        ([Category(str(number)) for number in range(1001)], "too many"),
    ],
)
def test_what_would_make_a_library_unreadable_is_not_stored(
    tmp_path: Path, too_much: list[Category], words: str
) -> None:
    with Library.open(tmp_path / "library.db") as library:
        library.save_categories([DOG], {})
        with pytest.raises(CategoryError, match=words):
            library.save_categories(too_much, {})
    with Library.open(tmp_path / "library.db") as library:
        assert library.categories() == (DOG,)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (CategorySet("x" * 5000, (DOG,)), "too long"),
        (CategorySet("all", (Category("dog", phrases=("y" * 70_000_000,)),)), "too large"),
        (CategorySet("all", tuple(Category(str(number)) for number in range(1001))), "too large"),
    ],
    ids=["name", "phrase", "categories"],
)
def test_a_set_that_would_make_a_library_unreadable_is_not_kept(tmp_path: Path, kept: CategorySet, words: str) -> None:
    with Library.open(tmp_path / "library.db") as library, pytest.raises(CategoryError, match=words):
        library.save_category_set(kept)
    with Library.open(tmp_path / "library.db") as library:
        assert library.category_sets() == ()


def test_a_decision_for_an_endless_name_is_not_stored(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library, pytest.raises(CategoryError, match="too long"):
        library.decide([yes(ONE, "x" * 5000)])
    with Library.open(tmp_path / "library.db") as library:
        assert library.decisions() == {}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a file that is open where it is")
@pytest.mark.parametrize("how", ["removed", "renamed", "replaced"])
def test_nothing_is_said_to_be_kept_in_a_file_that_is_gone(tmp_path: Path, how: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with Library.open(data / "library.db") as library:
        library.decide([Decision(digest(1), "dog")])
        if how == "removed":
            shutil.rmtree(data)
        elif how == "renamed":
            data.rename(tmp_path / "moved")
        else:
            shutil.copy(data / "library.db", tmp_path / "older.db")
            (tmp_path / "older.db").replace(data / "library.db")
        with pytest.raises(StoreError, match="put it back"):
            library.decide([Decision(digest(2), "dog")])
        assert library.decisions().keys() == {digest(1)}
        if how == "renamed":
            (tmp_path / "moved").rename(data)
            library.decide([Decision(digest(2), "dog")])
