"""A screen that is not there is noticed before Qt ends the process."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from clipsorter.cli.screens import has_screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
NOBODY = ":7391"  # a display number that no server has


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": NOBODY}, False),
        ({"DISPLAY": f"unix{NOBODY}.0"}, False),
        ({"DISPLAY": "localhost:10.0"}, True),  # by ssh: not called, so that nothing goes on a network
        ({"DISPLAY": "nonsense"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, False),
        ({"WAYLAND_DISPLAY": "/nowhere/wayland-0"}, False),
        ({"WAYLAND_DISPLAY": "x\0y", "XDG_RUNTIME_DIR": "/run"}, False),
        ({"WAYLAND_DISPLAY": "w" * 500, "XDG_RUNTIME_DIR": "/run"}, False),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
def test_what_the_environment_leads_to(environment: dict[str, str], expected: bool) -> None:
    assert has_screen(environment) is expected


@pytest.mark.parametrize("is_absolute", [False, True])
def test_a_wayland_server_that_answers_is_a_screen(tmp_path: Path, is_absolute: bool) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(tmp_path / "wayland-9"))
        server.listen()
        name = str(tmp_path / "wayland-9") if is_absolute else "wayland-9"
        folder = "/nowhere" if is_absolute else str(tmp_path)
        assert has_screen({"DISPLAY": NOBODY, "WAYLAND_DISPLAY": name, "XDG_RUNTIME_DIR": folder})


def test_an_x_server_without_a_file_is_a_screen() -> None:
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(f"\0/tmp/.X11-unix/X{NOBODY[1:]}")
        server.listen()
        assert has_screen({"DISPLAY": NOBODY})


@pytest.mark.parametrize("named", [{"DISPLAY": NOBODY}, {"WAYLAND_DISPLAY": "wayland-7391"}])
def test_the_window_is_declined_in_a_sentence_where_the_named_screen_is_gone(
    tmp_path: Path, named: dict[str, str]
) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    environment.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [sys.executable, "-m", "clipsorter", "--data", tmp_path / "data"],
        env=environment | named, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "There is no screen for a window here" in done.stderr
    assert "Traceback" not in done.stderr
