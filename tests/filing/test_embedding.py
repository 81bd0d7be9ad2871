"""Keywords inside photos: written by ExifTool, read back by two others, withdrawn, and never at a photo's expense."""

import errno
import json
import shutil
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from clipsorter.errors import FilingError
from clipsorter.filing import exiftool
from clipsorter.filing.embedding import Rewriting, embed_tags, withdraw_embedded
from clipsorter.filing.identity import digest_of
from clipsorter.filing.keywords import embedded_keywords
from clipsorter.filing.tags import SidecarLeftAlone, TagsFinished, ToTag
from tests.filing.faults.disk import Fault, FaultyDisk
from tests.filing.faults.world import in_child

needs_exiftool = pytest.mark.skipif(not exiftool.is_installed(), reason="ExifTool is not installed")
NAMES = ("a.jpg", "b.png", "c.webp", "d.tif", "- e\nf.jpg")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tags"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        image = Image.effect_noise((40, 30), 60 + number).convert("RGB")
        image.save(folder / name, format=None, **({"quality": 90} if name.endswith("jpg") else {}))
    return folder


def to_tag(photo: Path, *categories: str) -> ToTag:
    return ToTag(photo, digest_of(photo), tuple(tuple(one.split(">")) for one in categories))


def pixels(photo: Path) -> bytes:
    with Image.open(photo) as image:
        return image.tobytes()


def embed(photos: Path, log: Path, *categories: str, **options: object) -> list[object]:
    chosen = [to_tag(path, *categories) for path in sorted(photos.iterdir())]
    return list(embed_tags(chosen, log, **options))


@needs_exiftool
def test_every_kind_is_written_read_back_by_another_program_and_withdrawn(photos: Path, log: Path) -> None:
    before = {path.name: (pixels(path), path.stat().st_mtime_ns) for path in photos.iterdir()}
    assert embed(photos, log, "trips>海滩", "dog")[-1] == TagsFinished(len(NAMES), 0, 0)
    assert {path.name: (pixels(path), path.stat().st_mtime_ns) for path in photos.iterdir()} == before
    for name in NAMES:
        said = subprocess.run(
            ["exiftool", "-j", "-XMP-dc:Subject", "-XMP-lr:HierarchicalSubject", str(photos / name)],
            capture_output=True,
            check=True,
        )
        (found,) = json.loads(said.stdout)
        assert "海滩" in found["Subject"]
        assert "trips|海滩" in found["HierarchicalSubject"]
    assert embed(photos, log, "trips>海滩", "dog")[-1] == TagsFinished(0, len(NAMES), 0)
    assert list(withdraw_embedded(photos, log, moved={}))[-1] == TagsFinished(len(NAMES), 0, 0)
    for name in NAMES:
        assert not embedded_keywords(photos / name)
        assert pixels(photos / name) == before[name][0]


@needs_exiftool
def test_keywords_of_others_are_kept_and_a_correction_updates_ours(photos: Path, log: Path) -> None:
    theirs = photos / "a.jpg"
    subprocess.run(["exiftool", "-q", "-overwrite_original", "-XMP-dc:Subject=dog", str(theirs)], check=True)
    embed(photos, log, "dog", "cat")
    embed(photos, log, "bird")
    assert embedded_keywords(theirs).subject == ("dog", "bird")
    assert embedded_keywords(photos / "b.png").subject == ("bird",)
    list(withdraw_embedded(photos, log, moved={}))
    assert embedded_keywords(theirs).subject == ("dog",)


@needs_exiftool
def test_the_new_digest_is_told_before_the_photo_changes(photos: Path, log: Path) -> None:
    for path in sorted(photos.iterdir())[1:]:
        path.unlink()
    (photo,) = photos.iterdir()
    was = digest_of(photo)
    steps = embed_tags([to_tag(photo, "dog")], log)
    told = next(steps)
    assert isinstance(told, Rewriting)
    assert (told.was, digest_of(photo)) == (was, was)
    assert list(steps)[-1] == TagsFinished(1, 0, 0)
    assert digest_of(photo) == told.now


