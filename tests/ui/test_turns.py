"""Steps between which the window answers."""

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from clipsorter.ui.turns import Turns


def test_between_two_steps_what_the_first_has_caused_happens(qtbot: QtBot) -> None:
    done: list[str] = []
    turns = Turns()

    def first() -> None:
        done.append("first")
        QTimer.singleShot(0, turns, lambda: done.append("caused by it"))

    turns.take([first, lambda: done.append("second")])
    assert not turns.are_over
    qtbot.waitUntil(lambda: turns.are_over)
    assert done == ["first", "caused by it", "second"]


def test_what_is_begun_anew_forgets_what_was_left(qtbot: QtBot) -> None:
    done: list[str] = []
    turns = Turns()
    turns.take([lambda: done.append("old")])
    turns.take([lambda: done.append("new")])
    qtbot.waitUntil(lambda: turns.are_over)
    turns.take([lambda: done.append("stopped")])
    turns.stop()
    assert done == ["new"]
    assert turns.are_over
