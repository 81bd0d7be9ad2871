"""Every entry of a folder has exactly one outcome."""

import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clipsorter.errors import FolderError
from clipsorter.photos import scan as scan_module
from clipsorter.photos.scan import Outcome, Passed, Unchanged, check_folder, rescan, scan
from clipsorter.values import Photo

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")
not_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")


def outcomes(folder: Path, **options) -> dict[str, str]:
    """Relative path to outcome ("photo" for a photo); fails when an entry comes twice."""
    found: dict[str, str] = {}
    for entry in scan(folder, **options):
        name = entry.path.relative_to(folder).as_posix()
        assert name not in found
        found[name] = "photo" if isinstance(entry, Photo) else entry.outcome.value
        if isinstance(entry, Passed):
            assert entry.reason.endswith(".")
    return found


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_a_photo_is_its_file_as_stat_sees_it(tmp_path):
    fill(tmp_path, "a.jpg")
    status = (tmp_path / "a.jpg").stat()
    assert list(scan(tmp_path)) == [Photo(tmp_path / "a.jpg", 1, status.st_mtime_ns, status.st_ino)]


@pytest.fixture
def without_optional_parts(monkeypatch):
    monkeypatch.setattr(scan_module, "raw_is_installed", lambda: False)
    monkeypatch.setattr(scan_module, "heif_is_installed", lambda: False)
    monkeypatch.setattr(scan_module, "video_is_installed", lambda: False)


@pytest.mark.usefixtures("without_optional_parts")
def test_suffixes_decide_what_is_a_photo(tmp_path):
    photos = ["a.jpg", "B.JPEG", "c.png", "d.WebP", "e.gif", "f.tiff", "g.bmp", "h.avif", "i.jp2"]
    others = ["j.cr2", "k.mov", "l.xmp", "m.aae", "n.txt", "jpg", "o.jpg.part", "p.eps", "q.svg", "r.pdf"]
    fill(tmp_path, *photos, *others)
    assert outcomes(tmp_path) == dict.fromkeys(photos, "photo") | dict.fromkeys(others, "ignored")


@pytest.mark.usefixtures("without_optional_parts")
def test_each_kind_of_ignored_file_says_why(tmp_path):
    fill(tmp_path, "a.nef", "b.mp4", "c.xmp", "d.doc")
    reasons = [entry.reason for entry in scan(tmp_path) if isinstance(entry, Passed)]
    assert [word in reason for word, reason in zip(("raw", "video", "sidecar", "Not"), reasons, strict=True)] == [
        True
    ] * 4


def test_hidden_and_system_folders_are_not_entered(tmp_path):
    folders = [".git", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", ".Trash-1000", "__MACOSX"]
    fill(tmp_path, *(f"{folder}/a.jpg" for folder in folders), "._a.jpg", ".hidden.png", "seen/a.jpg")
    skipped = [*folders, "._a.jpg", ".hidden.png"]
    assert outcomes(tmp_path) == dict.fromkeys(skipped, "skipped") | {"seen/a.jpg": "photo"}


def test_excluded_folders_are_not_entered(tmp_path):
    fill(tmp_path, "in/a.jpg", "out/b.jpg", "in/out/c.jpg")
    assert outcomes(tmp_path, excluded=[tmp_path / "out"]) == {
        "in/a.jpg": "photo",
        "in/out/c.jpg": "photo",
        "out": "skipped",
    }


@posix_only
def test_links_are_not_followed_and_loops_end(tmp_path):
    fill(tmp_path, "real/a.jpg")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real" / "a.jpg")
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "nowhere")
    found = outcomes(tmp_path)
    assert found == {"real/a.jpg": "photo"} | dict.fromkeys(["loop", "link.jpg", "dangling.jpg"], "skipped")


@posix_only
def test_pipes_and_sockets_are_skipped(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.jpg")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.jpg")
        assert outcomes(tmp_path) == {"pipe.jpg": "skipped", "socket.jpg": "skipped"}


@posix_only
def test_names_may_hold_anything(tmp_path):
    names = [
        b"new\nline.jpg",
        b"not utf-8 \xff\xfe.jpg",
        "\u202egpj.exe.jpg".encode(),
        b"-rf.jpg",
        b"x" * 251 + b".jpg",
        b" .jpg",
    ]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"x")
    assert outcomes(tmp_path) == {os.fsdecode(name): "photo" for name in names}


def test_400_levels_are_walked(tmp_path):
    deepest = tmp_path / "/".join("d" * 400)
    deepest.mkdir(parents=True)
    fill(deepest, "a.jpg")
    assert [entry.path.name for entry in scan(tmp_path)] == ["a.jpg"]


