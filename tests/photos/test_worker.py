"""One decode child: its limits and manners, what it imports, how much memory the largest photos take."""

import importlib
import os
import signal
import sys
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from clipsorter.photos.decode import attempt
from clipsorter.photos.prepared import PreparedPhoto
from clipsorter.photos.worker import Worker, WorkerLostError
from clipsorter.values import InputShape, Photo
from tests.photos.readers import SHAPE, make_photos, nothing_is_left_over

if sys.platform != "win32":
    import resource

__all__ = ["nothing_is_left_over"]  # a fixture


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_child_has_limits_and_good_manners():
    worker = Worker()
    try:
        worker.wait_until_ready()
        limit, niceness, ctrl_c = worker.ask(_manners, Photo(Path("a"), 0, 0, 0), 20)
    finally:
        worker.end()
    assert limit == 3 * 2**30
    assert niceness == os.nice(0) + 10
    assert ctrl_c == signal.SIG_IGN


def _manners(photo: Photo) -> tuple[int, int, object]:
    return resource.getrlimit(resource.RLIMIT_AS)[0], os.nice(0), signal.getsignal(signal.SIGINT)


def test_a_child_imports_only_what_decoding_needs(tmp_path, monkeypatch):
    (tmp_path / "probe.py").write_text("import sys\n\ndef loaded(photo):\n    return set(sys.modules)\n")
    monkeypatch.syspath_prepend(tmp_path)
    probe = importlib.import_module("probe")
    photo = make_photos(tmp_path, "a.png")[0]
    worker = Worker()
    try:
        worker.wait_until_ready()
        assert isinstance(worker.ask(partial(attempt, shape=SHAPE), photo, 20), PreparedPhoto)
        modules = worker.ask(probe.loaded, photo, 20)
    finally:
        worker.end()
        del sys.modules["probe"]
    assert not {"PySide6", "torch", "open_clip", "sqlite3", "pytest", "skimage", "PIL.EpsImagePlugin"} & modules


def _modules(photo: Photo) -> set[str]:
    return set(sys.modules)


def test_a_lost_worker_says_so():
    worker = Worker()
    worker.wait_until_ready()
    worker.kill()
    with pytest.raises(WorkerLostError):
        worker.ask(_modules, Photo(Path("a"), 0, 0, 0), 20)
    worker.end()


def _most_memory(photo: Photo) -> int:
    """The most resident memory this child ever had, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss remembers the parent's memory from before the program was started
        (peak,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
@pytest.mark.parametrize("kind", ["baseline", "progressive"])
def test_a_200_megapixel_phone_photo_fits_into_a_child(tmp_path, kind):
    """16,320 x 12,240 px, as Samsung's phones write it; the child may address 3 GiB."""
    path = tmp_path / "phone.jpg"
    with Image.linear_gradient("L") as small:
        small.resize((16320, 12240)).convert("RGB").save(path, quality=90, progressive=kind == "progressive")
    photo = Photo(path, path.stat().st_size, 0, 0)
    worker = Worker()
    try:
        worker.wait_until_ready()
        answer = worker.ask(partial(attempt, shape=InputShape(224)), photo, 120)
        memory = worker.ask(_most_memory, photo, 20)
    finally:
        worker.end()
    assert isinstance(answer, PreparedPhoto), answer.reason
    assert (answer.facts.width, answer.facts.height) == (16320, 12240)
    assert memory < 2 * 2**30
