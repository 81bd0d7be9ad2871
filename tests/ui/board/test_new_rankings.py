"""The board keeps its place over every new ranking."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.ui import photo_wishes
from clipsorter.ui.drag import PhotosMime, photo_ids_of
from clipsorter.values import Category
from tests.ui.board.conftest import CATEGORIES, CTRL, FOLDER, LEFT, NO_MODIFIER, START, Table
from tests.ui.conftest import Pictures


def test_bins_stand_side_by_side_in_order_and_unsorted_last(table: Table) -> None:
    lefts = [table.column(name).x() for name in ("cats", "dogs", None)]
    assert lefts == sorted(set(lefts))
    assert [table.shown(name) for name in ("cats", "dogs", None)] == [list(ids) for ids in START.values()]


def test_a_selection_is_of_photos_not_of_places(table: Table) -> None:
    table.click("cats", 0)
    table.click("cats", 2, CTRL)
    assert table.selected() == [5, 3]
    table.show({"cats": [3, 11, 7, 5, 1], "dogs": [2, 4, 6], None: [8, 9]})
    assert table.selected() == [3, 5]
    assert table.board.current_id() == 3
    table.show({"cats": [7, 5, 1], "dogs": [3, 2, 4, 6], None: [8, 9]})
    assert table.selected() == [5]


def test_any_selection_survives_any_ranking(table: Table) -> None:
    random = np.random.default_rng(8)
    for _ in range(25):
        cats = random.permutation(np.arange(1, 30))[: random.integers(1, 29)].tolist()
        table.show({"cats": cats, "dogs": sorted(set(range(1, 30)) - set(cats)), None: []})
        chosen = [one for one in cats if random.random() < 0.6]
        table.grid("cats").select_rows(table.column("cats").model.rows_of(np.array(chosen, np.int64)))
        after = random.permutation(np.arange(1, 30))[: random.integers(1, 29)].tolist()
        table.show({"cats": after, "dogs": sorted(set(range(1, 30)) - set(after)), None: []})
        assert table.selected() == [one for one in after if one in chosen]


def test_the_next_photo_becomes_current_when_the_current_one_leaves(table: Table) -> None:
    table.click("cats", 1)
    table.show({"cats": [3, 7, 5], "dogs": [1, 2, 4, 6], None: [8, 9]})
    assert table.board.current_id() == 3
    table.show({"cats": [7, 5], "dogs": [3, 1, 2, 4, 6], None: [8, 9]})
    assert table.board.current_id() == 7
    assert table.selected() == []


def test_the_scroll_position_stays(table: Table) -> None:
    many = {"cats": range(1, 1000), "dogs": [1001], None: []}
    table.show(many)
    bar = table.grid("cats").verticalScrollBar()
    bar.setValue(3000)
    table.click("cats", len(table.grid("cats").visible_rows()) // 2 + table.grid("cats").visible_rows().start)
    current = table.board.current_id()
    table.show({"cats": list(range(999, 0, -1)), "dogs": [1001], None: []})
    assert bar.value() == 3000
    assert table.board.current_id() == current


def test_columns_are_kept_made_and_dropped_with_their_bins(table: Table) -> None:
    cats, dogs = table.column("cats"), table.column("dogs")
    table.show({"dogs": [2], "birds": [1, 3], "cats": [], None: []}, (Category("dogs"), Category("birds")))
    assert table.column("cats") is cats
    assert table.column("dogs") is dogs
    assert dogs.x() < table.column("birds").x() < cats.x() < table.column(None).x()
    table.show({None: [1]}, ())
    assert table.board.column("cats") is None
    assert table.shown(None) == [1]
    table.board.focus_next_bin()
    table.board.select_all()
    assert table.selected() == [1]


def test_a_board_waits_while_a_photo_is_held(table: Table, qtbot: QtBot) -> None:
    grid = table.grid("cats")
    place = grid.visualRect(grid.model().index(0, 0)).center()
    QTest.mousePress(grid.viewport(), LEFT, NO_MODIFIER, place)
    table.show({"cats": [1], "dogs": [], None: []})
    table.show({"cats": [1, 3], "dogs": [2], None: []})
    assert table.shown("cats") == START["cats"]
    QTest.mouseRelease(grid.viewport(), LEFT, NO_MODIFIER, place)
    qtbot.waitUntil(lambda: table.shown("cats") == [1, 3])


def test_a_board_that_nobody_asked_for_waits_until_the_pointer_rests(table: Table, qtbot: QtBot) -> None:
    def show(cats: list[int], *, unasked: bool) -> None:
        board = table.make_board({"cats": cats, "dogs": [], None: []})
        table.board.set_board(board, table.collection, FOLDER, CATEGORIES, unasked=unasked)

    show([7, 5], unasked=True)
    assert table.shown("cats") == [7, 5]  # no pointer is near
    grid = table.grid("cats")
    QTest.mouseMove(grid.viewport(), QPoint(20, 20))
    QTest.mouseMove(grid.viewport(), QPoint(24, 24))
    show([3, 5], unasked=True)
    assert table.shown("cats") == [7, 5]
    show([1, 5], unasked=False)
    assert table.shown("cats") == [1, 5]
    QTest.mouseMove(grid.viewport(), QPoint(30, 30))
    show([9, 5], unasked=True)
    assert table.shown("cats") == [1, 5]
    qtbot.waitUntil(lambda: table.shown("cats") == [9, 5])


def test_a_board_waits_until_a_drag_is_over(table: Table, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    during: list[object] = []

    def drag(source: object, mime: PhotosMime, count: int, pictures: object) -> None:
        table.show({"cats": [1], "dogs": [5], None: []})
        found = photo_ids_of(mime)
        assert found is not None
        during.append((table.shown("cats"), found.tolist(), count, [Path(url.toLocalFile()) for url in mime.urls()]))

    monkeypatch.setattr(photo_wishes, "run_drag", drag)
    table.click("cats", 0)
    grid = table.grid("cats")
    place = grid.visualRect(grid.model().index(0, 0)).center()
    QTest.mousePress(grid.viewport(), LEFT, NO_MODIFIER, place)
    for step in (5, 20, 40):
        QTest.mouseMove(grid.viewport(), place + QPoint(step, 0))
    assert during == [(START["cats"], [5], 1, [FOLDER / "2026" / "IMG_00005.jpg"])]
    qtbot.waitUntil(lambda: table.shown("cats") == [1])


def test_a_large_board_is_ranked_anew_without_touching_what_is_hidden(table: Table, pictures: Pictures) -> None:
    random = np.random.default_rng(3)
    for _ in range(5):
        ids = random.permutation(np.arange(1, 2001))
        table.show({"cats": ids[:900].tolist(), "dogs": ids[900:1500].tolist(), None: ids[1500:].tolist()})
    visible = sum(len(table.grid(name).visible_rows()) for name in ("cats", "dogs", None))
    QApplication.processEvents()
    assert len(pictures.asked) <= 6 * visible