class KindlessEntry:
    """An entry of a disk that lists names alone, so that its kind has to be asked for; one of them does not say."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self._entry = entry
        self.name, self.path = entry.name, entry.path
        self.is_file, self.is_symlink, self.stat = entry.is_file, entry.is_symlink, entry.stat

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        if self.name == "out of reach":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), self.path)
        return self._entry.is_dir(follow_symlinks=follow_symlinks)


def test_an_entry_that_does_not_tell_its_kind_is_one_trouble_among_many(tmp_path, monkeypatch):
    fill(tmp_path, "a.jpg", "below/b.jpg", "out of reach/c.jpg")
    listed = os.scandir

    @contextmanager
    def listing(path: str) -> Iterator[Iterator[KindlessEntry]]:
        with listed(path) as entries:
            yield map(KindlessEntry, entries)

    monkeypatch.setattr(scan_module.os, "scandir", listing)
    assert outcomes(tmp_path) == {"a.jpg": "photo", "below/b.jpg": "photo", "out of reach": "unreadable"}


@posix_only
def test_a_path_that_is_too_long_is_reported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    descriptors = [os.open(".", os.O_RDONLY)]
    for _ in range(30):
        os.mkdir("n" * 200, dir_fd=descriptors[-1])
        descriptors.append(os.open("n" * 200, os.O_RDONLY, dir_fd=descriptors[-1]))
    os.close(os.open("a.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=descriptors[-1]))
    found = list(scan(tmp_path))
    for parent, child in zip(descriptors[-2::-1], descriptors[:0:-1], strict=True):
        os.close(child)
        for name in os.listdir(parent):  # noqa: PTH208 - pathlib has no descriptors
            if name == "n" * 200 and child == descriptors[-1]:
                os.unlink("n" * 200 + "/a.jpg", dir_fd=parent)
            os.rmdir(name, dir_fd=parent)
    os.close(descriptors[0])
    assert [entry.outcome for entry in found if isinstance(entry, Passed)] == [Outcome.UNREADABLE]


def test_the_order_is_fixed_files_before_folders(tmp_path):
    fill(tmp_path, "b/2.jpg", "b/1.jpg", "a/9.jpg", "z.jpg", "c.txt", "b/a/0.jpg")
    order = [entry.path.relative_to(tmp_path).as_posix() for entry in scan(tmp_path)]
    assert order == ["c.txt", "z.jpg", "a/9.jpg", "b/1.jpg", "b/2.jpg", "b/a/0.jpg"]


def test_a_folder_that_vanishes_meanwhile_is_one_reported_entry(tmp_path):
    fill(tmp_path, "a.jpg", "gone/b.jpg")
    walk = scan(tmp_path)
    assert isinstance(next(walk), Photo)
    (tmp_path / "gone" / "b.jpg").unlink()
    (tmp_path / "gone").rmdir()
    rest = list(walk)
    assert [(entry.path.name, entry.outcome) for entry in rest if isinstance(entry, Passed)] == [("gone", "unreadable")]


@posix_only
@not_root
def test_a_forbidden_folder_is_one_reported_entry(tmp_path):
    fill(tmp_path, "secret/a.jpg", "b.jpg")
    (tmp_path / "secret").chmod(0)
    try:
        assert outcomes(tmp_path) == {"b.jpg": "photo", "secret": "unreadable"}
    finally:
        (tmp_path / "secret").chmod(0o700)


@pytest.mark.parametrize(
    ("name", "words"), [("nowhere", "no folder"), ("file.jpg", "is a file"), ("nul\0", "cannot be")]
)
def test_a_folder_that_cannot_be_used_is_said_before_the_first_entry(name, words, tmp_path):
    fill(tmp_path, "file.jpg")
    with pytest.raises(FolderError, match=words):
        check_folder(tmp_path / name)
    with pytest.raises(FolderError, match=words):
        next(scan(tmp_path / name))


def test_a_link_to_a_folder_may_be_named(tmp_path):
    fill(tmp_path, "real/a.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    assert check_folder(tmp_path / "link") == tmp_path / "real"


def test_a_second_walk_names_what_is_unchanged_and_yields_the_rest(tmp_path):
    fill(tmp_path, "a/1.jpg", "a/2.jpg", "a/3.jpg", "b/4.jpg", "a/note.txt")
    known: dict[str, dict[str, tuple[int, int, int]]] = {}
    for photo in scan(tmp_path):
        if isinstance(photo, Photo):
            stamp = (photo.size, photo.mtime_ns, photo.inode)
            known.setdefault(str(photo.path.parent), {})[photo.path.name] = stamp
    (tmp_path / "a" / "2.jpg").write_bytes(b"changed")
    (tmp_path / "a" / "3.jpg").unlink()
    fill(tmp_path, "a/5.jpg")
    found = list(rescan(tmp_path, known))
    assert Unchanged(str(tmp_path / "a"), ("1.jpg",)) in found
    assert Unchanged(str(tmp_path / "b"), ("4.jpg",)) in found
    assert [entry.path.name for entry in found if isinstance(entry, Photo)] == ["2.jpg", "5.jpg"]
    assert [entry.path.name for entry in found if isinstance(entry, Passed)] == ["note.txt"]
    assert len(found) == 5
