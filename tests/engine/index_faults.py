"""A fault at every act of an index run: of every file that is opened or listed and every statement of the databases.

``python -m tests.engine.index_faults`` plays all of them; the ordinary tests play a share. Each run is a child, so a
kill is a real one. Photos are decoded in that child: what becomes of lost decode workers is shown in ``test_workers``.
"""

import errno
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from PIL import Image

from clipsorter.engine import indexing
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Embedded, Indexed, PhotoFailed
from clipsorter.errors import ClipSorterError
from clipsorter.photos.decode import attempt, attempt_digest
from clipsorter.photos.prepared import Digested, PreparedPhoto, Unreadable
from clipsorter.values import Category, InputShape, Photo
from tests.filing.faults.world import differences, inventory

PHOTOS = 20
BROKEN = 1
FAULTS = ("EIO", "ENOSPC", "EACCES", "memory", "kill")
ACTS = frozenset(
    {"open", "os.scandir", "os.listdir", "os.mkdir", "os.rename", "os.remove", "os.chmod", "sqlite3.connect"}
)


class InlineDecoding:
    """What ``DecodeWorkers`` does, without children."""

    def __init__(self, shape: InputShape, *, count: int | None = None) -> None:
        self._shape = shape

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing to end."""

    def prepare(self, photos: Iterable[Photo]) -> Iterator[PreparedPhoto | Unreadable]:
        for photo in photos:
            yield attempt(photo, self._shape)

    def digest(self, photos: Iterable[Photo]) -> Iterator[Digested | Unreadable]:
        yield from map(attempt_digest, photos)


class Saboteur:
    """Counts the acts below a folder and fails at one of them. Only in a child: an audit hook cannot be taken back."""

    def __init__(self, home: Path, at: int, fault: str) -> None:
        self._home, self._at, self._fault = str(home), at, fault
        self.acts = 0
        self.where = ""
        sys.addaudithook(self._heard)
        connect = sqlite3.connect
        sqlite3.connect = lambda *a, **k: connect(*a, **{"factory": self._factory()} | k)  # type: ignore[assignment]

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in ACTS and arguments and str(arguments[0]).startswith(self._home):
            code = sqlite3.SQLITE_CANTOPEN if event == "sqlite3.connect" else None  # SQLite opens its files itself
            self._act(f"{event} {arguments[0]}", code)

    def _factory(self) -> type[sqlite3.Connection]:
        act = self._act

        class Sabotaged(sqlite3.Connection):
            def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
                act(sql, sqlite3.SQLITE_IOERR)
                return super().execute(sql, *parameters)

            def executemany(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
                act(sql, sqlite3.SQLITE_IOERR)
                return super().executemany(sql, *parameters)

        return Sabotaged

    def _act(self, what: str, code: int | None) -> None:
        self.acts += 1
        if self.acts != self._at:
            return
        self.where = what
        if self._fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self._fault == "memory":
            raise MemoryError
        if code is None:
            number = getattr(errno, self._fault)
            raise OSError(number, os.strerror(number), what.partition(" ")[2])
        error = sqlite3.OperationalError(what)
        error.sqlite_errorcode = sqlite3.SQLITE_FULL if self._fault == "ENOSPC" else code
        raise error


def make_album(home: Path) -> Path:
    """Photos in two folders, one that is none, and a sidecar."""
    album = home / "album"
    for number in range(PHOTOS):
        path = album / ("trip" if number % 3 else "home") / f"{number:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", (40, 30), (220, 30, number * 5))
        image.save(path)
    (album / "broken.jpg").write_bytes(b"\xff\xd8\xff no photo")
    (album / "home" / "00.png.xmp").write_text("no sidecar")
    return album


def run(home: Path, at: int = 0, fault: str = "") -> dict[str, Any]:
    """Index the album of ``home`` in a child with a fault at one act; what was reported, raised and counted."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run_in_child(home, at, fault, lambda told: os.write(writing, json.dumps(told).encode() + b"\n"))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().splitlines()
    os.waitpid(child, 0)
    told: dict[str, Any] = {"done": 0, "failed": 0}
    for line in lines:
        told |= json.loads(line)
    return told


