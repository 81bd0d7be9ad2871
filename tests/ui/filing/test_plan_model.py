"""The tree of a plan keeps its counts right whatever is ticked, and Qt's own tester agrees with its structure."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from clipsorter.filing.identity import Identity
from clipsorter.filing.plan import Operation, Plan, PlannedPhoto, Problem, Skipped
from clipsorter.filing.preview import PART, outline
from clipsorter.ui.filing.plan_model import Column, PlanModel

CHECK = Qt.ItemDataRole.CheckStateRole
HOMES = ("sea/2024/a.jpg", "sea/2024/b.jpg", "sea/2025/c.jpg", "pets/dogs/d.jpg", "pets/e.jpg", "top.jpg")


def photo(number: int, home: str, *links: str) -> PlannedPhoto:
    source = Path("/photos") / home.rpartition("/")[2]
    identity = Identity(1000 * (number + 1), 0, number + 1)
    acts = [Operation("move", source, home, identity)]
    acts += [Operation("symlink", Path("/target") / home, link, identity) for link in links]
    return PlannedPhoto(number, source.name, "sea", "similarity 0.31", tuple(acts))


PLAN = Plan(
    Path("/photos"),
    Path("/target"),
    "move",
    "category",
    tuple(photo(number, home, *(["links only/d.jpg"] if number == 3 else [])) for number, home in enumerate(HOMES)),
    (Skipped("old.jpg", "same content", "sea/old.jpg"), Skipped("here.jpg", "in place", "sea/here.jpg")),
    (Problem("bad.jpg", "“bad.jpg” is no longer there."), Problem("", "The disk is full.")),
    bytes_needed=21000,
    bytes_free=10**9,
)


@pytest.fixture
def model(qapp: object) -> PlanModel:
    model = PlanModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.show_outline(outline(PLAN))
    return model


def find(model: PlanModel, *names: str) -> QModelIndex:
    index = QModelIndex()
    for name in names:
        rows = [model.index(row, 0, index) for row in range(model.rowCount(index))]
        index = next(row for row in rows if row.data() == name)
    return index


def texts(model: PlanModel, index: QModelIndex) -> list[str]:
    return [index.siblingAtColumn(column).data() for column in Column]


def test_folders_come_with_the_counts_of_everything_below(model: PlanModel) -> None:
    assert texts(model, find(model, "sea"))[:3] == ["sea", "3", "6.0 kB"]
    assert texts(model, find(model, "sea", "2024"))[:2] == ["2024", "2"]
    assert texts(model, find(model, "pets"))[:2] == ["pets", "2"]
    assert texts(model, find(model, "links only")) == ["links only", "0", "", "1 link(s)"]  # a link takes no room
    assert texts(model, find(model, "top.jpg"))[:3] == ["top.jpg", "", "6.0 kB"]
    assert (model.kept, model.kept_size, model.folders_kept) == (6, 21000, 5)


def test_what_stays_behind_is_listed_with_its_reason(model: PlanModel) -> None:
    assert texts(model, find(model, "Cannot be sorted", "bad.jpg"))[3] == "“bad.jpg” is no longer there."
    assert texts(model, find(model, "There already", "old.jpg"))[3] == "as “sea/old.jpg”"
    group = find(model, "Cannot be sorted")
    assert not model.flags(group) & Qt.ItemFlag.ItemIsUserCheckable
    assert not model.setData(group, Qt.CheckState.Unchecked, CHECK)


def test_dropping_and_taking_back_keeps_every_count_right(model: PlanModel) -> None:
    sea, second = find(model, "sea"), find(model, "sea", "2024", "b.jpg")
    assert model.setData(second, Qt.CheckState.Unchecked, CHECK)
    assert sea.data(CHECK) == Qt.CheckState.PartiallyChecked
    assert (model.kept, model.kept_size) == (5, 19000)
    assert model.setData(sea, Qt.CheckState.Unchecked, CHECK)
    assert [find(model, "sea", year).data(CHECK) for year in ("2024", "2025")] == [Qt.CheckState.Unchecked] * 2
    assert model.plan is not None
    assert [one.number for one in model.plan.photos] == [3, 4, 5]
    assert model.plan.bytes_needed == 15000
    assert model.setData(sea, Qt.CheckState.Checked, CHECK)
    assert model.plan == PLAN
    assert texts(model, sea)[1] == "3"


def test_another_plan_takes_the_place_of_the_first(model: PlanModel) -> None:
    model.show_outline(None)
    assert (model.rowCount(), model.kept, model.plan) == (0, 0, None)
    model.show_outline(outline(PLAN))
    assert model.kept == len(HOMES)


def test_a_folder_of_thousands_is_listed_in_parts_that_can_be_dropped(model: PlanModel) -> None:
    many = 2 * PART + 1
    photos = tuple(photo(number, f"sea/{number:05}.jpg") for number in range(many))
    gone = tuple(Skipped(f"{number}.jpg", "in place", f"sea/{number}.jpg") for number in range(PART + 1))
    model.show_outline(outline(replace(PLAN, photos=photos, skipped=gone)))
    sea = find(model, "sea")
    assert model.rowCount(sea) == 3
    assert (texts(model, sea)[1], model.folders_kept) == (f"{many:,}", 1)
    assert max(model.rowCount(model.index(row, 0, sea)) for row in range(3)) == PART
    last = find(model, "sea", f"{2 * PART:05}.jpg – {2 * PART:05}.jpg")
    assert model.setData(last, Qt.CheckState.Unchecked, CHECK)
    assert model.kept == 2 * PART
    assert sea.data(CHECK) == Qt.CheckState.PartiallyChecked
    assert find(model, f"There already, {PART + 1} – {PART + 1}").isValid()
