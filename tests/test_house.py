"""What is promised of the house as a whole, checked in fresh processes."""

import pkgutil
import subprocess
import sys

import clipsorter

HEAVY = ("torch", "torchvision", "open_clip", "transformers", "timm", "ray", "pyarrow")
FOR_A_CLUSTER = ("cli.cluster_commands", "engine.cluster", "engine.importing", "engine.shards")  # need an optional part


def modules_outside_ui() -> list[str]:
    every = (module.name for module in pkgutil.walk_packages(clipsorter.__path__, "clipsorter."))
    apart = ("clipsorter.ui", "clipsorter.__main__", *(f"clipsorter.{name}" for name in FOR_A_CLUSTER))
    return [name for name in every if not name.startswith(apart)]


def loaded_after(program: str) -> set[str]:
    """Top-level packages that a fresh interpreter has loaded after running ``program``."""
    ending = "\nimport sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", program + ending], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_nothing_but_the_window_loads_qt() -> None:
    names = [name for name in modules_outside_ui() if not name.startswith("clipsorter.encoders.")]
    assert len(names) > 30
    assert "PySide6" not in loaded_after("\n".join(f"import {name}" for name in names))


def test_the_command_line_loads_neither_torch_nor_qt() -> None:
    loaded = loaded_after("import clipsorter.__main__, clipsorter.cli.commands")
    assert {"PIL", "sqlite_utils", "numpy"} <= loaded
    assert not loaded & {*HEAVY, "PySide6"}


def test_the_window_waits_for_no_other_command() -> None:
    loaded = loaded_after("from clipsorter.cli.program import put_command_first\nput_command_first([])")
    assert "argparse" in loaded
    assert not loaded & {*HEAVY, "PySide6", "PIL", "sqlite_utils", "numpy"}


def test_the_window_loads_no_torch() -> None:
    loaded = loaded_after("import clipsorter.ui.app, clipsorter.engine.engine")
    assert "PySide6" in loaded
    assert not loaded & set(HEAVY)
