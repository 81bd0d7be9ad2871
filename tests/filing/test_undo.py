import errno
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from clipsorter.errors import FilingError
from clipsorter.filing import journal
from clipsorter.filing.apply import apply
from clipsorter.filing.events import Finished, PhotoLeftAlone, PhotoReturned
from clipsorter.filing.identity import Identity
from clipsorter.filing.journal import JOURNAL, drained, history_steps, journal_of
from clipsorter.filing.plan import Kind, Plan
from clipsorter.filing.records import Act, beginning, done, ending, opening
from clipsorter.filing.recover import interrupted, recover, runs
from clipsorter.filing.undo import undo
from tests.filing.faults.disk import Fault, FaultyDisk
from tests.filing.faults.world import World, complaints, differences, in_child, inventory, make_world, planned, put

MODES = ("move", "copy", "hardlink", "symlink")


def applied(world: World, mode: Kind = "move") -> str:
    list(apply(planned(world, mode), world.history))
    return runs(world.history)[0].run


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("links", [None, "hardlink", "symlink"])
def test_undo_gives_back_the_exact_start(world: World, mode: Kind, links: str | None) -> None:
    before = inventory(*world.outside)
    list(apply(planned(world, mode, links), world.history))
    run = runs(world.history)[0].run
    assert list(undo(world.history, run))[-1] == Finished(run, returned=5)
    assert not differences(before, inventory(*world.outside))
    assert runs(world.history)[0].state == "undone"
    assert list(undo(world.history, run)) == [Finished(run)]


def test_undo_crosses_disks_back(two_disks: World) -> None:
    before = inventory(*two_disks.outside)
    run = applied(two_disks)
    assert list(undo(two_disks.history, run))[-1].complete
    assert not differences(before, inventory(*two_disks.outside))


def test_single_photos_come_back_and_the_rest_later(world: World) -> None:
    before = inventory(*world.outside)
    run = applied(world)
    events = list(undo(world.history, run, only=[1]))
    assert [event.file for event in events if isinstance(event, PhotoReturned)] == ["a/IMG_2.jpg"]
    assert {path.name for path in (world.photos / "a").iterdir()} == {"IMG_2.jpg", "IMG_2.jpg.xmp"}
    listed = runs(world.history)[0]
    assert (listed.state, listed.filed, listed.returned) == ("complete", 4, 1)
    list(undo(world.history, run))
    assert not differences(before, inventory(*world.outside))


def test_a_returned_photo_is_not_filed_again_by_finishing(world: World) -> None:
    run = applied(world)
    list(undo(world.history, run, only=[1]))
    assert list(recover(world.history, run, "finish"))[-1].filed == 0
    assert (world.photos / "a" / "IMG_2.jpg").exists()


def _edit(world: World) -> Path:
    place = world.target / "cat" / "2026" / "IMG_9 (2).jpg"
    place.write_bytes(b"edited by a person after the run")
    return place


def _occupy(world: World) -> Path:
    place = world.photos / "b" / "IMG_9.jpg"
    put(place, b"another photo came to the old place")
    return place


def _delete(world: World) -> Path:
    place = world.target / "cat" / "2026" / "IMG_9 (2).jpg"
    place.unlink()
    return world.target / "cat"


@pytest.mark.parametrize("meddle", [_edit, _occupy, _delete])
def test_what_a_person_changed_since_is_left_alone_and_named(world: World, meddle: Callable[[World], Path]) -> None:
    run = applied(world)
    place = meddle(world)
    before, kept = inventory(*world.outside), inventory(place)
    events = list(undo(world.history, run))
    left = [event for event in events if isinstance(event, PhotoLeftAlone)]
    assert [(event.file, event.by_person) for event in left] == [("b/IMG_9.jpg", True)]
    assert "IMG_9" in left[0].reason
    assert events[-1].returned == 4
    after = inventory(*world.outside)
    assert not complaints(before, after)
    if meddle is not _delete:
        assert inventory(place) == kept
    assert (runs(world.history)[0].state, runs(world.history)[0].kept) == ("complete", 1)


