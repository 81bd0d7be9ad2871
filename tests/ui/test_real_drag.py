"""A person's hand: a real drag on a real display, with everything else as in an ordinary start."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

TOOLS = ("Xvfb", "openbox", "xdotool")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
PATIENCE = 30.0  # seconds until a program that says nothing is stopped
SCREEN = "1200x800x24"

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed"),
]

State = dict[str, Any]

# The window as the command line opens it; beside that it prints what a person sees, whenever that changes.
WINDOW = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from clipsorter.ui import app
from clipsorter.ui.bin_column import BinColumn
from clipsorter.ui.main_window import MainWindow

said = {}

def middle(widget, rect):
    point = widget.mapToGlobal(rect.center())
    return point.x(), point.y()

def describe(column):
    grid = column.grid
    index = column.model.index
    seen = [index(row, 0) for row in grid.visible_rows()]
    return {
        "photos": {one.data(): middle(grid.viewport(), grid.visualRect(one)) for one in seen},
        "middle": middle(column, column.rect()),
        "selected": len(column.selected_ids()),
        "dragging": grid._dragging,
        "over": column.property("over") is True,
    }

def look():
    global said
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
    state = {
        "active": window.isActiveWindow(),
        "phase": window.session.progress.phase.name,
        "typing": window.panels.side.entry.hasFocus(),
        "bins": {one.name or "": describe(one) for one in window.findChildren(BinColumn) if one.isVisible()},
    }
    if state != said:
        said = state
        print(json.dumps(state), flush=True)

app._ready_application("en")
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
status = app.run_window(Path(sys.argv[2]), Path(sys.argv[1]), "colour", "auto")
timer.stop()
sys.exit(status)
"""


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A program that ends with the block."""
    process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


def read_line(process: subprocess.Popen[str]) -> str:
    """The next line a program prints; empty when it has ended, and one that says nothing for too long is ended."""
    assert process.stdout is not None
    watch = threading.Timer(PATIENCE, process.kill)
    watch.start()
    try:
        line = process.stdout.readline()
    finally:
        watch.cancel()
        watch.join()
    return str(line)


class Watched:
    """The window, seen from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._state: State = {"active": False, "phase": "", "typing": False, "bins": {}}

    def wait_for(self, holds: Callable[[State], bool]) -> State:
        """What it shows as soon as this holds."""
        while not holds(self._state):
            line = read_line(self._process)
            assert line, f"the window ended, or nothing changed for {PATIENCE} s, at {self._state}"
            self._state = json.loads(line)
        return self._state


@pytest.fixture
def display() -> Iterator[dict[str, str]]:
    """The environment of a display of our own with a window manager on it."""
    with running(["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]) as server:
        environment = os.environ | {
            "DISPLAY": f":{read_line(server).strip()}",
            "QT_QPA_PLATFORM": "xcb",
            "LC_ALL": "C.UTF-8",
        }
        with running(["openbox"], env=environment, stderr=subprocess.DEVNULL):
            yield environment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    for name, colour in (("red", (220, 30, 30)), ("blue", (40, 80, 220))):
        for number in range(3):
            image = Image.new("RGB", (64, 48), colour)
            image.putpixel((number, 0), (0, 0, 0))
            image.save(photos / f"{name}-{number}.png")
    return photos


def test_two_photos_dragged_by_hand_to_another_bin_are_decided(
    display: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    def hand(*words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=display, check=True, timeout=PATIENCE)

    def photos_in(state: State, name: str) -> set[str]:
        return set(state["bins"].get(name, {}).get("photos", ()))

    data = tmp_path / "data"
    reds, blues = {f"red-{number}.png" for number in range(3)}, {f"blue-{number}.png" for number in range(3)}
    with running([sys.executable, "-c", WINDOW, str(folder), str(data)], env=display) as process:
        window = Watched(process)
        window.wait_for(lambda state: state["active"] and state["phase"] == "DONE" and bool(state["bins"]))
        hand("key", "ctrl+n")
        window.wait_for(lambda state: state["typing"])
        hand("type", "red, blue")
        hand("key", "Return")
        state = window.wait_for(lambda state: photos_in(state, "red") == reds and photos_in(state, "blue") == blues)

        red = state["bins"]["red"]["photos"]
        hand("mousemove", *red["red-0.png"], "click", 1)
        window.wait_for(lambda state: state["bins"]["red"]["selected"] == 1)
        hand("keydown", "ctrl", "mousemove", *red["red-2.png"], "click", 1, "keyup", "ctrl")
        state = window.wait_for(lambda state: state["bins"]["red"]["selected"] == 2)

        x, y = state["bins"]["blue"]["middle"]
        start_x, start_y = red["red-0.png"]  # the photo clicked last would take it for a double click
        hand("mousemove", start_x, start_y, "mousedown", 1)
        hand("mousemove", start_x + 15, start_y + 15, "mousemove", start_x + 30, start_y + 30)
        window.wait_for(lambda state: state["bins"]["red"]["dragging"])
        for step in range(1, 11):  # a hand passes through the places between
            hand("mousemove", start_x + (x - start_x) * step // 10, start_y + (y - start_y) * step // 10)
        window.wait_for(lambda state: state["bins"]["blue"]["over"])
        hand("mouseup", 1)
        moved = {"red-0.png", "red-2.png"}
        window.wait_for(lambda state: photos_in(state, "blue") == blues | moved)

        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0

    asked = [sys.executable, "-m", "clipsorter", "decisions", folder, "--data", data, "--model", "colour", "--json"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=PATIENCE)
    decided = {said["file"]: said["bin"] for said in map(json.loads, answer.stdout.splitlines())}
    assert decided == dict.fromkeys(moved, "blue")
