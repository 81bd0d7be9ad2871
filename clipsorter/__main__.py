"""Start ClipSorter: ``python -m clipsorter``, the ``clipsorter`` command, or a double click."""

import os
import sys

INTERRUPTED = 130  # as shells count Ctrl-C


def main() -> int:
    """Run the command line of this process; returns the exit status."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported; ranking.blocks says why
    try:
        # Only here: the imports take a moment, and Ctrl-C may come as early as that.
        from clipsorter.cli.program import run  # noqa: PLC0415

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    raise SystemExit(main())
