"""A column's header says what is in it, in any number and language."""

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from clipsorter.ui.bin_column import BinColumn
from clipsorter.ui.thumbnails import ThumbnailLoader
from tests.ui.conftest import MakeBin, MakeCollection


@pytest.fixture
def column(qtbot: QtBot, thumbnails: ThumbnailLoader) -> BinColumn:
    column = BinColumn("cats & dogs", thumbnails)
    qtbot.addWidget(column)
    column.resize(300, 400)
    with qtbot.waitExposed(column):
        column.show()
    return column


def words(column: BinColumn) -> list[str]:
    return [label.text() for label in column.findChildren(QLabel)]


def test_the_count_is_written_as_the_person_writes_numbers(
    column: BinColumn, make_bin: MakeBin, make_collection: MakeCollection
) -> None:
    locale = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        column.set_bin(make_bin("cats & dogs", range(1, 1235)), make_collection(1300))
        assert words(column) == ["cats & dogs", "1.234"]
    finally:
        QLocale.setDefault(locale)


def test_an_empty_bin_cannot_be_confirmed(
    column: BinColumn, make_bin: MakeBin, make_collection: MakeCollection, qtbot: QtBot
) -> None:
    button = column.findChildren(QToolButton)[0]
    assert not button.isEnabled()
    with qtbot.assertNotEmitted(column.confirm_wanted):
        column.confirm_visible()
    column.set_bin(make_bin("cats & dogs", [4, 2]), make_collection(5))
    assert button.isEnabled()
    with qtbot.waitSignal(column.confirm_wanted) as asked:
        button.click()
    assert asked.args is not None
    assert asked.args[0].tolist() == [4, 2]


def test_unsorted_claims_nothing_that_could_be_confirmed(
    qtbot: QtBot, thumbnails: ThumbnailLoader, make_bin: MakeBin, make_collection: MakeCollection
) -> None:
    column = BinColumn(None, thumbnails)
    qtbot.addWidget(column)
    column.set_bin(make_bin(None, [4, 2]), make_collection(5))
    column.show()
    shown = [button.toolTip() for button in column.findChildren(QToolButton) if button.isVisible()]
    assert shown == ["Menu of this bin"]


@pytest.mark.parametrize(
    ("why", "words_of_emptiness"),
    [
        ({}, "No photo fits yet.\nDrop some here to show what you mean."),
        ({"filtered": True}, "Nothing in this bin matches the search."),
        ({"narrowed": True}, "None of the photos shown now is in this bin."),
    ],
)
def test_an_empty_bin_says_why_it_is_empty(
    column: BinColumn,
    make_bin: MakeBin,
    make_collection: MakeCollection,
    why: dict[str, bool],
    words_of_emptiness: str,
) -> None:
    column.set_bin(make_bin("cats & dogs", []), make_collection(5), **why)
    assert column.grid.empty_text == words_of_emptiness


def test_only_pictures_on_the_screen_are_of_interest(
    column: BinColumn, make_bin: MakeBin, make_collection: MakeCollection
) -> None:
    column.set_bin(make_bin("cats & dogs", range(1, 500)), make_collection(500))
    digests = column.visible_digests()
    assert digests == {f"{number + 1:032x}" for number in column.grid.visible_rows()}
    assert len(digests) < 20
    column.hide()
    assert column.visible_digests() == frozenset()
