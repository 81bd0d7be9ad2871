"""The viewer shows a photo, or the best there is of it, and says where it comes from."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clipsorter.ui.similarities import Similarity
from clipsorter.ui.viewed import ViewedPhoto
from clipsorter.ui.viewer import Viewer
from clipsorter.values import Photo
from tests.ui.conftest import Pictures

SIMILARITIES = (Similarity("cat", "#ff0000", 0.4, 0.3, here=True), Similarity("dog", "#0000ff", 0.1, 0.3))
OpenViewer = Callable[..., Viewer]


def sleep_for_ever(_photo: Photo) -> None:
    """A task of a decode worker."""
    threading.Event().wait()


@pytest.fixture
def photo(tmp_path: Path) -> ViewedPhoto:
    path = tmp_path / "photo.png"
    Image.new("RGB", (300, 200), "green").save(path)
    return ViewedPhoto(1, "0" * 32, path, "cats", 0.4, 0.5, decided=False, why="Near.", similarities=SIMILARITIES)


@pytest.fixture
def open_viewer(qtbot: QtBot, pictures: Pictures) -> Iterator[OpenViewer]:
    opened: list[Viewer] = []

    def open_(*photos: ViewedPhoto) -> Viewer:
        by_id = {photo.photo_id: photo for photo in photos}
        viewer = Viewer(
            by_id.get, lambda photo, step: photo + step if photo + step in by_id else None, lambda: pictures
        )
        viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(viewer)
        opened.append(viewer)
        viewer.open()
        viewer.show_photo(photos[0].photo_id)
        return viewer

    yield open_
    for viewer in opened:
        viewer.close()


def test_a_photo_is_shown_with_its_facts_and_reasons(qtbot: QtBot, open_viewer: OpenViewer, photo: ViewedPhoto) -> None:
    viewer = open_viewer(photo)
    qtbot.waitUntil(lambda: "300 × 200" in viewer.facts.text())
    assert viewer.facts.text().endswith("cats · 50% sure")
    assert viewer.why.text() == "Near."
    assert [row.name for row in viewer.bars.rows] == ["cat", "dog"]


def test_what_nobody_can_read_is_shown_as_its_thumbnail_and_says_why(
    qtbot: QtBot, open_viewer: OpenViewer, photo: ViewedPhoto, pictures: Pictures
) -> None:
    photo.path.write_bytes(b"a format of its own")
    viewer = open_viewer(photo)
    qtbot.waitUntil(lambda: "only a small preview: This is not a picture that" in viewer.facts.text())
    assert pictures.asked == [photo.digest]
    assert pictures.closed == 1
    assert viewer.canvas.place().width() > 30


@pytest.mark.parametrize("ending", ["avif", "jp2"])
def test_a_format_that_qt_does_not_read_is_decoded_large_in_a_child(
    qtbot: QtBot, open_viewer: OpenViewer, photo: ViewedPhoto, pictures: Pictures, ending: str
) -> None:
    path = photo.path.with_suffix(f".{ending}")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (1200, 800), "green").save(path, **({"exif": exif} if ending == "avif" else {}))
    viewer = open_viewer(replace(photo, path=path))
    size = "800 × 1200" if ending == "avif" else "1200 × 800"
    qtbot.waitUntil(lambda: size in viewer.facts.text())
    assert viewer._read.image.pixelColor(5, 5).green() > 100
    assert viewer._read.image.pixelColor(5, 5).red() < 20
    assert pictures.asked == [photo.digest]  # the thumbnail stood there meanwhile


def test_a_camera_raw_file_is_not_taken_for_the_small_picture_in_its_front(
    qtbot: QtBot, open_viewer: OpenViewer, photo: ViewedPhoto, pictures: Pictures
) -> None:
    path = photo.path.with_suffix(".nef")
    Image.new("RGB", (16, 12), "red").save(path, format="TIFF")  # as a raw file begins; Qt would read it
    open_viewer(replace(photo, path=path))
    qtbot.waitUntil(lambda: pictures.asked == [photo.digest])


def test_leaving_a_viewer_whose_child_hangs_takes_no_time(
    qtbot: QtBot, open_viewer: OpenViewer, photo: ViewedPhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clipsorter.photos.workers.attempt_large", sleep_for_ever)
    photo.path.write_bytes(b"a format of its own")
    viewer = open_viewer(photo)
    qtbot.waitUntil(lambda: viewer._read.coming)
    assert "preview" not in viewer.facts.text()
    viewer.close()
    assert viewer._pool.activeThreadCount() == 0


def test_a_photo_that_is_gone_says_that_it_cannot_be_shown(
    qtbot: QtBot, open_viewer: OpenViewer, photo: ViewedPhoto, pictures: Pictures
) -> None:
    pictures.missing.add(photo.digest)
    photo.path.unlink()
    viewer = open_viewer(photo)
    qtbot.waitUntil(lambda: viewer.canvas.words == "This file is gone.")
    assert viewer.facts.text() == "cats · 50% sure"


def test_no_certainty_is_claimed_of_what_a_person_decided_or_nobody_compared(
    open_viewer: OpenViewer, photo: ViewedPhoto
) -> None:
    assert open_viewer(replace(photo, decided=True, probability=None)).facts.text() == "cats · put here by you"
    unsorted = open_viewer(replace(photo, probability=None, similarities=(), bin_name="Unsorted"))
    assert unsorted.facts.text() == "Unsorted"
    assert not unsorted.bars.isVisible()


def test_keys_zoom_walk_and_hide_the_reasons(qtbot: QtBot, open_viewer: OpenViewer, photo: ViewedPhoto) -> None:
    viewer = open_viewer(photo, replace(photo, photo_id=2))
    qtbot.waitUntil(lambda: "300 × 200" in viewer.facts.text())
    fitted = viewer.canvas.scale
    qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    assert viewer.canvas.scale > fitted
    assert "%" in viewer.facts.text().rpartition(" · ")[2]
    qtbot.keyClick(viewer, Qt.Key.Key_Minus)
    assert viewer.canvas.is_fitted
    qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    qtbot.keyClick(viewer, Qt.Key.Key_0)
    assert viewer.canvas.is_fitted
    assert viewer.bars.isVisible()
    qtbot.keyClick(viewer, Qt.Key.Key_I)
    assert not viewer.bars.isVisible()
    with qtbot.waitSignal(viewer.left) as left:
        qtbot.keyClick(viewer, Qt.Key.Key_Right)
        qtbot.keyClick(viewer, Qt.Key.Key_Right)  # there is no third
        qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert left.args == [2]
