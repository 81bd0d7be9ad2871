from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.filing.faults.campaign import Setting, Stage, has_two_disks
from tests.filing.faults.world import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Photos, a target with files of somebody else, and an empty history; all on one disk."""
    return make_world(tmp_path)


@pytest.fixture
def two_disks() -> Iterator[World]:
    """The same with the target on another real file system."""
    if not has_two_disks():
        pytest.skip("there is no second file system")
    stage = Stage(Setting("two disks", "move", crossing=True))
    yield stage.world
    stage.close()
