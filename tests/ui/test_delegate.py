"""A photo's state shows in its form, not by colour alone."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from clipsorter.ui.bin_model import BinModel
from clipsorter.ui.delegate import PhotoDelegate
from clipsorter.ui.geometry import GAP
from tests.ui.conftest import MakeBin, MakeCollection

SELECTED = QStyle.StateFlag.State_Selected
FOCUS = QStyle.StateFlag.State_HasFocus
HOVER = QStyle.StateFlag.State_MouseOver
PLAIN = QStyle.StateFlag.State_Enabled


@pytest.fixture
def photos(qapp: object, make_bin: MakeBin, make_collection: MakeCollection) -> BinModel:
    """An undecided photo in row 0, a decided one in row 1."""
    picture = QPixmap(112, 84)
    picture.fill(QColor("#dddddd"))
    model = BinModel("cats", lambda digest: picture)
    model.set_bin(make_bin("cats", [3, 4]), make_collection(4))
    return model


def grey(index: QModelIndex, state: QStyle.StateFlag, *, mirrored: bool = False) -> QImage:
    """The cell as someone sees it who sees no colours."""
    delegate = PhotoDelegate()
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 120, delegate.cell_height(120))
    option.state = state
    option.direction = Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
    image = QImage(option.rect.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    delegate.paint(painter, option, index)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


def changed(one: QImage, other: QImage) -> QRect:
    """The rectangle around all pixels that clearly differ."""
    area = QRect()
    for y in range(one.height()):
        for x in range(one.width()):
            if abs(one.pixelColor(x, y).red() - other.pixelColor(x, y).red()) > 40:
                area |= QRect(x, y, 1, 1)
    return area


def test_a_chosen_photo_has_a_ring_and_a_check_mark(photos: BinModel) -> None:
    index = photos.index(0, 0)
    area = changed(grey(index, PLAIN), grey(index, PLAIN | SELECTED))
    assert area.width() > 100
    mark = QRect(94, 8, 20, 20)
    assert changed(grey(index, PLAIN).copy(mark), grey(index, PLAIN | SELECTED).copy(mark)).width() > 8


def test_a_photo_put_here_by_a_person_has_a_star_in_the_other_corner(photos: BinModel) -> None:
    undecided, decided = (grey(photos.index(row, 0), PLAIN).copy(0, 0, 120, 84) for row in (0, 1))
    area = changed(undecided, decided)
    assert area.right() < 40
    assert area.bottom() < 40
    mirrored = [grey(photos.index(row, 0), PLAIN, mirrored=True).copy(0, 0, 120, 84) for row in (0, 1)]
    assert changed(*mirrored).left() > 80


@pytest.mark.parametrize("state", [FOCUS, HOVER, SELECTED, SELECTED | FOCUS])
def test_every_state_looks_different_from_every_other(state: QStyle.StateFlag, photos: BinModel) -> None:
    index = photos.index(0, 0)
    looks = [grey(index, PLAIN | one) for one in (PLAIN, FOCUS, HOVER, SELECTED, SELECTED | FOCUS) if one != state]
    assert all(grey(index, PLAIN | state) != look for look in looks)


def test_nothing_is_painted_outside_the_cell_and_the_name_stays_clear_of_the_ring(photos: BinModel) -> None:
    index = photos.index(0, 0)
    delegate = PhotoDelegate()
    bottom = GAP // 2 + delegate.picture_size(120).height()
    ring = changed(grey(index, PLAIN), grey(index, PLAIN | FOCUS))
    assert ring.bottom() <= bottom + 3
    caption = grey(index, PLAIN).copy(0, bottom + 1, 120, 2)
    assert changed(caption, grey(index, PLAIN).copy(0, bottom + 1, 120, 2)).isNull()
    assert all(caption.pixelColor(x, 0).red() > 200 for x in range(120))


def test_a_picture_smaller_than_its_place_fills_it(
    qapp: object, make_bin: MakeBin, make_collection: MakeCollection
) -> None:
    small = QPixmap(56, 42)  # as the loader hands it out: fewer pixels, and it says so
    small.setDevicePixelRatio(0.5)
    small.fill(QColor("black"))
    model = BinModel("cats", lambda digest: small)
    model.set_bin(make_bin("cats", [3]), make_collection(4))
    seen = grey(model.index(0, 0), PLAIN)
    assert all(seen.pixelColor(x, y).red() < 30 for x in (20, 60, 100) for y in (20, 60))


@pytest.mark.parametrize("width", [1, 9, 40, 118, 224, 900])
def test_pictures_are_four_to_three_at_any_width(width: int, qapp: object) -> None:
    delegate = PhotoDelegate()
    size = delegate.picture_size(width)
    assert size.width() == max(1, width - GAP)
    assert size.height() == max(1, size.width() * 3 // 4)
    assert delegate.cell_height(width) > size.height() + GAP


def test_a_video_wears_a_triangle(qapp: object, make_bin: MakeBin, make_collection: MakeCollection) -> None:
    picture = QPixmap(112, 84)
    picture.fill(QColor("#dddddd"))
    model = BinModel("cats", lambda digest: picture)
    collection = make_collection(2)
    model.set_bin(make_bin("cats", [1, 2]), replace(collection, files=("2026/IMG_1.jpg", "2026/IMG_1.mp4")))
    photo, video = (grey(model.index(row, 0), PLAIN) for row in range(2))
    corner = QRect(4, 62, 24, 24)
    assert changed(photo.copy(corner), video.copy(corner)).width() > 15
