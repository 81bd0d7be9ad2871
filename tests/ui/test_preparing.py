"""What a session needs is there before it begins, and no thread but the window's has imported anything of Qt."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

foreign = []

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("PySide6", "shiboken6", "clipsorter.ui")) and threading.current_thread() is not main:
            foreign.append(name)

main = threading.current_thread()
sys.meta_path.insert(0, Watch())
from clipsorter.ui import app
from clipsorter.library.settings import NOTHING_TYPED

window = app._make_window(Path(sys.argv[1]), NOTHING_TYPED)
window.show()
before = set(sys.modules)

def there():
    print(foreign)
    asked = set(sys.modules)
    window.session
    print(sorted(name for name in set(sys.modules) - asked if name.startswith("clipsorter.ui")))
    window.close()
    QApplication.quit()

QTimer.singleShot(0, window, lambda: window.prepare(there))
QApplication.exec()
"""


@pytest.mark.slow
def test_the_windows_rooms_are_imported_on_its_own_thread(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    foreign, missing = done.stdout.splitlines()
    assert foreign == "[]"
    assert missing == "[]"  # the session finds all that it needs
