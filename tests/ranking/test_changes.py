"""What a re-rank changed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.board import Bin, Board
from clipsorter.ranking.changes import Flow, compare_boards

NAMES = ("cat", "dog", None)


def make_board(homes: dict[str | None, list[int]]) -> Board:
    bins = []
    for name, members in homes.items():
        likely = np.zeros(len(members), np.float32)
        bins.append(Bin(name, np.array(members, np.int64), likely, likely, likely > 0))
    return Board(tuple(bins), np.zeros(0, np.int64))


def test_photos_that_changed_bin_are_counted_and_shown_without_those_the_person_moved() -> None:
    before = make_board({"cat": [1, 2, 3], "dog": [4, 5], None: [6]})
    after = make_board({"cat": [3], "dog": [2, 1, 4], None: [5, 6]})
    change = compare_boards(before, after, np.array([1]))
    assert (change.changed, change.moved, change.followed) == (3, 1, 2)
    assert change.flows == (Flow("cat", "dog", 2, (2,)), Flow("dog", None, 1, (5,)))


def test_photos_that_came_or_went_have_not_moved() -> None:
    before = make_board({"cat": [1, 2], None: []})
    assert compare_boards(before, make_board({"cat": [2], None: [3]})).changed == 0
    assert compare_boards(make_board({None: []}), before).changed == 0
    assert compare_boards(before, make_board({None: []})).flows == ()


def test_a_bin_that_only_changed_its_place_moved_nothing_and_a_renamed_one_all() -> None:
    before = make_board({"cat": [1], "dog": [2], None: []})
    assert compare_boards(before, make_board({"dog": [2], "cat": [1], None: []})).changed == 0
    assert compare_boards(before, make_board({"hound": [2], "cat": [1], None: []})).flows == (
        Flow("dog", "hound", 1, (2,)),
    )


@given(st.lists(st.tuples(*[st.sampled_from(NAMES)] * 2), max_size=30), st.randoms())
def test_counting_agrees_with_counting_one_by_one(homes: list[tuple[str | None, str | None]], random) -> None:
    ids = [random.randrange(100) + 100 * number for number in range(len(homes))]
    before = make_board({name: [i for i, (old, _) in zip(ids, homes, strict=True) if old == name] for name in NAMES})
    after = make_board({name: [i for i, (_, new) in zip(ids, homes, strict=True) if new == name] for name in NAMES})
    change = compare_boards(before, after)
    moved = [pair for pair in homes if pair[0] != pair[1]]
    assert change.changed == change.followed == len(moved)
    assert {(one.source, one.target): one.count for one in change.flows} == {pair: moved.count(pair) for pair in moved}
