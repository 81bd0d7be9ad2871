"""A data folder from somebody else: whatever its records say, nothing outside photos and target is touched."""

import base64
import json
import os
import zlib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from clipsorter.errors import FilingError
from clipsorter.filing.apply import apply
from clipsorter.filing.disk import Disk
from clipsorter.filing.events import PhotoLeftAlone, Started
from clipsorter.filing.journal import JOURNAL, PLAN
from clipsorter.filing.recover import recover, runs
from clipsorter.filing.rehearsal import rehearse_recover
from clipsorter.filing.tag_log import LOG, digest_of_bytes
from clipsorter.filing.tags import TagsFinished, our_keywords, withdraw_tags
from clipsorter.filing.undo import undo
from clipsorter.filing.xmp import EMPTY, edited, keywords_of
from clipsorter.filing.xmp import Keywords as XmpKeywords
from tests.filing.faults.world import World, differences, inventory, make_world, planned, put

Records = list[dict[str, Any]]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = make_world(tmp_path)
    put(tmp_path / "elsewhere" / "secret.jpg", b"not theirs to move")
    (tmp_path / "elsewhere" / "empty").mkdir()
    return made


def applied(world: World) -> tuple[str, Records]:
    started, *_ = apply(planned(world), world.history)
    assert isinstance(started, Started)
    lines = (world.history / started.run / JOURNAL).read_text().splitlines()
    return started.run, [json.loads(line) for line in lines]


def first(records: Records, kind: str) -> dict[str, Any]:
    return next(record for record in records if record["do"] == kind)


def acts(records: Records) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = first(records, "begin")["acts"]
    return found


def aim(record: dict[str, Any], key: str, value: object) -> None:
    record[key] = value


ATTACKS: dict[str, Callable[[Records, Path], None]] = {
    "bring back to elsewhere": lambda records, out: aim(acts(records)[0], "source", str(out / "new.jpg")),
    "bring a stranger's file": lambda records, out: aim(acts(records)[0], "place", str(out / "secret.jpg")),
    "climb out of the target": lambda records, out: aim(
        acts(records)[0], "place", f"{first(records, 'run')['target']}/../elsewhere/secret.jpg"
    ),
    "climb out of the folder": lambda records, out: aim(
        acts(records)[0], "source", f"{first(records, 'run')['folder']}/../elsewhere/new.jpg"
    ),
    "a relative place": lambda records, _: aim(acts(records)[0], "place", "secret.jpg"),
    "a start-up script": lambda records, _: aim(
        acts(records)[0], "source", f"{first(records, 'run')['folder']}/.bashrc"
    ),
    "another suffix": lambda records, _: aim(acts(records)[0], "source", f"{first(records, 'run')['folder']}/a.png"),
    "remove a folder": lambda records, out: records.insert(1, {"do": "make", "path": str(out / "empty")}),
    "change a folder's times": lambda records, out: records.insert(
        1, {"do": "touch", "path": str(out / "empty"), "mtime_ns": 1, "atime_ns": 1, "names": ""}
    ),
    "the whole disk": lambda records, _: first(records, "run").update(folder="/", target="/"),
    "a path that is a number": lambda records, _: aim(acts(records)[0], "place", 7),
}


NONSENSE: dict[str, Callable[[Records], None]] = {
    "a number that is text": lambda records: aim(first(records, "begin"), "n", "1"),
    "a number that is a list": lambda records: aim(first(records, "done"), "n", []),
    "a time no disk keeps": lambda records: aim(first(records, "touch"), "mtime_ns", 10**30),
    "a time that is no time": lambda records: aim(first(records, "run"), "started", "yesterday"),
    "a total that is endless": lambda records: aim(first(records, "run"), "total", float("inf")),
    "a mode of no known kind": lambda records: aim(first(records, "run"), "mode", "shred"),
    "an act of no known kind": lambda records: aim(acts(records)[0], "kind", "shred"),
    "a photo without acts": lambda records: aim(first(records, "begin"), "acts", []),
    "a name no disk could have": lambda records: aim(acts(records)[0], "place", "/\ud800.jpg"),
    "a name of ten megabytes": lambda records: aim(first(records, "run"), "target", "/" + "x" * 10_000_000),
    "a folder of a million": lambda records: aim(first(records, "run"), "folder", "/a" * 1_000_000),
    "a digest that is a number": lambda records: aim(acts(records)[0], "digest", 1),
}


