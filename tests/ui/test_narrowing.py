"""Boards narrowed to some photos."""

from dataclasses import replace

import numpy as np

from clipsorter.ui.narrowing import count_confirmed, narrow, only_confirmed
from tests.ui.conftest import MakeBoard


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_a_narrowed_board_keeps_its_bins_and_order(make_board: MakeBoard) -> None:
    board = narrow(make_board({"cat": [3, 1, 2], "dog": [4], None: [5]}), ids(2, 3, 5))
    assert [(bin_.name, bin_.photo_ids.tolist()) for bin_ in board.bins] == [("cat", [3, 2]), ("dog", []), (None, [5])]
    assert board.narrowed
    assert board.hits is None


def test_a_narrowed_search_counts_what_is_left(make_board: MakeBoard) -> None:
    board = replace(make_board({"cat": [1, 2], None: [3]}), hits=3)
    assert narrow(board, ids(1, 3)).hits == 2
    assert only_confirmed(board).hits == 1


def test_confirmed_photos_are_counted_and_kept(make_board: MakeBoard) -> None:
    board = make_board({"cat": [1, 2], "dog": [3, 4], None: [6]})  # even ids are decided
    assert count_confirmed(board) == 3
    assert [bin_.photo_ids.tolist() for bin_ in only_confirmed(board).bins] == [[2], [4], [6]]
    assert only_confirmed(board).narrowed