def test_one_edited_sidecar_keeps_its_photo_with_it(world: World) -> None:
    run = applied(world)
    (world.target / "cat" / "2026" / "IMG_1.xmp").write_bytes(b"edited in Lightroom")
    list(undo(world.history, run))
    names = {path.name for path in (world.target / "cat" / "2026").iterdir()}
    assert {"IMG_1.jpg", "IMG_1.CR2", "IMG_1.xmp"} <= names
    assert not (world.photos / "a" / "IMG_1.jpg").exists()


@pytest.mark.parametrize("mode", ["copy", "hardlink"])
def test_a_copy_whose_original_is_gone_is_kept(world: World, mode: Kind) -> None:
    run = applied(world, mode)
    original = world.photos / "b" / "IMG_9.jpg"
    content = original.read_bytes()
    original.unlink()
    events = list(undo(world.history, run))
    assert [event.file for event in events if isinstance(event, PhotoLeftAlone)] == ["b/IMG_9.jpg"]
    assert (world.target / "cat" / "2026" / "IMG_9 (2).jpg").read_bytes() == content


def test_a_copy_whose_original_was_edited_in_place_is_kept(world: World) -> None:
    run = applied(world, "copy")
    original = world.photos / "b" / "IMG_9.jpg"
    content = original.read_bytes()
    original.write_bytes(content[::-1])
    list(undo(world.history, run))
    assert (world.target / "cat" / "2026" / "IMG_9 (2).jpg").read_bytes() == content


def test_undo_makes_the_old_folder_again(world: World) -> None:
    run = applied(world)
    (world.photos / "a").rmdir()
    assert list(undo(world.history, run))[-1].complete
    assert (world.photos / "a" / "IMG_1.CR2").exists()


def test_a_folder_that_a_person_used_since_stays(world: World) -> None:
    run = applied(world)
    put(world.target / "狗" / "2026" / "mine.txt", b"a note")
    assert list(undo(world.history, run))[-1].complete
    assert (world.target / "狗" / "2026" / "mine.txt").read_bytes() == b"a note"


def test_an_unknown_run_is_refused(world: World) -> None:
    for name in ("", "nothing", "../history", "a/b", "."):
        with pytest.raises(FilingError, match="no run"):
            list(undo(world.history, name))


def test_runs_are_listed_newest_first_and_damage_is_named(world: World) -> None:
    assert runs(world.history) == ()
    first = applied(world)
    list(undo(world.history, first))
    list(apply(planned(world, "copy"), world.history))
    (world.history / "stray").mkdir()
    listed = runs(world.history)
    assert {run.state for run in listed} == {"undone", "complete"}
    journal = world.history / first / JOURNAL
    journal.write_bytes(b"nonsense\n" + journal.read_bytes())
    before = inventory(*world.outside)
    assert {run.run: run.state for run in runs(world.history)}[first] == "damaged"
    with pytest.raises(FilingError, match="damaged"):
        list(undo(world.history, first))
    assert not differences(before, inventory(*world.outside))


def test_a_journal_torn_at_any_byte_of_its_last_record_still_undoes(world: World) -> None:
    before = inventory(*world.outside)
    assert in_child(lambda: list(apply(planned(world), world.history, disk=FaultyDisk(Fault(20, "kill"))))) == -9
    run = interrupted(world.history)[0].run
    journal = world.history / run / JOURNAL
    whole, between = journal.read_bytes(), inventory(*world.outside)
    last = len(whole.rstrip(b"\n").rpartition(b"\n")[0]) + 1
    assert between != before
    # A record that is not whole was not followed by any act of its own, so only what came before it can be torn here:
    # the announcement stays, and a further record is cut at every byte.
    for size in range(0, 40, 3):
        journal.write_bytes(whole + b'{"do":"done","n":0,"and":"more of it"}\n'[:size])
        assert interrupted(world.history)[0].run == run
    assert last < len(whole)
    list(recover(world.history, run, "undo"))
    assert not differences(before, inventory(*world.outside))
    assert not interrupted(world.history)


@pytest.mark.parametrize("way", ["finish", "undo"])
def test_an_interrupted_run_is_offered_until_it_is_settled(world: World, way: str) -> None:
    assert in_child(lambda: list(apply(planned(world), world.history, disk=FaultyDisk(Fault(22, "kill"))))) == -9
    (run,) = interrupted(world.history)
    assert run.total == 5
    for _ in range(2):
        list(recover(world.history, run.run, way))
        assert not interrupted(world.history)
    assert runs(world.history)[0].filed == (5 if way == "finish" else 0)


