"""The start and the end of the window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipsorter.ui.app import first_window

BEGIN = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from clipsorter.ui import app

def soon(do):
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, do))

def window():
    from clipsorter.ui.main_window import MainWindow
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))

app._ready_application("en")
"""


def run(script: str, data_folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", BEGIN + script, str(data_folder)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def test_the_first_window_stands_without_anything_heavy(tmp_path: Path) -> None:
    done = run(
        """
window = app.first_window()
QApplication.processEvents()
heavy = ["numpy", "torch", "open_clip", "transformers", "PIL", "sqlite3", "clipsorter.engine.engine"]
assert window.isVisible()
print([name for name in heavy if name in sys.modules])
window.close()
""",
        tmp_path,
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


# What stands between a double click and the first window. One module more here is paid at every start: import it where
# it is first needed, or add it to this list on purpose.
BEFORE_THE_FIRST_PAINT = {
    "errors", "library", "library.settings", "presence", "regular_files", "resources", "ui", "ui.actions", "ui.app",
    "ui.category_entry", "ui.colours", "ui.controls", "ui.duty_cycle", "ui.empty_state", "ui.footer", "ui.icons",
    "ui.jobs", "ui.languages", "ui.main_window", "ui.meeting_place", "ui.motion", "ui.panels", "ui.photo_area",
    "ui.plain_text", "ui.progress", "ui.resource_files", "ui.screen", "ui.searching", "ui.searching.pictures",
    "ui.sheets", "ui.side_panel", "ui.style_sheet", "ui.tab_order", "ui.theme", "ui.top_bar",
}  # fmt: skip


def test_the_first_window_imports_only_what_it_shows(tmp_path: Path) -> None:
    done = run(
        """
window = app.first_window()
QApplication.processEvents()
print(*(name for name in sys.modules if name.startswith("clipsorter.")))
print([name for name in ("html", "importlib.resources", "json", "sqlite3") if name in sys.modules])
window.close()
""",
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    ours, others = done.stdout.splitlines()
    assert {name.removeprefix("clipsorter.") for name in ours.split()} == BEFORE_THE_FIRST_PAINT
    assert others == "[]"


def test_garbage_is_collected_again_once_the_window_stands_but_not_before(tmp_path: Path) -> None:
    done = run(
        """
import gc
from clipsorter.cli import program

def look():
    print(gc.isenabled(), gc.get_freeze_count() > 10_000)
    window().close()

make = app._make_window
app._make_window = lambda *given: (print(gc.isenabled()), make(*given))[1]
soon(look)
sys.exit(program.run(["--data", sys.argv[1], "--model", "colour"]))
""",
        tmp_path,
    )
    assert (done.stdout.split(), done.returncode) == (["False", "True", "True"], 0), done.stderr


def test_a_program_that_forgets_to_close_the_first_window_still_ends(tmp_path: Path) -> None:
    done = run("window = app.first_window(); window.add_categories('cat')", tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_first_windows_data_folder_goes_with_it(qtbot: QtBot, qapp: QApplication) -> None:
    window = first_window()
    qtbot.addWidget(window)
    folder = window._settings_path.parent
    assert window.isVisible()
    assert folder.is_dir()
    window.close()
    assert not folder.exists()


@pytest.mark.parametrize("request_to_end", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_polite_request_to_end_closes_the_window_with_everything_stored(tmp_path: Path, request_to_end: str) -> None:
    done = run(
        f"request_to_end = signal.{request_to_end}"
        """
def end():
    if window().session.categories:
        os.kill(os.getpid(), request_to_end)

def begin():
    window().add_categories("cat, dog")
    window().session.categories_changed.connect(end)

soon(begin)
sys.exit(app.run_window(Path(sys.argv[1]), None, "colour", "auto"))
""",
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    again = run(
        """
def begin():
    session = window().session
    session.opened.connect(lambda: (print([one.name for one in session.categories]), window().close()))

soon(begin)
sys.exit(app.run_window(Path(sys.argv[1]), None, "colour", "auto"))
""",
        tmp_path,
    )
    assert (again.stdout.strip(), again.returncode) == ("['cat', 'dog']", 0), again.stderr


def test_a_bug_in_a_slot_is_logged_and_told_and_the_window_stays(tmp_path: Path) -> None:
    done = run(
        """
def look():
    print(window().panels.messages.isVisible(), window().isVisible())
    window().close()

soon(lambda: (QTimer.singleShot(50, look), 1 / 0))
sys.exit(app.run_window(Path(sys.argv[1]), None, "colour", "auto"))
""",
        tmp_path,
    )
    assert (done.stdout.strip(), done.returncode) == ("True True", 0), done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_the_program_ends_with_its_window_whatever_else_is_on_the_screen(tmp_path: Path) -> None:
    done = run(
        """
from PySide6.QtGui import QRasterWindow

def end():
    picture.show()
    window().close()

picture = QRasterWindow()  # as a drag shows one beside the pointer
soon(end)
sys.exit(app.run_window(Path(sys.argv[1]), None, "colour", "auto"))
""",
        tmp_path,
    )
    assert done.returncode == 0, done.stderr


def test_of_two_starts_at_the_same_moment_one_window_stands_and_shows_what_the_other_was_given(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    first = """
def look():
    if window().session.folder is not None:
        print(window().session.folder.name)
        window().close()

def stand():
    window().session.folder_changed.connect(look)
    print("stands", flush=True)

from clipsorter.ui.main_window import MainWindow
prepare = MainWindow.prepare
MainWindow.prepare = lambda self, then: (prepare(self, then), soon(stand))
sys.exit(app.run_window(Path(sys.argv[1]), None, "colour", "auto"))
"""
    command = [sys.executable, "-c", BEGIN + first, str(tmp_path / "data")]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as standing:
        assert standing.stdout is not None
        assert standing.stdout.readline() == "stands\n"
        second = run(
            f"""
app.may_be_met = lambda _: False  # the first had not come so far when the second looked
status = app.run_window(Path(sys.argv[1]), Path({str(tmp_path / "photos")!r}), "colour", "auto")
print("clipsorter.engine.engine" in sys.modules)
sys.exit(status)
""",
            tmp_path / "data",
        )
        assert (second.stdout.strip(), second.returncode) == ("False", 0), second.stderr
        assert standing.stdout.read() == "photos\n"
    assert standing.returncode == 0
