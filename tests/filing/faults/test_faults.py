"""A share of the campaign; all of it: ``python -m tests.filing.faults``."""

import pytest

from clipsorter.filing.disk import Disk
from tests.filing.faults.campaign import SETTINGS, Setting, cases, failures, has_two_disks
from tests.filing.faults.disk import CHANGING
from tests.filing.faults.tagging import tag_cases, tag_failures

QUICK = 23  # faults per setting in the quick run
LONG = 400


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
    play(setting, LONG)


def test_no_keyword_is_lost_whatever_fails() -> None:
    played = [tag_failures(case) for case in tag_cases(most=QUICK)]
    assert len(played) == QUICK
    assert [complaint for found in played for complaint in found] == []


def test_every_act_of_the_disk_can_be_made_to_fail() -> None:
    methods = {name for name in vars(Disk) if not name.startswith("_")}
    assert methods - {"place", "open_source"} == set(CHANGING)
