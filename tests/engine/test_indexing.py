"""Index runs: everything is embedded once, every photo has one outcome, nothing is written below the folder."""

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from clipsorter.encoders.encoder import Encoder
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import (
    Embedded,
    EncoderReady,
    EncoderStarting,
    EntryFailed,
    Indexed,
    KindLeftOut,
    PhotoFailed,
    Scanned,
)
from clipsorter.engine.model import Model
from clipsorter.errors import FolderError
from clipsorter.values import Photo

Paint = Callable[..., Path]


def last(events: Iterable[object]) -> Indexed:
    *_, final = events
    assert isinstance(final, Indexed)
    return final


def state_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def test_a_run_tells_its_story_in_order(engine: Engine, album: Path) -> None:
    events = list(engine.index(album))
    kinds = [type(event) for event in events]
    assert kinds.index(Scanned) < kinds.index(EncoderReady) < kinds.index(Embedded) < kinds.index(Indexed)
    assert last(events) == Indexed(9, 9, 0, 0, 0, last(events).seconds, 9)
    progress = [event for event in events if isinstance(event, Embedded)]
    assert [event.done for event in progress] == sorted(event.done for event in progress)
    assert (progress[-1].done, progress[-1].total) == (9, 9)


def test_a_second_run_embeds_nothing_and_starts_no_worker(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    events = list(engine.index(album))
    assert last(events).unchanged == 9
    assert not [event for event in events if isinstance(event, Embedded | EncoderReady)]


def test_renamed_copied_and_touched_photos_are_not_embedded_again(engine: Engine, album: Path, paint: Paint) -> None:
    list(engine.index(album))
    (album / "red 0.png").rename(album / "trip" / "moved.png")
    (album / "copy.png").write_bytes((album / "red 1.png").read_bytes())
    os.utime(album / "red 2.png", ns=(1, 1))
    paint(album / "new.png", "blue", 99)
    final = last(engine.index(album))
    assert (final.photos, final.embedded, final.unchanged) == (11, 1, 10)


def test_a_changed_photo_is_embedded_again(engine: Engine, album: Path, paint: Paint) -> None:
    list(engine.index(album))
    paint(album / "red 0.png", "blue", 7)
    assert last(engine.index(album)).embedded == 1


def test_a_deleted_photo_leaves_the_board_and_comes_back_without_work(engine: Engine, album: Path) -> None:
    list(engine.index(album))
    content, status = (album / "red 0.png").read_bytes(), (album / "red 0.png").stat()
    (album / "red 0.png").unlink()
    assert last(engine.index(album)).photos == 8
    (album / "red 0.png").write_bytes(content)
    os.utime(album / "red 0.png", ns=(status.st_atime_ns, status.st_mtime_ns))
    final = last(engine.index(album))
    assert (final.photos, final.embedded) == (9, 0)


def test_a_kind_that_is_left_out_leaves_the_board_and_comes_back_without_work(
    engine: Engine, album: Path, tmp_path: Path
) -> None:
    list(engine.index(album))
    engine.close()
    with closing(Engine(tmp_path / "data", model="colour", workers=1, left_out=["JPEG", "no such kind"])) as picky:
        for _ in range(2):
            final = last(picky.index(album))
            assert (final.photos, final.passed, final.failed) == (6, 3, 0)
    with closing(Engine(tmp_path / "data", model="colour", workers=1)) as again:
        final = last(again.index(album))
        assert (final.photos, final.embedded) == (9, 0)


def test_a_bad_photo_is_one_reported_photo_in_every_run(engine: Engine, album: Path) -> None:
    (album / "broken.jpg").write_bytes(b"\xff\xd8\xff this is no photo")
    for _ in range(2):
        events = list(engine.index(album))
        assert [event.path.name for event in events if isinstance(event, PhotoFailed)] == ["broken.jpg"]
        assert (last(events).photos, last(events).failed) == (10, 1)


def test_a_repaired_photo_is_tried_again(engine: Engine, album: Path, paint: Paint) -> None:
    (album / "photo.png").write_bytes(b"nothing")
    assert last(engine.index(album)).failed == 1
    paint(album / "photo.png", "red", 50)
    final = last(engine.index(album))
    assert (final.failed, final.embedded) == (0, 1)


def test_a_stopped_run_goes_on_where_it_stopped(engine: Engine, tmp_path: Path, paint: Paint) -> None:
    for number in range(40):
        paint(tmp_path / "many" / f"{number:02}.png", "red", number)
    steps = engine.index(tmp_path / "many")
    stored = next(event.done for event in steps if isinstance(event, Embedded) and event.done)
    steps.close()  # type: ignore[attr-defined]
    assert 0 < stored < 40
    final = last(engine.index(tmp_path / "many"))
    assert final.unchanged >= stored
    assert final.unchanged + final.embedded == 40


def test_indexing_leaves_the_folder_as_it_was(engine: Engine, album: Path) -> None:
    before = state_of(album)
    list(engine.index(album))
    assert state_of(album) == before


def test_a_folder_that_is_away_keeps_its_photos(engine: Engine, album: Path, tmp_path: Path) -> None:
    list(engine.index(album))
    album.rename(tmp_path / "unplugged")
    with pytest.raises(FolderError, match="no folder"):
        list(engine.index(album))
    (tmp_path / "unplugged").rename(album)
    assert last(engine.index(album)).unchanged == 9


def test_the_folder_may_be_empty_or_hold_no_photos(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert last(engine.index(tmp_path / "empty")).photos == 0
    (tmp_path / "empty" / "notes.txt").write_text("hello")
    final = last(engine.index(tmp_path / "empty"))
    assert (final.photos, final.passed) == (0, 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_photo_that_could_not_be_reached_is_tried_again_though_it_did_not_change(
    engine: Engine, album: Path, paint: Paint, tmp_path: Path
) -> None:
    photo = paint(album / "locked.png", "red", 77)
    for event in engine.index(album):
        if isinstance(event, Scanned) and event.done:
            photo.rename(tmp_path / "elsewhere.png")
            os.mkfifo(photo)
    assert last([event]).failed == 1
    (tmp_path / "elsewhere.png").replace(photo)  # same size, time and inode
    final = last(engine.index(album))
    assert (final.photos, final.failed, final.embedded) == (10, 0, 1)


def test_a_folder_that_goes_away_stops_the_run_and_no_photo_of_it_is_called_unreadable(
    engine: Engine, album: Path, tmp_path: Path
) -> None:
    seen = []
    with pytest.raises(FolderError, match="There is no folder"):  # noqa: PT012 - the run is followed while it lasts
        for event in engine.index(album):
            seen.append(event)
            if isinstance(event, Scanned) and event.done:
                album.rename(tmp_path / "unplugged")
                album.mkdir()  # the empty place where its disk was
    assert not [event for event in seen if isinstance(event, PhotoFailed)]
    album.rmdir()
    (tmp_path / "unplugged").rename(album)
    final = last(engine.index(album))
    assert (final.photos, final.failed, final.embedded + final.unchanged) == (9, 0, 9)


def test_photos_that_need_a_missing_part_are_told_once_for_each_kind_unless_nobody_wants_to_see_them(
    engine: Engine, album: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("heif", "raw", "video"):
        monkeypatch.setattr(f"clipsorter.photos.scan.{kind}_is_installed", lambda: False)
    for name in ("a.nef", "b.NEF", "c.heic", "clip.mp4", "green 2.cr2"):  # the last one travels with its picture
        (album / name).write_bytes(b"something")
    events = list(engine.index(album))
    told = [(event.first.name, event.files) for event in events if isinstance(event, KindLeftOut)]
    assert told == [("a.nef", 2), ("c.heic", 1), ("clip.mp4", 1)]
    assert (last(events).photos, last(events).failed) == (9, 0)
    engine.close()
    with closing(Engine(tmp_path / "data", model="colour", workers=1, left_out=["HEIC", "Raw", "Video"])) as picky:
        assert not [event for event in picky.index(album) if isinstance(event, KindLeftOut)]


def test_a_folder_that_cannot_be_looked_into_is_named_and_keeps_its_photos(
    engine: Engine, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(engine.index(album))
    listed = os.scandir

    def refuse(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if str(path) == str(album / "trip"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    events = list(engine.index(album))
    assert [(event.path, event.reason) for event in events if isinstance(event, EntryFailed)] == [
        (album / "trip", "You have no permission to look into this folder.")
    ]
    assert (last(events).photos, last(events).failed) == (6, 0)
    monkeypatch.undo()
    assert last(engine.index(album)).unchanged == 9


def test_of_known_files_only_the_changed_ones_become_photos_in_the_walk(
    engine: Engine, album: Path, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(engine.index(album))
    paint(album / "red 0.png", "blue", 7)
    (album / "trip" / "blue 1.png").unlink()
    (album / "green 2.jpg").rename(album / "trip" / "renamed.jpg")
    made: list[str] = []

    def note(path: Path, size: int, mtime_ns: int, inode: int) -> Photo:
        made.append(path.name)
        return Photo(path, size, mtime_ns, inode)

    monkeypatch.setattr("clipsorter.photos.scan.Photo", note)
    final = last(engine.index(album))
    assert (final.photos, final.embedded, final.unchanged) == (8, 1, 7)
    assert made == ["red 0.png", "renamed.jpg"]


def test_a_renamed_bad_photo_is_reported_under_its_new_name_without_a_second_try(
    engine: Engine, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (album / "broken.jpg").write_bytes(b"\xff\xd8\xff this is no photo")
    list(engine.index(album))
    (album / "broken.jpg").rename(album / "trip" / "still broken.jpg")
    monkeypatch.setattr("clipsorter.engine.indexing.DecodeWorkers", None)
    for _ in range(2):
        events = list(engine.index(album))
        assert [event.path.name for event in events if isinstance(event, PhotoFailed)] == ["still broken.jpg"]
        assert (last(events).photos, last(events).failed) == (10, 1)


def test_the_time_the_model_takes_to_load_does_not_spoil_the_rate(
    engine: Engine, album: Path, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(engine.index(album))
    for number in range(20):
        paint(album / f"new {number}.png", "red", 100 + number)
    hours_later = 0.0
    started = Model.ready

    def load_for_hours(model: Model) -> Generator[EncoderStarting | EncoderReady, None, Encoder]:
        nonlocal hours_later
        hours_later += 3600 * 5
        return (yield from started(model))

    real = time.monotonic
    monkeypatch.setattr("clipsorter.engine.indexing.time.monotonic", lambda: real() + hours_later)
    monkeypatch.setattr(Model, "ready", load_for_hours)
    rates = [event.rate for event in engine.index(album) if isinstance(event, Embedded)]
    assert hours_later
    assert rates[-1] > 0.1
