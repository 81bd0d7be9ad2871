"""Boards, bins and pictures for window tests, made without any database."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QLocale, QTranslator
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from clipsorter.columns import Digests, Paths
from clipsorter.library.collection import Collection
from clipsorter.ranking.board import Bin, Board
from clipsorter.ui.thumbnails import ThumbnailLoader

MakeCollection = Callable[[int], Collection]
MakeBin = Callable[[str | None, Sequence[int]], Bin]
MakeBoard = Callable[[dict[str | None, Sequence[int]]], Board]


class Pictures:
    """A thumbnail reader over memory: any digest has a picture until it is listed as missing."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.missing: set[str] = set()
        self.damaged: set[str] = set()
        self.closed = 0
        self.content = encode(QImage(40, 30, QImage.Format.Format_RGB32))

    def read(self, digest: str) -> bytes | None:
        self.asked.append(digest)
        if digest in self.missing:
            return None
        return b"no picture" if digest in self.damaged else self.content

    def close(self) -> None:
        self.closed += 1


def encode(image: QImage, colour: str = "#cc3344") -> bytes:
    """A JPEG of one colour."""
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")
    return bytes(buffer.data().data())


@pytest.fixture
def pictures() -> Pictures:
    return Pictures()


@pytest.fixture
def thumbnails(qapp: object, pictures: Pictures) -> Iterator[ThumbnailLoader]:
    loader = ThumbnailLoader(lambda: pictures)
    yield loader
    loader.close()


@pytest.fixture
def make_collection() -> MakeCollection:
    """Photos with the ids 1 to N, named after them."""

    def make(count: int) -> Collection:
        ids = np.arange(1, count + 1, dtype=np.int64)
        files = Paths(f"2026/IMG_{number:05d}.jpg" for number in range(1, count + 1))
        digests = Digests.of(f"{number:032x}" for number in ids)
        return Collection(ids, files, digests, np.zeros((count, 1), np.float32))

    return make


@pytest.fixture
def make_bin() -> MakeBin:
    """A bin of these photos; similarity and probability follow from the id, odd ids are undecided."""

    def make(name: str | None, photo_ids: Sequence[int]) -> Bin:
        ids = np.asarray(photo_ids, np.int64)
        likely = (1 / (1 + ids)).astype(np.float32)
        return Bin(name, ids, likely / 2, likely, ids % 2 == 0)

    return make


@pytest.fixture
def make_board(make_bin: MakeBin) -> MakeBoard:
    def make(bins: dict[str | None, Sequence[int]]) -> Board:
        return Board(tuple(make_bin(name, ids) for name, ids in bins.items()), np.empty(0, np.int64))

    return make


@pytest.fixture
def quiet_application(qapp: QApplication) -> Iterator[QApplication]:
    """Takes back what ``speak`` installs."""
    font, locale, before = qapp.font(), QLocale(), set(qapp.findChildren(QTranslator))
    yield qapp
    for translator in set(qapp.findChildren(QTranslator)) - before:
        qapp.removeTranslator(translator)
        translator.setParent(None)
    qapp.setFont(font)
    QLocale.setDefault(locale)
