"""Every fault at every act of writing and withdrawing tags, judged from outside by content."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clipsorter.errors import ClipSorterError
from clipsorter.filing.tags import ToTag, withdraw_tags, write_tags
from clipsorter.filing.xmp import read
from tests.filing.faults.campaign import fast_home, faults, spread
from tests.filing.faults.disk import Fault, FaultyDisk
from tests.filing.faults.world import in_child, inventory, put
from tests.filing.test_xmp import DIGIKAM, LIGHTROOM

PHASES = ("write", "correct", "withdraw")
_WORDS = {"write": "beach", "correct": "city"}


@dataclass(frozen=True)
class TagCase:
    """One fault in one phase of tagging."""

    phase: str
    fault: Fault

    def __str__(self) -> str:
        return f"tags: {self.phase}, {self.fault}"


class TagStage:
    """Three photos: one with Lightroom's sidecar, one with digiKam's, one with none."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="clipsorter-faults-", dir=fast_home()))
        self.photos, self.log = self.home / "photos", self.home / "data" / "tags"
        for number, name in enumerate(("a.jpg", "b.jpg", "c.jpg")):
            put(self.photos / name, f"pixels of {name}".encode(), number)
        put(self.photos / "a.xmp", LIGHTROOM, 3)
        put(self.photos / "b.jpg.xmp", DIGIKAM, 4)
        self.before = self.content()

    def content(self) -> dict[str, bytes]:
        return {path: entry.content for path, entry in inventory(self.photos).items() if entry.kind == "file"}

    def play(self, phase: str, disk: FaultyDisk | None = None) -> None:
        if phase == "withdraw":
            list(withdraw_tags(self.photos, self.log, disk=disk))
        else:
            wanted = [ToTag(self.photos / name, name, ((_WORDS[phase],),)) for name in ("a.jpg", "b.jpg", "c.jpg")]
            list(write_tags(wanted, self.log, disk=disk))

    def until(self, phase: str) -> None:
        for earlier in PHASES[: PHASES.index(phase)]:
            self.play(earlier)

    def close(self) -> None:
        shutil.rmtree(self.home)


def tag_cases(*, most: int = 1_000_000) -> list[TagCase]:
    """All cases, or so many of them, evenly spread."""
    return spread([TagCase(phase, fault) for phase in PHASES for fault in faults(_trace(phase))], most)


def _trace(phase: str) -> list[str]:
    stage = TagStage()
    try:
        stage.until(phase)
        disk = FaultyDisk()
        stage.play(phase, disk)
        return [name for name, _ in disk.trace]
    finally:
        stage.close()


def tag_failures(case: TagCase) -> list[str]:
    """Play one case; everything that was not as promised."""
    stage = TagStage()
    try:
        return [f"{case}: {complaint}" for complaint in _played(stage, case)]
    except Exception as error:
        return [f"{case}: raised {error!r}"]
    finally:
        stage.close()


def _played(stage: TagStage, case: TagCase) -> Iterator[str]:
    stage.until(case.phase)
    start = stage.content()
    after = _expected(case.phase)
    disk = FaultyDisk(case.fault)
    if case.fault.how == "kill":
        if in_child(lambda: stage.play(case.phase, disk)) != -9:
            yield "was not killed"
    else:
        with contextlib.suppress(ClipSorterError):
            stage.play(case.phase, disk)
    for path, content in stage.content().items():
        name = Path(path).name
        if not name.startswith(".clipsorter-") and content not in {start.get(path), after.get(name)}:
            yield f"half or foreign content: {name}"
    for path, content in stage.before.items():
        now = stage.content().get(path)
        if now != content and (path.endswith(".jpg") or now is None or read(content) - read(now)):
            yield f"lost: {path}"
    # The next start: straight to the withdrawal, or the same once more and then the withdrawal.
    if case.fault.at % 2:
        stage.play(case.phase)
        if {Path(path).name: content for path, content in stage.content().items()} != after:
            yield "the same again does not lead to the same"
    stage.play("withdraw")
    left = stage.content()
    yield from (f"withdrawn: gone {path}" for path in stage.before.keys() - left.keys())
    yield from (f"withdrawn: new {path}" for path in left.keys() - stage.before.keys())
    yield from (
        f"withdrawn: changed {path}" for path in left.keys() & stage.before.keys() if left[path] != stage.before[path]
    )


def _expected(phase: str) -> dict[str, bytes]:
    """What stands there after the phase when nothing goes wrong, by name."""
    stage = TagStage()
    try:
        stage.until(phase)
        stage.play(phase)
        return {Path(path).name: content for path, content in stage.content().items()}
    finally:
        stage.close()
