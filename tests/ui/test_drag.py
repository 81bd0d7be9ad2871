"""A drag carries ids for this window and files for others."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QPixmap

from clipsorter.ui import drag
from clipsorter.ui.drag import PHOTOS_MIME, PhotosMime, draw_stack, photo_ids_of


def test_ids_arrive_and_files_are_named_only_when_asked(qapp: object, tmp_path: Path) -> None:
    asked = []

    def paths() -> list[Path]:
        asked.append(1)
        return [tmp_path / "a b.jpg", tmp_path / "海滩 #1.jpg"]

    mime = PhotosMime(np.array([7, 3], np.int64), paths)
    found = photo_ids_of(mime)
    assert found is not None
    assert found.tolist() == [7, 3]
    assert not asked
    assert mime.hasUrls()
    assert [Path(url.toLocalFile()) for url in mime.urls()] == [tmp_path / "a b.jpg", tmp_path / "海滩 #1.jpg"]
    assert QUrl.fromLocalFile(str(tmp_path / "a b.jpg")).toEncoded().data() in mime.data("text/uri-list").data()


@pytest.mark.parametrize("content", [b"", b"12345678" * 3, drag._OURS + b"123"], ids=["empty", "theirs", "cut"])
def test_another_programs_drag_is_not_ours(content: bytes) -> None:
    mime = QMimeData()
    mime.setData(PHOTOS_MIME, QByteArray(content))
    assert photo_ids_of(mime) is None
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("photo.jpg")])
    assert photo_ids_of(files) is None


@pytest.mark.parametrize("pictures", [0, 1, 5])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_the_stack_is_drawn_with_any_number_of_pictures(qapp: object, pictures: int, ratio: float) -> None:
    stack = draw_stack(12345, [QPixmap(30, 20)] * pictures, ratio)
    assert stack.devicePixelRatio() == ratio
    assert stack.deviceIndependentSize().width() >= 112
    badge = stack.toImage().pixelColor(int(100 * ratio), int(3 * ratio))
    assert badge.alpha() == 255
