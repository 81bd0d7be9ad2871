"""Every screen and state of the window, to be looked at one by one: ``python packaging/screenshots/tour.py FOLDER``.

Runs the real window, offscreen, over the demo pictures with the starter model; one process for each way of looking at
it (language, theme, scale of the screen, size of the window). FOLDER should lie outside the repository.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from make import QUALITY, breathe, top_dialog
from PySide6.QtCore import QSize
from states import all_states, prepare_album

from clipsorter.cli.demo import unpack_demo
from clipsorter.library.settings import Language, Settings, Theme, Typed, save_settings
from clipsorter.ui import app as application


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking at the window."""

    language: Language
    theme: Theme
    scale: float
    size: tuple[int, int]
    long_names: bool = False

    @property
    def name(self) -> str:
        size = f"{self.size[0]}x{self.size[1]}"
        return f"{self.language}-{self.theme}-{size}@{self.scale:g}{'-long' if self.long_names else ''}"


LOOKS = (
    Look("en", "light", 1, (1480, 920)),
    Look("zh_CN", "dark", 1, (1480, 920)),
    Look("en", "dark", 1.5, (1280, 800)),
    Look("zh_CN", "light", 2, (1280, 800)),
    Look("en", "light", 1, (1024, 640), long_names=True),
    Look("en", "light", 3, (1024, 640)),
)


def tour(look: Look, folder: Path) -> None:
    """All states in this process."""
    with tempfile.TemporaryDirectory() as place, unpack_demo(Path(place, "Photos", "Summer 2026")) as album:
        prepare_album(album)
        data = Path(place, "data")
        data.mkdir()
        settings = Settings(language=look.language, theme=look.theme)
        save_settings(data / "settings.json", settings)
        window = application._make_window(data, Typed("starter", "cpu"))
        window.resize(QSize(*look.size))
        window.show()
        states = all_states(window, album, settings, long_names=look.long_names)
        for number, (state, widget) in enumerate(states):
            breathe(700)
            picture = (widget or top_dialog(window)).grab()
            picture.save(str(folder / f"{look.name} {number:02} {state}.webp"), "WEBP", QUALITY)
        window.close()
        breathe(100)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--look", choices=[look.name for look in LOOKS], help="only this one, in this process")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.look:
        tour(next(look for look in LOOKS if look.name == options.look), options.folder)
        return 0
    for look in LOOKS:  # a process each: an application has one scale
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(look.scale)}
        command = [sys.executable, __file__, str(options.folder), "--look", look.name]
        subprocess.run(command, check=True, env=environment)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
