"""Files that a walk does not meet are gone, and only those."""

import os
from pathlib import Path

import pytest

from clipsorter.engine.known_files import KnownFiles
from clipsorter.library.records import FileRecord, KnownBelow
from clipsorter.photos.scan import Unchanged
from clipsorter.values import Photo

STAMP = (1, 2, 3)


def record(path: str, *, missing: bool = False) -> FileRecord:
    return FileRecord(1, path, *STAMP, None, "It is broken.", refused=False, missing=missing)


def known(*, left_out: tuple[str, ...] = ()) -> KnownFiles:
    embedded = {"/p": {"a.jpg": STAMP, "b.jpg": STAMP, "c.png": STAMP}, "/p/q": {"d.jpg": STAMP}}
    others = [record("/p/broken.jpg"), record("/p/long gone.jpg", missing=True)]
    return KnownFiles(KnownBelow(embedded, {one.path: one for one in others}), left_out)


def photo(path: str) -> Photo:
    return Photo(Path(path), 9, 9, 9)


def gone(files: KnownFiles, *away: str) -> set[str]:
    return set(files.gone(away))


def test_what_is_not_met_is_gone_and_what_was_gone_is_not_said_again() -> None:
    assert gone(known()) == {"/p/a.jpg", "/p/b.jpg", "/p/c.png", "/p/q/d.jpg", "/p/broken.jpg"}


def test_what_is_unchanged_is_not_gone() -> None:
    files = known()
    files.tick_off(Unchanged("/p", ("c.png", "a.jpg")))
    files.tick_off(Unchanged("/p/q", ("d.jpg",)))
    assert gone(files) == {"/p/b.jpg", "/p/broken.jpg"}


def test_what_has_changed_is_not_gone_and_its_record_says_no_more_than_its_name() -> None:
    files = known()
    files.tick_off(Unchanged("/p", ("a.jpg", "c.png")))
    assert files.meet(photo("/p/b.jpg")) is None
    assert files.meet(photo("/p/q/d.jpg")) is None
    assert files.meet(photo("/p/new.jpg")) is None
    assert gone(files) == {"/p/broken.jpg"}


def test_what_needs_something_is_met_with_its_record() -> None:
    files = known()
    assert files.meet(photo("/p/broken.jpg")) == record("/p/broken.jpg")
    assert files.meet(photo("/p/long gone.jpg")) == record("/p/long gone.jpg", missing=True)
    assert not {"/p/broken.jpg", "/p/long gone.jpg"} & gone(files)


def test_nothing_is_concluded_about_a_folder_that_is_away() -> None:
    assert gone(known(), "/p/q") == {"/p/a.jpg", "/p/b.jpg", "/p/c.png", "/p/broken.jpg"}
    assert gone(known(), "/p/b.jpg", "/p/brok") == {"/p/a.jpg", "/p/c.png", "/p/q/d.jpg", "/p/broken.jpg"}
    assert gone(known(), "/p") == set()


def test_kinds_that_are_left_out_are_not_expected_and_count_as_gone() -> None:
    files = known(left_out=("PNG",))
    assert {folder: set(names) for folder, names in files.stamps.items()} == {
        "/p": {"a.jpg", "b.jpg"},
        "/p/q": {"d.jpg"},
    }
    files.tick_off(Unchanged("/p", ("a.jpg", "b.jpg")))
    files.tick_off(Unchanged("/p/q", ("d.jpg",)))
    assert gone(files) == {"/p/c.png", "/p/broken.jpg"}


def test_all_kinds_may_be_left_out() -> None:
    assert not any(known(left_out=("PNG", "JPEG")).stamps.values())


@pytest.mark.skipif(os.sep != "/", reason="about the root of a POSIX system")
def test_a_photo_in_the_root_folder_is_found_there() -> None:
    files = KnownFiles(KnownBelow({"/": {"a.jpg": STAMP, "b.jpg": STAMP}}, {}), ())
    files.meet(photo("/a.jpg"))
    assert gone(files) == {"/b.jpg"}
