"""The self-test tells whole installations from broken ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clipsorter.cli import self_test
from tests.cli.conftest import CommandLine


@pytest.mark.slow
def test_this_installation_is_whole(clipsorter_process: CommandLine) -> None:
    outcome = clipsorter_process("--self-test", "--json")
    assert outcome.status == 0, outcome.out + outcome.err
    assert [line["name"] for line in outcome.lines] == ["resources", "photo and words", "window"]
    assert all(line["is_whole"] and line["found"] for line in outcome.lines)


def test_what_is_missing_is_named_and_the_rest_is_still_tried(
    clipsorter: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folder in ("icons", "demo", "translations"):
        (tmp_path / folder).mkdir()
    (tmp_path / "icons" / "one.svg").touch()
    monkeypatch.setattr(self_test, "files", lambda _package: tmp_path)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    outcome = clipsorter("self-test")
    assert outcome.status == 1
    lines = outcome.out.splitlines()
    assert lines[0].startswith("BROKEN  resources: The translations are missing.")
    assert lines[1].startswith("BROKEN  photo and words: ")
    assert lines[2].startswith("ok      window: Qt ")


def test_a_missing_plugin_of_qt_is_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")
    *_, window = check_only_the_window()
    assert not window.is_whole
    assert "plugin" in window.found


def check_only_the_window() -> list[self_test.Checked]:
    program = """
from clipsorter.cli import self_test
try:
    print(self_test._check_window())
except self_test._BrokenError as error:
    print("broken:", error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    found = done.stdout.strip()
    return [self_test.Checked("window", 0.0, found, not found.startswith("broken:"))]
