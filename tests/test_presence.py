"""Whether something is there: yes or no, whatever the disk says."""

import os
from pathlib import Path

import pytest

from clipsorter.presence import is_file, is_folder


def test_a_folder_and_a_file_are_told_apart_links_followed(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.touch()
    (tmp_path / "link").symlink_to(tmp_path)
    assert (is_folder(tmp_path), is_file(tmp_path)) == (True, False)
    assert (is_folder(file), is_file(file)) == (False, True)
    assert is_folder(tmp_path / "link")


@pytest.mark.parametrize("name", ["nothing", "a.jpg/below", "n" * 5000, "half\0name", "half \udce4 letter"])
def test_what_cannot_be_there_is_not(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.jpg").touch()
    assert not is_folder(tmp_path / name)
    assert not is_file(tmp_path / name)


@pytest.mark.parametrize("trouble", [OSError(107, "Transport endpoint is not connected"), PermissionError(13, "no")])
def test_what_nobody_answers_for_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: OSError
) -> None:
    def refuse(*_: object, **__: object) -> os.stat_result:
        raise trouble

    monkeypatch.setattr(os, "stat", refuse)
    found = is_folder(tmp_path), is_file(tmp_path)
    monkeypatch.undo()
    assert found == (False, False)
