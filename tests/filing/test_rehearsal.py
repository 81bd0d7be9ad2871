"""What a rehearsal says is what then happens, whatever a kill left behind, and it touches nothing."""

import shutil
from pathlib import Path

import pytest

from clipsorter.filing.apply import apply
from clipsorter.filing.events import Finished, PhotoNotFiled
from clipsorter.filing.recover import Way, recover, runs
from clipsorter.filing.rehearsal import rehearse_apply, rehearse_recover
from tests.filing.faults.disk import Fault, FaultyDisk
from tests.filing.faults.world import World, differences, in_child, inventory, planned


@pytest.mark.parametrize("way", ["finish", "undo"])
@pytest.mark.parametrize("mode", ["move", "copy"])
@pytest.mark.parametrize("at", [8, 14, 20])
def test_a_rehearsed_recovery_says_what_recover_then_does(*, world: World, way: Way, mode: str, at: int) -> None:
    plan = planned(world, mode)
    in_child(lambda: list(apply(plan, world.history, disk=FaultyDisk(Fault(at, "kill")))))
    (run,) = runs(world.history)
    before = inventory(*world.outside, world.history)
    said = list(rehearse_recover(world.history, run.run, way))[-1]
    assert not differences(before, inventory(*world.outside, world.history))
    done = list(recover(world.history, run.run, way))[-1]
    assert isinstance(said, Finished)
    assert isinstance(done, Finished)
    assert (said.filed, said.returned, said.not_filed, said.left_alone) == (
        done.filed,
        done.returned,
        done.not_filed,
        done.left_alone,
    )


def test_a_file_where_a_folder_would_be_is_told(world: World) -> None:
    plan = planned(world, "move")
    folder = plan.photos[0].home.partition("/")[0]
    if (world.target / folder).is_dir():
        shutil.rmtree(world.target / folder)
    (world.target / folder).write_bytes(b"not a folder")
    said = [event.reason for event in rehearse_apply(plan) if isinstance(event, PhotoNotFiled)]
    done = [event.reason for event in apply(plan, world.history) if isinstance(event, PhotoNotFiled)]
    assert said
    assert said == done


def test_a_companion_that_came_later_is_told(world: World) -> None:
    plan = planned(world, "move")
    lead = plan.photos[-1].operations[0].source
    Path(f"{lead}.xmp").write_bytes(b"came later")
    said = [event.reason for event in rehearse_apply(plan) if isinstance(event, PhotoNotFiled)]
    done = [event.reason for event in apply(plan, world.history) if isinstance(event, PhotoNotFiled)]
    assert said == done
