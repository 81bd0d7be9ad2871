"""Decode workers: every photo gets one answer, whatever becomes of its reader."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest
import xxhash

from clipsorter.errors import ClipSorterError
from clipsorter.photos import workers as workers_module
from clipsorter.photos.prepared import Digested, PreparedPhoto, Unreadable
from clipsorter.photos.worker import Worker
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import InputShape, Photo
from tests.photos.readers import ROOT, SHAPE, active_children, make_photos, misbehave, nothing_is_left_over

__all__ = ["nothing_is_left_over"]  # a fixture


def answers(stream: Iterator[object]) -> dict[str, object]:
    """File name to answer; fails when a photo is answered twice."""
    found: dict[str, object] = {}
    for answer in stream:
        if answer is not None:
            assert answer.photo.path.name not in found
            found[answer.photo.path.name] = answer
    return found


def test_every_photo_is_answered_once(tmp_path):
    photos = make_photos(tmp_path, *(f"{i}.png" for i in range(60)))
    with DecodeWorkers(SHAPE, count=2) as workers:
        found = answers(workers.prepare(photos))
    assert set(found) == {photo.path.name for photo in photos}
    assert all(isinstance(answer, PreparedPhoto) for answer in found.values())
    for shade, photo in enumerate(photos):
        assert np.all(found[photo.path.name].pixels == (shade, 0, 0))


def test_a_broken_photo_is_one_answer_among_many(tmp_path):
    photos = make_photos(tmp_path, "a.png", "b.png", "c.png")
    photos[1].path.write_bytes(b"no picture")
    with DecodeWorkers(SHAPE, count=1) as workers:
        found = answers(workers.prepare(photos))
    assert [type(found[name]) for name in ("a.png", "b.png", "c.png")] == [PreparedPhoto, Unreadable, PreparedPhoto]
    assert found["b.png"].digest == xxhash.xxh3_128_hexdigest(b"no picture")


def test_an_answer_that_cannot_be_read_is_the_callers_error_and_the_next_photo_is_read(tmp_path):
    photos = make_photos(tmp_path, "overflows.png", "fine.png")
    with DecodeWorkers(SHAPE, count=1, decode=misbehave) as workers:
        with pytest.raises(MemoryError, match="no room"):
            list(workers.prepare(photos[:1]))
        assert isinstance(answers(workers.prepare(photos[1:]))["fine.png"], PreparedPhoto)


def test_digests_are_those_of_prepare(tmp_path):
    photos = make_photos(tmp_path, "a.png", "b.png")
    with DecodeWorkers(SHAPE, count=1) as workers:
        hashed = answers(workers.digest(photos))
        prepared = answers(workers.prepare(photos))
    assert all(isinstance(answer, Digested) for answer in hashed.values())
    assert {name: answer.digest for name, answer in hashed.items()} == {
        name: answer.digest for name, answer in prepared.items()
    }


def test_no_photos_need_no_workers():
    with DecodeWorkers(SHAPE) as workers:
        assert list(workers.prepare([])) == []
        assert active_children() == []


def test_no_more_is_taken_than_the_look_ahead(tmp_path):
    (photo,) = make_photos(tmp_path, "a.png")
    taken = 0

    def endless() -> Iterator[Photo]:
        nonlocal taken
        for taken in count(1):  # noqa: B007 - read by the test
            yield photo

    yielded = 0
    with DecodeWorkers(SHAPE, count=1, look_ahead=5) as workers:
        stream = workers.prepare(endless())
        while yielded < 20:
            yielded += next(stream) is not None
            assert taken <= yielded + 5
        stream.close()


def test_answers_come_in_the_order_of_the_photos_though_the_first_is_done_last(tmp_path):
    photos = make_photos(tmp_path, "waits.png", "a.png", "last.png")
    with DecodeWorkers(SHAPE, count=2, decode=misbehave) as workers:
        answers = [one for one in workers.prepare(photos) if one is not None]
    assert [one.photo.path.name for one in answers] == ["waits.png", "a.png", "last.png"]


def test_no_child_stands_idle_for_the_sake_of_order(tmp_path):
    photos = make_photos(tmp_path, "hangs.png", *(f"{number}.png" for number in range(12)))
    with DecodeWorkers(SHAPE, count=2, look_ahead=4, decode=misbehave) as workers:
        stream = workers.prepare(photos)
        found = list(islice((one for one in stream if one is not None), 9))
        stream.close()
    assert [one.photo.path.name for one in found] == [f"{number}.png" for number in range(9)]


def test_a_slow_photo_gives_the_caller_turns(tmp_path):
    photos = make_photos(tmp_path, "hangs.png")
    with DecodeWorkers(SHAPE, count=1, decode=misbehave) as workers:
        stream = workers.prepare(photos)
        assert [next(stream) for _ in range(3)] == [None] * 3
        stream.close()


def test_after_closing_early_the_workers_are_reusable(tmp_path):
    photos = make_photos(tmp_path, *(f"{i}.png" for i in range(30)))
    with DecodeWorkers(SHAPE, count=2) as workers:
        first = workers.prepare(photos[:20])
        while next(first) is None:
            pass
        first.close()
        assert set(answers(workers.prepare(photos[20:]))) == {photo.path.name for photo in photos[20:]}


def test_an_error_of_the_photo_source_reaches_the_caller(tmp_path):
    def broken() -> Iterator[Photo]:
        yield from make_photos(tmp_path, "a.png")
        raise KeyError("source")

    with DecodeWorkers(SHAPE, count=1) as workers, pytest.raises(KeyError, match="source"):
        list(workers.prepare(broken()))


@pytest.mark.parametrize("fault", ["dies", "exits", "raises"])
def test_a_photo_that_kills_its_reader_is_reported_and_the_rest_goes_on(fault, tmp_path, capfd):
    photos = make_photos(tmp_path, "a.png", f"{fault}.png", "b.png", "c.png")
    with DecodeWorkers(SHAPE, count=1, decode=misbehave) as workers:
        found = answers(workers.prepare(photos))
    lost = found.pop(f"{fault}.png")
    assert isinstance(lost, Unreadable)
    assert "crashed its reader" in lost.reason
    assert lost.refused  # so that it is remembered and not tried again until it changes
    assert [type(answer) for answer in found.values()] == [PreparedPhoto] * 3
    assert ("a bug" in capfd.readouterr().err) == (fault == "raises")


def test_a_reader_that_died_of_something_else_costs_no_photo(tmp_path):
    photos = make_photos(tmp_path, "a.png", "dies_once.png", "b.png")
    with DecodeWorkers(SHAPE, count=1, decode=misbehave) as workers:
        found = answers(workers.prepare(photos))
    assert [type(answer) for answer in found.values()] == [PreparedPhoto] * 3


def test_a_reader_killed_between_two_photos_costs_no_photo(tmp_path):
    photos = make_photos(tmp_path, "a.png", "b.png")
    with DecodeWorkers(SHAPE, count=1) as workers:
        answers(workers.prepare(photos[:1]))
        (child,) = active_children()
        child.kill()
        child.join()
        found = answers(workers.prepare(photos[1:]))
    assert isinstance(found["b.png"], PreparedPhoto)


def test_a_photo_that_hangs_is_given_up_and_the_rest_goes_on(tmp_path):
    photos = make_photos(tmp_path, "hangs.png", "a.png")
    with DecodeWorkers(SHAPE, count=1, seconds=6.0, decode=misbehave) as workers:
        found = answers(workers.prepare(photos))
    assert isinstance(found["a.png"], PreparedPhoto)
    assert isinstance(found["hangs.png"], Unreadable)
    assert "longer than" in found["hangs.png"].reason


def test_closing_in_the_middle_of_a_photo_does_not_wait_for_it(tmp_path):
    photos = make_photos(tmp_path, "hangs-1.png", "hangs-2.png", "a.png")
    with DecodeWorkers(SHAPE, count=2, decode=misbehave) as workers:
        stream = workers.prepare(photos)
        while not (tmp_path / "hangs-1.tried").exists():
            assert next(stream, None) is None or not isinstance(next(stream), Unreadable)
        began = time.monotonic()
        workers.close()
        stream.close()
        assert time.monotonic() - began < 10  # the photo would take for ever
    with pytest.raises(RuntimeError, match="closed"):
        list(workers.prepare(photos))


def test_when_readers_cannot_be_started_it_is_said(tmp_path, monkeypatch):
    class NoWorker(Worker):
        def __init__(self) -> None:
            raise OSError("cannot allocate memory")

    monkeypatch.setattr(workers_module, "Worker", NoWorker)
    with DecodeWorkers(SHAPE, count=1) as workers, pytest.raises(ClipSorterError, match="cannot be started"):
        list(workers.prepare(make_photos(tmp_path, "a.png")))


def test_the_main_script_is_not_run_again_in_the_children(tmp_path):
    make_photos(tmp_path, "a.png")
    script = tmp_path / "clipsorter-start"  # as pip installs console scripts: no name a module could have
    script.write_text(
        "print('main runs')\n"
        "from pathlib import Path\n"
        "from clipsorter.photos.workers import DecodeWorkers\n"
        "from clipsorter.values import InputShape, Photo\n"
        "with DecodeWorkers(InputShape(32), count=2) as workers:\n"
        f"    photos = [Photo(Path({str(tmp_path / 'a.png')!r}), 1, 0, 0)] * 4\n"
        "    print([type(answer).__name__ for answer in workers.prepare(photos) if answer])\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == f"main runs\n{['PreparedPhoto'] * 4}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
def test_children_end_with_their_parent_even_in_the_middle_of_a_photo(tmp_path):
    make_photos(tmp_path, "hangs.png")
    script = (
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from clipsorter.photos.workers import DecodeWorkers\n"
        "from clipsorter.values import InputShape, Photo\n"
        "from tests.photos.readers import misbehave\n"
        f"photos = [Photo(Path({str(tmp_path / 'hangs.png')!r}), 1, 0, 0)]\n"
        "list(DecodeWorkers(InputShape(32), count=1, decode=misbehave).prepare(photos))\n"
    )
    marker = tmp_path / "hangs.tried"
    with subprocess.Popen([sys.executable, "-c", script]) as parent:
        assert _becomes_true(lambda: marker.exists() and marker.read_text() != "")
        child = int(marker.read_text())
        assert _runs(child)
        parent.kill()
    assert _becomes_true(lambda: not _runs(child))


def _becomes_true(condition, seconds: float = 30) -> bool:
    give_up = time.monotonic() + seconds
    while not condition() and time.monotonic() < give_up:
        time.sleep(0.01)  # another process, so there is nothing to wait on
    return condition()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return (
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" if Path("/proc").exists() else True
    )


def test_closing_while_the_first_minder_is_about_to_start_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers, starting, go_on = DecodeWorkers(InputShape(32), count=1), threading.Event(), threading.Event()
    start = threading.Thread.start

    def slow(thread: threading.Thread) -> None:
        if thread.name == "decode minder":
            starting.set()
            go_on.wait(60)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", slow)
    failed: list[BaseException] = []

    def close() -> None:
        try:
            workers.close()
        except RuntimeError as error:
            failed.append(error)

    def ask() -> None:
        with suppress(ClipSorterError):  # its child was killed while it started
            next(workers.digest(make_photos(tmp_path, "a.png")))

    asker = threading.Thread(target=ask)
    asker.start()
    assert starting.wait(60)
    closer = threading.Thread(target=close)
    closer.start()
    go_on.set()
    closer.join()
    asker.join()
    assert failed == []
