"""Category lists as TOML files: written, read back, and refused with a reason."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.encoders.sources import find_model
from clipsorter.engine.category_file import category_file, parse_category_file, read_category_file
from clipsorter.engine.category_sets import built_in_sets
from clipsorter.engine.category_text import clean_name
from clipsorter.engine.decision_file import read_decision_file
from clipsorter.errors import CategoryError
from clipsorter.values import Category, CategorySet

SHARE = st.none() | st.floats(0, 1)
TEXT = st.text(max_size=30).map(clean_name)
NAMED = TEXT.filter(lambda name: name and name.casefold() not in {"unsorted", "未分类"})
CATEGORY = st.builds(
    Category,
    NAMED,
    phrases=st.lists(TEXT.filter(bool), max_size=3).map(tuple),
    exclude=st.lists(TEXT.filter(bool), max_size=3).map(tuple),
    context=TEXT,
    colour=st.sampled_from(["", "#3b82f6"]),
    cutoff=SHARE,
    templates=st.sampled_from([(), (("en", "a {}"),), (("en", "a {}"), ("en", "{}"), ("zh", "一张{}"))]),
)


@given(TEXT, st.lists(CATEGORY, min_size=1, max_size=4, unique_by=lambda one: one.name.casefold()), SHARE, NAMED)
def test_what_is_written_is_read_back(name: str, categories: list[Category], strictness: float, model: str) -> None:
    written = CategorySet(name, tuple(categories), strictness, model)
    read = parse_category_file(category_file(written))
    assert (read.name, read.categories, read.strictness) == (name, tuple(categories), strictness)
    tuned = strictness is not None or any(one.cutoff is not None for one in categories)
    assert read.encoder_id == (model if tuned else "")


def test_what_was_tuned_to_another_model_is_left_out() -> None:
    tuned = CategorySet("a", (Category("dog", ("puppy",), cutoff=0.3),), 0.8, "one")
    assert tuned.for_encoder("one") is tuned
    assert tuned.for_encoder("two") == CategorySet("a", (Category("dog", ("puppy",)),), None, "two")
    by_hand = CategorySet("a", (Category("dog", cutoff=0.3),))
    assert by_hand.for_encoder("two") is by_hand


@given(st.binary(max_size=200))
def test_no_bytes_whatever_are_a_bug(content: bytes) -> None:
    with suppress(CategoryError):
        assert parse_category_file(content).categories


def test_the_sets_that_come_along_say_the_same_in_both_languages() -> None:
    english, chinese = built_in_sets("en"), built_in_sets("zh")
    assert len(english) == len(chinese) >= 5
    assert {one.name for one in english}.isdisjoint(one.name for one in chinese)
    for one, other in zip(english, chinese, strict=True):
        below = [
            [[c.name for c in s.categories].index(c.parent) if c.parent else -1 for c in s.categories]
            for s in (one, other)
        ]
        assert below[0] == below[1]


def test_the_starter_model_knows_every_word_of_the_sets_that_come_along(tmp_path: Path) -> None:
    starter = find_model("starter", tmp_path)
    sets = (*built_in_sets("en"), *built_in_sets("zh"))
    phrases = [phrase for one in sets for category in one.categories for phrase in (category.name, *category.phrases)]
    assert len(phrases) > 150
    assert not [phrase for phrase in phrases if not starter.understands(phrase)]


def test_a_file_gives_everything_a_category_can_carry(tmp_path: Path) -> None:
    path = tmp_path / "categories.toml"
    path.write_text(
        '[[category]]\nname = "boxer"\nphrases = ["our dog Rex"]\nexclude = ["boxing match"]\n'
        'context = "a dog breed"\ncutoff = 0.25\nparent = "Animals"\n[[category]]\nname = "海滩"\n',
        encoding="utf-8",
    )
    boxer, beach = read_category_file(path).categories
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
        ("[[category]]\nname = 3", r"“name” of category 1 \(line 1\) must be text"),
        ('[[category]]\nname = "a"\nphrases = "b"', "must be a list"),
        ('[[category]]\nname = "a"\nthreshold = 1', "unknown key “threshold”"),
        ('[[category]]\nname = "a"\ncutoff = 7', "from 0 to 1"),
        ('[[category]]\nphrases = ["b"]', "no name"),
        ('[[category]]\nname = "a"\n\n[[category]]\nname = "b"\nzeta = 1\neta = 2', "2 .line 4.*“eta”, “zeta”"),
        ('[[category]]\nname = "a"\ncutoff = true', "cutoff of category 1"),
        ('[[category]]\nname = "a"\ncutoff = nan', "from 0 to 1"),
        ('strictness = 2\n[[category]]\nname = "a"', "strictness of the file"),
        ('[[category]]\nname = "a"\ncolour = "red"', "colour of category 1"),
        ('[[category]]\nname = "a"\ntemplates = {en = ["a photo"]}', "needs one {}"),
        ('[[category]]\nname = "a"\ntemplates = {fr = ["une {}"]}', "en and zh"),
        ('[[category]]\nname = "a"\nphrases = [' + '"b",' * 101 + "]", "100 is the limit"),
        ('[[category]]\nname = "a"\ncontext = "' + "b" * 400 + '"', "more than 300"),
        ('[[category]]\nname = "a"\nparent = "a"', "below itself"),
        ('category = [{name = "a", x = 1}]', "Category 1 has an unknown key “x”"),
        ("x = " + "[" * 5000, "nested too deeply"),
        ('[[category]]\nname = "a"\n\nname = \n', "line 4"),
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
