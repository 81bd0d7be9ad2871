"""A real engine over a few coloured photos, with everything that the filing sheets need."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from clipsorter.engine.engine import Engine
from clipsorter.ui.filing.apply_dialog import ToSort
from clipsorter.ui.filing.desk import Desk
from clipsorter.ui.jobs import JobRunner
from clipsorter.ui.session import Session

COLOURS = {"red": (220, 30, 30), "blue": (40, 80, 220)}
EACH = 4
PATIENCE_MS = 120_000  # a machine under load; a healthy run needs a second


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Four red and four blue photos, no two the same; one has a sidecar."""
    folder = tmp_path / "photos"
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for number in range(EACH):
            image = Image.new("RGB", (40, 30), colour)
            image.putpixel((0, 0), (number, 0, 0))
            image.save(folder / name / f"{name}-{number}.png")
    (folder / "red" / "red-0.png.xmp").write_text("theirs")
    return folder


@pytest.fixture
def session(qtbot: QtBot, photos: Path, tmp_path: Path) -> Iterator[Session]:
    """Sorted into red and blue."""
    runner = JobRunner()
    session = Session(lambda: Engine(tmp_path / "data", model="colour", workers=1), runner)
    with qtbot.waitSignal(session.opened, timeout=PATIENCE_MS):
        session.open()
    session.add_categories("red, blue")
    session.open_folder(photos)
    qtbot.waitUntil(lambda: is_sorted(session), timeout=PATIENCE_MS)
    yield session
    session.close()


def is_sorted(session: Session) -> bool:
    return session.board is not None and {
        bin_.name: len(bin_) for bin_ in session.board.bins if bin_.name is not None
    } == {"red": EACH, "blue": EACH}


@pytest.fixture
def desk(session: Session) -> Iterator[Desk]:
    desk = Desk(session)
    yield desk
    desk.leave()


@pytest.fixture
def to_sort(session: Session, photos: Path) -> ToSort:
    assert session.answer is not None
    return ToSort(session.answer, photos, {})


State = Callable[[Path], dict[str, tuple[bytes, int]]]


@pytest.fixture
def state_of() -> State:
    """Content and time of every file below a folder."""

    def look(folder: Path) -> dict[str, tuple[bytes, int]]:
        return {
            path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return look
