"""Every fault at every act of apply, undo and recover, each judged from outside by content.

``python -m tests.filing.faults`` runs all of it; the test suite runs a share of it.
"""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clipsorter.errors import ClipSorterError
from clipsorter.filing.apply import apply
from clipsorter.filing.plan import Kind, Links
from clipsorter.filing.recover import recover, runs
from clipsorter.filing.undo import undo
from tests.filing.faults.disk import Fault, FaultyDisk
from tests.filing.faults.world import World, complaints, differences, in_child, inventory, make_world, planned

ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EXDEV)
MEMORY = Path("/dev/shm")  # a real file system of its own on Linux, and one where a flush costs nothing


@dataclass(frozen=True)
class Setting:
    """One way of filing."""

    name: str
    mode: Kind
    links: Links | None = None
    crossing: bool = False  # to a second real file system
    renames: bool = True  # False: a disk without no-replace rename


SETTINGS = (
    Setting("move", "move"),
    Setting("move and link", "move", "symlink"),
    Setting("move by links", "move", renames=False),
    Setting("move across", "move", "hardlink", crossing=True),
    Setting("copy", "copy", "symlink"),
    Setting("hard links", "hardlink"),
    Setting("symbolic links", "symlink"),
)


def has_two_disks() -> bool:
    """Whether files can be moved between two real file systems here."""
    return _homes()[0].stat().st_dev != _homes()[1].stat().st_dev


def fast_home() -> Path:
    """Where flushing costs nothing, if there is such a place."""
    return _homes()[0]


def _homes() -> tuple[Path, Path]:
    common = Path(tempfile.gettempdir())
    return (MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else common), common


@dataclass(frozen=True)
class Case:
    """One fault in one phase; ``then`` is what the person chooses at the next start."""

    setting: Setting
    phase: str  # "apply", "undo", "finish after kill", "undo after kill"
    fault: Fault
    then: str  # "finish" or "undo"
    killed_at: int = 0  # act of apply at which the phases after a kill begin

    def __str__(self) -> str:
        killed = f" (apply killed at {self.killed_at})" if self.killed_at else ""
        return f"{self.setting.name}: {self.phase}{killed}, {self.fault}, then {self.then}"


class Stage:
    """A world on disk with a run in it, made anew for each case."""

    def __init__(self, setting: Setting) -> None:
        home, other = _homes()
        self.home = Path(tempfile.mkdtemp(prefix="clipsorter-faults-", dir=home))
        self.other = Path(tempfile.mkdtemp(prefix="clipsorter-faults-", dir=other)) if setting.crossing else None
        self.setting = setting
        self.world: World = make_world(self.home, self.other)
        self.before = inventory(*self.world.outside)

    def disk(self, fault: Fault | None = None) -> FaultyDisk:
        return FaultyDisk(fault, renames=self.setting.renames)

    def run(self) -> str:
        return runs(self.world.history)[0].run

    def now(self) -> dict:
        return inventory(*self.world.outside)

    def apply(self, disk: FaultyDisk) -> None:
        list(apply(planned(self.world, self.setting.mode, self.setting.links), self.world.history, disk=disk))

    def undo(self, disk: FaultyDisk) -> None:
        list(undo(self.world.history, self.run(), disk=disk))

    def recover(self, way: str, disk: FaultyDisk) -> None:
        list(recover(self.world.history, self.run(), way, disk=disk))

    def close(self) -> None:
        shutil.rmtree(self.home)
        if self.other:
            shutil.rmtree(self.other)


def cases(setting: Setting, *, most: int = 1_000_000) -> list[Case]:
    """All cases of a setting, or so many of them, evenly spread."""
    return spread(list(_all_cases(setting)), most)


def spread(everything: list[Any], most: int) -> list[Any]:
    """At most so many of them, from the first to the last."""
    step = max(1.0, len(everything) / most)
    return [everything[int(index * step)] for index in range(min(most, len(everything)))]


