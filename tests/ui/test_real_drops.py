"""A person's hand between programs: photos to the category list and to the search, a picture in, photos out."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.ui.test_real_drag import MISSING, PATIENCE, WINDOW, Watched, display, folder, running

__all__ = ["display", "folder"]  # fixtures

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed"),
]

SEEN = """
        "rows": {row.text(): middle(c.viewport(), c.visualItemRect(row)) for row in map(c.item, range(c.count()))},
        "field": middle(field, field.rect()),
        "chips": [chip.words for chip in field.chips.chips],
        "undo": window.panels.actions.undo.isEnabled(),
        "bins": """
WATCHED = WINDOW.replace(
    "    state = {\n", "    c, field = window.panels.side.categories, window.panels.top.search\n    state = {\n"
).replace('        "bins": ', SEEN.lstrip("\n"))

# Another program: its upper half gives a file away and would rather move it, its lower half takes what is dropped.
NEIGHBOUR = """
import sys
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QWidget

class Neighbour(QWidget):
    def mouseMoveEvent(self, event):
        drag, mime = QDrag(self), QMimeData()
        mime.setUrls([QUrl.fromLocalFile(sys.argv[1])])
        drag.setMimeData(mime)
        both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        print("gave", drag.exec(both, Qt.DropAction.MoveAction).name, flush=True)

    def dragEnterEvent(self, event):
        event.acceptProposedAction()

    def dropEvent(self, event):
        names = sorted(url.fileName() for url in event.mimeData().urls())
        print("took", event.possibleActions().name, *names, flush=True)
        event.acceptProposedAction()

app = QApplication(sys.argv[:1])
window = Neighbour()
window.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
window.setAcceptDrops(True)
window.setGeometry(1080, 640, 100, 100)
window.show()
app.processEvents()
print("ready", flush=True)
sys.exit(app.exec())
"""
NEIGHBOUR_PLACE = (1130, 690)


def test_photos_and_pictures_are_dragged_between_lists_fields_and_programs(
    display: dict[str, str],
    folder: Path,
    tmp_path: Path,
) -> None:
    def hand(*words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=display, check=True, timeout=PATIENCE)

    def drag(start: Any, end: Any) -> None:
        """As a hand does it: a short pull, then through the places between."""
        (x, y), (to_x, to_y) = start, end
        hand("mousemove", x, y, "mousedown", 1)
        for pull in (6, 12, 18, 24):
            hand("mousemove", x + pull, y + pull)
        for step in range(1, 16):
            hand("mousemove", x + (to_x - x) * step // 15, y + (to_y - y) * step // 15)
        hand("mousemove", to_x + 1, to_y + 1, "mousemove", to_x, to_y, "sleep", "0.3", "mouseup", 1)

    sample = tmp_path / "sample.png"
    Image.new("RGB", (64, 48), (220, 30, 30)).save(sample)
    (tmp_path / "data").mkdir()
    shutil.copy(sample, tmp_path / "kept.png")
    neighbour = running([sys.executable, "-c", NEIGHBOUR, str(sample)], env=display)
    ours = running([sys.executable, "-c", WATCHED, str(folder), str(tmp_path / "data")], env=display)
    with ours as process, neighbour as other:
        window = Watched(process)
        window.wait_for(lambda state: state["active"] and state["phase"] == "DONE" and bool(state["bins"]))
        hand("key", "ctrl+n")
        window.wait_for(lambda state: state["typing"])
        hand("type", "red, blue")
        hand("key", "Return")
        state = window.wait_for(lambda state: len(state["bins"].get("red", {}).get("photos", ())) == 3)
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"

        drag(state["bins"]["red"]["photos"]["red-0.png"], state["rows"]["blue"])
        state = window.wait_for(lambda state: "red-0.png" in state["bins"]["blue"]["photos"] and state["undo"])
        hand("key", "ctrl+z")
        state = window.wait_for(lambda state: "red-0.png" in state["bins"]["red"]["photos"])

        drag(state["bins"]["red"]["photos"]["red-1.png"], state["field"])
        state = window.wait_for(lambda state: state["chips"] == ["red-1.png"])

        drag(NEIGHBOUR_PLACE, state["field"])
        window.wait_for(lambda state: state["chips"] == ["red-1.png", "sample.png"])
        assert other.stdout.readline() == "gave CopyAction\n"  # never a move, though that was offered first
        assert sample.is_file()
        hand("mousemove", *state["field"], "click", 1, "key", "Escape")
        state = window.wait_for(
            lambda state: not state["chips"] and len(state["bins"].get("red", {}).get("photos", ())) == 3
        )

        drag(state["bins"]["red"]["photos"]["red-2.png"], NEIGHBOUR_PLACE)
        assert other.stdout.readline() == "took CopyAction red-2.png\n"
        assert len(list(folder.iterdir())) == 6
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
