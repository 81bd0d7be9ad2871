"""A bin's rows are announced exactly, whatever the next ranking is."""

from typing import Protocol

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap
from pytestqt.modeltest import ModelTester

from clipsorter.ranking.board import Bin, percent
from clipsorter.ui import bin_model
from clipsorter.ui.bin_model import BinModel, PhotoRole
from tests.ui.conftest import MakeBin, MakeCollection


class Log(Protocol):
    """What pytest-qt's ``qtlog`` has caught from Qt; also what windows of earlier tests said before this one began."""

    records: list[object]


def no_picture(digest: str) -> QPixmap | None:
    return None


def shown_ids(model: BinModel) -> list[int]:
    return [model.index(row, 0).data(PhotoRole.PHOTO_ID) for row in range(model.rowCount())]


@pytest.fixture(params=[0, 10, 10**6])
def any_table_limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of finding ids, and both mixed."""
    monkeypatch.setattr(bin_model, "_TABLE_LIMIT", request.param)


@pytest.mark.usefixtures("any_table_limit")
def test_random_rankings_keep_every_promise_of_a_model(
    qtmodeltester: ModelTester,
    qtlog: Log,
    make_bin: MakeBin,
    make_collection: MakeCollection,
) -> None:
    said_before = len(qtlog.records)
    random = np.random.default_rng(5)
    collection = make_collection(40)
    model = BinModel("cats", no_picture)
    qtmodeltester.check(model)
    chosen = QItemSelectionModel(model)
    for _ in range(80):
        held = {QPersistentModelIndex(model.index(row, 0)): photo_id for row, photo_id in enumerate(shown_ids(model))}
        selected = {index.data(PhotoRole.PHOTO_ID) for index in chosen.selectedIndexes()}
        ids = random.permutation(np.arange(1, 41))[: random.integers(0, 41)]
        if random.random() < 0.3:
            ids = np.sort(ids)
        model.set_bin(make_bin("cats", ids.tolist()), collection)
        assert shown_ids(model) == ids.tolist()
        for index, photo_id in held.items():
            assert index.isValid() == (photo_id in ids)
            if index.isValid():
                assert index.data(PhotoRole.PHOTO_ID) == photo_id
        assert {index.data(PhotoRole.PHOTO_ID) for index in chosen.selectedIndexes()} == selected & set(ids.tolist())
        if len(ids):
            row = int(random.integers(len(ids)))
            chosen.select(model.index(row, 0), QItemSelectionModel.SelectionFlag.Toggle)
            chosen.setCurrentIndex(model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
    assert qtlog.records[said_before:] == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([1, 2, 3], [1, 2, 3], []),
        ([1, 2, 3], [1, 3], ["removed 1-1"]),
        ([1, 2, 3], [1, 2, 9, 3], ["inserted 2-2"]),
        ([], [4, 5], ["inserted 0-1"]),
        ([4, 5], [], ["removed 0-1"]),
        ([1, 2, 3], [3, 2, 1], ["moved"]),
        ([1, 2, 3], [3, 1], ["moved", "removed 2-2"]),
        ([1, 2, 3], [1, 8, 3], ["removed 1-1", "inserted 1-1"]),
    ],
)
def test_a_small_change_is_announced_as_what_it_is(
    before: list[int], after: list[int], expected: list[str], make_bin: MakeBin, make_collection: MakeCollection
) -> None:
    model = BinModel("cats", no_picture)
    model.set_bin(make_bin("cats", before), make_collection(9))
    seen: list[str] = []
    model.rowsRemoved.connect(lambda parent, first, last: seen.append(f"removed {first}-{last}"))
    model.rowsInserted.connect(lambda parent, first, last: seen.append(f"inserted {first}-{last}"))
    model.layoutChanged.connect(lambda *_: seen.append("moved"))
    model.set_bin(make_bin("cats", after), make_collection(9))
    assert seen == expected


def test_photos_may_leave_the_collection_together_with_the_bin(
    qapp: object, qtmodeltester: ModelTester, qtlog: Log, make_bin: MakeBin, make_collection: MakeCollection
) -> None:
    said_before = len(qtlog.records)
    model = BinModel("cats", no_picture)
    qtmodeltester.check(model)
    model.set_bin(make_bin("cats", [9, 1, 8, 2]), make_collection(9))
    model.set_bin(make_bin("cats", [3, 2, 1]), make_collection(3))
    assert [model.index(row, 0).data() for row in range(3)] == ["IMG_00003.jpg", "IMG_00002.jpg", "IMG_00001.jpg"]
    assert qtlog.records[said_before:] == []


def test_a_screen_reader_hears_name_bin_and_percentage(
    qapp: object, make_bin: MakeBin, make_collection: MakeCollection
) -> None:
    model = BinModel("cats", no_picture)
    model.set_bin(make_bin("cats", [1, 2]), make_collection(3))
    spoken = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert spoken == ["IMG_00001.jpg, cats, 50%", "IMG_00002.jpg, cats, put here by you"]
    tip = model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines()[0] == "2026/IMG_00001.jpg"
    assert "50%" in tip


def test_no_percentage_is_claimed_where_the_sorting_had_no_say(
    qapp: object, make_bin: MakeBin, make_collection: MakeCollection
) -> None:
    def said(name: str | None, *, compared: bool) -> list[str]:
        bin_ = make_bin(name, [1, 2])
        if not compared:
            nothing = np.zeros(2, np.float32)
            bin_ = Bin(name, bin_.photo_ids, nothing, nothing, bin_.decided)
        model = BinModel(name, no_picture)
        model.set_bin(bin_, make_collection(2))
        return [model.index(row, 0).data(PhotoRole.SURE) for row in range(2)]

    assert said("cats", compared=True) == ["50%", ""]  # a person placed the second
    assert said(None, compared=True) == ["50%", ""]
    assert said(None, compared=False) == ["", ""]  # there are no categories


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0, "0%"),
        (0.004, "<1%"),
        (0.01, "1%"),
        (0.29, "29%"),
        (0.996, "99%"),
        (np.float32(0.57), "57%"),
        (1.0, "100%"),
    ],
)
def test_only_what_is_certain_is_called_a_hundred_percent(probability: float, text: str) -> None:
    assert percent(float(probability)) == text


def test_the_nearest_photo_that_stays_is_the_next_one_then_the_one_before(
    qapp: object, make_bin: MakeBin, make_collection: MakeCollection
) -> None:
    model = BinModel("cats", no_picture)
    model.set_bin(make_bin("cats", [1, 2, 3, 4]), make_collection(4))
    assert model.survivor_near(1, np.array([4, 1])) == 3
    assert model.survivor_near(1, np.array([1])) == 0
    assert model.survivor_near(1, np.array([7])) == -1
