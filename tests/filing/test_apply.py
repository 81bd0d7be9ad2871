import errno
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clipsorter.errors import FilingError
from clipsorter.filing.apply import apply
from clipsorter.filing.events import Finished, PhotoFiled, PhotoNotFiled, Started
from clipsorter.filing.identity import Identity
from clipsorter.filing.journal import JOURNAL, whole_records
from clipsorter.filing.plan import Operation, Plan, PlannedPhoto
from clipsorter.filing.recover import recover, runs
from clipsorter.filing.rehearsal import rehearse_apply, rehearse_undo
from clipsorter.filing.undo import undo
from tests.filing.faults.disk import Fault, FaultyDisk
from tests.filing.faults.world import World, complaints, contents, differences, inventory, planned, put


def test_a_move_brings_each_photo_home_with_its_companions_times_and_permissions(world: World) -> None:
    before = inventory(world.photos)
    plan = planned(world)
    events = list(apply(plan, world.history))
    assert isinstance(events[0], Started)
    assert [event.done for event in events[1:-1]] == [1, 2, 3, 4, 5]
    assert events[-1] == Finished(events[0].run, filed=5)
    after = inventory(world.target)
    for photo in plan.photos:
        for operation in photo.operations:
            assert after[str(world.target / operation.destination)] == before[str(operation.source)]
            assert not operation.source.exists()
    assert [path.name for path in world.photos.rglob("*.*")] == ["notes.txt"]


def test_a_move_to_another_disk_keeps_everything_too(two_disks: World) -> None:
    before = inventory(two_disks.photos)
    plan = planned(two_disks)
    assert list(apply(plan, two_disks.history))[-1].complete
    after = inventory(two_disks.target)
    for photo in plan.photos:
        for operation in photo.operations:
            assert after[str(two_disks.target / operation.destination)] == before[str(operation.source)]
            assert not operation.source.exists()


@pytest.mark.parametrize("mode", ["copy", "hardlink", "symlink"])
def test_other_modes_leave_the_photos_where_they_are(world: World, mode: str) -> None:
    before = inventory(world.photos)
    plan = planned(world, mode)
    assert list(apply(plan, world.history))[-1].complete
    assert not differences(before, inventory(world.photos))
    for photo in plan.photos:
        place, source = world.target / photo.home, photo.operations[0].source
        assert place.read_bytes() == source.read_bytes()
        assert place.samefile(source) == (mode != "copy")
        assert place.is_symlink() == (mode == "symlink")


def test_links_lead_to_the_new_home_and_survive_a_move_of_the_target(world: World, tmp_path: Path) -> None:
    list(apply(planned(world, "move", "symlink"), world.history))
    world.target.rename(tmp_path / "elsewhere")
    link = tmp_path / "elsewhere" / "beach" / "2026" / "IMG_1.jpg"
    assert link.is_symlink()
    assert link.read_bytes().startswith(b"content of a/IMG_1.jpg")


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes are read with Linux calls")
def test_extended_attributes_travel(two_disks: World) -> None:
    source = two_disks.photos / "b" / "IMG_9.jpg"
    try:
        os.setxattr(source, "user.rating", b"5")
        os.setxattr(two_disks.target, "user.test", b"1")
    except OSError:
        pytest.skip("one of the disks keeps no extended attributes")
    list(apply(planned(two_disks), two_disks.history))
    assert os.getxattr(two_disks.target / "cat" / "2026" / "IMG_9 (2).jpg", "user.rating") == b"5"
    list(undo(two_disks.history, runs(two_disks.history)[0].run))
    assert os.getxattr(source, "user.rating") == b"5"


def _names(disk: FaultyDisk) -> list[str]:
    return [name for name, _ in disk.trace]


def test_the_journal_is_on_the_disk_before_the_first_rename(world: World) -> None:
    disk = FaultyDisk()
    list(apply(planned(world), world.history, disk=disk))
    first = _names(disk).index("rename_to_free")
    last_write = max(at for at, name in enumerate(_names(disk)[:first]) if name == "write")
    assert "sync" in _names(disk)[last_write:first]
    source = str(disk.trace[first][1][0]).encode()
    assert source in b"".join(arguments[1] for name, arguments in disk.trace[:first] if name == "write")


