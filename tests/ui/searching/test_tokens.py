"""Parts of a phrase: complete or not, and put together again without a change of meaning."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from clipsorter.errors import QueryError
from clipsorter.library.settings import Language
from clipsorter.ranking.grammar import Query, parse_query
from clipsorter.ui.languages import speak
from clipsorter.ui.searching.token_words import name_token
from clipsorter.ui.searching.tokens import join, read_tokens, split_complete, start_of

WORDS = (
    "beach",
    "-people",
    '"red car"',
    '-"two dogs"',
    "2:dog",
    "2023",
    "summer",
    "2023-05..2023-08",
    "is:review",
    "海滩",
)


@pytest.mark.parametrize(
    ("typed", "complete", "rest"),
    [
        ("on a sofa ", [], "on a sofa "),
        ("on a sofa -blurry ", ["on a sofa", "-blurry"], ""),
        ("on a sofa, ", ["on a sofa"], ""),
        ("海滩，", ["海滩"], ""),
        ("-blurry on a ", ["-blurry"], "on a "),
        ("summer ", [], "summer "),
        ("summer 2023 ", ["summer 2023"], ""),
        ("beach -people", [], "beach -people"),
        ('"two dogs" ', ['"two dogs"'], ""),
        ('-"two ', [], '-"two '),
        ("tag:family 2:dog ", ["tag:family", "2:dog"], ""),
        ("2023-13 ", [], "2023-13 "),
        (" ", [], ""),
    ],
)
def test_a_part_is_complete_when_the_cursor_has_left_it(typed: str, complete: list[str], rest: str) -> None:
    tokens, left = split_complete(typed)
    assert [token.text for token in tokens] == complete
    assert left == rest


def without_places(query: Query) -> list[object]:
    return [replace(part, position=0) for part in (*query.looks, *query.conditions)]


@given(
    parts=st.lists(st.sampled_from(WORDS), max_size=6), separators=st.lists(st.sampled_from([" ", ", "]), max_size=5)
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_parts_put_together_mean_the_same(parts: list[str], separators: list[str]) -> None:
    text = "".join(part + (separators[place] if place < len(separators) else " ") for place, part in enumerate(parts))
    tokens = read_tokens(text)
    joined = join(tokens)
    assert without_places(parse_query(joined)) == without_places(parse_query(text))
    for place, token in enumerate(tokens):
        assert joined[start_of(tokens, place) :].startswith(token.text)


def test_what_is_typed_after_words_does_not_run_into_them() -> None:
    tokens = read_tokens("march")
    assert join(tokens, "2024") == "march, 2024"
    assert join(tokens) == "march"
    assert join(tokens, " ") == "march"


def test_what_cannot_be_understood_is_no_part() -> None:
    with pytest.raises(QueryError):
        read_tokens('beach "')


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["2023", "Summer 2023", "May 2023", "May 2023 – August 2023"]),
        ("zh_CN", ["2023年", "2023年夏季", "2023年5月", "2023年5月 – 2023年8月"]),
    ],
)
def test_times_are_said_as_people_say_them(
    quiet_application: QApplication, language: Language, said: list[str]
) -> None:
    speak(language, quiet_application)
    typed = ["2023", "summer 2023", "2023-05", "2023-05..2023-08"]
    assert [name_token(token.meaning) for one in typed for token in read_tokens(one)] == said
