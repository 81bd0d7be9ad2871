"""Keywords are counted before they are written, written beside the photos, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QMainWindow
from pytestqt.qtbot import QtBot

from clipsorter.filing.keywords import keywords_of_photo
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.filing.sheets import FilingSheets
from clipsorter.ui.filing.tag_dialog import TagDialog, ToTag
from clipsorter.ui.panels import Panels
from clipsorter.ui.session import Session
from tests.ui.filing.conftest import EACH, PATIENCE_MS
from tests.ui.filing.conftest import State as Look


@pytest.fixture
def dialog(qtbot: QtBot, session: Session, photos: Path, desk: Desk) -> Iterator[TagDialog]:
    (photos / "red" / "red-0.png.xmp").unlink()
    assert session.answer is not None
    dialog = TagDialog(ToTag(session.answer, photos, session.categories), desk)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    for model in (dialog.counts, dialog.albums):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, dialog)
    dialog.show()
    qtbot.waitUntil(dialog.go.isEnabled, timeout=PATIENCE_MS)
    yield dialog
    dialog.close()


def run_through(qtbot: QtBot, dialog: TagDialog, button: QAbstractButton) -> None:
    assert button.isVisible()
    with qtbot.waitSignal(dialog.ended, timeout=PATIENCE_MS):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_keywords_are_counted_first_then_written_and_taken_back(
    qtbot: QtBot, dialog: TagDialog, photos: Path, state_of: Look
) -> None:
    before = state_of(photos)
    assert dialog.counts.values == (("red", EACH), ("blue", EACH))
    assert dialog.summary.text() == "8 file(s) would be written."
    run_through(qtbot, dialog, dialog.go)
    assert dialog.page.title.text() == "Keywords were written to 8 file(s)."
    assert keywords_of_photo(photos / "blue" / "blue-1.png").flat == ("blue",)
    run_through(qtbot, dialog, dialog.remove)
    assert state_of(photos) == before


def test_a_search_does_not_narrow_what_gets_keywords_and_that_is_said(
    qtbot: QtBot, session: Session, photos: Path, desk: Desk
) -> None:
    assert session.answer is not None
    dialog = TagDialog(ToTag(session.answer, photos, session.categories, "red"), desk)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.go.isEnabled, timeout=PATIENCE_MS)
    assert dialog.counts.values == (("red", EACH), ("blue", EACH))
    assert "All photos get keywords, not only those that match the search “red”." in dialog.summary.text()
    dialog.close()


def test_only_confirmed_categories_where_that_is_chosen(qtbot: QtBot, dialog: TagDialog) -> None:
    dialog.which.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.summary.text().startswith("0 file(s)"), timeout=PATIENCE_MS)
    assert not dialog.go.isEnabled()
    assert dialog.counts.values == ()


def test_albums_and_the_other_style(qtbot: QtBot, dialog: TagDialog, photos: Path) -> None:
    dialog.with_albums.setChecked(True)
    dialog.style_.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.album_list.isVisible() and dialog.go.isEnabled(), timeout=PATIENCE_MS)
    assert [(album.folder, album.categories[0][0]) for album in dialog.albums.values] == [
        ("blue", "blue"),
        ("red", "red"),
    ]
    run_through(qtbot, dialog, dialog.go)
    assert (photos / "red" / "red-0.xmp").exists()


def test_a_sidecar_that_cannot_be_written_is_named(qtbot: QtBot, dialog: TagDialog, photos: Path) -> None:
    (photos / "red" / "red-1.png.xmp").write_text("no XMP at all")
    run_through(qtbot, dialog, dialog.go)
    assert dialog.page.left.count() == 1
    assert "red-1.png.xmp" in dialog.page.left.item(0).text()
    assert (photos / "red" / "red-1.png.xmp").read_text() == "no XMP at all"


def test_photos_are_looked_at_again_after_keywords_were_written(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    panels = Panels(window)
    window.setCentralWidget(panels.photos)
    looked: list[bool] = []
    monkeypatch.setattr(session, "look", lambda: looked.append(True))
    sheets = FilingSheets(panels, session)
    sheets.show_tags()
    (dialog,) = window.findChildren(TagDialog)
    qtbot.waitUntil(dialog.go.isEnabled, timeout=PATIENCE_MS)
    assert not looked
    with qtbot.waitSignal(dialog.ended, timeout=PATIENCE_MS):
        dialog.go.click()
    assert looked == [True]
    dialog.close()
