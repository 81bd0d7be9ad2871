"""Which of several equal photos stay."""

import numpy as np

from clipsorter.columns import Digests, Paths
from clipsorter.engine.duplicates import Duplicates, Group
from clipsorter.library.collection import Collection
from clipsorter.ui.grouping.duplicate_model import Marks, Twin, TwinGroup, read_groups


def twins(*numbers: int) -> tuple[Twin, ...]:
    return tuple(Twin(number, f"{number:032x}", f"{number}.jpg") for number in numbers)


NEAR = TwinGroup(twins(1, 2, 3), 1, exact=False)
EXACT = TwinGroup(twins(4, 5), 0, exact=True)


def test_at_first_all_but_the_proposed_one_go() -> None:
    marks = Marks((NEAR, EXACT))
    assert marks.going().tolist() == [1, 3]


def test_one_of_a_group_always_stays() -> None:
    marks = Marks((NEAR,))
    assert not marks.toggle(0, 1)
    assert marks.toggle(0, 0)
    assert marks.toggle(0, 1)
    assert marks.going().tolist() == [2, 3]
    assert marks.keep_only(0, 2)
    assert marks.going().tolist() == [1, 2]
    marks.keep_all(0)
    assert marks.going().tolist() == []


def test_copies_of_one_content_cannot_be_told_apart_by_a_decision() -> None:
    marks = Marks((EXACT,))
    assert not marks.toggle(0, 1)
    assert not marks.keep_only(0, 1)
    assert marks.going().tolist() == []


def test_a_content_that_stays_somewhere_goes_nowhere() -> None:
    same = (Twin(1, "a", "1.jpg"), Twin(2, "b", "2.jpg")), (Twin(3, "a", "3.jpg"), Twin(4, "c", "4.jpg"))
    marks = Marks((TwinGroup(same[0], 0, exact=False), TwinGroup(same[1], 1, exact=False)))
    assert marks.going().tolist() == [2]  # 3 is the content of 1, which stays


def test_photos_that_are_gone_are_left_out() -> None:
    ids = np.array([7, 8, 9], np.int64)
    collection = Collection(
        ids,
        Paths(("a.jpg", "b.jpg", "c.jpg")),
        Digests.of(f"{number:032x}" for number in ids),
        np.zeros((3, 1), np.float32),
    )
    found = Duplicates((Group(("a.jpg", "gone.jpg"), "a.jpg"),), (Group(("a.jpg", "b.jpg", "gone.jpg"), "gone.jpg"),))
    (group,) = read_groups(found, collection)
    assert [twin.photo_id for twin in group.twins] == [7, 8]
    assert group.keeper == 0
    assert not group.exact
