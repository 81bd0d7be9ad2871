from dataclasses import replace
from pathlib import Path

import pytest

from clipsorter.errors import FilingError
from clipsorter.filing.disk import Disk
from clipsorter.filing.keywords import keywords_of_photo
from clipsorter.filing.tags import (
    SidecarLeftAlone,
    SidecarWritten,
    TagsFinished,
    ToTag,
    our_keywords,
    withdraw_tags,
    write_tags,
)
from clipsorter.filing.xmp import read
from tests.filing.test_xmp import DIGIKAM, LIGHTROOM


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tags"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (folder / name).write_bytes(name.encode())
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def to_tag(photo: Path, *categories: str) -> ToTag:
    return ToTag(photo, f"digest of {photo.name}", tuple(tuple(one.split(">")) for one in categories))


def test_a_new_sidecar_is_made_and_goes_again(photos: Path, log: Path) -> None:
    before = names(photos)
    events = list(write_tags([to_tag(photos / "a.jpg", "海滩", "Trips>Paris")], log))
    sidecar = photos / "a.jpg.xmp"
    assert events == [SidecarWritten(sidecar, True, 1, 1), TagsFinished(1, 0, 0)]
    assert read(sidecar.read_bytes()).subject == ("海滩", "Paris")
    assert read(sidecar.read_bytes()).tags_list == ("海滩", "Trips/Paris")
    assert list(our_keywords(log)) == [sidecar]
    assert sidecar.stat().st_mode & 0o044
    assert list(withdraw_tags(photos, log)) == [SidecarWritten(sidecar, True, 1, 1), TagsFinished(1, 0, 0)]
    assert names(photos) == before
    assert not our_keywords(log)


@pytest.mark.parametrize("name", ["a.xmp", "a.jpg.xmp", "a.XMP"])
@pytest.mark.parametrize("packet", [LIGHTROOM, DIGIKAM])
def test_an_existing_sidecar_is_used_and_given_back_to_the_byte(
    photos: Path, log: Path, name: str, packet: bytes
) -> None:
    sidecar = photos / name
    sidecar.write_bytes(packet)
    sidecar.chmod(0o600)
    list(write_tags([to_tag(photos / "a.jpg", "beach", "family")], log))
    assert set(read(packet).subject) < set(read(sidecar.read_bytes()).subject)
    assert sidecar.stat().st_mode & 0o777 == 0o600
    assert list(withdraw_tags(photos, log))[-1].complete
    assert sidecar.read_bytes() == packet
    assert names(photos) == sorted(["a.jpg", "b.jpg", "c.jpg", name])


def test_only_ours_is_withdrawn_when_others_wrote_since(photos: Path, log: Path) -> None:
    sidecar = photos / "a.jpg.xmp"
    sidecar.write_bytes(LIGHTROOM)
    list(write_tags([to_tag(photos / "a.jpg", "family", "beach")], log))  # "family" was theirs before
    theirs = sidecar.read_bytes().replace(b'xmp:Rating="4"', b'xmp:Rating="5"')
    sidecar.write_bytes(theirs)
    list(withdraw_tags(photos, log))
    assert sidecar.read_bytes() == LIGHTROOM.replace(b'xmp:Rating="4"', b'xmp:Rating="5"')


def test_a_sidecar_of_ours_that_others_used_stays_without_our_words(photos: Path, log: Path) -> None:
    sidecar = photos / "a.jpg.xmp"
    list(write_tags([to_tag(photos / "a.jpg", "beach")], log))
    sidecar.write_bytes(sidecar.read_bytes().replace(b'rdf:about=""', b'rdf:about="" xmlns:x="u:x" x:y="1"'))
    list(withdraw_tags(photos, log))
    assert b'x:y="1"' in sidecar.read_bytes()
    assert not read(sidecar.read_bytes())


def test_a_correction_takes_the_old_word_away_and_leaves_theirs(photos: Path, log: Path) -> None:
    sidecar = photos / "a.jpg.xmp"
    sidecar.write_bytes(LIGHTROOM)
    list(write_tags([to_tag(photos / "a.jpg", "family", "beach")], log))
    list(write_tags([to_tag(photos / "a.jpg", "city")], log))
    assert read(sidecar.read_bytes()).subject == ("family", "夏天", "city")
    list(write_tags([to_tag(photos / "a.jpg")], log))
    assert sidecar.read_bytes() == LIGHTROOM