def test_finishing_an_interrupted_undo_of_one_photo_leaves_the_others(world: World) -> None:
    run = applied(world)
    disk = FaultyDisk()
    list(undo(world.history, run, only=[0], disk=disk))
    list(recover(world.history, run, "undo"))
    again = applied(world)
    at = [name for name, _ in disk.trace].index("rename_to_free") + 2
    assert in_child(lambda: list(undo(world.history, again, only=[0], disk=FaultyDisk(Fault(at, "kill"))))) == -9
    assert [one.run for one in interrupted(world.history)] == [again]
    list(recover(world.history, again, "finish"))
    listed = {one.run: one for one in runs(world.history)}[again]
    assert (listed.filed, listed.returned) == (4, 1)


def put_another(path: Path, like: Path) -> bytes:
    """A file of the same size and time with another content."""
    found, content = like.stat(), like.read_bytes().upper()
    path.write_bytes(content)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    return content


def test_a_moved_photo_is_not_removed_for_another_that_only_looks_like_it(world: World) -> None:
    run = applied(world)
    place, source = world.target / "cat" / "2026" / "IMG_9 (2).jpg", world.photos / "b" / "IMG_9.jpg"
    mine = place.read_bytes()
    another = put_another(source, place)
    left = [event for event in undo(world.history, run) if isinstance(event, PhotoLeftAlone)]
    assert [(event.file, event.by_person) for event in left] == [("b/IMG_9.jpg", True)]
    assert (place.read_bytes(), source.read_bytes()) == (mine, another)


def test_a_copy_that_was_edited_within_its_size_and_time_is_kept(world: World) -> None:
    run = applied(world, "copy")
    place = world.target / "cat" / "2026" / "IMG_9 (2).jpg"
    edited = put_another(place, place)
    left = [event for event in undo(world.history, run) if isinstance(event, PhotoLeftAlone)]
    assert [event.reason for event in left] == ["The copy “IMG_9 (2).jpg” was changed since."]
    assert place.read_bytes() == edited


def test_a_disk_that_keeps_times_in_steps_of_two_seconds_gives_its_photos_back(world: World) -> None:
    run = applied(world)
    place = world.target / "cat" / "2026" / "IMG_9 (2).jpg"
    found = place.stat()
    os.utime(place, ns=(found.st_atime_ns, found.st_mtime_ns - 1_900_000_000))
    assert list(undo(world.history, run))[-1] == Finished(run, returned=5)


def test_a_photo_that_could_not_be_brought_back_is_not_filed_once_more(world: World, tmp_path: Path) -> None:
    twin, disk = make_world(tmp_path / "twin"), FaultyDisk()
    list(apply(planned(twin), twin.history, disk=disk))
    after_the_first = [name for name, _ in disk.trace].index("rename_to_free") + 2
    kill = FaultyDisk(Fault(after_the_first, "kill"))
    assert in_child(lambda: list(apply(planned(world), world.history, disk=kill))) == -9
    (run,) = interrupted(world.history)
    moved = next(path for path in (world.target / "cat" / "2026").iterdir() if path.name.startswith("IMG_1"))
    moved.write_bytes(b"edited by a person")
    events = list(recover(world.history, run.run, "finish"))
    assert [type(event) for event in events if getattr(event, "file", "") == "a/IMG_1.jpg"] == [PhotoLeftAlone]
    assert moved.read_bytes() == b"edited by a person"


def test_what_a_disk_kept_from_coming_back_is_offered_again(world: World) -> None:
    class Failing(FaultyDisk):
        def rename_to_free(self, source: Path, place: Path) -> None:
            if place.name == "IMG_9.jpg":
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            super().rename_to_free(source, place)

    before = inventory(*world.outside)
    run = applied(world)
    assert list(undo(world.history, run, disk=Failing()))[-1] == Finished(run, returned=4, left_alone=1)
    assert [one.run for one in interrupted(world.history)] == [run]
    assert list(recover(world.history, run, "undo"))[-1] == Finished(run, returned=1)
    assert not interrupted(world.history)
    assert not differences(before, inventory(*world.outside))


