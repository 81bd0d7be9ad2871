"""Every picture of the documentation: ``python packaging/screenshots/make.py [FOLDER]`` (default docs/guide/pictures).

Runs the real window, offscreen, over the demo pictures with the starter model, in English and in Chinese.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from clipsorter.cli.demo import unpack_demo
from clipsorter.library.settings import Settings, Typed, save_settings
from clipsorter.ui import app as application
from clipsorter.ui.grid import GridView
from clipsorter.ui.main_window import MainWindow
from clipsorter.ui.progress import RUNNING

PICTURES = Path(__file__).parents[2] / "docs" / "guide" / "pictures"
CATEGORIES = {"en": "dog, cat, flower, boat, food, airplane, motorcycle", "zh_CN": "狗, 猫, 花, 船, 美食, 飞机, 摩托车"}
SIZE = QSize(1280, 800)  # px
PATIENCE = 240.0  # seconds for one state of the window
QUALITY = 88


def wait_until(holds: Callable[[], bool]) -> None:
    """Let the window live until something holds."""
    loop = QEventLoop()
    look = QTimer(interval=100)
    look.timeout.connect(lambda: loop.quit() if holds() else None)
    look.start()
    QTimer.singleShot(int(PATIENCE * 1000), loop, lambda: loop.exit(1))
    if loop.exec():
        raise SystemExit("The window did not get there in time.")


def breathe(milliseconds: int = 1500) -> None:
    """Let thumbnails arrive and animations end."""
    QTest.qWait(milliseconds)


def photograph(widget: QWidget, folder: Path, name: str, language: str) -> None:
    picture = widget.grab()
    picture.save(str(folder / f"{name}-{language.partition('_')[0]}.webp"), "WEBP", QUALITY)


def make(language: str, folder: Path) -> None:
    """All pictures in one language, in this process."""
    with tempfile.TemporaryDirectory() as place, unpack_demo(Path(place, "Photos", "Summer 2026")) as album:
        data = Path(place, "data")
        data.mkdir()
        save_settings(data / "settings.json", Settings(language=language, theme="light"))
        window = application._make_window(data, Typed("starter", "cpu"))
        window.resize(SIZE)
        window.show()
        window.open_folder(album)
        window.add_categories(CATEGORIES[language])
        session = window.session
        wait_until(lambda: session.answer is not None and session.progress.phase not in RUNNING)
        breathe()
        photograph(window, folder, "board", language)

        grid = next(view for view in window.findChildren(GridView) if view.isVisible() and view.model().rowCount())
        grid.setFocus()
        grid.setCurrentIndex(grid.model().index(0, 0))
        QTest.keyClick(grid, Qt.Key.Key_Space)
        breathe()
        viewer = top_dialog(window)
        photograph(viewer, folder, "viewer", language)
        viewer.close()

        window.panels.actions.apply.trigger()
        breathe(8000)  # the plan is made meanwhile
        dialog = top_dialog(window)
        target = dialog.target
        target.blockSignals(True)  # only the picture says so: a temporary folder's name means nothing to anybody
        target.setText(target.text().replace(place, str(Path("~"))))
        photograph(dialog, folder, "filing", language)
        dialog.close()
        window.close()
        breathe(100)


def top_dialog(window: MainWindow) -> QWidget:
    """What was opened last above the window."""
    active = QApplication.activeModalWidget()
    if active is not None:
        return active
    return next(sheet for sheet in reversed(window.findChildren(QDialog)) if sheet.isVisible())


def main() -> int:
    if len(sys.argv) == 3:
        make(sys.argv[2], Path(sys.argv[1]))
        return 0
    folder = Path(sys.argv[1]) if sys.argv[1:] else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    for language in CATEGORIES:  # a process each: an application speaks one language at its start
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        subprocess.run([sys.executable, __file__, folder, language], check=True, env=environment)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