@pytest.mark.parametrize("attack", NONSENSE)
def test_a_journal_of_nonsense_is_damaged_and_nothing_else(world: World, attack: str) -> None:
    run, records = applied(world)
    NONSENSE[attack](records)
    (world.history / run / JOURNAL).write_text("".join(json.dumps(record) + "\n" for record in records))
    before = inventory(*world.outside)
    for way in (lambda: undo(world.history, run), lambda: recover(world.history, run, "finish")):
        with pytest.raises(FilingError, match="damaged"):
            list(way())
    assert [listed.state for listed in runs(world.history)] == ["damaged"]
    assert not differences(before, inventory(*world.outside))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_journals_that_are_no_files_or_endless_or_bottomless_are_damaged_ones(world: World) -> None:
    run, _ = applied(world)
    journal = world.history / run / JOURNAL
    journal.write_bytes(b"[" * 200_000 + b"\n" + b"{}\n")  # nested deeper than Python counts
    assert [listed.state for listed in runs(world.history)] == ["damaged"]
    with journal.open("wb") as file:
        file.truncate(20 * 2**30)
    assert [listed.state for listed in runs(world.history)] in (["damaged"], [])
    journal.unlink()
    os.mkfifo(journal)
    assert runs(world.history) == ()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("way", ["undo", "recover"])
def test_an_edited_journal_touches_nothing(world: World, attack: str, way: str, tmp_path: Path) -> None:
    run, records = applied(world)
    ATTACKS[attack](records, tmp_path / "elsewhere")
    (world.history / run / JOURNAL).write_text("".join(json.dumps(record) + "\n" for record in records[:-1]))
    before = inventory(*world.outside, tmp_path / "elsewhere")
    with pytest.raises(FilingError, match="damaged"):
        list(undo(world.history, run) if way == "undo" else recover(world.history, run, "finish"))
    assert [listed.state for listed in runs(world.history)] == ["damaged"]
    assert not differences(before, inventory(*world.outside, tmp_path / "elsewhere"))


PLAN_ATTACKS: dict[str, Callable[[dict[str, Any], World], None]] = {
    "another target": lambda plan, world: plan.update(target=str(world.target.with_name("elsewhere"))),
    "another folder": lambda plan, world: plan.update(folder=str(world.photos.parent)),
    "another mode": lambda plan, world: plan.update(mode="copy"),
    "photos left out": lambda plan, world: plan["photos"].pop(),
    "a photo of somebody else": lambda plan, world: plan["photos"][-1]["operations"][0].update(
        source=str(world.photos.with_name("elsewhere") / "secret.jpg")
    ),
}


@pytest.mark.parametrize("attack", PLAN_ATTACKS)
def test_an_edited_plan_of_an_interrupted_run_touches_nothing(world: World, attack: str, tmp_path: Path) -> None:
    run, records = applied(world)
    (world.history / run / JOURNAL).write_text("".join(json.dumps(record) + "\n" for record in records[:1]))
    list(undo(world.history, run))
    plan = json.loads((world.history / run / PLAN).read_text())
    PLAN_ATTACKS[attack](plan, world)
    (world.history / run / PLAN).write_text(json.dumps(plan))
    before = inventory(*world.outside, tmp_path / "elsewhere")
    for way in (recover, rehearse_recover):
        with pytest.raises(FilingError):
            list(way(world.history, run, "finish"))
    assert not differences(before, inventory(*world.outside, tmp_path / "elsewhere"))


@pytest.mark.parametrize("place", ["photos", "sorted"])
@pytest.mark.parametrize("way", ["undo", "recover"])
def test_a_folder_that_became_a_link_leads_nobody_elsewhere(world: World, way: str, place: str, tmp_path: Path) -> None:
    """Whoever can change a folder between a run and its undo puts a link in its place, to folders of the same shape."""
    run, _ = applied(world)
    folder = world.photos / "a" if place == "photos" else world.target / "cat"
    folder.rename(tmp_path / "elsewhere" / "theirs")
    folder.symlink_to(tmp_path / "elsewhere" / "theirs")
    before = inventory(tmp_path / "elsewhere")
    kept = [event for event in undo(world.history, run) if isinstance(event, PhotoLeftAlone)]
    assert kept
    assert all("behind a link" in event.reason for event in kept)
    if way == "recover":
        list(recover(world.history, run, "undo"))
    assert not differences(before, inventory(tmp_path / "elsewhere"))


TAG_NONSENSE = {
    "a digest that is a list": {"digest": {"a": 1}}, "keywords that are one text": {"subject": "abc"},
    "keywords of numbers": {"hierarchical": [1]}, "a digest before that is a number": {"was": 1},
    "no digest after": {"now": None}, "packed nonsense": {"before": "????"}, "a sidecar that is a number":
    {"sidecar": 1}, "a relative sidecar": {"sidecar": "a.xmp"}, "a kind nobody knows": {"do": "shred"},
}  # fmt: skip