def test_a_copy_is_durable_and_journalled_before_its_source_goes(two_disks: World) -> None:
    disk = FaultyDisk()
    list(apply(planned(two_disks), two_disks.history, disk=disk))
    removals = [
        (at, Path(arguments[0]))
        for at, (name, arguments) in enumerate(disk.trace)
        if name == "remove" and Path(arguments[0]).is_relative_to(two_disks.photos)
    ]
    assert len(removals) == 10
    for at, source in removals:
        earlier = disk.trace[:at]
        copied = next(i for i, (name, args) in enumerate(earlier) if name == "copy_facts" and args[0] == source)
        part = earlier[copied][1][1]
        placed = next(
            i for i, (name, args) in enumerate(earlier) if name == "rename_to_free" and args[0] == part and i > copied
        )
        place = earlier[placed][1][1]
        created = next(i for i, (name, args) in enumerate(earlier) if name == "create" and args[0] == part)
        steps = [name for name, _ in earlier[created:placed]]
        assert steps.count("sync") == 2  # content, then times and permissions
        assert steps.index("write") < steps.index("sync") < steps.index("copy_facts") < steps.index("set_times")
        rest = earlier[placed:]
        assert ("sync_folder", (place.parent,)) in rest
        noted = next(i for i, (name, args) in enumerate(rest) if name == "write" and b'"landed"' in args[1])
        assert "sync" in [name for name, _ in rest[noted:]]


def _changed(world: World) -> None:
    put(world.photos / "b" / "IMG_9.jpg", b"edited by a person")


def _gone(world: World) -> None:
    (world.photos / "b" / "IMG_9.jpg").unlink()


def _became_a_link(world: World) -> None:
    _gone(world)
    (world.photos / "b" / "IMG_9.jpg").symlink_to("notes.txt")


def _name_taken(world: World) -> None:
    put(world.target / "cat" / "2026" / "IMG_9 (2).jpg", b"came since")


@pytest.mark.parametrize("meddle", [_changed, _gone, _became_a_link, _name_taken])
@pytest.mark.parametrize("mode", ["move", "copy", "hardlink", "symlink"])
def test_what_changed_since_the_plan_is_left_and_named(
    world: World, mode: str, meddle: Callable[[World], None]
) -> None:
    plan = planned(world, mode)
    meddle(world)
    before = inventory(*world.outside)
    events = list(apply(plan, world.history))
    assert [event.file for event in events if isinstance(event, PhotoNotFiled)] == ["b/IMG_9.jpg"]
    assert (events[-1].filed, events[-1].not_filed) == (4, 1)
    assert not complaints(before, inventory(*world.outside))
    assert runs(world.history)[0].state == "complete"


def test_one_member_that_changed_keeps_the_whole_pair(world: World) -> None:
    plan = planned(world)
    put(world.photos / "a" / "IMG_1.CR2", b"edited by a person")
    events = list(apply(plan, world.history))
    assert [event.file for event in events if isinstance(event, PhotoNotFiled)] == ["a/IMG_1.jpg"]
    assert {"IMG_1.jpg", "IMG_1.CR2", "IMG_1.xmp"} <= {path.name for path in (world.photos / "a").iterdir()}


def test_a_link_in_the_target_leads_nowhere(world: World, tmp_path: Path) -> None:
    plan = planned(world)
    (tmp_path / "outside").mkdir()
    (world.target / "狗").rmdir()
    (world.target / "狗").symlink_to(tmp_path / "outside")
    events = list(apply(plan, world.history))
    assert [event.file for event in events if isinstance(event, PhotoNotFiled)] == ["b/IMG_3.HEIC"]
    assert not list((tmp_path / "outside").iterdir())


