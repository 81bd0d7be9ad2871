"""What was done is listed, and taken back whole, in part, or after the process ended in the middle."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from clipsorter.filing.plan import FilingRequest, Kind, Plan
from clipsorter.filing.recover import recover, runs
from clipsorter.filing.undo import undo
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.filing.history_dialog import HistoryDialog
from clipsorter.ui.filing.recover_bar import RecoverBar
from clipsorter.ui.jobs import Lane
from clipsorter.ui.session import Session
from tests.ui.filing.conftest import EACH, PATIENCE_MS
from tests.ui.filing.conftest import State as Look


@pytest.fixture
def before(photos: Path, state_of: Look) -> dict[str, tuple[bytes, int]]:
    return state_of(photos)


@pytest.fixture
def moved(qtbot: QtBot, before: object, session: Session, photos: Path, tmp_path: Path) -> Path:
    """All photos were moved to here."""
    target = tmp_path / "sorted"

    def file_all(engine: object) -> Iterator[object]:
        request = FilingRequest(photos, target, mode="move")
        plan = [event for event in engine.plan(session.answer, request) if isinstance(event, Plan)][-1]
        yield from engine.apply(plan)

    session.lend(Lane.FILING, file_all)
    qtbot.waitUntil(lambda: not session.runner.is_busy(Lane.FILING), timeout=PATIENCE_MS)
    return target


def cut_short(data: Path) -> None:
    """As if the process had ended before the last photos and the end were noted."""
    (journal,) = data.rglob("journal.jsonl")
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if '"do":"end"' not in line and '"do":"done"' not in line]
    journal.write_text("".join(kept), encoding="utf-8")


@pytest.fixture
def dialog(qtbot: QtBot, moved: Path, desk: Desk) -> Iterator[HistoryDialog]:
    dialog = HistoryDialog(desk)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    for model in (dialog.runs, dialog.photos):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.photos.rowCount() == 2 * EACH, timeout=PATIENCE_MS)
    yield dialog
    dialog.close()


def run_through(qtbot: QtBot, dialog: HistoryDialog, button: str) -> None:
    with qtbot.waitSignal(dialog.run.ended, timeout=PATIENCE_MS):
        qtbot.mouseClick(getattr(dialog, button), Qt.MouseButton.LeftButton)


def test_a_whole_run_is_taken_back(
    qtbot: QtBot, dialog: HistoryDialog, photos: Path, before: dict[str, tuple[bytes, int]], state_of: Look
) -> None:
    assert dialog.chosen is not None
    assert [dialog.runs.index(0, column).data() for column in (1, 2)] == ["8 photo(s) moved", "Done"]
    assert not dialog.finish.isEnabled()
    with qtbot.waitSignal(dialog.filed):
        run_through(qtbot, dialog, "undo_run")
    assert state_of(photos) == before
    dialog.back.click()
    qtbot.waitUntil(lambda: dialog.runs.index(0, 2).data() == "Taken back", timeout=PATIENCE_MS)
    assert not dialog.undo_run.isEnabled()


def test_only_the_chosen_photos_are_taken_back(
    *, qtbot: QtBot, dialog: HistoryDialog, photos: Path, before: dict[str, tuple[bytes, int]], state_of: Look
) -> None:
    assert not dialog.undo_photos.isEnabled()
    chosen = {dialog.photos.values[row].file for row in (1, 5)}
    for row in (1, 5):
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        dialog.photo_list.selectionModel().select(dialog.photos.index(row, 0), flags)
    run_through(qtbot, dialog, "undo_photos")
    assert dialog.page.title.text() == "2 photo(s) are back where they were."
    back = state_of(photos)
    assert {file for file in back if not file.endswith(".xmp")} == chosen
    assert back == {file: before[file] for file in back}
    dialog.back.click()
    words = "6 photo(s) moved, 2 taken back"
    qtbot.waitUntil(lambda: dialog.runs.index(0, 1).data() == words, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: dialog.photos.rowCount() == 2 * EACH, timeout=PATIENCE_MS)
    rows = [tuple(dialog.photos.index(row, column).data() for column in range(3)) for row in range(2 * EACH)]
    assert {file for file, _, place in rows if not place} == chosen  # they are in no new place any more


@pytest.mark.parametrize(("mode", "words"), [("move", "In its new place"), ("copy", "Done"), ("symlink", "Done")])
def test_a_photo_that_was_copied_or_linked_is_not_said_to_have_moved(
    qtbot: QtBot, dialog: HistoryDialog, mode: Kind, words: str
) -> None:
    assert dialog.chosen is not None
    dialog.runs.show_values([replace(dialog.chosen, mode=mode)])
    dialog.run_list.setCurrentIndex(dialog.runs.index(0, 0))
    qtbot.waitUntil(lambda: dialog.photos.rowCount() == 2 * EACH, timeout=PATIENCE_MS)
    assert dialog.photos.index(0, 1).data() == words


@pytest.mark.parametrize("way", ["finish", "undo"])
def test_an_interrupted_run_is_finished_or_taken_back(
    *,
    qtbot: QtBot,
    way: str,
    moved: Path,
    photos: Path,
    before: dict[str, tuple[bytes, int]],
    session: Session,
    desk: Desk,
    tmp_path: Path,
    state_of: Look,
) -> None:
    cut_short(tmp_path / "data")
    dialog = HistoryDialog(desk)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.photos.rowCount() == 2 * EACH, timeout=PATIENCE_MS)
    assert dialog.runs.index(0, 2).data() == "Interrupted"
    run_through(qtbot, dialog, "finish" if way == "finish" else "undo_run")
    if way == "finish":
        assert state_of(photos) == {}
        assert sum(not file.endswith(".xmp") for file in state_of(moved)) == 2 * EACH
    else:
        assert state_of(photos) == before
    dialog.close()


def test_the_bar_says_what_was_interrupted_and_only_announces(qtbot: QtBot, moved: Path, tmp_path: Path) -> None:
    cut_short(tmp_path / "data")
    (history,) = {path.parent.parent for path in (tmp_path / "data").rglob("journal.jsonl")}
    (run,) = runs(history)
    bar = RecoverBar()
    qtbot.addWidget(bar)
    bar.show_run(run)
    assert "interrupted" in bar.words.text()
    with qtbot.waitSignal(bar.chosen, check_params_cb=lambda way: way == "undo"):
        bar.undo.click()
    assert runs(history) == (run,)
    assert list(recover(history, run.run, "finish"))


def test_the_bar_tells_an_interrupted_undo_from_an_interrupted_run(qtbot: QtBot, moved: Path, tmp_path: Path) -> None:
    (journal,) = (tmp_path / "data").rglob("journal.jsonl")
    history = journal.parent.parent
    list(undo(history, journal.parent.name))
    *lines, last_photo, _end = journal.read_text("utf-8").splitlines(keepends=True)
    assert '"do":"undone"' in last_photo
    journal.write_text("".join(lines), "utf-8")  # as if the process had ended here...
    moved.mkdir()  # ...before the last folder was removed
    (run,) = runs(history)
    assert (run.state, run.undoing, run.filed) == ("interrupted", True, 1)
    bar = RecoverBar()
    qtbot.addWidget(bar)
    bar.show_run(run)
    assert "Taking sorted files back was interrupted" in bar.words.text()
    assert bar.undo.isHidden()
    assert bar.finish.text().strip() == "Finish taking back"
    assert list(recover(history, run.run, "finish"))
    (run,) = runs(history)
    assert (run.state, run.undoing) == ("undone", False)
    bar.show_run(replace(run, state="interrupted"))
    assert not bar.undo.isHidden()
