"""One grammar for search phrases, with errors that point at the character."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.errors import QueryError
from clipsorter.ranking.grammar import Look, Placed, Query, Taken, parse_query


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("sunset over  water ", [Look("sunset over water")]),
        ('"exact phrase"', [Look("exact phrase", "exact")]),
        ("beach -people", [Look("beach"), Look("people", unwanted=True, position=6)]),
        ('-"two dogs"', [Look("two dogs", "exact", unwanted=True)]),
        ("2:dog .5:cat", [Look("dog", weight=2), Look("cat", weight=0.5, position=6)]),
        ('1.5:"red car"', [Look("red car", "exact", weight=1.5)]),
        ("dog 2:beach sea", [Look("dog"), Look("beach", weight=2, position=4), Look("sea", position=12)]),
        ("like:IMG_1.jpg", [Look("IMG_1.jpg", "like")]),
        ("-like:a.jpg", [Look("a.jpg", "like", unwanted=True)]),
        ("t-shirt 16:9 10:30 foo:bar", [Look("t-shirt 16:9 10:30 foo:bar")]),
        ("Rome - Paris", [Look("Rome Paris")]),
        ("Rome -- Paris － Oslo", [Look("Rome Paris Oslo")]),
        ("--", []),
        ("２：狗 －猫", [Look("狗", weight=2), Look("猫", unwanted=True, position=4)]),
        ("“two dogs” 「红 车」", [Look("two dogs", "exact"), Look("红 车", "exact", position=11)]),
        ("－“two dogs”", [Look("two dogs", "exact", unwanted=True)]),
        ("2:😀", [Look("😀", weight=2)]),
        ("beach, dog run", [Look("beach"), Look("dog run", position=7)]),
        ("海滩，狗、猫", [Look("海滩"), Look("狗", position=3), Look("猫", position=5)]),
        ('"a, b" like:c,d.jpg', [Look("a, b", "exact"), Look("c,d.jpg", "like", position=7)]),
        ("海滩 -人", [Look("海滩"), Look("人", unwanted=True, position=3)]),
        ("1066 IMG_2024", [Look("1066 IMG_2024")]),
        ('"2024"', [Look("2024", "exact")]),
        ("-", []),
        ("", []),
    ],
)
def test_looks(text, looks):
    assert parse_query(text) == Query(text.strip(), tuple(looks))


@pytest.mark.parametrize(
    ("text", "first", "last", "months"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), ()),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), ()),
        ("2024-2-3", date(2024, 2, 3), date(2024, 2, 3), ()),
        ("2023-05..2023-08", date(2023, 5, 1), date(2023, 8, 31), ()),
        ("2021..2023", date(2021, 1, 1), date(2023, 12, 31), ()),
        ("summer 2023", date(2023, 1, 1), date(2023, 12, 31), (6, 7, 8)),
        ("Winter 2023", date(2023, 1, 1), date(2023, 12, 31), (1, 2, 12)),
        ("may 2023", date(2023, 1, 1), date(2023, 12, 31), (5,)),
        ("2023年", date(2023, 1, 1), date(2023, 12, 31), ()),
        ("2023年5月", date(2023, 5, 1), date(2023, 5, 31), ()),
        ("2023年夏天", date(2023, 1, 1), date(2023, 12, 31), (6, 7, 8)),
    ],
)
def test_dates(text, first, last, months):
    assert parse_query(text) == Query(text, (), (Taken(first, last, months),))


def test_a_season_belongs_to_its_year_and_the_words_before_it_stay_words():
    query = parse_query("red boat summer 2023 -2022")
    assert [look.text for look in query.looks] == ["red boat"]
    assert [(one.first.year, one.months, one.unwanted) for one in query.conditions] == [
        (2023, (6, 7, 8), False),
        (2022, (), True),
    ]


def test_places_and_states():
    query = parse_query('tag:Rome -bin:"Our dog" IS:Review')
    assert query.conditions == (
        Placed("tag", "Rome"),
        Placed("bin", "Our dog", True, 9),
        Placed("is", "review", False, 24),
    )


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('dog "red car', 4),
        ('dog ""', 5),
        ("dog bin:", 7),
        ("dog “red car", 4),
        ("dog -「red car", 5),
        ("dog tag：", 7),
        ("dog 2:", 5),
        ("-2:", 2),
        ("2:-dog", 2),
        ("-2:dog", 0),
        ("2024-00-10", 0),
        ("2024-05-00", 0),
        ("dog is:sorted", 7),
        ("dog -is:sorted", 8),
        ("2023-13", 0),
        ("dog 2023-02-30", 4),
        ("2023..x", 6),
        ("x..2023", 0),
        ("2024..2023", 4),
        ("2021..2022..2023", 4),
        ("dog 0:cat", 4),
        ("dog -2:cat", 4),
        ("2:bin:dog", 0),
    ],
)
def test_errors_point_at_the_character(text, position):
    with pytest.raises(QueryError) as raised:
        parse_query(text)
    assert raised.value.position == position
    assert str(raised.value).endswith(".")


@given(st.text(alphabet='ab -":.2015年月likeisbntg\t海', max_size=30))
def test_whatever_is_typed_is_read_or_refused_with_a_position_inside(text):
    query, position = read(text)
    assert 0 <= position < max(len(text), 1)
    for look in query.looks:
        assert look.text.strip()
        assert look.weight > 0
        assert 0 <= look.position < len(text)


def read(text):
    """The query, or an empty one, and the position of the error, or 0."""
    try:
        return parse_query(text), 0
    except QueryError as error:
        return Query(""), error.position
