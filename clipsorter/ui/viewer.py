"""One photo, large: next and previous, zoom, its facts, and how near it is to every category."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clipsorter.ranking.board import percent
from clipsorter.ui.canvas import STEP, Canvas
from clipsorter.ui.controls import ElidedLabel, WrappingLabel, icon_button
from clipsorter.ui.plain_text import plain_label
from clipsorter.ui.reason_words import say_reason
from clipsorter.ui.similarities import SimilarityBars
from clipsorter.ui.viewed import ViewedPhoto
from clipsorter.ui.viewing.facts_panel import FactsPanel
from clipsorter.ui.viewing.reading import NO_FACTS, OpenReader, PhotoReader, Reading, ReadPhoto

WHY_WIDTH = 268  # px


Look = Callable[[int], ViewedPhoto | None]
Step = Callable[[int, int], int | None]


class Viewer(QDialog):
    """``look`` gives a photo by id, ``step`` the id some places further in its bin, None at the ends.

    ``open_reader`` gives thumbnails, on the reading thread, for as long as a photo is not there in large.
    """

    left = Signal(int)  # the photo shown last, when the viewer closes
    shown = Signal(int)  # another photo, by id: somebody may say more about it with ``explain``

    def __init__(self, look: Look, step: Step, open_reader: OpenReader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look = look
        self._step = step
        self._reader = PhotoReader(open_reader)
        self._photo: ViewedPhoto | None = None
        self._read = ReadPhoto()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.canvas = Canvas()
        self.canvas.zoomed.connect(self._say_facts)
        self.name = ElidedLabel()
        self.name.setObjectName("heading")
        self.facts = plain_label()
        self.facts.setObjectName("muted")
        self.why = WrappingLabel()
        self.bars = SimilarityBars()
        self.camera = FactsPanel()
        self._side = self._make_side()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self._side)
        column.addLayout(middle, 1)
        column.addLayout(self._make_line())
        self.resize((parent.size() * 0.9) if parent else QSize(1000, 720))
        self.canvas.setFocus()

    def _make_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(14, 8, 14, 10)
        line.setSpacing(10)
        self._back = icon_button("arrow-left", self.tr("Previous photo"))
        self._back.clicked.connect(lambda: self.go(-1))
        self._on = icon_button("arrow-right", self.tr("Next photo"))
        self._on.clicked.connect(lambda: self.go(1))
        self._info = icon_button("info", self.tr("Why it is here (I)"))
        self._info.setCheckable(True)
        self._info.setChecked(True)
        self._info.toggled.connect(self._show_side)
        for button in (self._back, self._on, self._info):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line.addWidget(self._back)
        line.addWidget(self._on)
        line.addWidget(self.name, 1)
        line.addWidget(self.facts)
        line.addWidget(self._info)
        return line

    def _make_side(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addWidget(self.why)
        column.addWidget(self.bars)
        column.addWidget(self.camera)
        column.addStretch(1)
        side = QScrollArea()
        side.setObjectName("whyHere")
        side.setFrameShape(QFrame.Shape.NoFrame)
        side.setWidgetResizable(True)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFixedWidth(WHY_WIDTH)
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side.setWidget(inside)
        return side

    def _show_side(self) -> None:
        known = self._photo is not None and (bool(self._photo.similarities) or self.camera.isVisibleTo(self._side))
        self._side.setVisible(self._info.isChecked() and known)

    def show_photo(self, photo_id: int) -> None:
        photo = self._look(photo_id)
        if photo is None:
            return
        self._photo = photo
        self._read = ReadPhoto()
        self.setWindowTitle(photo.path.name)
        self.name.set_whole(photo.path.name, str(photo.path))
        self.why.setText(photo.why)
        self.bars.show_similarities(photo.similarities)
        self.camera.show_facts(NO_FACTS, ())
        self._show_side()
        self._say_facts()
        self._back.setEnabled(self._step(photo_id, -1) is not None)
        self._on.setEnabled(self._step(photo_id, 1) is not None)
        self._pool.clear()  # the picture before stays until the new one is there: no flicker
        reading = Reading(self._reader, photo, lambda: photo is self._photo)
        reading.told.read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)
        self._pool.start(reading)
        self.shown.emit(photo_id)

    def explain(self, photo_id: int, why: str) -> None:
        """Say more exactly why this photo, if it is still shown, stands where it stands."""
        if self._photo is not None and self._photo.photo_id == photo_id and why:
            self.why.setText(why)

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
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.canvas.zoom(STEP)
            case Qt.Key.Key_Minus:
                self.canvas.zoom(1 / STEP)
            case Qt.Key.Key_0:
                self.canvas.fit()
            case Qt.Key.Key_I:
                self._info.toggle()
            case Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.close()
            case _:
                super().keyPressEvent(event)

    def done(self, result: int) -> None:
        self._pool.clear()
        self._reader.close()
        self._pool.waitForDone()
        if self._photo:
            self.left.emit(self._photo.photo_id)
        super().done(result)

    def _on_read(self, photo: ViewedPhoto, read: ReadPhoto) -> None:
        if photo is self._photo:
            self._read = read
            self.camera.show_facts(read.camera, read.tags)
            self._show_side()
            self.canvas.show_image(read.image, self._say_nothing_seen(read))

    def _say_nothing_seen(self, read: ReadPhoto) -> str:
        if read.coming:
            return self.tr("One moment…")
        return say_reason(read.problem) if read.problem else self.tr("This photo cannot be shown large.")

    def _say_facts(self) -> None:
        photo, read = self._photo, self._read
        if photo is None:
            return
        words = []
        if read.problem and not read.image.isNull():
            words.append(self.tr("only a small preview: {}").format(say_reason(read.problem).rstrip(".。")))
        elif not read.size.isEmpty():
            words.append(f"{read.size.width()} × {read.size.height()}")
        if read.bytes:
            words.append(QLocale().formattedDataSize(read.bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat))
        words.append(photo.bin_name)
        if photo.decided:
            words.append(self.tr("put here by you"))
        elif photo.probability is not None:
            words.append(self.tr("{} sure").format(percent(photo.probability)))
        if not self.canvas.is_fitted:
            words.append(f"{round(self.canvas.scale * self.devicePixelRatioF() * 100)} %")
        self.facts.setText(" · ".join(words))
