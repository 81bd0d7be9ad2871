"""The processor cores there are for us."""

import os


def count_cores() -> int:
    """The cores that this process may use, at least 1; a container or ``taskset`` may lend fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
