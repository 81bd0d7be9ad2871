"""What is dropped or pasted may name anything."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from clipsorter.ui.searching.pictures import files_in, folder_in, holds_picture


def dropped(*addresses: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(address) for address in addresses])
    return mime


def test_local_files_and_the_first_local_folder_are_found(tmp_path: Path) -> None:
    picture = tmp_path / "一 & 50%.jpg"
    picture.touch()
    mime = dropped("https://example.org/a.jpg", tmp_path.as_uri(), picture.as_uri())
    assert files_in(mime) == [picture]
    assert folder_in(mime) == tmp_path
    assert holds_picture(mime)


@pytest.mark.parametrize("address", [f"file:///{'n' * 5000}", "file:///half%00name.jpg", "file:///%FF.jpg"])
def test_an_address_that_no_disk_could_have_holds_nothing(address: str) -> None:
    mime = dropped(address)
    assert files_in(mime) == []
    assert folder_in(mime) is None
    assert not holds_picture(mime)
