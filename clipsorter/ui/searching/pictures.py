"""Pictures that are dropped or pasted.

Qt's classes are named by their modules: PySide makes a class when it is first named, and no start needs these.
"""

from __future__ import annotations

from pathlib import Path

from PySide6 import QtCore, QtGui

from clipsorter.presence import is_file, is_folder


def files_in(mime: QtCore.QMimeData | None) -> list[Path]:
    """Local files; folders are not pictures."""
    if mime is None:
        return []
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if is_file(path)]


def folder_in(mime: QtCore.QMimeData) -> Path | None:
    """The first local folder."""
    paths = (Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())
    return next((path for path in paths if is_folder(path)), None)


def image_in(mime: QtCore.QMimeData | None) -> QtGui.QImage | None:
    """A picture without a file, as a screenshot tool or a browser gives it."""
    if mime is None or not mime.hasImage():
        return None
    image = mime.imageData()
    return image if isinstance(image, QtGui.QImage) and not image.isNull() else None


def holds_picture(mime: QtCore.QMimeData | None) -> bool:
    """Whether ``files_in`` or ``image_in`` would find something."""
    return mime is not None and (mime.hasImage() or bool(files_in(mime)))
