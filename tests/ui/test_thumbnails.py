"""Pictures arrive for those who look, newest wish first, within a budget, and nobody waits for ever."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from clipsorter.errors import StoreError
from clipsorter.ui import thumbnails as room
from clipsorter.ui.thumbnails import Shape, ThumbnailLoader, cut
from tests.ui.conftest import Pictures, encode


class SlowPictures(Pictures):
    """Answers only when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.go = threading.Event()

    def read(self, digest: str) -> bytes | None:
        self.entered.set()
        assert self.go.wait(10)
        return super().read(digest)


def test_a_picture_is_none_until_it_has_arrived(qtbot: QtBot, thumbnails: ThumbnailLoader) -> None:
    with qtbot.waitSignal(thumbnails.loaded) as arrival:
        assert thumbnails.pixmap("a") is None
    assert arrival.args == [frozenset({"a"})]
    assert thumbnails.pixmap("a") is not None


def test_the_newest_wish_is_read_first_and_stale_ones_are_dropped(qtbot: QtBot) -> None:
    pictures = SlowPictures()
    loader = ThumbnailLoader(lambda: pictures, threads=1)
    loader.pixmap("first")
    assert pictures.entered.wait(10)
    for digest in ("old", "older wish again", "stale", "new"):
        loader.pixmap(digest)
    loader.pixmap("older wish again")
    loader.keep_only({"old", "new", "older wish again"})
    pictures.go.set()
    qtbot.waitUntil(lambda: len(pictures.asked) == 4)
    loader.close()
    assert pictures.asked == ["first", "older wish again", "new", "old"]


def test_the_least_recently_shown_pictures_go_when_the_budget_is_full(qtbot: QtBot, pictures: Pictures) -> None:
    loader = ThumbnailLoader(lambda: pictures, budget=40 * 30 * 4 * 2 + 1)
    loader.set_shape(QSize(40, 30), 1.0)
    for digest in ("a", "b"):
        with qtbot.waitSignal(loader.loaded):
            loader.pixmap(digest)
    loader.pixmap("a")
    with qtbot.waitSignal(loader.loaded):
        loader.pixmap("c")
    asked = len(pictures.asked)
    assert loader.pixmap("a") is not None
    assert loader.pixmap("c") is not None
    assert len(pictures.asked) == asked
    assert loader.pixmap("b") is None
    loader.close()


def test_a_picture_that_is_cut_anew_takes_the_place_of_its_older_cut(qtbot: QtBot, pictures: Pictures) -> None:
    loader = ThumbnailLoader(lambda: pictures, budget=40 * 30 * 4 * 2 + 1)
    for width in (40, 39, 38, 40):
        loader.set_shape(QSize(width, 30), 1.0)
        with qtbot.waitSignal(loader.loaded):
            loader.pixmap("a")
    with qtbot.waitSignal(loader.loaded):
        loader.pixmap("b")
    assert loader.pixmap("a") is not None
    loader.close()


def test_a_reader_with_a_bug_does_not_end_its_thread(
    qtbot: QtBot, pictures: Pictures, caplog: pytest.LogCaptureFixture
) -> None:
    read = pictures.read

    def stumble(digest: str) -> bytes | None:
        if digest == "bad":
            raise RuntimeError("a bug")
        return read(digest)

    pictures.read = stumble  # type: ignore[method-assign]
    loader = ThumbnailLoader(lambda: pictures, threads=1)
    loader.pixmap("bad")
    qtbot.waitUntil(lambda: "bad" in caplog.text)
    with qtbot.waitSignal(loader.loaded):
        loader.pixmap("good")
    assert loader.pixmap("good") is not None
    loader.close()


@pytest.mark.parametrize("kind", ["missing", "damaged"])
def test_what_is_not_there_is_asked_for_again_but_not_for_ever(
    kind: str, qtbot: QtBot, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RETRY_AFTER", (0.005, 0.005))
    getattr(pictures, kind).add("a")
    loader = ThumbnailLoader(lambda: pictures)
    loader.loaded.connect(lambda digests: [loader.pixmap(digest) for digest in digests])
    loader.pixmap("a")
    qtbot.waitUntil(lambda: len(pictures.asked) == 3)
    qtbot.waitUntil(lambda: loader._missing["a"][1] == float("inf"))
    loader.pixmap("a")
    getattr(pictures, kind).clear()
    loader.forget_missing()
    with qtbot.waitSignal(loader.loaded):
        loader.pixmap("a")
    assert loader.pixmap("a") is not None
    assert len(pictures.asked) == 4
    loader.close()


def test_a_store_that_cannot_be_opened_yet_is_opened_later(
    qtbot: QtBot, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RETRY_AFTER", (0.005, 0.005))
    doors: list[Callable[[], Pictures]] = [lambda: pictures]

    def open_reader() -> Pictures:
        if len(doors) == 1:
            doors.append(doors[0])
            raise StoreError("The cache is not there yet.")
        return doors.pop()()

    loader = ThumbnailLoader(open_reader, threads=1)
    loader.loaded.connect(lambda digests: [loader.pixmap(digest) for digest in digests])
    loader.pixmap("a")
    qtbot.waitUntil(lambda: loader.pixmap("a") is not None)
    loader.close()


def test_another_size_keeps_showing_the_old_picture_until_the_new_one_is_there(
    qtbot: QtBot, thumbnails: ThumbnailLoader
) -> None:
    thumbnails.set_shape(QSize(20, 15), 1.0)
    with qtbot.waitSignal(thumbnails.loaded):
        thumbnails.pixmap("a")
    thumbnails.set_shape(QSize(32, 24), 1.0)
    with qtbot.waitSignal(thumbnails.loaded):
        before = thumbnails.pixmap("a")
    assert before is not None
    assert before.size() == QSize(20, 15)
    after = thumbnails.pixmap("a")
    assert after is not None
    assert after.size() == QSize(32, 24)


def test_closing_ends_the_threads_while_wishes_are_open_and_may_be_repeated(qtbot: QtBot) -> None:
    pictures = Pictures()
    loader = ThumbnailLoader(lambda: pictures)
    for number in range(200):
        loader.pixmap(str(number))
    loader.close()
    loader.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("thumbnails-")]
    loader.pixmap("late")
    assert 0 <= pictures.closed <= 2


@pytest.mark.parametrize(("width", "height"), [(256, 40), (40, 256), (256, 192), (1, 1), (3, 200)])
def test_any_shape_of_photo_fills_the_cell_with_round_corners(width: int, height: int) -> None:
    image = cut(encode(QImage(width, height, QImage.Format.Format_RGB32)), Shape(120, 90, 1.0))
    assert image is not None
    size = image.deviceIndependentSize()
    assert size.width() == pytest.approx(120, rel=0.05) or width < 120
    if image.width() >= 40:
        assert image.pixelColor(0, 0).alpha() < 60
        assert image.pixelColor(image.width() // 2, 0).alpha() > 200
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert abs(middle.red() - QColor("#cc3344").red()) < 12


def test_what_is_no_picture_is_none() -> None:
    assert cut(b"no picture", Shape(10, 10, 1.0)) is None