@pytest.mark.parametrize("nonsense", TAG_NONSENSE)
def test_a_tag_log_of_nonsense_is_damaged_and_left_as_it_is(tmp_path: Path, nonsense: str) -> None:
    (tmp_path / "photos").mkdir()
    record = write_record(str(tmp_path / "photos" / "a.xmp"), b"") | TAG_NONSENSE[nonsense]
    text = json.dumps(record) + "\n" + json.dumps({"do": "done", "sidecars": [str(tmp_path / "photos" / "a.xmp")]})
    (tmp_path / LOG).write_text(text + "\n")
    for way in (lambda: list(withdraw_tags(tmp_path / "photos", tmp_path)), lambda: our_keywords(tmp_path)):
        with pytest.raises(FilingError, match="damaged"):
            way()
    assert (tmp_path / LOG).read_text() == text + "\n"


def test_a_sidecar_with_a_name_that_no_disk_has_is_nowhere(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    named = f"{tmp_path}/photos/{'x' * 5000}.xmp"
    lines = (write_record(named, b"x"), {"do": "done", "sidecars": [named]})
    (tmp_path / LOG).write_text("".join(json.dumps(line) + "\n" for line in lines))
    list(withdraw_tags(tmp_path / "photos", tmp_path, moved={tmp_path / "photos" / "a.jpg": "f" * 32}))


def test_a_sidecar_behind_a_link_is_left_alone(tmp_path: Path) -> None:
    content = edited(EMPTY, add=keywords_of([("x",)]), remove=XmpKeywords())
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.xmp").write_bytes(content)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "link").symlink_to(tmp_path / "elsewhere")
    named = str(tmp_path / "photos" / "link" / "a.xmp")
    lines = (write_record(named, content), {"do": "done", "sidecars": [named]})
    (tmp_path / LOG).write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert list(withdraw_tags(tmp_path / "photos", tmp_path))[-1] == TagsFinished(0, 0, 0)
    assert (tmp_path / "elsewhere" / "a.xmp").read_bytes() == content


def write_record(sidecar: str, now: bytes, **more: object) -> dict[str, Any]:
    return {
        "do": "write", "sidecar": sidecar, "digest": "", "subject": ["x"], "hierarchical": [], "tags_list": [],
        "created": True, "before": None, "was": "", "now": digest_of_bytes(now),
    } | more  # fmt: skip


@pytest.mark.parametrize("climbing", [False, True])
@pytest.mark.parametrize("name", ["theirs.xmp", "script.sh", ".bashrc", "photo.svg"])
def test_an_edited_tag_log_removes_and_writes_nothing_elsewhere(tmp_path: Path, name: str, climbing: bool) -> None:
    photos, log = tmp_path / "photos", tmp_path / "tags"
    content = edited(EMPTY, add=keywords_of([("x",)]), remove=XmpKeywords())
    place = tmp_path / "elsewhere" / name if climbing or name == "theirs.xmp" else photos / name
    for folder in (photos, log, place.parent):
        folder.mkdir(exist_ok=True)
    place.write_bytes(content)
    named = f"{photos}/../elsewhere/{name}" if climbing else str(place)
    (log / LOG).write_text(
        "".join(json.dumps(line) + "\n" for line in (write_record(named, content), {"do": "done", "sidecars": [named]}))
    )
    expected = nullcontext() if name == "theirs.xmp" and not climbing else pytest.raises(FilingError, match="damaged")
    with expected:
        list(withdraw_tags(photos, log))
    assert place.read_bytes() == content


def test_a_packed_sidecar_is_no_bomb(tmp_path: Path) -> None:
    bomb = base64.b64encode(zlib.compress(bytes(200_000_000))).decode()
    record = write_record(str(tmp_path / "photos" / "a.xmp"), b"", before=bomb)
    (tmp_path / LOG).write_text(json.dumps(record) + "\n")
    with pytest.raises(FilingError, match="damaged"):
        list(withdraw_tags(tmp_path / "photos", tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_the_place_of_a_sidecar_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    os.mkfifo(tmp_path / "photos" / "a.xmp")
    (tmp_path / LOG).write_text(json.dumps(write_record(str(tmp_path / "photos" / "a.xmp"), b"x")) + "\n")
    list(withdraw_tags(tmp_path / "photos", tmp_path, disk=Disk()))
    assert (tmp_path / "photos" / "a.xmp").is_fifo()
