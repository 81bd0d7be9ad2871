"""What changes between the plan's check and the act, a moment before it or in its middle, loses nobody anything."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clipsorter.filing.apply import apply
from clipsorter.filing.events import Finished, PhotoFiled, PhotoNotFiled, Started
from clipsorter.filing.plan import Kind
from clipsorter.filing.recover import runs
from clipsorter.filing.undo import undo
from tests.filing.faults.disk import FaultyDisk
from tests.filing.faults.world import World, inventory, make_world, planned, put

EDITED = b"edited by a person just now"


class Meddling(FaultyDisk):
    """Lets somebody do something once, right before the first act for which ``when`` holds."""

    def __init__(self, when: Callable[[str, tuple[object, ...]], bool], meddle: Callable[[], None]) -> None:
        super().__init__()
        self._when = when
        self._meddle: Callable[[], None] | None = meddle

    def _act(self, name: str, *arguments: object) -> object:
        if self._meddle is not None and self._when(name, arguments):
            meddle, self._meddle = self._meddle, None
            meddle()
        return super()._act(name, *arguments)


def not_filed(events: list[object]) -> list[str]:
    return [event.file for event in events if isinstance(event, PhotoNotFiled)]


@pytest.mark.parametrize("mode", ["move", "copy", "hardlink", "symlink"])
def test_a_photo_that_changes_while_others_are_filed_stays(world: World, mode: str) -> None:
    source = world.photos / "b" / "IMG_9.jpg"
    steps = apply(planned(world, mode), world.history)
    next(steps)
    next(steps)  # its turn comes later, but it was looked at with the first one
    put(source, EDITED, 7)
    assert not_filed(list(steps)) == ["b/IMG_9.jpg"]
    assert source.read_bytes() == EDITED
    assert not (world.target / "cat" / "2026" / "IMG_9 (2).jpg").exists()


def test_a_photo_that_changes_once_it_is_copied_is_not_removed(two_disks: World) -> None:
    source, place = two_disks.photos / "b" / "IMG_9.jpg", two_disks.target / "cat" / "2026" / "IMG_9 (2).jpg"
    disk = Meddling(
        lambda name, arguments: name == "write" and b'"landed"' in arguments[1] and place.exists(),
        lambda: put(source, EDITED, 7),
    )
    assert not_filed(list(apply(planned(two_disks), two_disks.history, disk=disk))) == ["b/IMG_9.jpg"]
    assert source.read_bytes() == EDITED


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
@pytest.mark.parametrize("when", ["between two batches", "within one"])
@pytest.mark.parametrize("mode", ["move", "copy"])
def test_a_disk_that_goes_in_the_middle_stops_the_run_and_nothing_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: Kind, when: str
) -> None:
    if when == "between two batches":
        monkeypatch.setattr("clipsorter.filing.apply._BATCH", 1)
    stick = tmp_path / "stick"
    stick.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(stick)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
    is_there = True
    try:
        world = make_world(tmp_path, stick)
        plan = planned(world, mode)
        steps = apply(plan, world.history)
        assert isinstance(next(steps), Started)
        assert isinstance(next(steps), PhotoFiled)
        before = inventory(world.photos)
        subprocess.run(["umount", "-l", str(stick)], check=True)
        is_there = False
        *refused, finished = steps
    finally:
        if is_there:
            subprocess.run(["umount", "-l", str(stick)], check=True)
    assert isinstance(finished, Finished)
    assert (finished.filed, finished.not_filed, finished.untouched) == (1, 1, len(plan.photos) - 2)
    assert "the disk is gone" in finished.stopped_by
    assert len(refused) == 1
    assert inventory(world.photos) == before
    assert list(stick.iterdir()) == []


def test_a_photo_that_changes_once_it_is_copied_back_is_not_removed(two_disks: World) -> None:
    source, place = two_disks.photos / "b" / "IMG_9.jpg", two_disks.target / "cat" / "2026" / "IMG_9 (2).jpg"
    list(apply(planned(two_disks), two_disks.history))
    mine = place.read_bytes()
    disk = Meddling(lambda name, _: name == "sync_folder" and source.exists(), lambda: put(place, EDITED, 7))
    list(undo(two_disks.history, runs(two_disks.history)[0].run, disk=disk))
    assert (source.read_bytes(), place.read_bytes()) == (mine, EDITED)


@pytest.mark.parametrize("mode", ["move", "copy"])
def test_a_twin_that_somebody_else_put_there_is_theirs(world: World, mode: str) -> None:
    source, place = world.photos / "b" / "IMG_9.jpg", world.target / "cat" / "2026" / "IMG_9 (2).jpg"
    content, found = source.read_bytes(), source.stat()

    def put_twin() -> None:
        place.write_bytes(content)
        os.utime(place, ns=(found.st_atime_ns, found.st_mtime_ns))

    disk = Meddling(lambda name, arguments: name == "rename_to_free" and Path(str(arguments[-1])) == place, put_twin)
    assert not_filed(list(apply(planned(world, mode), world.history, disk=disk))) == ["b/IMG_9.jpg"]
    assert source.read_bytes() == place.read_bytes() == content


def test_a_disk_that_is_full_for_the_first_folder_is_not_asked_for_the_others(world: World) -> None:
    class Full(FaultyDisk):
        def make_folder(self, path: Path) -> None:
            if path.is_relative_to(world.target):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            super().make_folder(path)

    before = inventory(*world.outside)
    events = list(apply(planned(world, "move", "symlink"), world.history, disk=Full()))
    assert (events[-1].not_filed, events[-1].untouched) == (1, 4)
    assert inventory(*world.outside) == before
