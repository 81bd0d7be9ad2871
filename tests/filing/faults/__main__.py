"""Run every fault and say how many and what failed: ``python -m tests.filing.faults [--most N] [SETTING ...]``."""

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

from tests.filing.faults.campaign import SETTINGS, cases, failures, has_two_disks
from tests.filing.faults.tagging import tag_cases, tag_failures

Case = TypeVar("Case")


def main(arguments: list[str]) -> int:
    """Play the named settings ("tags" is one), or all; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.filing.faults")
    parser.add_argument("names", nargs="*", metavar="SETTING")
    parser.add_argument("--most", type=int, default=1_000_000, help="faults of each setting, evenly spread")
    options = parser.parse_args(arguments)
    names, most = options.names, options.most
    everything = bad = 0
    for setting in SETTINGS:
        if names and setting.name not in names:
            continue
        if setting.crossing and not has_two_disks():
            print(f"{setting.name}: skipped, there is no second file system", flush=True)
            continue
        played, failed = _play(setting.name, cases(setting, most=most), failures)
        everything, bad = everything + played, bad + failed
    if not names or "tags" in names:
        played, failed = _play("tags", tag_cases(most=most), tag_failures)
        everything, bad = everything + played, bad + failed
    print(f"{everything} faults injected, {bad} failures")
    return 1 if bad or not everything else 0


def _play(name: str, played: Iterable[Case], judge: Callable[[Case], list[str]]) -> tuple[int, int]:
    count = bad = 0
    for case in played:
        found = judge(case)
        count += 1
        bad += bool(found)
        for complaint in found:
            print(complaint, flush=True)
    print(f"{name}: {count} faults, {bad} failures", flush=True)
    return count, bad


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