@needs_exiftool
def test_what_must_not_be_rewritten_is_left_alone(photos: Path, log: Path) -> None:
    (photos / "damaged.jpg").write_bytes(b"\xff\xd8 no picture")
    (photos / "raw.nef").write_bytes(b"raw")
    (photos / "link.png").symlink_to(photos / "b.png")
    (photos / "twin.webp").hardlink_to(photos / "c.webp")
    before = {path.name: path.read_bytes() for path in photos.iterdir()}
    events = embed(photos, log, "dog")
    left = {event.sidecar.name for event in events if isinstance(event, SidecarLeftAlone)}
    assert left == {"damaged.jpg", "link.png", "twin.webp", "c.webp"}
    for name in ("damaged.jpg", "raw.nef", "c.webp"):
        assert (photos / name).read_bytes() == before[name]


@needs_exiftool
@pytest.mark.parametrize("name", ["%d%f%e", "50% off", "%%", "%-2.3c", "a%o.%+C"])
def test_a_name_that_is_a_pattern_for_exiftool_is_only_a_name(tmp_path: Path, log: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    Image.new("RGB", (40, 30)).save(folder / f"{name}.png")
    assert embed(folder, log, "dog")[-1] == TagsFinished(1, 0, 0)
    assert embedded_keywords(folder / f"{name}.png").subject == ("dog",)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({name, "data"})
    assert [path.name for path in folder.iterdir()] == [f"{name}.png"]


@needs_exiftool
def test_a_dry_run_changes_nothing(photos: Path, log: Path) -> None:
    before = {path.name: path.read_bytes() for path in photos.iterdir()}
    assert embed(photos, log, "dog", dry_run=True)[-1] == TagsFinished(len(NAMES), 0, 0)
    assert {path.name: path.read_bytes() for path in photos.iterdir()} == before


@pytest.mark.slow  # each act costs two runs of ExifTool
@needs_exiftool
@pytest.mark.parametrize("how", ["before", "after", "kill"])
def test_a_fault_at_any_act_leaves_a_whole_photo(photos: Path, tmp_path: Path, how: str) -> None:
    for path in photos.iterdir():
        if path.name != "b.png":
            path.unlink()
    photo, safe = photos / "b.png", tmp_path / "safe.png"
    shutil.copy2(photo, safe)
    trace = FaultyDisk()
    list(embed_tags([to_tag(photo, "dog")], tmp_path / "log", disk=trace))
    assert len(trace.trace) > 10
    for at in range(1, len(trace.trace) + 1):
        shutil.copy2(safe, photo)
        log, disk = tmp_path / f"log-{at}", FaultyDisk(Fault(at, how, 0 if how == "kill" else errno.EIO))

        def play(log: Path = log, disk: FaultyDisk = disk) -> None:
            with suppress(FilingError):  # the log itself could not be written
                list(embed_tags([to_tag(photo, "dog")], log, disk=disk))

        in_child(play)
        act = f"{how} act {at}: {trace.trace[at - 1]}"
        assert pixels(photo) == pixels(safe), act
        assert photo.read_bytes() == safe.read_bytes() or embedded_keywords(photo).subject == ("dog",), act
        assert list(embed_tags([to_tag(photo, "dog")], log))[-1].complete, act  # the next start settles it
        assert [path.name for path in photos.iterdir()] == ["b.png"], act
        assert embedded_keywords(photo).subject == ("dog",), act


def test_without_the_program_a_sentence_says_what_to_do(
    photos: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FilingError, match="needs ExifTool, which is not installed"):
        embed(photos, log, "dog")
    assert list(withdraw_embedded(photos, log, moved={})) == [TagsFinished(0, 0, 0)]


@needs_exiftool
def test_no_photo_behind_a_folder_that_has_become_a_link_is_written(tmp_path: Path, photos: Path, log: Path) -> None:
    (photos / "trip").mkdir()
    (photos / "a.jpg").rename(photos / "trip" / "a.jpg")
    wanted = replace(to_tag(photos / "trip" / "a.jpg", "dog"), folder=photos)
    (photos / "trip").rename(tmp_path / "elsewhere")
    (photos / "trip").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    before = digest_of(tmp_path / "elsewhere" / "a.jpg")
    left, finished = embed_tags([wanted], log)
    assert isinstance(left, SidecarLeftAlone)
    assert left.reason == "“a.jpg” stands behind a link that was not there before."
    assert finished == TagsFinished(0, 0, 1)
    assert digest_of(tmp_path / "elsewhere" / "a.jpg") == before