@pytest.mark.parametrize("mode", ["move", "copy", "hardlink", "symlink"])
def test_a_folder_of_the_target_that_becomes_a_link_in_the_middle_of_a_run_leads_nowhere(
    world: World, tmp_path: Path, mode: str
) -> None:
    home, outside = world.target / "cat" / "2026", tmp_path / "outside"

    class Racing(FaultyDisk):
        """Once the first photo has its name, its folder is taken elsewhere and a link stands there."""

        def _act(self, name: str, *arguments: object) -> object:
            answer = super()._act(name, *arguments)
            if name in {"rename_to_free", "link", "symlink"} and not home.is_symlink():
                home.rename(outside)
                home.symlink_to(outside, target_is_directory=True)
            return answer

    events = list(apply(planned(world, mode), world.history, disk=Racing()))
    left = [event for event in events if isinstance(event, PhotoNotFiled) and not event.torn]
    assert [event.file for event in left] == ["a/IMG_2.jpg", "b/IMG_2.jpg", "b/IMG_9.jpg"]
    assert {event.reason.partition("” ")[2] for event in left} == {"stands behind a link that was not there before."}
    assert len(list(outside.iterdir())) == 2  # somebody else's photo, and what was there before the link


def test_a_source_folder_that_became_a_link_is_not_followed(world: World, tmp_path: Path) -> None:
    plan = planned(world)
    (world.photos / "b").rename(tmp_path / "moved")
    (world.photos / "b").symlink_to(tmp_path / "moved")
    before = inventory(tmp_path / "moved")
    events = list(apply(plan, world.history))
    assert events[-1].not_filed == 3
    assert inventory(tmp_path / "moved") == before


def test_closing_stops_between_two_photos_and_finishing_does_the_rest(world: World) -> None:
    before = inventory(*world.outside)
    steps = apply(planned(world), world.history)
    next(steps)
    assert isinstance(next(steps), PhotoFiled)
    steps.close()
    run = runs(world.history)[0]
    assert (run.state, run.filed, run.total) == ("stopped", 1, 5)
    assert not complaints(before, inventory(*world.outside))
    assert list(recover(world.history, run.run, "finish"))[-1].filed == 4
    assert runs(world.history)[0].state == "complete"
    list(undo(world.history, run.run))
    assert not differences(before, inventory(*world.outside))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_locked_disk_stops_the_run_and_says_so(two_disks: World, code: int) -> None:
    quiet = FaultyDisk()
    plan = planned(two_disks)
    list(apply(plan, two_disks.history, disk=quiet))
    list(undo(two_disks.history, runs(two_disks.history)[0].run))
    at = _names(quiet).index("create") + 1
    events = list(apply(planned(two_disks), two_disks.history, disk=FaultyDisk(Fault(at, "before", code))))
    assert (events[-1].not_filed, events[-1].untouched) == (1, 4)
    assert "full" in events[-1].stopped_by or "read-only" in events[-1].stopped_by
    assert runs(two_disks.history)[0].state == "stopped"


def test_nothing_is_done_when_the_history_cannot_be_written(world: World) -> None:
    before = inventory(*world.outside)
    world.history.parent.mkdir(parents=True)
    world.history.write_text("a file where the folder should be")
    with pytest.raises(FilingError, match="history"):
        list(apply(planned(world), world.history))
    assert not differences(before, inventory(*world.outside))


def test_a_copy_that_reads_back_differently_is_never_given_its_name(two_disks: World) -> None:
    class Lying(FaultyDisk):
        def write(self, handle: int, data: bytes) -> None:
            super().write(handle, data.replace(b"IMG_9", b"IMG_X"))

    before = inventory(*two_disks.outside)
    plan = planned(two_disks)
    plan = plan.without([photo.number for photo in plan.photos if photo.file != "b/IMG_9.jpg"])
    events = list(apply(plan, two_disks.history, disk=Lying()))
    assert "disk may be failing" in events[1].reason or "other content" in events[1].reason
    assert contents(before) == contents(inventory(*two_disks.outside))


def test_an_empty_plan_is_a_finished_run(world: World) -> None:
    plan = Plan(world.photos, world.target, "move", "category", ())
    assert list(apply(plan, world.history))[-1] == Finished(runs(world.history)[0].run)


