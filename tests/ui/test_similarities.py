"""Bars for one photo: the nearest first, the cut-off marked, everything said in words too."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from clipsorter.ui.similarities import Similarity, SimilarityBars

DOG = Similarity("dog", "#0000ff", 0.2, 0.3)
CAT = Similarity("cat", "#ff0000", 0.4, 0.3, here=True)
NEVER = Similarity("unicorn", "#00ff00", -np.inf, -np.inf)


@pytest.fixture
def bars(qtbot: QtBot) -> SimilarityBars:
    bars = SimilarityBars()
    qtbot.addWidget(bars)
    bars.show_similarities([DOG, NEVER, CAT])
    bars.resize(240, bars.sizeHint().height())
    return bars


def lengths(image: QImage, colour: str) -> int:
    """The longest run of this colour in a line."""
    wanted = QColor(colour).rgb()
    return max(sum(image.pixel(x, y) == wanted for x in range(image.width())) for y in range(image.height()))


def test_the_nearest_category_stands_first(bars: SimilarityBars) -> None:
    assert [row.name for row in bars.rows] == ["cat", "dog", "unicorn"]


def test_bars_are_as_long_as_the_photo_is_near(bars: SimilarityBars) -> None:
    image = bars.grab().toImage()
    assert lengths(image, CAT.colour) == pytest.approx(2 * lengths(image, DOG.colour), abs=12)
    assert lengths(image, NEVER.colour) == 0


def test_the_cut_off_is_marked_where_it_lies(bars: SimilarityBars) -> None:
    with_mark = bars.grab().toImage()
    bars.show_similarities([Similarity("dog", DOG.colour, 0.2, -np.inf), CAT, NEVER])
    without = bars.grab().toImage()
    changed = [
        x
        for x in range(with_mark.width())
        for y in range(with_mark.height())
        if with_mark.pixel(x, y) != without.pixel(x, y)
    ]
    assert min(changed) == pytest.approx(240 * 0.3 / (0.4 * 1.04), abs=4)
    assert max(changed) - min(changed) < 5


def test_a_screen_reader_hears_every_number(bars: SimilarityBars) -> None:
    heard = bars.accessibleDescription().split("; ")
    assert heard == [
        "cat, similarity 0.40, cut-off 0.30",
        "dog, similarity 0.20, cut-off 0.30",
        "unicorn, similarity –",
    ]


def test_without_categories_there_is_nothing_to_show(bars: SimilarityBars) -> None:
    bars.show_similarities([])
    assert bars.sizeHint().height() == 0
    assert bars.accessibleDescription() == ""
