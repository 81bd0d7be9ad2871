"""How hard photos are looked at, and what the desktop shows of it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clipsorter.library.settings import Settings
from clipsorter.ui.background import Background, effort_for, on_battery
from clipsorter.ui.desktop_signs import LONG_SECONDS, DesktopSigns
from clipsorter.ui.footer import Footer
from clipsorter.ui.jobs import JobRunner
from clipsorter.ui.progress import Effort, Phase, Progress
from clipsorter.ui.session import Session
from tests.ui.fake_engine import FakeEngine

FOLDER = Path("/photos")
WAIT = 5.0


class Power:
    def __init__(self) -> None:
        self.on_battery = False

    def __call__(self) -> bool:
        return self.on_battery


class Held:
    """An engine that stops before its second batch until it is let go."""

    def __init__(self) -> None:
        self.engine = FakeEngine()
        self._opened = threading.Event()
        self.engine.before_batch = self._wait

    def _wait(self, number: int) -> None:
        if number:
            assert self._opened.wait(WAIT)

    def let_go(self) -> None:
        self._opened.set()


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def runner(qapp: object) -> JobRunner:
    return JobRunner()


@pytest.fixture
def session(qtbot: QtBot, held: Held, runner: JobRunner) -> Iterator[Session]:
    session = Session(lambda: held.engine, runner)
    session.open()
    yield session
    held.let_go()
    session.close()


@pytest.mark.parametrize(
    ("effort", "on_battery", "plugged", "unplugged"),
    [
        ("full", "same", Effort.FULL, Effort.FULL),
        ("full", "half", Effort.FULL, Effort.HALF_ON_BATTERY),
        ("full", "pause", Effort.FULL, Effort.PAUSE_ON_BATTERY),
        ("half", "same", Effort.HALF, Effort.HALF),
        ("half", "half", Effort.HALF, Effort.HALF),
        ("half", "pause", Effort.HALF, Effort.PAUSE_ON_BATTERY),
    ],
)
def test_the_persons_choices_mean_what_they_say(
    effort: str, on_battery: str, plugged: Effort, unplugged: Effort
) -> None:
    settings = replace(Settings(), effort=effort, on_battery=on_battery)
    assert effort_for(settings, False) is plugged
    assert effort_for(settings, True) is unplugged


@pytest.mark.parametrize("trouble", [FileNotFoundError("/sys/class/power_supply"), ValueError("not a number")])
def test_a_machine_that_hides_its_battery_has_none(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    def fail() -> None:
        raise trouble

    monkeypatch.setattr(psutil, "sensors_battery", fail, raising=False)
    assert on_battery() is False


def test_on_battery_work_waits_and_goes_on_with_the_power(
    qtbot: QtBot, session: Session, runner: JobRunner, held: Held
) -> None:
    power = Power()
    background = Background(Settings(on_battery="pause"), session, runner, on_battery=power)
    session.open_folder(FOLDER)
    qtbot.waitUntil(lambda: session.progress.phase is Phase.LOOKING)
    power.on_battery = True
    with qtbot.waitSignal(background.effort_changed):
        background.look_at_power()
    assert session.progress.phase is Phase.PAUSED
    held.let_go()
    power.on_battery = False
    background.look_at_power()
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE)


def test_what_the_person_resumes_by_hand_goes_on(qtbot: QtBot, session: Session, runner: JobRunner, held: Held) -> None:
    power = Power()
    power.on_battery = True
    background = Background(Settings(on_battery="pause"), session, runner, on_battery=power)
    background.look_at_power()
    session.open_folder(FOLDER)
    assert session.progress.phase is Phase.PAUSED
    held.let_go()
    session.resume()
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE)
    session.look()
    assert session.progress.phase is Phase.PAUSED  # a new run waits anew


def test_a_pause_of_the_persons_own_outlasts_the_battery(
    qtbot: QtBot, session: Session, runner: JobRunner, held: Held
) -> None:
    power = Power()
    background = Background(Settings(on_battery="pause"), session, runner, on_battery=power)
    session.open_folder(FOLDER)
    qtbot.waitUntil(lambda: session.progress.phase is Phase.LOOKING)
    session.pause()
    power.on_battery = True
    background.look_at_power()
    power.on_battery = False
    background.look_at_power()
    assert session.progress.phase is Phase.PAUSED


def test_a_change_of_mind_holds_at_once(session: Session, runner: JobRunner) -> None:
    background = Background(Settings(), session, runner, on_battery=lambda: False)
    background.apply(Settings(effort="half"))
    assert background.effort is Effort.HALF
    background.apply(Settings())
    assert background.effort is Effort.FULL


@pytest.mark.parametrize("effort", [one for one in Effort if one is not Effort.FULL])
def test_the_footer_says_why_it_is_slow(qtbot: QtBot, effort: Effort) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    footer.show_progress(Progress(Phase.LOOKING, 1, 2, 1.0, 60.0))
    plain = footer.words()
    footer.show_effort(effort)
    assert footer.words().startswith(plain)
    assert len(footer.words()) > len(plain)
    footer.show_effort(Effort.FULL)
    assert footer.words() == plain


class Desk:
    """Where the signs go, and the time."""

    def __init__(self) -> None:
        self.shares: list[float | None] = []
        self.words: list[str] = []
        self.now = 0.0


@pytest.mark.parametrize(("seconds", "told"), [(LONG_SECONDS - 1, 0), (LONG_SECONDS + 1, 1)])
def test_the_desktop_shows_progress_and_hears_of_the_end_of_long_runs(
    qtbot: QtBot, session: Session, held: Held, seconds: float, told: int
) -> None:
    desk = Desk()
    window = QWidget()
    qtbot.addWidget(window)
    DesktopSigns(session, window, show_progress=desk.shares.append, notify=desk.words.append, clock=lambda: desk.now)
    session.open_folder(FOLDER)
    qtbot.waitUntil(lambda: session.progress.phase is Phase.LOOKING)
    desk.now = seconds
    held.let_go()
    qtbot.waitUntil(lambda: session.progress.phase is Phase.DONE)
    shares = [share for share in desk.shares if share is not None]
    assert shares == sorted(shares)
    assert shares
    assert desk.shares[-1] is None
    assert len(desk.words) == told
    assert all("12" in words for words in desk.words)
