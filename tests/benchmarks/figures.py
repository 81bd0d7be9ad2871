"""A measured figure beside its goal, and how processor time is taken."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. ``goal`` None: a limit of the machine, or something to know."""

    name: str
    value: float
    unit: str
    n: int
    method: str
    goal: float | None = None
    better: Literal["less", "more"] = "less"

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        if self.goal is None:
            return None
        return bool(self.value <= self.goal if self.better == "less" else self.value >= self.goal)

    def as_line(self) -> str:
        """For people."""
        goal = "" if self.goal is None else f"{'<=' if self.better == 'less' else '>='} {self.goal:g}"
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        return f"{self.name:66s} {self.value:10.3g} {self.unit:9s} {goal:9s} {verdict:7s} n={self.n}, {self.method}"


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of this process that ``work`` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def run_child(program: str, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> float:
    """Processor seconds of a fresh interpreter that runs ``program``; raises RuntimeError when it fails."""
    command = [sys.executable, "-W", "ignore", "-c", program, *arguments]
    known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    child = subprocess.Popen(command, env=known | dict(environment or {}), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"A measured program failed: {program[:60]}")
    return usage.ru_utime + usage.ru_stime


def ask_child(
    program: str, *arguments: object, environment: Mapping[str, str] | None = None, python: str = sys.executable
) -> list[float]:
    """The list of numbers that a fresh interpreter prints as JSON; raises CalledProcessError when it fails."""
    command = [python, "-W", "ignore", "-c", program, *map(str, arguments)]
    known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=known | dict(environment or {}))
    numbers: list[float] = json.loads(done.stdout.splitlines()[-1])
    return numbers


def take_turns(cases: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Run every case once per round, so that a busy moment hits all of them; the first round only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        for name, case in cases.items():
            seconds = case()
            if number:
                taken[name].append(seconds)
    return taken


def ratio_of(taken: Mapping[str, Sequence[float]], ours: str, other: str) -> float:
    """The median of the ratios within a round."""
    return statistics.median(one / two for one, two in zip(taken[ours], taken[other], strict=True))


def tree_seconds() -> float:
    """Processor time of this process and all its living descendants, with those they waited for (Linux)."""
    return sum(sum(map(int, fields[11:15])) / TICKS for fields in _tree().values())


def tree_bytes() -> int:
    """Memory of this process and its living descendants; what several share is counted once (Linux)."""
    total = 0
    for process in _tree():
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8").splitlines()
        except OSError:
            continue  # it ended meanwhile
        total += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def _tree() -> dict[int, list[str]]:
    """This process and its descendants, and what their ``/proc/PID/stat`` says after the name."""
    known: dict[int, list[str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                known[int(entry.name)] = (entry / "stat").read_text("utf-8").rsplit(")", 1)[1].split()
            except OSError:
                continue
    found, wanted = {}, {os.getpid()}
    while wanted:
        found |= {process: known[process] for process in wanted if process in known}
        wanted = {process for process, fields in known.items() if int(fields[1]) in wanted}
    return found