def test_the_same_tags_again_touch_nothing(photos: Path, log: Path) -> None:
    wanted = [to_tag(photos / name, "beach") for name in ("a.jpg", "b.jpg")]
    list(write_tags(wanted, log))
    before = {path: path.stat().st_mtime_ns for path in photos.iterdir()}
    lines = (log / "tags.jsonl").read_bytes()
    assert list(write_tags(wanted, log))[-1] == TagsFinished(0, 2, 0)
    assert {path: path.stat().st_mtime_ns for path in photos.iterdir()} == before
    assert (log / "tags.jsonl").read_bytes() == lines


def test_a_dry_run_says_what_it_would_do_and_does_nothing(photos: Path, log: Path) -> None:
    wanted = [to_tag(photos / "a.jpg", "beach")]
    assert list(write_tags(wanted, log, dry_run=True)) == [
        SidecarWritten(photos / "a.jpg.xmp", True, 1, 1),
        TagsFinished(1, 0, 0),
    ]
    assert not (photos / "a.jpg.xmp").exists()
    list(write_tags(wanted, log))
    before = (photos / "a.jpg.xmp").read_bytes()
    assert list(withdraw_tags(photos, log, dry_run=True))[-1] == TagsFinished(1, 0, 0)
    assert (photos / "a.jpg.xmp").read_bytes() == before


@pytest.mark.parametrize("broken", [b"", b"not xml", LIGHTROOM[:300], b"<!DOCTYPE x>" + LIGHTROOM])
def test_a_malformed_sidecar_is_left_alone_and_reported(photos: Path, log: Path, broken: bytes) -> None:
    (photos / "a.jpg.xmp").write_bytes(broken)
    events = list(write_tags([to_tag(photos / "a.jpg", "beach"), to_tag(photos / "b.jpg", "beach")], log))
    assert [type(event) for event in events] == [SidecarLeftAlone, SidecarWritten, TagsFinished]
    assert "a.jpg.xmp" in events[0].reason
    assert "it was left" in events[0].reason
    assert not events[-1].complete
    assert (photos / "a.jpg.xmp").read_bytes() == broken


