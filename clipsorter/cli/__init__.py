"""The command line: the same engine for scripts, as a stable contract."""