@pytest.mark.parametrize("missing", ["photos", "sorted"])
def test_an_unplugged_disk_is_asked_for_and_nothing_is_made_in_its_place(tmp_path: Path, missing: str) -> None:
    world = make_world(tmp_path / "disk", tmp_path / "disk")
    history = World(world.photos, world.target, tmp_path / "data")
    list(apply(planned(world), history.history))
    run = runs(history.history)[0].run
    whole = inventory(*world.outside)
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    for _ in range(2):
        with pytest.raises(FilingError, match="connect its disk"):
            list(undo(history.history, run))
    with pytest.raises(FilingError, match="connect its disk"):
        list(apply(Plan(world.photos, world.target, "move", "category", ()), history.history))
    assert not (tmp_path / "disk").exists()
    (tmp_path / "unplugged").rename(tmp_path / "disk")
    assert not differences(whole, inventory(*world.outside))
    (tmp_path / "disk" / missing).rename(tmp_path / "away")
    if missing == "sorted":
        with pytest.raises(FilingError, match="connect its disk"):
            list(undo(history.history, run))
    else:
        assert list(undo(history.history, run))[-1].complete  # the person removed the emptied folder
        assert (world.photos / "a" / "IMG_1.jpg").exists()


def test_what_is_left_alone_after_a_kill_is_not_offered_for_ever(world: World) -> None:
    disk = FaultyDisk()
    list(apply(planned(world), world.history, disk=disk))
    list(undo(world.history, runs(world.history)[0].run))
    at = [name for name, _ in disk.trace].index("rename_to_free") + 2
    assert in_child(lambda: list(apply(planned(world), world.history, disk=FaultyDisk(Fault(at, "kill"))))) == -9
    (run,) = interrupted(world.history)
    (world.target / "cat" / "2026" / "IMG_1.jpg").write_bytes(b"edited after the kill")
    before = inventory(*world.outside)
    events = list(recover(world.history, run.run, "finish"))
    assert [event.file for event in events if isinstance(event, PhotoLeftAlone)] == ["a/IMG_1.jpg"]
    assert not complaints(before, inventory(*world.outside))
    assert not interrupted(world.history)


def test_a_sidecar_that_came_after_the_run_travels_back_with_its_photo(world: World) -> None:
    before = inventory(*world.outside)
    run = applied(world)
    place = world.target / "cat" / "2026"
    put(place / "IMG_9 (2).jpg.xmp", b"written by a photo program", 7)
    put(place / "IMG_9 (2).xmp", b"and by another", 8)
    put(place / "IMG_9.jpg.xmp", b"of somebody else", 9)
    put(place / "IMG_9 (2).CR2", b"a photo of its own", 10)
    list(undo(world.history, run))
    assert differences(before, inventory(*world.outside)) == sorted(
        [f"new: {world.photos}/b/IMG_9.jpg.xmp", f"new: {world.photos}/b/IMG_9.xmp", f"new: {place}/IMG_9.jpg.xmp"]
        + [f"new: {place}/IMG_9 (2).CR2"]
        + [f"changed: {folder}" for folder in (world.photos / "b", place)]
    )


def test_a_line_about_a_long_run_takes_little_memory(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run of a million photos stays in the history, and every start looks whether it was interrupted."""
    monkeypatch.setattr(journal, "_STEP", 64)  # records
    photos = 2000
    run = tmp_path / "data" / "long"
    run.mkdir(parents=True)
    begun = []
    with journal_of(run, FaultyDisk()) as log:
        log.append(
            opening(
                "long",
                folder=world.photos,
                target=world.target,
                mode="move",
                started="2026-11-30T22:00:00+00:00",
                total=photos,
                mounted=False,
            )
        )
        for number in range(photos):
            name = f"{number}.jpg"
            act = Act("move", world.photos / name, world.target / name, Identity(1, 1, 1), 0o600, 1)
            begun += [beginning(number, name, (act,)), done(number)]
        log.append(*begun, ending("complete"))
    size = (run / JOURNAL).stat().st_size
    peaks = {}
    for keep_acts in (True, False):
        tracemalloc.start()
        assert len(drained(history_steps(run, keep_acts=keep_acts)).photos) == photos
        peaks[keep_acts] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peaks[False] < 3 * size
    assert peaks[False] < peaks[True] / 2
    (line,) = runs(tmp_path / "data")
    assert (line.state, line.filed, line.total) == ("complete", photos, photos)
