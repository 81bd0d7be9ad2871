"""A caret that stands below the character it means."""

import pytest

from clipsorter.cli.terminal import AFTER, BEFORE, point_at


@pytest.mark.parametrize(
    ("text", "position", "column"),
    [
        ('dog "cat', 4, 4),
        ("狗 “猫", 2, 3),
        ("夏天 2024..2023", 7, 9),
        ("😀 tag:", 6, 7),
        ("cafe\u0301 “x", 6, 5),
        ("tag:", 4, 4),
        ("", 0, 0),
    ],
)
def test_the_caret_counts_columns_and_not_characters(text: str, position: int, column: int) -> None:
    shown, caret = point_at(text, position).splitlines()
    assert shown == f"  {text}"
    assert caret == f"  {' ' * column}^"


def test_of_a_long_text_only_what_stands_around_is_shown() -> None:
    text = "a" * 5000 + '"' + "b" * 5000
    shown, caret = point_at(text, 5000).splitlines()
    assert shown == f'  …{"a" * BEFORE}"{"b" * (AFTER - 1)}…'
    assert shown[caret.index("^")] == '"'


def test_nothing_that_moves_the_cursor_is_printed() -> None:
    shown, caret = point_at('a\nb\x1b[2J"', 7).splitlines()
    assert shown == '  a?b?[2J"'
    assert shown[caret.index("^")] == '"'
