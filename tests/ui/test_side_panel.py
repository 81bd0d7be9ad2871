"""The side panel: folder card, smart groups."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from clipsorter.ui.side_panel import WIDTH, Group, SidePanel


@pytest.fixture
def side(qtbot: QtBot) -> SidePanel:
    shown = SidePanel()
    qtbot.addWidget(shown)
    shown.resize(WIDTH, 700)
    shown.show()
    return shown


def test_groups_appear_with_the_first_board(side: SidePanel) -> None:
    assert not side.groups[Group.UNSORTED].isVisible()
    side.show_groups({Group.UNSORTED: 21880, Group.REVIEW: 0})
    assert side.groups[Group.UNSORTED].accessibleName() == "Unsorted, 21,880"
    assert not side.groups[Group.UNREADABLE].isVisible()
    side.show_groups({Group.UNREADABLE: 3})
    assert side.groups[Group.UNREADABLE].isVisible()


def test_nothing_is_gathered_before_there_is_a_board(side: SidePanel) -> None:
    side.mark_group(None)
    side.show_duplicates(None)
    assert not any(row.isVisible() for row in side.groups.values())


@pytest.mark.parametrize("by_hand", [False, True])
def test_it_slides_to_its_place_when_it_is_long_enough_unless_the_person_did(
    qtbot: QtBot, side: SidePanel, by_hand: bool
) -> None:
    def grow(rows: int) -> None:
        names = [f"category {number}" for number in range(rows)]
        side.categories.show_categories(names, ["#3b82f6"] * rows)

    side.resize(WIDTH, 300)
    side.scroll_to(100)
    assert side.scrolled == 0
    grow(5)
    qtbot.waitUntil(lambda: 0 < side._bar.maximum() < 100)
    if by_hand:
        side._bar.triggerAction(QScrollBar.SliderAction.SliderToMinimum)
    grow(30)
    qtbot.waitUntil(lambda: side._bar.maximum() > 100)
    assert side.scrolled == (0 if by_hand else 100)


def test_a_group_is_switched_on_and_off(qtbot: QtBot, side: SidePanel) -> None:
    side.show_groups({})
    heard: list[Group | None] = []
    side.group_chosen.connect(heard.append)
    qtbot.mouseClick(side.groups[Group.REVIEW], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(side.groups[Group.UNSORTED], Qt.MouseButton.LeftButton)
    assert not side.groups[Group.REVIEW].isChecked()
    qtbot.mouseClick(side.groups[Group.UNSORTED], Qt.MouseButton.LeftButton)
    assert heard == [Group.REVIEW, Group.UNSORTED, None]


def test_the_folder_menu_offers_recent_folders_and_greys_out_those_that_are_away(
    side: SidePanel, tmp_path: Path
) -> None:
    here, away, current = tmp_path / "here", tmp_path / "away", tmp_path / "current"
    impossible = tmp_path / ("n" * 300)  # as a name that this disk cannot have
    here.mkdir()
    side.folder.show_folder(current, 5)
    side.folder.show_recent([current, here, away, impossible])
    offered = {action.text(): action.isEnabled() for action in side.folder.make_menu().actions() if action.text()}
    assert offered[str(here)]
    assert not offered[str(away)]
    assert not offered[str(impossible)]
    assert str(current) not in offered


def test_a_recent_folder_is_announced(qtbot: QtBot, side: SidePanel, tmp_path: Path) -> None:
    side.folder.show_recent([tmp_path])
    action = side.folder.make_menu().actions()[-1]
    with qtbot.waitSignal(side.recent_chosen) as chosen:
        action.trigger()
    assert chosen.args == [tmp_path]


def test_a_very_long_folder_name_does_not_widen_the_panel(side: SidePanel) -> None:
    side.folder.show_folder(Path("/home") / ("holiday" * 40) / ("beach" * 40), 12)
    assert side.width() == WIDTH
    assert side.folder.sizeHint().width() <= WIDTH
