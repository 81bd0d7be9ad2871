"""Command lines run in this process (fast, colour encoder) or as a user would, in another one (starter model)."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from clipsorter.cli.program import run


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


CommandLine = Callable[..., Outcome]


@pytest.fixture
def clipsorter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Run a command with the colour encoder on a data folder of its own."""

    def run_here(command: str, *arguments: object) -> Outcome:
        # Of an option given twice the last counts, so a test can choose its own data folder and model.
        status = run([command, "--data", str(tmp_path / "data"), "--model", "colour", *map(str, arguments)])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run_here


@pytest.fixture
def clipsorter_process(tmp_path: Path) -> CommandLine:
    """Run a command in a process of its own, as a script would."""

    def run_there(*arguments: object) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "clipsorter", *map(str, arguments), "--data", str(tmp_path / "data")],
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run_there


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Two red and one blue photo."""
    folder = tmp_path / "album"
    (folder / "trip").mkdir(parents=True)
    Image.new("RGB", (50, 40), (230, 20, 20)).save(folder / "red.png")
    Image.new("RGB", (50, 40), (200, 40, 30)).save(folder / "trip" / "rouge, “1”.png")
    Image.new("RGB", (40, 50), (30, 40, 230)).save(folder / "trip" / "蓝色.png")
    return folder
