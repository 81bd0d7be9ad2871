"""What tests of decode workers share: photos, a decoder that does what a name says, and what may not be left over."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import enumerate as running_threads

import pytest
from PIL import Image

from clipsorter.photos.decode import attempt
from clipsorter.photos.prepared import PreparedPhoto, Unreadable
from clipsorter.values import InputShape, Photo

ROOT = Path(__file__).parents[2]
SHAPE = InputShape(32)


class TooMuch:
    """An answer for which its reader has no memory."""

    def __reduce__(self):
        return find_no_memory, ()


def find_no_memory() -> None:
    raise MemoryError("no room for the answer")


def misbehave(photo: Photo, shape: InputShape) -> PreparedPhoto | Unreadable:
    """A decoder that does what a photo's name says, in a worker."""
    kind = photo.path.stem.partition("-")[0]
    marker = photo.path.with_suffix(".tried")
    if kind == "dies" or (kind == "dies_once" and not marker.exists()):
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "raises":
        raise AssertionError("a bug")
    if kind == "overflows":
        return TooMuch()  # type: ignore[return-value]
    if kind == "exits":
        os._exit(3)
    if kind == "hangs":
        marker.write_text(str(os.getpid()))
        while True:
            time.sleep(60)
    if kind == "waits":
        while not photo.path.with_name("last.tried").exists():
            time.sleep(0.01)
    answer = attempt(photo, shape)
    if kind == "last":
        marker.touch()
    return answer


def active_children() -> list[BaseProcess]:
    """The decode children; other tests of this run may keep an encoder child for their whole session."""
    return [child for child in multiprocessing.active_children() if child.name == "clipsorter decode"]


@pytest.fixture(autouse=True)
def nothing_is_left_over(monkeypatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(ROOT)  # so that a worker can import ``misbehave``
    yield
    assert active_children() == []
    assert not [thread for thread in running_threads() if thread.name == "decode minder"]


def make_photos(folder: Path, *names: str) -> list[Photo]:
    photos = []
    for shade, name in enumerate(names):
        path = folder / name
        Image.new("RGB", (40, 40), (shade, 0, 0)).save(path)
        photos.append(Photo(path, path.stat().st_size, path.stat().st_mtime_ns, path.stat().st_ino))
    return photos
