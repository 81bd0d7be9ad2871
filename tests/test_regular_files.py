"""Whatever stands where a file stood: opened without waiting, or refused at once."""

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from clipsorter.filing.disk import Disk
from clipsorter.filing.identity import digest_of
from clipsorter.filing.keywords import FoundKeywords, keywords_of_photo
from clipsorter.filing.packet import XmpError
from clipsorter.filing.sidecar import read_sidecar
from clipsorter.library.settings import Settings, load_settings
from clipsorter.photos.camera import CameraFacts, read_camera
from clipsorter.regular_files import NotRegularError, descriptor_of_regular, open_regular, read_regular

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes, devices and links as Unix has them")


def listen_at(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as ours:
        ours.bind(str(path))


OTHERS: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "socket": listen_at,
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    OTHERS[kind](Path("x"))
    with pytest.raises(OSError, match=r"ordinary file|No such device"):
        open_regular(Path("x"))
    with pytest.raises(OSError, match=r"ordinary file|No such device"):
        digest_of(Path("x"))


def test_links_are_followed_unless_they_must_not_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    assert read_regular(tmp_path / "link", 7) == b"content"
    with pytest.raises(OSError, match="symbolic links") as refused:
        descriptor_of_regular(tmp_path / "link", follow_link=False)
    assert refused.value.errno == errno.ELOOP


def test_more_than_is_allowed_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(20 * 2**30)
    with pytest.raises(OSError, match="too large"):
        read_regular(tmp_path / "sparse", 1000)


def test_a_pipe_in_the_place_of_a_photo_a_sidecar_or_the_settings_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.xmp", "settings.json"):
        os.mkfifo(tmp_path / name)
    assert read_camera(tmp_path / "a.jpg") == CameraFacts()
    assert keywords_of_photo(tmp_path / "a.jpg") == FoundKeywords((), ())
    assert load_settings(tmp_path / "settings.json") == Settings()
    with pytest.raises(XmpError):
        read_sidecar(tmp_path / "a.xmp")
    with pytest.raises(NotRegularError):
        Disk().open_source(tmp_path / "a.jpg")
