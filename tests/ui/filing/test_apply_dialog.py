"""The sheet that sorts real files: its plan is live, what is unticked stays, and everything can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from clipsorter.filing.recover import runs
from clipsorter.filing.undo import undo
from clipsorter.ui.filing.apply_dialog import ApplyDialog, ToSort
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.filing.run_page import State
from clipsorter.ui.session import Session
from tests.ui.filing.conftest import EACH, PATIENCE_MS
from tests.ui.filing.conftest import State as Look


@pytest.fixture
def dialog(qtbot: QtBot, to_sort: ToSort, desk: Desk, tmp_path: Path) -> Iterator[ApplyDialog]:
    dialog = ApplyDialog(to_sort, tmp_path / "sorted", desk)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    wait_for_plan(qtbot, dialog)
    yield dialog
    dialog.close()


def wait_for_plan(qtbot: QtBot, dialog: ApplyDialog) -> None:
    qtbot.waitUntil(
        lambda: dialog.model.plan is not None and not dialog._rest.isActive() and not dialog._desk.is_busy,
        timeout=PATIENCE_MS,
    )


def choose(qtbot: QtBot, dialog: ApplyDialog, mode: str) -> None:
    dialog.mode.setCurrentIndex(dialog.mode.findData(mode))
    wait_for_plan(qtbot, dialog)


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def run_through(qtbot: QtBot, dialog: ApplyDialog, button: QAbstractButton) -> None:
    with qtbot.waitSignal(dialog.run.ended, timeout=PATIENCE_MS):
        press(qtbot, button)


def test_the_plan_is_shown_and_nothing_is_touched(
    dialog: ApplyDialog, photos: Path, tmp_path: Path, state_of: Look
) -> None:
    assert dialog.model.kept == 2 * EACH
    assert dialog.go.text().strip() == f"Copy {2 * EACH} photo(s)"
    assert "8 photo(s) in 2 folder(s)" in dialog.summary.text()
    assert "free" in dialog.summary.text()
    names = [dialog.model.index(row, 0).data() for row in range(dialog.model.rowCount())]
    assert names == ["blue", "red"]
    assert not (tmp_path / "sorted").exists()


def test_photos_are_moved_and_brought_back_to_the_exact_start(
    qtbot: QtBot, dialog: ApplyDialog, photos: Path, tmp_path: Path, state_of: Look
) -> None:
    before = state_of(photos)
    choose(qtbot, dialog, "move")
    with qtbot.waitSignal(dialog.filed):
        run_through(qtbot, dialog, dialog.go)
    assert state_of(photos) == {}
    assert sorted(state_of(tmp_path / "sorted")) == sorted(before)
    assert dialog.page.title.text() == "8 photo(s) were moved to “sorted”."
    run_through(qtbot, dialog, dialog.take_back)
    assert dialog.page.title.text() == "8 photo(s) are back where they were."
    assert state_of(photos) == before
    assert not (tmp_path / "sorted").exists()
    assert not dialog.take_back.isVisible()


def test_a_folder_and_a_photo_are_left_out(qtbot: QtBot, dialog: ApplyDialog, tmp_path: Path, state_of: Look) -> None:
    model = dialog.model
    blue = model.index(0, 0)
    assert model.setData(blue, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    red = model.index(1, 0)
    assert model.setData(model.index(0, 0, red), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert red.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.PartiallyChecked
    assert dialog.go.text().strip() == f"Copy {EACH - 1} photo(s)"
    run_through(qtbot, dialog, dialog.go)
    assert sorted(state_of(tmp_path / "sorted")) == [f"red/red-{number}.png" for number in range(1, EACH)]


def test_what_cannot_be_filed_is_named_with_its_reason(qtbot: QtBot, dialog: ApplyDialog, photos: Path) -> None:
    (photos / "red" / "red-2.png").write_bytes(b"changed since the plan")
    run_through(qtbot, dialog, dialog.go)
    assert dialog.page.title.text() == "7 photo(s) were copied to “sorted”."
    assert "1 photo(s) stayed" in dialog.page.words.text()
    assert dialog.page.left.count() == 1
    assert "has changed since the plan was made" in dialog.page.left.item(0).text()


def test_stop_ends_between_two_files_and_the_rest_stays(
    qtbot: QtBot, dialog: ApplyDialog, photos: Path, tmp_path: Path, state_of: Look
) -> None:
    before = state_of(photos)
    choose(qtbot, dialog, "move")
    press(qtbot, dialog.go)
    dialog.page.hold.click()
    assert dialog.page.state is State.HELD
    with qtbot.waitSignal(dialog.run.ended, timeout=PATIENCE_MS):
        dialog.reject()  # what Esc does: it stops first
    assert dialog.isVisible()
    tally = dialog.run.tally
    assert tally.filed + tally.untouched == 2 * EACH
    moved = state_of(tmp_path / "sorted")
    assert {**state_of(photos), **moved} == before
    if tally.filed:
        run_through(qtbot, dialog, dialog.take_back)
    assert state_of(photos) == before


def test_closing_in_the_middle_leaves_every_photo_whole_and_a_run_that_can_be_taken_back(
    *, qtbot: QtBot, dialog: ApplyDialog, session: Session, photos: Path, tmp_path: Path, state_of: Look
) -> None:
    before = state_of(photos)
    choose(qtbot, dialog, "move")
    press(qtbot, dialog.go)
    qtbot.waitUntil(lambda: dialog.run.tally.filed > 0, timeout=PATIENCE_MS)
    session.close()  # what closing the window does: it ends between two files
    moved = state_of(tmp_path / "sorted")
    assert moved
    assert {**state_of(photos), **moved} == before
    (run,) = runs(tmp_path / "data" / "history")
    assert run.state in {"stopped", "complete"}
    assert list(undo(tmp_path / "data" / "history", run.run))
    assert state_of(photos) == before


def test_a_destination_of_no_use_is_said_and_nothing_can_be_pressed(
    qtbot: QtBot, dialog: ApplyDialog, tmp_path: Path
) -> None:
    dialog.target.setText(str(tmp_path / "no" / "such" / "place"))
    qtbot.waitUntil(dialog.problem.isVisible, timeout=PATIENCE_MS)
    assert "is not there" in dialog.problem.text()
    assert not dialog.go.isEnabled()
    dialog.target.setText("")
    qtbot.waitUntil(lambda: "Choose a folder" in dialog.problem.text(), timeout=PATIENCE_MS)
    assert not dialog.go.isEnabled()


def test_everything_has_a_name_for_screen_readers(dialog: ApplyDialog) -> None:
    for widget in (dialog.target, dialog.mode, dialog.layout_, dialog.tree, dialog.go, dialog.leave):
        assert isinstance(widget, QWidget)
        assert widget.accessibleName()
    assert dialog.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("blue, 4 photo(s)")


def test_copies_that_are_taken_back_were_removed_not_brought_back(
    qtbot: QtBot, dialog: ApplyDialog, photos: Path, tmp_path: Path, state_of: Look
) -> None:
    before = state_of(photos)
    run_through(qtbot, dialog, dialog.go)
    with qtbot.waitSignal(dialog.run.ended, timeout=PATIENCE_MS):
        press(qtbot, dialog.take_back)
        assert dialog.page.title.text() == "Removing the copies…"
    assert dialog.page.title.text() == "8 copy(ies) were removed; your photos stayed where they were."
    assert state_of(photos) == before
    assert not (tmp_path / "sorted").exists()


def test_links_that_are_taken_back_were_removed_not_brought_back(qtbot: QtBot, dialog: ApplyDialog) -> None:
    choose(qtbot, dialog, "symlink")
    run_through(qtbot, dialog, dialog.go)
    with qtbot.waitSignal(dialog.run.ended, timeout=PATIENCE_MS):
        press(qtbot, dialog.take_back)
        assert dialog.page.title.text() == "Removing the links…"
    assert dialog.page.title.text() == "8 link(s) were removed; your photos stayed where they were."


def test_photos_that_are_taken_back_come_back(qtbot: QtBot, dialog: ApplyDialog) -> None:
    choose(qtbot, dialog, "move")
    run_through(qtbot, dialog, dialog.go)
    with qtbot.waitSignal(dialog.run.ended, timeout=PATIENCE_MS):
        press(qtbot, dialog.take_back)
        assert dialog.page.title.text() == "Bringing photos back…"
    assert dialog.page.title.text() == "8 photo(s) are back where they were."
