"""A small world of files with everything that filing has to keep together, and what is seen of it from outside."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clipsorter.filing.identity import digest_of
from clipsorter.filing.plan import FilingRequest, Kind, Links, Plan, ToFile
from clipsorter.filing.planning import make_plan
from clipsorter.values import Photo

# name below "photos" -> category of the photos among them
FILES = {
    "a/IMG_1.jpg": "cat", "a/IMG_1.CR2": None, "a/IMG_1.xmp": None,
    "a/IMG_2.jpg": "cat", "a/IMG_2.jpg.xmp": None,
    "b/IMG_2.jpg": "cat",
    "b/IMG_3.HEIC": "狗", "b/IMG_3.MOV": None, "b/IMG_3.AAE": None,
    "b/IMG_9.jpg": "cat",
    "b/notes.txt": None,
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Folders of one test. ``photos`` and ``target`` may stand on different disks."""

    photos: Path
    target: Path
    history: Path

    @property
    def outside(self) -> tuple[Path, Path]:
        return self.photos, self.target


def make_world(home: Path, target_home: Path | None = None) -> World:
    """Build the files; every one has content, time and mode of its own."""
    world = World(home / "photos", (target_home or home) / "sorted", home / "data" / "runs")
    for number, name in enumerate(FILES):
        put(world.photos / name, f"content of {name} ".encode() * 40, number)
    put(world.target / "cat" / "2026" / "IMG_9.jpg", b"somebody else's photo", 100)
    put(world.target / "cat" / "old.jpg", b"an old photo", 101)
    (world.target / "狗").mkdir()
    folders = [path for root in world.outside for path in (root, *root.rglob("*")) if path.is_dir()]
    for folder in folders:
        os.utime(folder, ns=(1_500_000_000_123_456_789, 1_500_000_000_123_456_789))
    return world


def put(path: Path, content: bytes, number: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o640 if number % 2 else 0o604)
    time = 1_600_000_000_000_000_000 + number * 1_000_000_007
    os.utime(path, ns=(time, time))


def chosen(world: World, names: Sequence[str] | None = None, others: tuple[str, ...] = ()) -> list[ToFile]:
    """The photos of the world as the engine would hand them in."""
    result = []
    for name, category in FILES.items():
        if category is not None and (names is None or name in names):
            path = world.photos / name
            found = path.stat()
            photo = Photo(path, found.st_size, found.st_mtime_ns, found.st_ino)
            result.append(ToFile(photo, digest_of(path), category, others, datetime(2026, 3, 4), "similarity 0.31"))  # noqa: DTZ001
    return result


def planned(world: World, mode: Kind = "move", links: Links | None = None) -> Plan:
    """The plan for the whole world."""
    request = FilingRequest(world.photos, world.target, mode, "category/year", links)
    others = ("beach",) if links else ()
    return list(make_plan(chosen(world, others=others), request))[-1]


# ------------------------------------------------------------------------------------------ what is seen from outside


@dataclass(frozen=True)
class Entry:
    """One name as it stands on the disk."""

    kind: str  # "file", "folder", "link"
    content: bytes
    mtime_ns: int
    mode: int


def inventory(*roots: Path) -> dict[str, Entry]:
    """Everything below some folders, by path."""
    found = {}
    for root in roots:
        if root.exists():
            found[str(root)] = _entry(root)
        for path in sorted(root.rglob("*")):
            found[str(path)] = _entry(path)
    return found


def _entry(path: Path) -> Entry:
    seen = path.lstat()
    if stat.S_ISLNK(seen.st_mode):
        return Entry("link", os.fsencode(path.readlink()), 0, 0)
    if stat.S_ISDIR(seen.st_mode):
        return Entry("folder", b"", seen.st_mtime_ns, stat.S_IMODE(seen.st_mode))
    return Entry("file", path.read_bytes(), seen.st_mtime_ns, stat.S_IMODE(seen.st_mode))


def complaints(before: dict[str, Entry], after: dict[str, Entry]) -> list[str]:
    """What must never happen, whatever went wrong; empty when nothing did."""
    contents = {entry.content for entry in before.values() if entry.kind == "file"}
    present = {entry.content for entry in after.values() if entry.kind == "file"}
    found = [f"lost: {content[:30]!r}" for content in contents - present]
    for path, entry in after.items():
        part = Path(path).name.startswith(".clipsorter-")
        if entry.kind == "file" and not part and entry.content not in contents:
            found.append(f"half or foreign content: {path}")
        was = before.get(path)
        if was and was.kind == "file" and (entry.kind, entry.content) != (was.kind, was.content):
            found.append(f"overwritten: {path}")
    return found


def differences(before: dict[str, Entry], after: dict[str, Entry]) -> list[str]:
    """How two inventories differ, in content, names, times or permissions."""
    found = [f"gone: {path}" for path in before.keys() - after.keys()]
    found += [f"new: {path}" for path in after.keys() - before.keys()]
    found += [f"changed: {path}" for path in before.keys() & after.keys() if before[path] != after[path]]
    return sorted(found)


def in_child(work: Callable[[], None]) -> int:
    """Run ``work`` in a child process; returns 0, 1 when it raised, or minus the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:  # the child must never return into pytest
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def contents(inventoried: dict[str, Entry]) -> Counter[bytes]:
    """How often each content is there."""
    return Counter(entry.content for entry in inventoried.values() if entry.kind == "file")
