"""One atheris process over one target: ``python -m tests.fuzzing.hunt TARGET [libFuzzer's options]``.

Ours and Pillow's Python code is instrumented while it is imported, so atheris comes first.
"""

import importlib
import sys

import atheris

INSTRUMENTED = ["clipsorter", "PIL"]


def main(arguments: list[str]) -> None:
    """Hunt until libFuzzer's limit; never returns."""
    with atheris.instrument_imports(include=INSTRUMENTED):
        targets = importlib.import_module("tests.fuzzing.targets")
    atheris.Setup([sys.argv[0], *arguments[1:]], targets.TARGETS[arguments[0]].check)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