def _run_in_child(home: Path, at: int, fault: str, tell: Callable[[dict[str, Any]], object]) -> None:
    indexing.DecodeWorkers = InlineDecoding  # type: ignore[assignment, misc]
    saboteur = Saboteur(home, at, fault)
    failed = 0
    try:
        with closing(Engine(home / "data", model="colour")) as engine:
            for event in engine.index(home / "album"):
                if isinstance(event, PhotoFailed):
                    failed += 1
                    tell({"failed": failed})
                elif isinstance(event, Embedded):
                    tell({"done": event.done})
                elif isinstance(event, Indexed):
                    tell({"unchanged": event.unchanged, "embedded": event.embedded, "whole": True})
    except ClipSorterError as error:
        tell({"raised": "sentence", "words": str(error)})
    except BaseException as error:  # a child must never return into pytest
        tell({"raised": type(error).__name__, "words": repr(error)})
    tell({"acts": saboteur.acts, "where": saboteur.where})


def judge(template: Path, at: int, fault: str) -> tuple[list[str], str]:
    """What is wrong after a fault at one act and the run after it, and where it struck."""
    with tempfile.TemporaryDirectory(dir=template.parent) as place:
        home = Path(place) / "home"
        shutil.copytree(template, home)
        before = inventory(home / "album")
        first = run(home, at, fault)
        complaints = [f"photos changed: {one}" for one in differences(before, inventory(home / "album"))]
        if first.get("raised", "sentence") not in ("sentence", "MemoryError" if fault == "memory" else ""):
            complaints.append(f"raised {first['raised']}: {first['words']}")
        second = run(home)
        kept = first["done"] - first["failed"]  # reported as looked at
        if not second.get("whole") or second["unchanged"] + second["embedded"] + second["failed"] != PHOTOS + BROKEN:
            complaints.append(f"the next run did not end whole: {second}")
        elif second["failed"] > BROKEN + (fault == "memory") or second["unchanged"] < kept:  # too large is for good
            complaints.append(f"{kept} were reported, {second['unchanged']} kept, {second['failed']} failed")
        with closing(Engine(home / "data", model="colour")) as engine:
            (opened,) = engine.open()
            if [one.name for one in opened.categories] != ["red"]:
                complaints.append("the categories are gone")
        complaints += [f"photos changed: {one}" for one in differences(before, inventory(home / "album"))]
        return complaints, first.get("where", "")


def make_template(home: Path, *, known: bool) -> Path:
    """An album and a data folder with a category; with ``known`` the album was looked at and has changed since."""
    template = home / ("known" if known else "new")
    album = make_album(template)
    with closing(Engine(template / "data", model="colour")) as engine:
        list(engine.save_categories([Category("red")], {}))
    if known:
        run(template)
        shutil.copy(album / "home" / "03.png", album / "copy of 03.png")
        (album / "copy of 03.png").rename(album / "trip" / "01.png")  # known content under a known name
    return template


def acts_of(template: Path) -> int:
    """How many acts a run without a fault has."""
    with tempfile.TemporaryDirectory(dir=template.parent) as place:
        shutil.copytree(template, Path(place) / "home")
        return int(run(Path(place) / "home")["acts"])


def main(every: int) -> int:
    """Play every ``every``-th act with every fault; returns the exit status."""
    played = bad = 0
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as place:
        for known in (False, True):
            template = make_template(Path(place), known=known)
            for at in range(1, acts_of(template) + 1, every):
                for fault in FAULTS:
                    complaints, where = judge(template, at, fault)
                    played, bad = played + 1, bad + bool(complaints)
                    for complaint in complaints:
                        print(f"{template.name}: {fault} at {at} ({where[:80]}): {complaint}", flush=True)
            print(f"{template.name}: {played} faults so far, {bad} failures", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
