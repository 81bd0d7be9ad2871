"""Every figure beside its goal: ``python -m tests.benchmarks [--quick] [--only SECTION ...] [--json FILE]``.

Prints, asserts nothing: the numbers depend on the machine, and ratios taken in turns are what may be compared.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

SECTIONS = (
    *("limits", "starting", "querying", "reranking", "growth", "storing", "decode", "indexing", "memory", "peer"),
    *("responding", "beside"),
)


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds: minutes instead of an hour")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS, metavar="SECTION")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    # Read by BLAS when numpy is imported: one thread, so that processor time and the clock say the same.
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    figures = []
    for section in options.only:
        for figure in import_module(f"tests.benchmarks.{section}").measure(quick=options.quick):
            print(figure.as_line(), flush=True)
            figures.append(figure)
    if options.json:
        rows = [asdict(figure) | {"met": figure.met} for figure in figures]
        options.json.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    missed = sum(figure.met is False for figure in figures)
    print(f"{len(figures)} figures, {missed} goals missed; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 0


if __name__ == "__main__":
    sys.exit(main())