def test_a_sidecar_that_is_a_link_is_left_alone(photos: Path, log: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.xmp").write_bytes(LIGHTROOM)
    (photos / "a.jpg.xmp").symlink_to(tmp_path / "elsewhere.xmp")
    events = list(write_tags([to_tag(photos / "a.jpg", "beach")], log))
    assert isinstance(events[0], SidecarLeftAlone)
    assert (tmp_path / "elsewhere.xmp").read_bytes() == LIGHTROOM
    assert (photos / "a.jpg.xmp").is_symlink()


def test_a_pair_with_one_sidecar_gets_the_words_of_both(photos: Path, log: Path) -> None:
    (photos / "a.cr2").write_bytes(b"raw")
    (photos / "a.xmp").write_bytes(DIGIKAM)
    events = list(write_tags([to_tag(photos / "a.jpg", "beach"), to_tag(photos / "a.cr2", "sea")], log))
    assert events[-1] == TagsFinished(1, 0, 0)
    assert read((photos / "a.xmp").read_bytes()).subject == ("beach", "sea")


def test_tags_are_found_again_after_the_photo_moved(photos: Path, log: Path, tmp_path: Path) -> None:
    list(write_tags([to_tag(photos / "a.jpg", "beach")], log))
    place = tmp_path / "sorted"
    place.mkdir()
    for name in ("a.jpg", "a.jpg.xmp"):
        (photos / name).rename(place / name)
    assert list(withdraw_tags(place, log))[-1] == TagsFinished(0, 0, 0)
    assert list(withdraw_tags(place, log, moved={place / "a.jpg": "digest of a.jpg"}))[-1] == TagsFinished(1, 0, 0)
    assert names(place) == ["a.jpg"]


def test_a_sidecar_that_a_person_removed_is_forgotten(photos: Path, log: Path) -> None:
    list(write_tags([to_tag(photos / "a.jpg", "beach")], log))
    (photos / "a.jpg.xmp").unlink()
    assert list(withdraw_tags(photos, log))[-1].complete
    assert not our_keywords(log)
    assert not (photos / "a.jpg.xmp").exists()


def test_a_word_that_a_person_typed_after_us_is_theirs_after_the_withdrawal(photos: Path, log: Path) -> None:
    sidecar = photos / "a.jpg.xmp"
    list(write_tags([to_tag(photos / "a.jpg", "beach")], log))
    list(withdraw_tags(photos, log))
    sidecar.write_bytes(LIGHTROOM.replace(b"family", b"beach"))
    list(write_tags([to_tag(photos / "a.jpg", "beach")], log))
    list(withdraw_tags(photos, log))
    assert sidecar.read_bytes() == LIGHTROOM.replace(b"family", b"beach")


def test_a_damaged_log_stops_everything(photos: Path, log: Path) -> None:
    list(write_tags([to_tag(photos / "a.jpg", "beach")], log))
    good = (log / "tags.jsonl").read_bytes()
    (log / "tags.jsonl").write_bytes(b"nonsense\n" + good)
    with pytest.raises(FilingError, match="damaged"):
        list(withdraw_tags(photos, log))
    assert (photos / "a.jpg.xmp").exists()


def test_the_log_does_not_grow_for_ever(photos: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clipsorter.filing.tag_log._SLACK", 4)
    for number in range(20):
        list(write_tags([to_tag(photos / "a.jpg", f"word {number}")], log))
    assert (log / "tags.jsonl").read_bytes().count(b"\n") < 15
    list(withdraw_tags(photos, log))
    assert not (photos / "a.jpg.xmp").exists()


def test_lightroom_style_names_the_sidecar_after_the_stem(photos: Path, log: Path) -> None:
    list(write_tags([to_tag(photos / "a.jpg", "beach")], log, style="lightroom"))
    assert (photos / "a.xmp").exists()


def test_what_we_write_is_found_as_a_keyword(photos: Path, log: Path) -> None:
    list(write_tags([to_tag(photos / "a.jpg", "Trips>Paris")], log))
    found = keywords_of_photo(photos / "a.jpg")
    assert found.flat == ("Paris",)
    assert found.paths == (("Trips", "Paris"),)


def exchange_for_link(folder: Path, elsewhere: Path) -> None:
    """What stood in ``folder`` is elsewhere now, and a link leads there."""
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere, target_is_directory=True)


def test_no_sidecar_is_written_where_a_folder_has_become_a_link(tmp_path: Path, photos: Path, log: Path) -> None:
    (photos / "trip").mkdir()
    (photos / "trip" / "d.jpg").write_bytes(b"d")
    wanted = [replace(to_tag(photos / "trip" / "d.jpg", "beach"), folder=photos)]
    exchange_for_link(photos / "trip", tmp_path / "elsewhere")
    left, finished = write_tags(wanted, log)
    assert isinstance(left, SidecarLeftAlone)
    assert left.reason == "“d.jpg.xmp” stands behind a link that was not there before."
    assert finished == TagsFinished(0, 0, 1)
    assert names(tmp_path / "elsewhere") == ["d.jpg"]


class Exchanging(Disk):
    """Once our log says what is to come, somebody exchanges the folder."""

    def __init__(self, folder: Path, elsewhere: Path) -> None:
        self._exchange = (folder, elsewhere)

    def sync(self, handle: int) -> None:
        super().sync(handle)
        if not self._exchange[0].is_symlink():
            exchange_for_link(*self._exchange)


@pytest.mark.parametrize("withdraws", [False, True])
def test_a_folder_that_becomes_a_link_in_the_middle_of_a_run_is_left_alone(
    tmp_path: Path, photos: Path, log: Path, *, withdraws: bool
) -> None:
    (photos / "trip").mkdir()
    (photos / "trip" / "d.jpg").write_bytes(b"d")
    wanted = [replace(to_tag(photos / "trip" / "d.jpg", "beach"), folder=photos)]
    if withdraws:
        list(write_tags(wanted, log))
    before = names(photos / "trip")
    disk = Exchanging(photos / "trip", tmp_path / "elsewhere")
    events = list(withdraw_tags(photos, log, disk=disk) if withdraws else write_tags(wanted, log, disk=disk))
    assert (photos / "trip").is_symlink()
    assert events[-1] == TagsFinished(0, 0, 1)
    assert names(tmp_path / "elsewhere") == before
