"""One photo, large: next and previous, and a line of facts."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QPoint, QRect, QRunnable, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader, QKeyEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clipsorter.ui.bin_model import percent
from clipsorter.ui.controls import ElidedLabel, icon_button

LONGEST_SIDE = 4096  # px; more than any screen shows without zooming
MOST_ENLARGED = 2.0
ALLOCATION_MIB = 1024  # Qt refuses to decode larger pictures; its default is 256


@dataclass(frozen=True, slots=True)
class ViewedPhoto:
    """What the viewer shows of one photo."""

    photo_id: int
    path: Path
    bin_name: str  # for people
    similarity: float  # cosine
    probability: float  # in [0, 1]
    decided: bool


Look = Callable[[int], ViewedPhoto | None]
Step = Callable[[int, int], int | None]


class Viewer(QDialog):
    """``look`` gives a photo by id, ``step`` the id some places further in its bin, None at the ends."""

    left = Signal(int)  # the photo shown last, when the viewer closes

    def __init__(self, look: Look, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look = look
        self._step = step
        self._photo: ViewedPhoto | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.canvas = _Canvas()
        self.name = ElidedLabel()
        self.name.setObjectName("heading")
        self.facts = QLabel()
        self.facts.setObjectName("muted")
        self._back = icon_button("arrow-left", self.tr("Previous photo"))
        self._back.clicked.connect(lambda: self.go(-1))
        self._on = icon_button("arrow-right", self.tr("Next photo"))
        self._on.clicked.connect(lambda: self.go(1))
        for button in (self._back, self._on):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line = QHBoxLayout()
        line.setContentsMargins(14, 8, 14, 10)
        line.setSpacing(10)
        line.addWidget(self._back)
        line.addWidget(self._on)
        line.addWidget(self.name, 1)
        line.addWidget(self.facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addLayout(line)
        self.resize((parent.size() * 0.9) if parent else QSize(1000, 720))
        self.canvas.setFocus()

    def show_photo(self, photo_id: int) -> None:
        photo = self._look(photo_id)
        if photo is None:
            return
        self._photo = photo
        self.setWindowTitle(photo.path.name)
        self.name.set_whole(photo.path.name, str(photo.path))
        self._say_facts(QSize())
        self._back.setEnabled(self._step(photo_id, -1) is not None)
        self._on.setEnabled(self._step(photo_id, 1) is not None)
        self.canvas.wait()
        self._pool.clear()
        reading = _Reading(photo)
        reading.told.read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)
        self._pool.start(reading)

    def go(self, step: int) -> None:
        """Show the photo ``step`` places further, if there is one."""
        if self._photo and (photo_id := self._step(self._photo.photo_id, step)) is not None:
            self.show_photo(photo_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_PageUp | Qt.Key.Key_Backspace:
                self.go(-1)
            case Qt.Key.Key_Right | Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self.go(1)
            case Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.close()
            case _:
                super().keyPressEvent(event)

    def done(self, result: int) -> None:
        self._pool.clear()
        self._pool.waitForDone()
        if self._photo:
            self.left.emit(self._photo.photo_id)
        super().done(result)

    def _on_read(self, photo: ViewedPhoto, image: QImage, size: QSize) -> None:
        if photo is self._photo:
            self.canvas.show_image(image, "" if not image.isNull() else self.tr("This photo cannot be shown large."))
            self._say_facts(size)

    def _say_facts(self, size: QSize) -> None:
        photo = self._photo
        if photo is None:
            return
        words = []
        if not size.isEmpty():
            words.append(f"{size.width()} × {size.height()}")
        words.append(photo.bin_name)
        if photo.decided:
            words.append(self.tr("put here by you"))
        else:
            words.append(self.tr("{} sure").format(percent(photo.probability)))
        words.append(self.tr("similarity {}").format(QLocale().toString(photo.similarity, "f", 3)))
        self.facts.setText(" · ".join(words))


class _Canvas(QWidget):
    """The picture, as large as fits; a small one is enlarged a little, so that it is not lost on a large screen."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self._words = ""
        self.setMinimumSize(200, 150)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wait(self) -> None:
        """Keep the old picture until the new one is there: no flicker."""
        self._words = ""

    def show_image(self, image: QImage, words: str) -> None:
        self._pixmap = QPixmap.fromImage(image)
        self._words = words
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        if self._pixmap.isNull():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            natural = self._pixmap.size() / self.devicePixelRatioF()
            room = self.size() - QSize(24, 24)
            size = natural.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            if size.width() > natural.width() * MOST_ENLARGED:
                size = natural * MOST_ENLARGED
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(self.rect().center())
            painter.drawPixmap(place, self._pixmap)
        painter.end()


class _Told(QObject):
    read = Signal(object, QImage, QSize)  # ViewedPhoto, the image or a null one, size upright


class _Reading(QRunnable):
    """Decodes one photo on a worker thread: a large one would hold the window up."""

    def __init__(self, photo: ViewedPhoto) -> None:
        super().__init__()
        self.told = _Told()
        self._photo = photo

    def run(self) -> None:
        QImageReader.setAllocationLimit(ALLOCATION_MIB)
        reader = QImageReader(str(self._photo.path))
        reader.setDecideFormatFromContent(True)
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid() and max(size.width(), size.height()) > LONGEST_SIDE:
            reader.setScaledSize(size.scaled(LONGEST_SIDE, LONGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        turned = (size.width() > size.height()) != (image.width() > image.height())
        upright = size.transposed() if turned else size
        self.told.read.emit(self._photo, image, upright)