def _all_cases(setting: Setting) -> Iterator[Case]:
    acts = {phase: list(_trace(setting, phase, 0)) for phase in ("apply", "undo")}
    for phase, names in acts.items():
        for number, fault in enumerate(faults(names)):
            yield Case(setting, phase, fault, ("undo", "finish")[number % 2])
    applied = len(acts["apply"])
    for killed_at in sorted({applied // 5, applied // 2, applied - 4}):
        for phase in ("finish after kill", "undo after kill"):
            for number, fault in enumerate(faults(list(_trace(setting, phase, killed_at)))):
                yield Case(setting, phase, fault, ("undo", "finish")[number % 2], killed_at)


def faults(names: list[str]) -> Iterator[Fault]:
    """Every way to fail at each of these acts."""
    for at, name in enumerate(names, start=1):
        yield Fault(at, "kill")
        for code in ERRORS:
            yield Fault(at, "before", code)
            yield Fault(at, "after", code)
            if name == "write":
                yield Fault(at, "half", code)


def _trace(setting: Setting, phase: str, killed_at: int) -> Iterator[str]:
    """The acts of one phase when nothing goes wrong."""
    stage = Stage(setting)
    try:
        disk = stage.disk()
        _until(stage, phase, killed_at)
        _phase(stage, phase)(disk)
        yield from (name for name, _ in disk.trace)
    finally:
        stage.close()


def _until(stage: Stage, phase: str, killed_at: int) -> None:
    """Bring the stage to where the phase begins."""
    if phase == "undo":
        stage.apply(stage.disk())
    elif killed_at:
        assert in_child(lambda: stage.apply(stage.disk(Fault(killed_at, "kill")))) == -9


def _phase(stage: Stage, phase: str) -> Callable[[FaultyDisk], None]:
    if phase == "apply":
        return stage.apply
    if phase == "undo":
        return stage.undo
    return lambda disk: stage.recover(phase.partition(" ")[0], disk)


def failures(case: Case) -> list[str]:
    """Play one case; everything that was not as promised, empty when all was."""
    stage = Stage(case.setting)
    try:
        return [f"{case}: {complaint}" for complaint in _played(stage, case)]
    except Exception as error:
        return [f"{case}: raised {error!r}"]
    finally:
        stage.close()


def _played(stage: Stage, case: Case) -> Iterator[str]:
    _until(stage, case.phase, case.killed_at)
    phase, disk = _phase(stage, case.phase), stage.disk(case.fault)
    if case.fault.how == "kill":
        if in_child(lambda: phase(disk)) != -9:
            yield "was not killed"
    else:
        with contextlib.suppress(ClipSorterError):  # the sentence for the person
            phase(disk)
        if len(disk.trace) < case.fault.at:
            yield "the fault was never reached"
    yield from complaints(stage.before, stage.now())
    yield from _recovered(stage, case)


def _recovered(stage: Stage, case: Case) -> Iterator[str]:
    """The next start: finish or undo, twice, and the exact start in the end."""
    if not runs(stage.world.history):
        yield from differences(stage.before, stage.now())  # it never began
        return
    if case.then == "finish" and case.phase in {"apply", "finish after kill"}:
        stage.recover("finish", stage.disk())
        yield from complaints(stage.before, stage.now())
        if (run := runs(stage.world.history)[0]).state != "complete" or run.filed != run.total:
            yield f"finish left {run.state}, {run.filed} of {run.total} filed"
        if case.setting.mode == "move" and any(stage.world.photos.rglob("*.jpg")):
            yield "finish left photos behind"
        finished = stage.now()
        stage.recover("finish", stage.disk())
        yield from (f"a second finish: {difference}" for difference in differences(finished, stage.now()))
    for _ in range(2):
        stage.undo(stage.disk())
        yield from differences(stage.before, stage.now())
    if (state := runs(stage.world.history)[0].state) != "undone":
        yield f"undo left {state}"