def test_a_long_plan_is_announced_in_batches(world: World) -> None:
    for number in range(100):
        put(world.photos / "many" / f"{number}.jpg", f"photo {number}".encode(), number)
    before = inventory(*world.outside)
    plan = planned(world)
    assert len(plan.photos) == 5
    many = replace(plan, photos=tuple(_moved(world, number) for number in range(100)))
    disk = FaultyDisk()
    assert list(apply(many, world.history, disk=disk))[-1].filed == 100
    assert _names(disk).count("sync") < 20
    run = runs(world.history)[0].run
    list(undo(world.history, run))
    said, _ = whole_records(world.history / run / JOURNAL)
    assert sorted(one["n"] for one in said if one["do"] == "undone") == list(range(100))  # each once
    assert not differences(before, inventory(*world.outside))


def _moved(world: World, number: int) -> PlannedPhoto:
    source = world.photos / "many" / f"{number}.jpg"
    found = source.stat()
    identity = Identity(found.st_size, found.st_mtime_ns, found.st_ino)
    operation = Operation("move", source, f"many/{number % 7}/{number}.jpg", identity)
    return PlannedPhoto(number, f"many/{number}.jpg", "many", "", (operation,))


@pytest.mark.parametrize("mode", ["move", "copy", "hardlink", "symlink"])
@pytest.mark.parametrize("renames", [True, False])
def test_a_name_taken_at_the_very_last_moment_is_not_overwritten(world: World, mode: str, renames: bool) -> None:
    class Racing(FaultyDisk):
        """Somebody saves a file under the name a moment before we take it."""

        def _act(self, name: str, *arguments: object) -> object:
            if name in {"rename_to_free", "link", "symlink"} and Path(str(arguments[-1])).name == "IMG_9 (2).jpg":
                put(Path(str(arguments[-1])), b"saved by somebody else just now")
            return super()._act(name, *arguments)

    before = inventory(*world.outside)
    events = list(apply(planned(world, mode), world.history, disk=Racing(renames=renames)))
    assert [event.file for event in events if isinstance(event, PhotoNotFiled)] == ["b/IMG_9.jpg"]
    assert (world.target / "cat" / "2026" / "IMG_9 (2).jpg").read_bytes() == b"saved by somebody else just now"
    assert set(contents(before)) <= set(contents(inventory(*world.outside)))
    list(undo(world.history, runs(world.history)[0].run))
    assert (world.target / "cat" / "2026" / "IMG_9 (2).jpg").read_bytes() == b"saved by somebody else just now"
    (world.target / "cat" / "2026" / "IMG_9 (2).jpg").unlink()
    assert contents(before) == contents(inventory(*world.outside))


def test_a_rehearsal_says_what_apply_then_does_and_touches_nothing(world: World) -> None:
    plan = planned(world)
    _gone(world)
    before = inventory(*world.outside)
    said = list(rehearse_apply(plan))
    assert not differences(before, inventory(*world.outside))
    done = list(apply(plan, world.history))
    assert [event.file for event in said if isinstance(event, PhotoNotFiled)] == ["b/IMG_9.jpg"]
    assert (said[-1].filed, said[-1].not_filed) == (done[-1].filed, done[-1].not_filed) == (4, 1)
    after = inventory(*world.outside)
    run = runs(world.history)[0].run
    put(world.target / "cat" / "2026" / "IMG_1.jpg", b"edited")
    said = list(rehearse_undo(world.history, run))
    assert (said[-1].returned, said[-1].left_alone) == (3, 1)
    done = list(undo(world.history, run))
    assert [(type(event), event.file) for event in said[:-1]] == [(type(event), event.file) for event in done[:-1]]
    assert after != inventory(*world.outside)


def test_a_sidecar_that_came_after_the_plan_keeps_its_photo(world: World) -> None:
    plan = planned(world)
    put(world.photos / "b" / "IMG_9.jpg.xmp", b"written since")
    events = list(apply(plan, world.history))
    assert [(event.file, "plan again" in event.reason) for event in events if isinstance(event, PhotoNotFiled)] == [
        ("b/IMG_9.jpg", True)
    ]


def test_a_plan_that_tears_a_pair_is_refused_for_that_photo(world: World) -> None:
    plan = planned(world)
    torn = replace(plan.photos[0], operations=plan.photos[0].operations[:1])
    events = list(apply(replace(plan, photos=(torn,)), world.history))
    assert events[-1].not_filed == 1
    assert (world.photos / "a" / "IMG_1.jpg").exists()
