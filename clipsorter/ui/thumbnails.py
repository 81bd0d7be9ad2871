"""Thumbnails on their way from the cache to the screen.

A view asks for a picture while it paints and gets it or None. What is missing is read, decoded, cropped and rounded by
worker threads, the newest wish first; the GUI thread only turns finished QImages into QPixmaps.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Set
from dataclasses import dataclass
from math import ceil, inf
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap

from clipsorter.errors import ClipSorterError

RADIUS = 7  # logical px of a picture's corners
EDGE = QColor(128, 128, 128, 64)  # where a picture ends, though it be as white or dark as its ground
BUDGET = 64 << 20  # bytes of pixmaps kept; a full 4K screen of pictures takes about 32 MiB

# A photo may be shown a moment before its thumbnail is stored. Waiting doubles, then nobody waits any more.
RETRY_AFTER = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # s

_COLLECT_MS = 12  # finished pictures are shown together, less than a frame late

logger = logging.getLogger(__name__)


class Reader(Protocol):
    """Where encoded thumbnails come from; each worker thread opens, uses and closes its own."""

    def read(self, digest: str) -> bytes | None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Shape:
    """How pictures are cut: ``width`` x ``height`` device px for a screen of ``ratio`` device px per logical px."""

    width: int
    height: int
    ratio: float


class ThumbnailLoader(QObject):
    """Pictures by content digest, rounded and cut to the size of a cell, kept within ``budget`` bytes.

    All methods belong on the GUI thread. ``close`` must be called before the object goes.
    """

    loaded = Signal(object)  # frozenset[str]: digests whose picture is new or worth asking for again
    _arrived = Signal()

    def __init__(
        self,
        open_reader: Callable[[], Reader],
        *,
        budget: int = BUDGET,
        threads: int = 2,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_reader = open_reader
        self._budget = budget
        self._shape = Shape(128, 96, 1.0)  # until a view says its own
        self._kept: OrderedDict[str, tuple[QPixmap, Shape]] = OrderedDict()
        self._bytes = 0
        self._missing: dict[str, tuple[int, float]] = {}  # digest -> attempts, time of the next one
        self._wake = threading.Condition()  # guards the four below
        self._wished: OrderedDict[str, None] = OrderedDict()  # newest last
        self._working: set[str] = set()
        self._finished: list[tuple[str, Shape, QImage | None]] = []
        self._closing = False
        self._collecting = _single_shot(self, self._collect)
        self._retrying = _single_shot(self, self._retry)
        self._arrived.connect(self._on_arrival, Qt.ConnectionType.QueuedConnection)
        self._threads = [
            threading.Thread(target=self._work, name=f"thumbnails-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def set_shape(self, size: QSize, ratio: float) -> None:
        """Cut pictures for cells of ``size`` logical px; older ones serve until their better version arrives."""
        self._shape = Shape(ceil(size.width() * ratio), ceil(size.height() * ratio), ratio)

    def pixmap(self, digest: str) -> QPixmap | None:
        """The picture, or None and ``loaded`` will tell."""
        kept = self._kept.get(digest)
        if kept is not None:
            self._kept.move_to_end(digest)
            if kept[1] == self._shape:
                return kept[0]
        if digest not in self._missing or time.monotonic() >= self._missing[digest][1]:
            self._wish(digest)
        return kept[0] if kept is not None else None

    def keep_only(self, digests: Set[str]) -> None:
        """Drop wishes for pictures that nobody looks at any more."""
        with self._wake:
            for digest in [one for one in self._wished if one not in digests]:
                del self._wished[digest]

    def forget_missing(self) -> None:
        """Try again what was not there: the cache may have grown."""
        self._missing.clear()

    def close(self) -> None:
        """End the worker threads and wait for them. Safe to call twice."""
        with self._wake:
            self._closing = True
            self._wished.clear()
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()
        self._collecting.stop()
        self._retrying.stop()

    def _wish(self, digest: str) -> None:
        with self._wake:
            if digest in self._working or self._closing:
                return
            self._wished[digest] = None
            self._wished.move_to_end(digest)
            self._wake.notify()

    # --- worker threads -----------------------------------------------------------------------------------------

    def _work(self) -> None:
        reader: Reader | None = None
        try:
            while (wish := self._next()) is not None:
                digest, shape = wish
                image = None
                try:
                    reader = reader or self._open_reader()
                    content = reader.read(digest)
                    image = cut(content, shape) if content else None
                except ClipSorterError as error:
                    logger.info("No thumbnail for %s: %s", digest, error)
                except Exception:  # one picture, whatever is wrong with it, must not take its thread along
                    logger.exception("Reading the thumbnail %s failed", digest)
                self._finish(digest, shape, image)
        finally:
            if reader is not None:
                reader.close()

    def _next(self) -> tuple[str, Shape] | None:
        with self._wake:
            while not self._wished and not self._closing:
                self._wake.wait()
            if self._closing:
                return None
            digest, _ = self._wished.popitem()
            self._working.add(digest)
            return digest, self._shape

    def _finish(self, digest: str, shape: Shape, image: QImage | None) -> None:
        with self._wake:
            self._working.discard(digest)
            self._finished.append((digest, shape, image))
            if len(self._finished) > 1 or self._closing:
                return  # the GUI thread knows already, or does not want to
            self._arrived.emit()

    # --- GUI thread ---------------------------------------------------------------------------------------------

    @Slot()
    def _on_arrival(self) -> None:
        if not self._collecting.isActive() and not self._closing:
            self._collecting.start(_COLLECT_MS)

    @Slot()
    def _collect(self) -> None:
        with self._wake:
            finished, self._finished = self._finished, []
        shown = set()
        for digest, shape, image in finished:
            if image is None:
                self._miss(digest)
            else:
                self._missing.pop(digest, None)
                self._keep(digest, QPixmap.fromImage(image), shape)
                shown.add(digest)
        if shown:
            self.loaded.emit(frozenset(shown))

    def _keep(self, digest: str, pixmap: QPixmap, shape: Shape) -> None:
        if digest in self._kept:
            self._bytes -= _size_of(self._kept.pop(digest)[0])
        self._kept[digest] = (pixmap, shape)
        self._bytes += _size_of(pixmap)
        while self._bytes > self._budget and len(self._kept) > 1:
            _, (oldest, _) = self._kept.popitem(last=False)
            self._bytes -= _size_of(oldest)

    def _miss(self, digest: str) -> None:
        attempts = self._missing.get(digest, (0, 0.0))[0]
        if attempts >= len(RETRY_AFTER):
            self._missing[digest] = (attempts, inf)
            return
        wait = RETRY_AFTER[attempts]
        self._missing[digest] = (attempts + 1, time.monotonic() + wait)
        if not self._retrying.isActive() or self._retrying.remainingTime() > wait * 1000:
            self._retrying.start(ceil(wait * 1000))

    @Slot()
    def _retry(self) -> None:
        """Let views ask again: only what is still looked at will be."""
        now = time.monotonic()
        due = frozenset(digest for digest, (_, when) in self._missing.items() if when <= now)
        later = [when for _, when in self._missing.values() if now < when < inf]
        if later:
            self._retrying.start(ceil((min(later) - now) * 1000))
        if due:
            self.loaded.emit(due)


def cut(content: bytes, shape: Shape) -> QImage | None:
    """Decode, crop to the middle and round the corners; None if it is no picture. Any thread.

    A picture smaller than ``shape`` is not blown up here; its pixel ratio makes it fill the same cell.
    """
    image = QImage.fromData(content)
    if image.isNull():
        return None
    scale = max(shape.width / image.width(), shape.height / image.height())
    shrink = min(1.0, 1.0 / scale)
    target = QSize(max(1, round(shape.width * shrink)), max(1, round(shape.height * shrink)))
    scale *= shrink
    scaled = image.scaled(
        max(target.width(), round(image.width() * scale)),
        max(target.height(), round(image.height() * scale)),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    rounded = QImage(target, QImage.Format.Format_ARGB32_Premultiplied)
    rounded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(rounded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrushOrigin(QPointF((target.width() - scaled.width()) // 2, (target.height() - scaled.height()) // 2))
    painter.setBrush(QBrush(scaled))
    ratio = shape.ratio * shrink
    painter.drawRoundedRect(QRectF(rounded.rect()), RADIUS * ratio, RADIUS * ratio)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(EDGE, ratio))
    inset = ratio / 2
    inside = QRectF(rounded.rect()).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(inside, RADIUS * ratio - inset, RADIUS * ratio - inset)
    painter.end()
    rounded.setDevicePixelRatio(ratio)
    return rounded


def _size_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


def _single_shot(owner: QObject, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.timeout.connect(slot)
    return timer
