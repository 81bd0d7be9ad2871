"""Where no window can be shown, that is said in a sentence; Qt would abort the process."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clipsorter.ui import screen
from tests.ui.test_real_drag import read_line, running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")

NOBODY = ":7391"  # a display number that no server has


def start(data: Path, **screens: str) -> subprocess.CompletedProcess[str]:
    """Start the window with these screens in the environment and no others."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XAUTHORITY"}
    }
    done = subprocess.run(
        [sys.executable, "-m", "clipsorter", "--data", data],
        env=environment | {"HOME": str(data.parent)} | screens,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr  # an abort would be -6
    assert "Traceback" not in done.stderr
    assert "no Qt platform plugin" not in done.stderr
    return done


def test_without_a_screen_another_way_is_named(tmp_path: Path) -> None:
    done = start(tmp_path / "data")
    assert done.stderr.startswith("clipsorter: There is no screen for a window here; without one it is: ")


@pytest.mark.parametrize(
    ("screens", "why"),
    [
        ({"DISPLAY": NOBODY}, f"could not connect to display {NOBODY}"),
        ({"WAYLAND_DISPLAY": "wayland-7391", "XDG_RUNTIME_DIR": "/nowhere"}, "Failed to create wl_display"),
        ({"QT_QPA_PLATFORM": "nonsense"}, 'Could not find the Qt platform plugin "nonsense"'),
    ],
)
def test_a_screen_that_is_named_but_gone_is_named_in_the_sentence_and_in_the_log(
    tmp_path: Path, screens: dict[str, str], why: str
) -> None:
    done = start(tmp_path / "data", **screens)
    assert "There is no screen for a window here (" in done.stderr
    assert why in done.stderr
    assert why in (tmp_path / "data" / "logs" / "clipsorter.log").read_text("utf-8")


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_an_x_server_that_refuses_is_no_screen(tmp_path: Path) -> None:
    name, cookie = b"MIT-MAGIC-COOKIE-1", bytes(range(16))
    fields = (b"", b"", name, cookie)  # of any host and display, as in Xau's files
    written = b"\xff\xff" + b"".join(len(field).to_bytes(2) + field for field in fields)
    (tmp_path / "secret").write_bytes(written)
    server = ["Xvfb", "-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-auth"]
    with running([*server, str(tmp_path / "secret")], stderr=subprocess.DEVNULL) as process:
        display = f":{read_line(process).strip()}"
        done = start(tmp_path / "data", DISPLAY=display)
    assert f"There is no screen for a window here (could not connect to display {display})" in done.stderr


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_missing_library_is_named_where_qt_asked_no_screen(monkeypatch: pytest.MonkeyPatch, wrapped: bool) -> None:
    reason = "libxcb-cursor.so.0: cannot open shared object file: No such file or directory"

    def load(path: str) -> None:
        try:
            raise OSError(reason)
        except OSError as error:
            if wrapped:  # as in the bundle
                raise OSError(f"Failed to load dynlib/dll {path}") from error
            raise

    monkeypatch.setattr(ctypes, "CDLL", load)
    obstacle = screen._explain(["From 6.5.0, xcb-cursor0 is needed to load the Qt xcb platform plugin."])
    assert obstacle.lacks_library
    assert obstacle.sentence == f"The window cannot be opened: {reason}. The README names what Qt needs."
    assert not screen._explain([f"could not connect to display {NOBODY}"]).lacks_library


def test_where_nobody_knows_why_the_sentence_still_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", str)
    assert screen._explain([]).sentence.startswith("There is no screen for a window here; without one it is: ")
