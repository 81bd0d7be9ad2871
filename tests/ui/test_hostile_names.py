"""A file, folder or category may be called like HTML: every label, tip and dialog shows it letter by letter."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

import clipsorter.ui
from clipsorter.library.settings import Typed
from clipsorter.ui import app
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.plain_text import plain_label, plain_tip
from clipsorter.ui.progress import Phase

NASTY = "<img src=x onerror=y><b>bold"
UI = Path(clipsorter.ui.__file__).parent
# Sources of text that are ours alone, or escaped right there.
RICH = {"message_bar.py", "card.py"}


@pytest.mark.parametrize("text", [NASTY, "<b>x</b>", "a\n<i>b</i>\n  c", "plain & simple", "1 < 2", "<<<>>>", "&lt;"])
def test_a_tip_says_what_it_was_given(text: str) -> None:
    tip = plain_tip(text)
    shown = QTextDocumentFragment.fromHtml(tip).toPlainText() if QtGui.Qt.mightBeRichText(tip) else tip
    assert shown == text


def test_a_label_says_what_it_was_given(qapp: QApplication) -> None:
    label = plain_label(NASTY)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.sizeHint().width() > plain_label("bold").sizeHint().width() * 2


def test_rich_text_is_only_asked_for_where_it_is_escaped() -> None:
    asking = {path.name for path in UI.rglob("*.py") if "TextFormat.RichText" in path.read_text("utf-8")}
    assert asking == RICH
    assert all("escape(" in path.read_text("utf-8") for path in UI.rglob("*.py") if path.name in RICH)


def test_message_boxes_are_plain() -> None:
    for path in UI.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        formats = path.read_text("utf-8").count("box.setTextFormat(Qt.TextFormat.PlainText)")
        assert calls.count("QMessageBox") == formats, path.name
        assert "QMessageBox.question(" not in path.read_text("utf-8")
        assert "QMessageBox.warning(" not in path.read_text("utf-8")


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    folder = tmp_path / NASTY
    (folder / NASTY).mkdir(parents=True)
    for number, colour in enumerate(("red", "blue", "green")):
        Image.new("RGB", (40 + number, 30), colour).save(folder / NASTY / f"{number}{NASTY}.png")
        Image.new("RGB", (40 + number, 30), colour).save(folder / f"{number}{NASTY}.png")
    (folder / f"broken{NASTY}.png").write_bytes(b"broken")
    window = app._make_window(tmp_path / "data", Typed("colour"))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    with qtbot.waitSignal(window.session.opened):
        pass
    window.session.add_categories(f"red, {NASTY}")
    window.open_folder(folder)
    session = window.session
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE and session.board is not None, timeout=60_000)
    qtbot.waitUntil(lambda: session.board is not None and sum(map(len, session.board.bins)) == 6)
    assert window._conductor._board.column(None) is not None  # columns come one after the other; now all are there
    yield window
    window.close()


def test_the_whole_window_shows_names_letter_by_letter(qtbot: QtBot, window: MainWindow) -> None:
    window._conductor._show_failures()
    shown = looked_at = 0
    for top in QApplication.topLevelWidgets():
        for widget in (top, *top.findChildren(QWidget)):
            assert_plain(widget.toolTip(), widget)
            looked_at += 1
            if isinstance(widget, QLabel) and NASTY[:8] in widget.text():
                assert widget.textFormat() is Qt.TextFormat.PlainText, widget
                shown += 1
            if isinstance(widget, QAbstractItemView) and widget.model() is not None:
                shown += tips_of(widget.model(), QModelIndex(), widget)
    assert looked_at > 100
    assert shown > 5


def tips_of(model: QAbstractItemModel, parent: QModelIndex, view: QWidget) -> int:
    """How many tips of a model name something nasty; all of them plain."""
    found = 0
    for row in range(model.rowCount(parent)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            tip = index.data(Qt.ItemDataRole.ToolTipRole) or ""
            assert_plain(tip, view)
            found += "onerror" in tip
            found += tips_of(model, index, view) if column == 0 else 0
    return found


def assert_plain(tip: str, widget: QWidget) -> None:
    if QtGui.Qt.mightBeRichText(tip):
        assert tip.startswith('<p style="white-space: pre-wrap">'), (widget, tip)
        assert "<img" not in tip
