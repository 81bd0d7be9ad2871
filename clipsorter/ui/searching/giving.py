"""Pictures that a person gives to the search, made into samples for the engine."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRunnable, QSize, Qt, QTemporaryDir, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QFileDialog

from clipsorter.engine.requests import Sample
from clipsorter.library.collection import Collection
from clipsorter.ui.icons import icon
from clipsorter.ui.search_field import SearchField

MOST = 500  # photos whose mean is taken; more would not change it
READ_SIDE = 96  # px


class Givings(QObject):
    """Puts pictures into the search field as chips. GUI thread.

    ``collection`` gives the photos of the board, ``thumbnail`` the picture of one by its digest, None: not loaded.
    """

    failed = Signal(str)  # a sentence

    def __init__(
        self,
        field: SearchField,
        collection: Callable[[], Collection | None],
        thumbnail: Callable[[str], QPixmap | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._field = field
        self._collection = collection
        self._thumbnail = thumbnail
        self._pasted: QTemporaryDir | None = None  # pictures without a file, for as long as the window lives
        self._count = 0
        field.files_given.connect(self.give_files)
        field.image_given.connect(self.give_image)
        field.photos_given.connect(self.give_photos)
        field.file_wanted.connect(self.choose)

    def give_files(self, files: Sequence[Path]) -> None:
        """Look for images anywhere; several count as one."""
        words = files[0].name if len(files) == 1 else self.tr("%Ln picture(s)", "", len(files))
        chip = self._field.add_picture(Sample(files=tuple(files)), words, icon("image"))
        reading = _Reading(files[0])
        reading.told.read.connect(chip.show_picture, Qt.ConnectionType.QueuedConnection)
        QThreadPool.globalInstance().start(reading)

    def give_image(self, image: QImage) -> None:
        """Look for a picture that has no file: it gets one in a private folder that goes with the window."""
        self._pasted = self._pasted or QTemporaryDir()
        self._count += 1
        path = Path(self._pasted.filePath(f"{self._count}.png"))
        if not self._pasted.isValid() or not image.save(str(path)):
            self.failed.emit(self.tr("The pasted picture could not be kept: is the disk full?"))
            return
        words = self.tr("Pasted picture")
        self._field.add_picture(Sample(files=(path,)), words, icon("image")).show_picture(image)

    def give_photos(self, photo_ids: NDArray[np.int64]) -> None:
        """Look for more like these photos of the board; several count as one."""
        collection = self._collection()
        if collection is None or not len(photo_ids):
            return
        chosen = photo_ids[:: len(photo_ids) // MOST + 1]
        rows = collection.positions(chosen)
        there = rows < len(collection)
        rows = rows[there][collection.photo_ids[rows[there]] == chosen[there]].tolist()
        if not rows:
            return
        digests = tuple(dict.fromkeys(collection.digests[row] for row in rows))
        first = rows[0]
        name = collection.files[first].rpartition("/")[2]
        words = name if len(photo_ids) == 1 else self.tr("%Ln photo(s)", "like these", len(photo_ids))
        picture = self._thumbnail(collection.digests[first])
        chip = self._field.add_picture(Sample(digests=digests), words, icon("images"))
        if picture is not None:
            chip.show_picture(picture.toImage())

    def show(self, sample: Sample) -> None:
        """A chip for what is looked for already."""
        count = len(sample.digests) + len(sample.files)
        words = sample.files[0].name if len(sample.files) == count == 1 else self.tr("%Ln picture(s)", "", count)
        self._field.add_picture(sample, words, icon("image"))

    def choose(self) -> None:
        """Let the person pick an image."""
        title = self.tr("Choose a picture to look for")
        picked, _ = QFileDialog.getOpenFileNames(self._field.window(), title, str(Path.home()))
        if picked:
            self.give_files([Path(one) for one in picked])


class _Told(QObject):
    read = Signal(QImage)


class _Reading(QRunnable):
    """Reads one picture, small, on another thread: a large one would hold the window up."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.told = _Told()
        self._file = file

    def run(self) -> None:
        reader = QImageReader(str(self._file))
        reader.setDecideFormatFromContent(True)
        reader.setAutoTransform(True)
        if (size := reader.size()).isValid():
            side = QSize(READ_SIDE, READ_SIDE)
            reader.setScaledSize(size.scaled(side, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
        if not (image := reader.read()).isNull():
            self.told.read.emit(image)
