"""Run every fault and say how many and what failed: ``python -m tests.filing.faults [SETTING ...]``."""

import sys

from tests.filing.faults.campaign import SETTINGS, cases, failures, has_two_disks


def main(names: list[str]) -> int:
    everything = bad = 0
    for setting in SETTINGS:
        if names and setting.name not in names:
            continue
        if setting.crossing and not has_two_disks():
            print(f"{setting.name}: skipped, there is no second file system", flush=True)
            continue
        played = failed = 0
        for case in cases(setting):
            found = failures(case)
            played += 1
            failed += bool(found)
            for complaint in found:
                print(complaint, flush=True)
        print(f"{setting.name}: {played} faults, {failed} failures", flush=True)
        everything, bad = everything + played, bad + failed
    print(f"{everything} faults injected, {bad} failures")
    return 1 if bad or not everything else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
