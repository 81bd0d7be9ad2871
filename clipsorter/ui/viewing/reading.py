"""Reads one photo as large as a screen shows it, on a thread of the viewer.

Qt reads what it can. Other formats (HEIC, AVIF, camera raw) and what is broken are read by a decode worker: a child
process that may crash or hang without harm. Meanwhile, and where even that fails, the thumbnail has to do.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from clipsorter.errors import ClipSorterError
from clipsorter.filing.keywords import keywords_of_photo
from clipsorter.photos.camera import CameraFacts, read_camera
from clipsorter.photos.formats import RAW_SUFFIXES
from clipsorter.photos.large import LONGEST_SIDE, LargePicture
from clipsorter.photos.prepared import Unreadable
from clipsorter.photos.reasons import Reason
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.ui.thumbnails import Reader
from clipsorter.ui.viewed import ViewedPhoto
from clipsorter.values import Photo

ALLOCATION_MIB = 1024  # Qt refuses to decode larger pictures; its default is 256
NO_FACTS = CameraFacts()

OpenReader = Callable[[], Reader]


@dataclass(frozen=True, slots=True)
class ReadPhoto:
    """A photo as far as it could be read."""

    image: QImage = field(default_factory=QImage)  # null: neither the file nor a thumbnail
    size: QSize = field(default_factory=QSize)  # px of the file, upright; empty where unknown
    bytes: int = 0  # of the file, 0 where unknown
    camera: CameraFacts = NO_FACTS
    tags: tuple[str, ...] = ()
    coming: bool = False  # only the thumbnail so far
    problem: str = ""  # a sentence: why the photo is not shown large


class PhotoReader:
    """Reads photos one after the other. ``read`` belongs on one thread at a time, ``close`` on any."""

    def __init__(self, open_reader: OpenReader) -> None:
        self._open_reader = open_reader
        self._workers = DecodeWorkers(count=1)  # its child starts with the first photo that Qt does not read
        self._closed = False

    def read(self, path: Path, digest: str, tell: Callable[[ReadPhoto], None]) -> None:
        """Tell what there is to see of a photo: the best at last, before that what is there at once."""
        try:
            status = path.stat()
        except OSError:
            tell(ReadPhoto(self._thumbnail(digest), problem=Reason.GONE.sentence()))
            return
        camera, tags = read_camera(path), keywords_of_photo(path).flat
        image, size = _read_with_qt(path)
        if not image.isNull():
            tell(ReadPhoto(image, size, status.st_size, camera, tags))
            return
        thumbnail = self._thumbnail(digest)
        tell(ReadPhoto(thumbnail, QSize(), status.st_size, camera, tags, coming=True))
        match self._decode(Photo(path, status.st_size, status.st_mtime_ns, status.st_ino)):
            case LargePicture(pixels=pixels, size=(width, height), of=of):
                image = QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
                tell(ReadPhoto(image, QSize(*of), status.st_size, camera, tags))
            case Unreadable(reason=reason):
                tell(ReadPhoto(thumbnail, QSize(), status.st_size, camera, tags, problem=reason))

    def close(self) -> None:
        """End the child, in the middle of a photo if need be; a ``read`` under way then ends without an answer."""
        self._closed = True
        self._workers.close()

    def _decode(self, photo: Photo) -> LargePicture | Unreadable | None:
        """None: closed meanwhile."""
        try:
            with closing(self._workers.enlarge([photo])) as answers:
                for answer in answers:
                    if self._closed:
                        return None
                    if answer is not None:
                        return answer
        except ClipSorterError as error:  # no child can be started
            return Unreadable(photo, str(error), refused=False, digest=None)
        except RuntimeError:
            if not self._closed:
                raise
        return None

    def _thumbnail(self, digest: str) -> QImage:
        thumbnails = self._open_reader()
        try:
            content = thumbnails.read(digest)
        finally:
            thumbnails.close()
        return QImage.fromData(content) if content else QImage()


class Reading(QRunnable):
    """Reads one photo on a thread pool and tells it; ``wanted`` says just before whether somebody still waits."""

    def __init__(self, reader: PhotoReader, photo: ViewedPhoto, wanted: Callable[[], bool]) -> None:
        super().__init__()
        self.told = _Told()
        self._reader = reader
        self._photo = photo
        self._wanted = wanted

    def run(self) -> None:
        if self._wanted():
            self._reader.read(self._photo.path, self._photo.digest, partial(self.told.read.emit, self._photo))


class _Told(QObject):
    read = Signal(object, object)  # ViewedPhoto, ReadPhoto


def _read_with_qt(path: Path) -> tuple[QImage, QSize]:
    """The picture, at most LONGEST_SIDE, and the size of the photo, both upright; a null picture where Qt has none."""
    if path.suffix[1:].lower() in RAW_SUFFIXES:
        return QImage(), QSize()  # many are TIFF files, and Qt would show the icon that stands first in them
    QImageReader.setAllocationLimit(ALLOCATION_MIB)
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST_SIDE:
        reader.setScaledSize(size.scaled(LONGEST_SIDE, LONGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    size = size if size.isValid() else image.size()
    turned = (size.width() > size.height()) != (image.width() > image.height())
    return image, size.transposed() if turned else size
