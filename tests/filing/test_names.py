import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clipsorter.filing.names import (
    MAX_BYTES,
    MAX_FILE_BYTES,
    folder_names,
    is_component,
    numbered,
    twin_key,
)

anything = st.text(st.characters(), max_size=200)
nasty = st.sampled_from(
    [
        "..",
        ".",
        "",
        " ",
        "...",
        "CON",
        "con.txt",
        "COM¹",
        "a/b",
        "a\\b",
        "C:",
        "NUL .jpg",
        "a.",
        "a ",
        ".hidden",
        "\0",
        "\u202egpj.exe",
        "\ud800",
        "é",
        "e\u0301",
        "ﬁ",
        "fi",
        "Straße",
        "STRASSE",
        "猫",
        "👨‍👩‍👧",
        "~",
        "-rf",
        "a\nb",
        "\u2028",
        "\ufeff",
        "Ａ",
        "A",
        "_",
        "?",
        "lpt0",
        "CONIN$",
        "x" * 300,
        "猫" * 99,
        "e\u0301\u0302" * 99,
        "．．",
        "／",
    ]
)


def folder_name(category: str) -> str:
    return folder_names([category])[category]


@given(st.one_of(anything, nasty))
@example("x" * 118 + " .y")
@example("CO\u200cN")
@example("\u200d")
def test_every_category_becomes_one_valid_component_on_all_three_systems(category: str) -> None:
    name = folder_name(category)
    assert 1 <= len(name.encode("utf-8")) <= MAX_BYTES
    assert is_component(name, windows=True)
    assert is_component(name, windows=False)
    assert unicodedata.is_normalized("NFC", name)
    assert not name.startswith((".", " "))
    assert all(unicodedata.category(sign) not in {"Cc", "Cs", "Cn", "Zl", "Zp"} for sign in name)
    assert folder_name(category) == name


@given(st.one_of(anything, nasty))
def test_a_folder_stays_below_its_target(category: str) -> None:
    target = Path("/photos/sorted")
    assert (target / folder_name(category)).resolve().parent == target
    assert (target / folder_name(category)).name == folder_name(category)


@given(st.lists(st.one_of(anything, nasty), max_size=12))
def test_no_two_categories_share_a_folder_on_any_disk(categories: list[str]) -> None:
    names = folder_names(categories)
    assert set(names) == set(categories)
    assert len({twin_key(name) for name in names.values()}) == len(names)
    assert len({unicodedata.normalize("NFD", name).casefold() for name in names.values()}) == len(names)
    assert all(is_component(name, windows=True) for name in names.values())
    assert all(len(name.encode()) <= MAX_BYTES for name in names.values())


@given(st.one_of(anything, nasty))
def test_a_name_already_made_is_kept(category: str) -> None:
    assert folder_name(folder_name(category)) == folder_name(category)


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("beach", "beach"),
        ("我们的狗", "我们的狗"),
        ("Café", "Café"),
        ("AC/DC", "AC_DC"),
        ("../../etc", "_.._etc"),
        ("con", "_con"),
        ("Trip 2026. ", "Trip 2026"),
        ("", "Unnamed"),
        ("...", "Unnamed"),
        ("_", "_"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("tab\there", "tab here"),
    ],
)
def test_names_read_as_a_person_would_write_them(category: str, name: str) -> None:
    assert folder_name(category) == name


def test_twins_are_numbered_in_order() -> None:
    assert folder_names(["Beach", "beach", "BEACH", "ﬁsh", "fish"]) == {
        "Beach": "Beach",
        "beach": "beach (2)",
        "BEACH": "BEACH (3)",
        "ﬁsh": "ﬁsh",
        "fish": "fish (2)",
    }
    assert folder_names(["Beach", "beach (2)", "beach"])["beach"] == "beach (3)"


@given(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=250), st.integers(1, 999))
def test_a_numbered_file_fits_every_disk_and_keeps_its_ending(stem: str, number: int) -> None:
    name = numbered(stem, ".jpg.xmp", number)
    assert name.endswith(".jpg.xmp")
    assert len(name.encode()) <= MAX_FILE_BYTES
    if number == 1 and len(stem.encode()) < 200:
        assert name == stem + ".jpg.xmp"


def test_an_accent_is_never_parted_from_its_letter() -> None:
    name = folder_name("x" * 119 + "q\u0301\u0302")
    assert name == "x" * 119
