"""Why a photo stands where it stands, in a sentence."""

from pathlib import Path

import numpy as np
import pytest

from clipsorter.engine.events import Ranked
from clipsorter.ranking.board import Bin, Board
from clipsorter.ranking.similarity import Chance, Ranking
from clipsorter.ui.viewed import view_photo
from tests.ui.conftest import MakeCollection

PATH = Path("photo.jpg")


def ranked(
    make_collection: MakeCollection, home: str | None, cosines: tuple[float, ...], *, decided: bool = False
) -> Ranked:
    """One photo, number 1, near "cat" and "dog" as told, with cut-offs at 0.3."""
    names = ("cat", "dog")[: len(cosines)]
    one = np.ones(1, np.float32)
    cosine = np.array([cosines], np.float32).reshape(1, len(cosines))
    best = np.array([int(np.argmax(cosines)) if cosines else -1], np.int16)
    ranking = Ranking(names, cosine, one, None, one, best, Chance(0.0, 0.1), 20.0, None)
    bins = tuple(
        Bin(
            name,
            np.array([1] if name == home else [], np.int64),
            *(one[: name == home],) * 2,
            one[: name == home] * decided > 0,
        )
        for name in (*names, None)
    )
    return Ranked(Board(bins, np.empty(0, np.int64)), make_collection(1), ranking, np.full(len(names), 0.3, np.float32))


@pytest.mark.parametrize(
    ("home", "cosines", "words"),
    [
        ("cat", (0.4, 0.1), "nearest to “cat”, and its bar passes"),
        ("dog", (0.5, 0.4), "you said that it does not belong to “cat”"),
        (None, (0.2, 0.1), "nearest to “cat”, but not near enough"),
        (None, (0.4, 0.1), "near “cat”, but looks even more like something"),
    ],
)
def test_the_reason_follows_from_the_numbers(
    qapp: object, make_collection: MakeCollection, home: str | None, cosines: tuple[float, ...], words: str
) -> None:
    viewed = view_photo(1, PATH, ranked(make_collection, home, cosines), {"cat": "#ff0000"})
    assert viewed is not None
    assert words in viewed.why
    assert [(one.name, one.here) for one in viewed.similarities] == [("cat", home == "cat"), ("dog", home == "dog")]
    assert viewed.similarities[0].colour == "#ff0000"
    assert viewed.probability == 1


def test_a_persons_word_needs_no_other_reason(qapp: object, make_collection: MakeCollection) -> None:
    viewed = view_photo(1, PATH, ranked(make_collection, "dog", (0.4, 0.1), decided=True), {})
    assert viewed is not None
    assert viewed.why.startswith("You put it here.")
    assert viewed.probability is None


def test_without_categories_nothing_is_claimed(qapp: object, make_collection: MakeCollection) -> None:
    viewed = view_photo(1, PATH, ranked(make_collection, None, ()), {})
    assert viewed is not None
    assert (viewed.why, viewed.probability, viewed.similarities) == ("", None, ())


def test_a_photo_that_is_not_on_the_board_cannot_be_viewed(qapp: object, make_collection: MakeCollection) -> None:
    assert view_photo(7, PATH, ranked(make_collection, "cat", (0.4, 0.1)), {}) is None
