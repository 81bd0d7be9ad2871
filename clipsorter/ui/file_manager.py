"""The way from a photo to the desktop's own program for files."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def show_in_file_manager(folder: Path) -> None:
    """Open a folder with the desktop's own program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
