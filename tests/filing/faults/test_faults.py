"""A share of the campaign; all of it: ``python -m tests.filing.faults``."""

import pytest

from clipsorter.filing.disk import Disk
from tests.filing.faults.campaign import SETTINGS, Setting, cases, failures, has_two_disks
from tests.filing.faults.disk import CHANGING
from tests.filing.faults.tagging import tag_cases, tag_failures

SHARE = 61  # every so-manieth fault in the quick run; a prime, so that it falls on all kinds
BIGGER_SHARE = 7


def play(setting: Setting, stride: int) -> None:
    if setting.crossing and not has_two_disks():
        pytest.skip("there is no second file system")
    played = [failures(case) for case in cases(setting, stride=stride)]
    assert len(played) > 10
    assert [complaint for found in played for complaint in found] == []


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_nothing_is_lost_whatever_fails(setting: Setting) -> None:
    play(setting, SHARE)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_nothing_is_lost_whatever_fails_in_a_bigger_share(setting: Setting) -> None:
    play(setting, BIGGER_SHARE)


def test_no_keyword_is_lost_whatever_fails() -> None:
    played = [tag_failures(case) for case in tag_cases(stride=11)]
    assert len(played) > 40
    assert [complaint for found in played for complaint in found] == []


def test_every_act_of_the_disk_can_be_made_to_fail() -> None:
    methods = {name for name in vars(Disk) if not name.startswith("_")}
    assert methods - {"place", "open_source"} == set(CHANGING)
