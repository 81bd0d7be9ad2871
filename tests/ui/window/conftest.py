"""A window over a scripted engine, and a folder that is open in it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.ui.board_view import BoardView
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import Phase
from clipsorter.ui.theme import Choice, Theme
from clipsorter.values import Category
from tests.ui.conftest import Pictures
from tests.ui.fake_engine import FakeEngine


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(remembered=(Category("cat"), Category("dog")))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, engine: FakeEngine, tmp_path: Path) -> Iterator[MainWindow]:
    theme = Theme(Choice.LIGHT)
    window = MainWindow(lambda _settings: engine, Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()
    theme.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    return photos


@pytest.fixture
def board(qtbot: QtBot, window: MainWindow, folder: Path) -> BoardView:
    """The folder is open and all its photos are on the board."""
    window.open_folder(folder)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE and on_board(window) == 12)
    view = window.panels.photos.currentWidget()
    assert isinstance(view, BoardView)
    return view


def on_board(window: MainWindow) -> int:
    return sum(map(len, window.session.board.bins)) if window.session.board else 0


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)
