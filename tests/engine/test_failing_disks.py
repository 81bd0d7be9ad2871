"""Real disks that are full, read-only, broken or gone while photos are indexed; skips where mounting is forbidden."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded, Indexed, PhotoFailed, Recalled
from clipsorter.errors import FolderError, StoreError
from clipsorter.values import Category

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")

Mount = Callable[..., Path]
PHOTOS = 60


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mount something at a folder or file, until the end of the test."""
    mounted: list[Path] = []

    def mount_at(place: Path, *options: str) -> Path:
        done = subprocess.run(["mount", *options, str(place)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
        mounted.append(place)
        return place

    yield mount_at
    for place in reversed(mounted):
        subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


@pytest.fixture
def noisy(tmp_path: Path) -> Path:
    """Photos whose thumbnails fill a disk."""
    folder = tmp_path / "noisy"
    folder.mkdir()
    chance = np.random.default_rng(1)
    for number in range(PHOTOS):
        pixels = chance.integers(0, 256, (256, 256, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:03}.bmp")
    return folder


def test_a_full_data_disk_stops_the_run_in_words_and_loses_nothing(tmp_path: Path, noisy: Path, mount: Mount) -> None:
    data = tmp_path / "disk"
    data.mkdir()
    mount(data, "-t", "tmpfs", "-o", "size=8m", "tmpfs")
    reported = 0
    with closing(Engine(data, model="colour", workers=1)) as engine:
        list(engine.save_categories([Category("red")], {}))
        filler = data / "somebody else's file"
        filler.write_bytes(bytes(os.statvfs(data).f_bavail * os.statvfs(data).f_bsize - 900_000))
        with pytest.raises(StoreError, match="is full"):  # noqa: PT012 - the run is followed while it lasts
            for event in engine.index(noisy):
                reported = event.done if isinstance(event, Embedded) else reported
    assert 0 < reported < PHOTOS
    filler.unlink()
    with closing(Engine(data, model="colour", workers=1)) as engine:
        *_, indexed = engine.index(noisy)
        assert isinstance(indexed, Indexed)
        assert indexed.unchanged >= reported
        assert indexed.unchanged + indexed.embedded == PHOTOS
        (opened,) = engine.open()
        assert [category.name for category in opened.categories] == ["red"]


def test_a_read_only_data_disk_is_refused_in_words(tmp_path: Path, album: Path, mount: Mount) -> None:
    data = tmp_path / "disk"
    data.mkdir()
    mount(data, "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs")
    with closing(Engine(data, model="colour", workers=1)) as engine, pytest.raises(StoreError, match="cannot write"):
        list(engine.index(album))


def test_a_drive_that_goes_and_comes_back_costs_nothing(tmp_path: Path, noisy: Path, mount: Mount) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    mount(drive, "--bind", str(noisy))
    with closing(Engine(tmp_path / "data", model="colour", workers=1)) as engine:
        done = 0
        with pytest.raises(FolderError):  # noqa: PT012 - the run is followed while it lasts
            for event in engine.index(drive):
                assert not isinstance(event, PhotoFailed)
                if isinstance(event, Embedded):
                    before, done = done, event.done
                    if before < 8 <= done:
                        subprocess.run(["umount", "-l", str(drive)], check=True)
        assert 8 <= done < PHOTOS
        drive.rmdir()
        with pytest.raises(FolderError):
            list(engine.index(drive))
        drive.mkdir()
        mount(drive, "--bind", str(noisy))
        *_, again = engine.index(drive)
        assert isinstance(again, Indexed)
        assert again.failed == 0
        assert done <= again.unchanged < PHOTOS
        (recalled,) = engine.recall(drive)
        assert isinstance(recalled, Recalled)
        assert len(recalled.collection) == PHOTOS


def test_a_file_that_its_disk_cannot_read_is_one_reported_photo(tmp_path: Path, album: Path, mount: Mount) -> None:
    """The first byte of a process's memory is an ordinary file that answers with a real I/O error."""
    broken = album / "unreadable.jpg"
    broken.touch()
    mount(broken, "--bind", f"/proc/{os.getpid()}/mem")
    with closing(Engine(tmp_path / "data", model="colour", workers=1)) as engine:
        events = list(engine.index(album))
        (failure,) = [event for event in events if isinstance(event, PhotoFailed)]
        assert failure.path == broken
        assert "cannot be read from its disk" in failure.reason
        assert isinstance(events[-1], Indexed)
        assert events[-1].embedded == 9
