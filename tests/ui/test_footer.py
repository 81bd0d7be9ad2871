"""The footer says what works in the background."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from clipsorter.ui.controls import ElidedLabel
from clipsorter.ui.footer import Footer
from clipsorter.ui.progress import RUNNING, Phase, Progress

LOOKING = Progress(Phase.LOOKING, done=78120, total=100000, rate=31.4, seconds_left=720.0, device="CPU", model="m")


@pytest.fixture
def footer(qtbot: QtBot) -> Footer:
    shown = Footer()
    qtbot.addWidget(shown)
    shown.show()
    return shown


def test_nothing_is_counted_where_it_stopped_before_anything_was_found(footer: Footer) -> None:
    footer.show_progress(Progress(Phase.STOPPED))
    assert footer.words() == "Stopped by a problem. What is done is kept."


def test_a_selection_of_several_photos_is_counted_where_there_is_room(footer: Footer) -> None:
    def counted() -> list[str]:
        labels = (label for label in footer.findChildren(QLabel) if label.isVisible())
        return [label.text() for label in labels if "selected" in label.text()]

    footer.resize(1400, footer.height())
    footer.show_selected(1)
    assert counted() == []
    footer.show_selected(1200)
    assert counted() == ["1,200 photo(s) selected"]
    footer.resize(700, footer.height())
    assert counted() == []
    footer.resize(1400, footer.height())
    footer.show_selected(0)
    assert counted() == []


def test_numbers_rate_and_time_left_are_shown(footer: Footer) -> None:
    footer.show_progress(LOOKING)
    assert footer.words().startswith("Looking at photos 78,120 / 100,000 · 31 per second · about 12 minute")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0.0, "less than a minute"), (49.0, "less than a minute"), (60.0, "1 minute"), (7200.0, "2 hour")],
)
def test_time_left_is_said_as_people_say_it(footer: Footer, seconds: float | None, words: str) -> None:
    footer.show_progress(Progress(Phase.LOOKING, 1, 2, 1.0, seconds))
    assert words in footer.words()
    assert ("left" in footer.words()) == bool(words)


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_has_words_and_only_running_ones_can_be_stopped(footer: Footer, phase: Phase) -> None:
    footer.show_progress(Progress(phase, 1, 2))
    assert footer.words()
    assert footer.cancel.isVisible() == (phase in RUNNING)
    assert footer.hold.isVisible() == (phase in RUNNING)


def test_the_hold_button_pauses_and_resumes(qtbot: QtBot, footer: Footer) -> None:
    footer.show_progress(LOOKING)
    with qtbot.waitSignal(footer.pause_wanted):
        qtbot.mouseClick(footer.hold, Qt.MouseButton.LeftButton)
    footer.show_progress(Progress(Phase.PAUSED, 1, 2))
    assert footer.hold.accessibleName() == "Resume"
    with qtbot.waitSignal(footer.resume_wanted):
        qtbot.mouseClick(footer.hold, Qt.MouseButton.LeftButton)


def test_a_folder_without_photos_divides_nothing_by_zero(footer: Footer) -> None:
    footer.show_progress(Progress(Phase.LOOKING))
    footer.show_progress(Progress(Phase.DONE))
    assert not footer.grab().isNull()


class Painted(QObject):
    """What labels said each time they were painted: the text, and whether it was whole."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, bool]] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(watched, ElidedLabel) and event.type() == QEvent.Type.Paint:
            self.seen.append((watched.text(), watched.text() == watched.whole))
        return False


def test_growing_numbers_are_never_painted_cut_where_there_is_room(footer: Footer) -> None:
    footer.resize(1600, 48)
    QApplication.processEvents()
    numbers = next(label for label in footer.findChildren(QLabel, "muted") if isinstance(label, ElidedLabel))
    painted = Painted()
    numbers.installEventFilter(painted)
    for done in range(0, 400, 8):
        footer.show_progress(Progress(Phase.LOOKING, done, 2991, 50.0, 120.0, "CPU (2 cores)", "Starter model"))
        QApplication.processEvents()
    assert len(painted.seen) > 20
    assert [text for text, is_whole in painted.seen if not is_whole] == []
