"""Start ClipSorter: ``python -m clipsorter``, the ``clipsorter`` command, or a double click."""

import sys

from clipsorter.cli.program import run


def main() -> int:
    """Run the command line of this process; returns the exit status."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
