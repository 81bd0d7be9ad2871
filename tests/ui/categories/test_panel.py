"""Categories in the window: suggestions, kept lists, parents, over a scripted engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from clipsorter.engine.exploring import SuggestedCategory
from clipsorter.engine.vocabulary import Word
from clipsorter.errors import CategoryError
from clipsorter.ui.category_list import COLOUR_ROLE, COUNT_ROLE, DEPTH_ROLE
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import Phase
from clipsorter.ui.theme import Choice, Theme
from clipsorter.values import Category
from tests.ui.conftest import Pictures
from tests.ui.fake_engine import FakeEngine


@pytest.fixture
def engine() -> FakeEngine:
    engine = FakeEngine(remembered=(Category("animals"), Category("cat", parent="animals"), Category("car")))
    engine.suggested = (
        SuggestedCategory(Word("boat", "船"), 7, ("photo-1.jpg", "photo-2.jpg"), (f"{1:032x}", f"{2:032x}")),
        SuggestedCategory(Word("car", "汽车"), 5, ("photo-3.jpg",), (f"{3:032x}",)),
    )
    return engine


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, engine: FakeEngine, tmp_path: Path) -> Iterator[MainWindow]:
    theme = Theme(Choice.LIGHT)
    window = MainWindow(lambda _settings: engine, Pictures, settings_path=tmp_path / "settings.json", theme=theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.open_folder(tmp_path)
    qtbot.waitUntil(lambda: window.session.progress.phase is Phase.DONE and bool(engine.calls("suggest")))
    qtbot.waitUntil(lambda: bool(window.panels.side.suggestions.rows))
    yield window
    window.close()
    theme.stop()


def names(window: MainWindow) -> list[str]:
    return [one.name for one in window.session.categories]


def test_what_the_photos_ask_for_is_offered_and_added_with_a_click(qtbot: QtBot, window: MainWindow) -> None:
    group = window.panels.side.suggestions
    assert [row.suggested.name for row in group.rows] == ["boat"]  # a car is there already
    assert group.isVisible()
    qtbot.waitUntil(lambda: not group.wanted_pictures())
    add = group.rows[0].add
    assert "7 photo" in add.accessibleDescription()
    qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert names(window)[-1] == "boat"
    assert not group.isVisible()
    window.session.undo()
    assert [row.suggested.name for row in group.rows] == ["boat"]


def test_what_is_there_under_its_name_in_another_language_is_not_offered(window: MainWindow) -> None:
    group = window.panels.side.suggestions
    window.session.add_categories("船")
    assert group.rows == ()
    window.session.undo()
    assert [row.suggested.name for row in group.rows] == ["boat"]


def test_a_category_counts_its_children_and_they_are_indented(window: MainWindow) -> None:
    rows = window.panels.side.categories
    by_name = {rows.item(row).data(Qt.ItemDataRole.DisplayRole): rows.item(row) for row in range(rows.count())}
    assert by_name["animals"].data(COUNT_ROLE) == 8  # four of its own and four cats
    assert by_name["cat"].data(COUNT_ROLE) == 4
    assert [by_name[name].data(DEPTH_ROLE) for name in ("animals", "cat", "car")] == [0, 1, 0]


def test_children_follow_when_their_parent_is_renamed_or_removed(window: MainWindow) -> None:
    window.session.rename_category("animals", "beasts")
    assert window.session.categories[1].parent == "beasts"
    window.session.remove_category("beasts")
    assert window.session.categories[0] == Category("cat")


def test_a_colour_is_chosen_from_the_menu_and_taken_back(window: MainWindow) -> None:
    menu = QMenu()
    window.panels.side.categories.menu_wanted.emit("car", menu)
    colours = next(action.menu() for action in menu.actions() if action.menu())
    colours.actions()[4].trigger()
    chosen = window.session.categories[2].colour
    assert window.panels.side.categories.item(2).data(COLOUR_ROLE) == chosen != ""
    window.session.undo()
    assert window.session.categories[2].colour == ""


def test_lists_are_kept_used_renamed_and_forgotten(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    sets, before = window.panels.side.sets, names(window)
    sets.save_wanted.emit("Mine")
    qtbot.waitUntil(lambda: any(action.text() == "Mine" for action in sets.actions()))
    sets.load_wanted.emit("Travel", True)
    assert names(window) == ["train", "beach"]
    sets.load_wanted.emit("Mine", False)
    assert names(window) == before
    sets.rename_wanted.emit("Mine", "Yours")
    qtbot.waitUntil(lambda: any(action.text() == "Yours" for action in sets.actions()))
    sets.remove_wanted.emit("Yours")
    qtbot.waitUntil(lambda: not engine.kept and not any(action.text() == "Yours" for action in sets.actions()))
    window.session.undo()
    assert names(window) == ["train", "beach"]


def test_a_list_from_a_file_is_used_at_once_with_its_strictness(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.panels.side.sets.import_wanted.emit(tmp_path / "harbours.toml")
    qtbot.waitUntil(lambda: names(window) == ["boat", "harbour"])
    assert window.session.strictness == 0.3


def test_a_name_that_is_taken_is_refused_and_nothing_changes(qtbot: QtBot, window: MainWindow) -> None:
    before = window.session.categories
    with qtbot.waitSignal(window.session.failed) as heard:
        window.session.change_category("car", Category("CAT", ("x",)))
    assert isinstance(heard.args[0], CategoryError)
    assert window.session.categories == before
