"""A share of the campaign; all of it: ``python -m tests.filing.faults``."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clipsorter.filing.apply import apply
from clipsorter.filing.disk import Disk
from clipsorter.filing.recover import interrupted, recover, runs
from clipsorter.filing.undo import undo
from tests.filing.faults.campaign import SETTINGS, Setting, cases, failures, has_two_disks
from tests.filing.faults.disk import CHANGING
from tests.filing.faults.tagging import tag_cases, tag_failures
from tests.filing.faults.world import complaints, differences, in_child, inventory, make_world, planned

QUICK = 23  # faults per setting in the quick run
LONG = 400
ROOT = Path(__file__).parents[3]


def play(setting: Setting, most: int) -> None:
    if setting.crossing and not has_two_disks():
        pytest.skip("there is no second file system")
    played = [failures(case) for case in cases(setting, most=most)]
    assert len(played) == most
    assert [complaint for found in played for complaint in found] == []


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_nothing_is_lost_whatever_fails(setting: Setting) -> None:
    play(setting, QUICK)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_nothing_is_lost_whatever_fails_more_often(setting: Setting) -> None:
    """In a process of its own: a fault forks once or twice, which costs twice as much where torch is loaded."""
    if setting.crossing and not has_two_disks():
        pytest.skip("there is no second file system")
    command = [sys.executable, "-m", "tests.filing.faults", "--most", str(LONG), setting.name]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=1200, check=False)
    assert done.stdout.splitlines()[-1:] == [f"{LONG} faults injected, 0 failures"], done.stdout + done.stderr


def test_no_keyword_is_lost_whatever_fails() -> None:
    played = [tag_failures(case) for case in tag_cases(most=QUICK)]
    assert len(played) == QUICK
    assert [complaint for found in played for complaint in found] == []


def test_every_act_of_the_disk_can_be_made_to_fail() -> None:
    methods = {name for name in vars(Disk) if not name.startswith("_")}
    assert methods - {"place", "open_source"} == set(CHANGING)


@pytest.mark.parametrize("seed", range(12))
def test_a_run_killed_at_a_random_moment_is_finished_and_undone(tmp_path: Path, seed: int) -> None:
    world = make_world(tmp_path)
    before = inventory(*world.outside)
    plan = planned(world, "copy" if seed % 2 else "move", "symlink")

    def killed_by_an_alarm() -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the system ends the process; no clean-up runs
        signal.setitimer(signal.ITIMER_REAL, random.Random(seed).uniform(0.0005, 0.03))
        list(apply(plan, world.history))

    assert in_child(killed_by_an_alarm) in {0, -signal.SIGALRM}
    assert not complaints(before, inventory(*world.outside))
    for run in interrupted(world.history):
        list(recover(world.history, run.run, "finish"))
        assert runs(world.history)[0].filed == 5
    for run in runs(world.history):
        list(undo(world.history, run.run))
    assert not differences(before, inventory(*world.outside))
