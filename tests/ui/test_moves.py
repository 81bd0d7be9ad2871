"""Decisions are told as learned once they are stored and shown."""

import numpy as np

from clipsorter.ui.history import DecisionChange
from clipsorter.ui.jobs import Job, Lane
from clipsorter.ui.moves import Learned, Moves
from tests.ui.conftest import MakeBoard


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_what_was_decided_is_told_with_the_first_board_after_all_is_stored(make_board: MakeBoard) -> None:
    moves, job, change = Moves(), Job(Lane.SAVE, lambda: iter(())), DecisionChange(2)
    before, after = make_board({"cat": [1, 2, 3], None: [4]}), make_board({"cat": [2, 3], None: [1, 4]})
    moves.decide(ids(1, 4))
    moves.save(job, change)
    assert moves.learn(before, after) is None  # not stored yet
    assert moves.end(job) is change
    assert moves.end(job) is None
    assert moves.learn(before, after) == Learned(2, 0, 0)
    assert moves.learn(before, after) is None  # told once


def test_what_was_taken_back_taught_nothing(make_board: MakeBoard) -> None:
    moves, board = Moves(), make_board({None: [1]})
    moves.decide(ids(1))
    moves.forget()
    assert moves.learn(board, board) is None


def test_without_a_board_before_nothing_followed(make_board: MakeBoard) -> None:
    moves = Moves()
    moves.decide(ids(1))
    moves.decide(ids(1, 2))
    assert moves.learn(None, make_board({"cat": [1, 2, 3]})) == Learned(2, 0, 0)
