"""What a re-rank changed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.board import Bin, Board
from clipsorter.ui.learned import count_confirmed, count_moved, narrow, only_confirmed
from tests.ui.conftest import MakeBoard

NONE = np.empty(0, np.int64)


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_photos_that_changed_bin_are_counted_decided_ones_not(make_board: MakeBoard) -> None:
    before = make_board({"cat": [1, 2, 3], "dog": [4, 5], None: [6]})
    after = make_board({"cat": [3], "dog": [1, 2, 4], None: [5, 6]})
    assert count_moved(before, after, NONE) == 3
    assert count_moved(before, after, ids(1)) == 2


def test_photos_that_came_or_went_have_not_moved(make_board: MakeBoard) -> None:
    before = make_board({"cat": [1, 2], None: []})
    after = make_board({"cat": [2], None: [3]})
    assert count_moved(before, after, NONE) == 0


def test_a_bin_that_only_changed_its_place_moved_nothing(make_board: MakeBoard) -> None:
    before = make_board({"cat": [1], "dog": [2], None: []})
    after = make_board({"dog": [2], "cat": [1], None: []})
    assert count_moved(before, after, NONE) == 0


@given(st.lists(st.sampled_from(["cat", "dog", None]), max_size=30), st.data())
def test_counting_agrees_with_counting_one_by_one(homes: list[str | None], data: st.DataObject) -> None:
    later = data.draw(st.lists(st.sampled_from(["cat", "dog", None]), min_size=len(homes), max_size=len(homes)))
    expected = sum(old != new for old, new in zip(homes, later, strict=True))
    assert count_moved(_board(homes), _board(later), NONE) == expected


def _board(homes: list[str | None]) -> Board:
    bins = []
    for name in ("cat", "dog", None):
        members = ids(*[number for number, home in enumerate(homes) if home == name])
        likely = np.zeros(len(members), np.float32)
        bins.append(Bin(name, members, likely, likely, likely, likely > 0))
    return Board(tuple(bins), NONE)


def test_a_narrowed_board_keeps_its_bins_and_order(make_board: MakeBoard) -> None:
    board = narrow(make_board({"cat": [3, 1, 2], "dog": [4], None: [5]}), ids(2, 3, 5))
    assert [(bin_.name, bin_.photo_ids.tolist()) for bin_ in board.bins] == [("cat", [3, 2]), ("dog", []), (None, [5])]


def test_confirmed_photos_are_counted_and_kept(make_board: MakeBoard) -> None:
    board = make_board({"cat": [1, 2], "dog": [3, 4], None: [6]})  # even ids are decided
    assert count_confirmed(board) == 3
    assert [bin_.photo_ids.tolist() for bin_ in only_confirmed(board).bins] == [[2], [4], [6]]
