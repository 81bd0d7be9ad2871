"""Videos, where the optional part is installed: a few frames stand for a clip, and nothing but the file is read."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xxhash
from PIL import Image

from clipsorter.photos import decode, scan, video
from clipsorter.photos.decode import attempt, prepare
from clipsorter.photos.formats import VIDEO_BESIDE, VIDEO_MISSING, is_video
from clipsorter.photos.prepared import PreparedPhoto, Unreadable
from clipsorter.photos.reasons import Reason
from clipsorter.photos.scan import Passed
from clipsorter.photos.video import Clip
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import InputShape, Photo
from tests.photos.clips import COLOURS, KINDS, av, quarters, write_clip

LookAt = Callable[[Path], Photo]
SHAPE = InputShape(32)


@pytest.mark.parametrize(("name", "codec", "pixels"), KINDS, ids=[kind[0] for kind in KINDS])
def test_the_frames_are_spread_over_the_clip(
    tmp_path: Path, photo_of: LookAt, name: str, codec: str, pixels: str
) -> None:
    frames = quarters(each=25)
    clip = prepare(photo_of(write_clip(tmp_path / name, frames, codec, pixels)), SHAPE)
    shades = np.array([frame.mean(axis=(0, 1)) for frame in clip.frames])
    seen = np.abs(shades[:, None] - np.array(COLOURS)).sum(axis=2).argmin(axis=1).tolist()
    assert seen in ([0, 1, 2, 3], [1, 2, 3], [0, 2, 3])  # a transport stream has no index: it is wound roughly
    if not name.endswith(".mts"):
        assert seen == [0, 1, 2, 3]
    assert clip.frames.shape[1:] == (32, 32, 3)
    assert (clip.facts.width, clip.facts.height) == (128, 96)


def test_a_video_is_known_by_its_whole_content(tmp_path: Path, photo_of: LookAt) -> None:
    path = write_clip(tmp_path / "a.mp4", quarters())
    assert prepare(photo_of(path), SHAPE).digest == xxhash.xxh3_128_hexdigest(path.read_bytes())


def test_the_same_video_gives_the_same_pixels(tmp_path: Path, photo_of: LookAt) -> None:
    photo = photo_of(write_clip(tmp_path / "a.mp4", quarters()))
    assert np.array_equal(prepare(photo, SHAPE).pixels, prepare(photo, SHAPE).pixels)


def test_the_thumbnail_is_not_the_black_beginning(tmp_path: Path, photo_of: LookAt) -> None:
    black = [np.zeros((96, 128, 3), np.uint8)] * 50
    clip = prepare(photo_of(write_clip(tmp_path / "a.mp4", [*black, *quarters(each=12)])), SHAPE)
    assert len(clip.frames) == 2
    assert clip.frames.std(axis=(1, 2, 3)).min() > 20
    assert len(clip.thumbnail) > 1500


def test_a_clip_of_darkness_still_has_a_picture(tmp_path: Path, photo_of: LookAt) -> None:
    clip = prepare(photo_of(write_clip(tmp_path / "a.mp4", [np.zeros((96, 128, 3), np.uint8)] * 20)), SHAPE)
    assert len(clip.frames) == 1


def test_a_clip_of_one_frame_has_one_picture(tmp_path: Path, photo_of: LookAt) -> None:
    assert len(prepare(photo_of(write_clip(tmp_path / "a.mp4", quarters()[:1])), SHAPE).frames) == 1


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"com.apple.quicktime.creationdate": "2024-05-06T07:08:09+0900"}, "2024-05-06 07:08:09"),
        ({"creation_time": "1904-01-01T00:00:00.000000Z"}, "None"),
        ({"creation_time": "nonsense"}, "None"),
    ],
)
def test_the_time_is_the_cameras_where_it_makes_sense(facts: dict[str, str], expected: str) -> None:
    assert str(video._taken(facts)) == expected


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system's time zone cannot be set for one process")
def test_a_time_past_the_end_of_the_calendar_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert video._taken({"creation_time": "9999-12-31T23:59:59Z"}) is None
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_turned_video_is_shown_upright(tmp_path: Path, photo_of: LookAt) -> None:
    assert video._ORIENTATION[-90] == 6  # FFmpeg counts counter-clockwise, EXIF 6 is a quarter clockwise
    frames = [np.concatenate([np.full((96, 64, 3), 250, np.uint8), np.zeros((96, 64, 3), np.uint8)], axis=1)] * 10
    path = write_clip(tmp_path / "a.mp4", frames)
    content = bytearray(path.read_bytes())
    place = content.index(b"tkhd") + 4 + 40  # the matrix, after version, times, id and layer: ISO/IEC 14496-12
    quarter = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30]
    content[place : place + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in quarter)
    path.write_bytes(content)
    clip = prepare(photo_of(path), SHAPE)
    assert (clip.facts.width, clip.facts.height) == (96, 128)
    assert clip.frames[0][:8].mean() > 200
    assert clip.frames[0][-8:].mean() < 50


@pytest.mark.parametrize(
    "content",
    [
        b"#EXTM3U\n#EXTINF:4,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile 'secret.mp4'\n",
        b'<?xml version="1.0"?><MPD><Period><BaseURL>secret.mp4</BaseURL></Period></MPD>',
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        b"not a video at all",
    ],
    ids=["hls", "concat", "dash", "sdp", "text"],
)
def test_a_list_of_other_files_is_no_video(
    tmp_path: Path, photo_of: LookAt, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    av()
    write_clip(tmp_path / "secret.mp4", quarters())
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("the network was asked"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "list.mp4"
    path.write_bytes(content)
    answer = attempt(photo_of(path), SHAPE)
    assert isinstance(answer, Unreadable)
    assert answer.reason == Reason.NO_VIDEO.sentence()
    assert answer.digest == xxhash.xxh3_128_hexdigest(content)


def test_a_huge_frame_is_refused(tmp_path: Path, photo_of: LookAt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "PIXELS_LIMIT", 128 * 96 - 1)
    answer = attempt(photo_of(write_clip(tmp_path / "a.mp4", quarters())), SHAPE)
    assert isinstance(answer, Unreadable)


def test_a_video_too_large_to_be_hashed_is_refused(
    tmp_path: Path, photo_of: LookAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "VIDEO_BYTES_LIMIT", 100)
    answer = attempt(photo_of(write_clip(tmp_path / "a.mp4", quarters())), SHAPE)
    assert isinstance(answer, Unreadable)
    assert answer.refused


def test_damaged_videos_are_reported_by_the_workers(tmp_path: Path, photo_of: LookAt) -> None:
    content = write_clip(tmp_path / "whole.mp4", quarters()).read_bytes()
    random = np.random.default_rng(1)
    for number in range(6):
        harmed = bytearray(content[: int(len(content) * random.uniform(0.1, 1))])
        for place in random.integers(0, len(harmed), 20):
            harmed[place] = random.integers(256)
        (tmp_path / f"harmed {number}.mp4").write_bytes(harmed)
    photos = [photo_of(path) for path in sorted(tmp_path.iterdir())]
    with DecodeWorkers(SHAPE, count=1) as workers:
        answers = {answer.photo.path.name: answer for answer in workers.prepare(iter(photos)) if answer is not None}
    assert len(answers) == 7
    assert isinstance(answers["whole.mp4"], PreparedPhoto)


def test_the_moving_half_of_a_live_photo_travels_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "video_is_installed", lambda: True)
    for name in ("IMG_1.jpg", "IMG_1.MOV", "IMG_2.MOV", "film.avi", "film.png"):
        (tmp_path / name).write_bytes(b"x")
    entries = list(scan.scan(tmp_path))
    photos = {entry.path.name for entry in entries if isinstance(entry, Photo)}
    assert photos == {"IMG_1.jpg", "IMG_2.MOV", "film.avi", "film.png"}
    [passed] = [entry for entry in entries if isinstance(entry, Passed)]
    assert passed.reason == VIDEO_BESIDE


def test_without_its_part_a_video_is_named_with_what_is_missing(
    tmp_path: Path, photo_of: LookAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "video_is_installed", lambda: False)
    monkeypatch.setattr(decode, "video_is_installed", lambda: False)
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x18ftypisom")
    [entry] = scan.scan(tmp_path)
    assert isinstance(entry, Passed)
    assert entry.reason == VIDEO_MISSING
    answer = attempt(photo_of(tmp_path / "a.mp4"), SHAPE)
    assert isinstance(answer, Unreadable)
    assert answer.reason == VIDEO_MISSING


def test_a_name_tells_a_video() -> None:
    assert [name for name in ("a.MP4", "b.mov", "c.jpg", "mp4", "d.mp4.jpg") if is_video(name)] == ["a.MP4", "b.mov"]


def test_what_most_of_a_clip_shows_is_shown_for_it() -> None:
    def frame(colour: tuple[int, int, int], stripe: int) -> Image.Image:
        picture = Image.new("RGB", (64, 48), colour)
        picture.paste((255, 255, 255), (0, 0, stripe, 48))
        return picture

    meadow = [frame((30, 120, 40), stripe) for stripe in (2, 4, 6)]
    contrasting = frame((0, 0, 0), 32)
    for place in range(4):
        frames = (*meadow[:place], contrasting, *meadow[place:])
        assert frames[Clip(frames, (64, 48), 1, None).most_telling] is not contrasting
    assert Clip((meadow[0], contrasting), (64, 48), 1, None).most_telling == 1
    assert Clip((contrasting, meadow[0]), (64, 48), 1, None).most_telling == 0
    assert Clip((meadow[0],), (64, 48), 1, None).most_telling == 0
