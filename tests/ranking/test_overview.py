"""All photos of a board in one order."""

import numpy as np

from clipsorter.ranking.board import Bin, Board
from clipsorter.ranking.overview import choose_order, gather, order_newest_first
from clipsorter.ranking.queries import SearchResult

IDS = np.array([2, 3, 5, 7, 11], np.int64)


def make_bin(name: str | None, *ids: int) -> Bin:
    likely = np.array(ids, np.float32) / 100
    return Bin(name, np.array(ids, np.int64), likely, likely * 2, np.array(ids) % 2 == 0)


BOARD = Board((make_bin("cat", 7, 2), make_bin("dog", 11), make_bin(None, 3)), np.empty(0, np.int64))


def make_search(similarity: list[float], order: list[int]) -> SearchResult:
    return SearchResult(np.array(similarity, np.float32), np.ones(5, np.bool_), np.array(order, np.intp), 0.0)


def test_photos_stand_in_the_given_order_each_once_with_what_their_bin_says_of_them() -> None:
    overview = gather(BOARD, IDS, np.array([4, 2, 1, 0, 3]))  # photo 5 is not on the board
    assert overview.photo_ids.tolist() == [11, 3, 2, 7]
    assert [overview.home(row) for row in range(4)] == ["dog", None, "cat", "cat"]
    np.testing.assert_allclose(overview.similarity, [0.11, 0.03, 0.02, 0.07])
    np.testing.assert_allclose(overview.probability, [0.22, 0.06, 0.04, 0.14])
    assert overview.decided.tolist() == [False, False, True, False]


def test_the_homes_of_some_photos_are_told_once_each() -> None:
    overview = gather(BOARD, IDS, np.arange(5))
    assert overview.homes_of(np.array([0, 2])) == ("cat",)
    assert set(overview.homes_of(np.arange(4))) == {"cat", "dog", None}
    assert BOARD.bins[0].homes_of(np.array([0, 1])) == ("cat",)


def test_what_is_taken_and_joined_keeps_its_homes_also_from_another_board() -> None:
    overview = gather(BOARD, IDS, np.arange(5))
    other = gather(Board((make_bin("sea", 5), make_bin(None)), np.empty(0, np.int64)), IDS, np.arange(5))
    joined = overview.take(np.array([3, 0])).join(other)
    assert joined.photo_ids.tolist() == [11, 2, 5]
    assert [joined.home(row) for row in range(3)] == ["dog", "cat", "sea"]


def test_narrowed_it_holds_only_what_stands_on_the_board() -> None:
    overview = gather(BOARD, IDS, np.arange(5)[::-1])
    narrowed = Board((make_bin("cat", 2), make_bin("dog", 11), make_bin(None)), np.empty(0, np.int64))
    assert overview.narrow(narrowed).photo_ids.tolist() == [11, 2]


def test_an_empty_board_gives_an_empty_overview() -> None:
    assert len(gather(Board((make_bin(None),), np.empty(0, np.int64)), IDS, np.arange(5))) == 0


def test_the_newest_photo_is_first_and_those_without_a_date_are_last_as_they_were_found() -> None:
    taken = np.array(["NaT", "2020-05-01", "2024-01-01", "NaT", "1969-07-20"], "datetime64[us]")
    assert order_newest_first(taken).tolist() == [2, 1, 4, 0, 3]


def test_a_search_by_looks_ranks_and_one_by_conditions_alone_does_not() -> None:
    newest = np.array([4, 3, 2, 1, 0])
    ranked, is_ranked = choose_order(newest, make_search([0.1, 0.2, 0, 0, 0], [1, 0, 2, 3, 4]))
    assert (ranked.tolist(), is_ranked) == ([1, 0, 2, 3, 4], True)
    for search in (make_search([0, 0, 0, 0, 0], [0, 1, 2, 3, 4]), None):
        order, is_ranked = choose_order(newest, search)
        assert (order.tolist(), is_ranked) == (newest.tolist(), False)
