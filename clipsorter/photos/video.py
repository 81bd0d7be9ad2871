"""Videos: a few frames, spread over a clip, stand for all of it.

FFmpeg does the reading, through PyAV, which is loaded when the first video comes. It may read the file that was opened
for it and nothing else: the container is one of ``CONTAINERS`` by its first bytes, so playlists and scripts that name
other files or the network are never tried, nothing else can be opened (``protocol_whitelist``), and only the first
picture track is decoded, by one of ``CODECS``.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from clipsorter.photos.framing import Size, draft_scale
from clipsorter.values import InputShape

if TYPE_CHECKING:
    import av
    from av.container import InputContainer

FRAMES = 4  # of a clip, at 1/8, 3/8, 5/8 and 7/8 of its length
MOST_DECODED = 120  # frames from the key frame before such a place; a clip with rarer key frames shows one before it
PIXELS_LIMIT = 36_000_000  # of a frame: 8K, 7680 x 4320, has 33 million
DARK = 6.0  # standard deviation of brightness (0 to 255) below which a frame shows nothing: black, a fade, a lens cap

# First bytes and where they stand -> FFmpeg's name of the container.
CONTAINERS = (
    (4, (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"), "mov"),
    (0, (b"\x1a\x45\xdf\xa3",), "matroska"),
    (8, (b"AVI ",), "avi"),
    (0, (b"\x00\x00\x01\xba",), "mpeg"),
    (0, (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",), "asf"),
    (0, (b"FLV\x01",), "flv"),
    (0, (b"OggS",), "ogg"),
    (0, (b"\x47",), "mpegts"),  # a packet begins with it; camcorders put four bytes of time before
    (4, (b"\x47",), "mpegts"),
)
CODECS = (
    "h264,hevc,av1,libdav1d,vp8,vp9,mpeg4,mpeg2video,mpeg1video,mjpeg,h263,msmpeg4v1,msmpeg4v2,msmpeg4,wmv1,wmv2,wmv3,"
    "vc1,flv,theora,prores,dvvideo,rawvideo,libvpx,libvpx-vp9"
)
# What turns a picture upright that FFmpeg says is to be turned by so many degrees, counter-clockwise; as EXIF counts.
_ORIENTATION = {0: 1, 90: 8, -90: 6, 180: 3, -180: 3}


class NoVideoError(Exception):
    """The bytes are no video that can be read."""


@dataclass(frozen=True, slots=True)
class Clip:
    """What is seen of a video. The frames may be smaller than the video, and are stored turned as it is."""

    frames: tuple[Image.Image, ...]  # RGB, all of one size; 1 to ``FRAMES``
    size: Size  # of the video, as stored, its pixels made square
    orientation: int  # 1..8 as EXIF numbers it
    taken: datetime | None  # naive local time

    @property
    def most_telling(self) -> int:
        """Number of the frame most like the others, of two the one with more contrast; it is shown for the video."""
        small = np.array([frame.resize((16, 16), Image.Resampling.BOX) for frame in self.frames], np.float32)
        apart = [np.abs(small - one).mean() for one in small]
        return min(range(len(small)), key=lambda number: (apart[number], -contrast(self.frames[number])))


def open_video(file: io.BufferedIOBase | io.RawIOBase, shape: InputShape) -> Clip:
    """Frames of an open video file, large enough for ``shape``; raises NoVideoError."""
    import av  # noqa: PLC0415 - a fifth of a second that a worker without videos need not spend

    container_format = _container(file.read(16))
    try:
        for winds in (True, False):  # a short transport stream cannot be wound
            file.seek(0)
            with av.open(
                file,
                mode="r",
                format=container_format,
                metadata_errors="replace",
                options={"protocol_whitelist": "", "codec_whitelist": CODECS},
            ) as container:
                if (clip := _watch(container, shape, winds=winds)) is not None:
                    return clip
    except av.FFmpegError as error:
        raise NoVideoError(str(error)) from error
    raise NoVideoError("No frame of it can be decoded.")


def _container(head: bytes) -> str:
    for place, marks, name in CONTAINERS:
        if any(head[place:].startswith(mark) for mark in marks):
            return name
    raise NoVideoError("The file begins like no video.")


def _watch(container: "InputContainer", shape: InputShape, *, winds: bool) -> Clip | None:
    """The clip, or None where no frame came."""
    stream = next((one for one in container.streams.video if not _is_cover(one)), None)
    if stream is None:
        raise NoVideoError("There is no picture in it.")
    stream.codec_context.thread_count = 1  # the workers are as many as the processor has cores
    pictures: list[Image.Image] = []
    size, orientation = (0, 0), 1
    for frame in _spread(container, stream) if winds else _first(container.decode(stream)):
        if frame.width * frame.height > PIXELS_LIMIT:
            raise NoVideoError(f"Its frames claim {frame.width} x {frame.height} pixels.")
        aspect = float(stream.sample_aspect_ratio or 1)
        size = (max(1, round(frame.width * (aspect if 0.1 < aspect < 10 else 1))), frame.height)
        orientation = _ORIENTATION.get(90 * round(frame.rotation / 90), 1)
        scale = draft_scale(size, shape)
        pictures.append(frame.to_image(width=max(1, size[0] // scale), height=max(1, size[1] // scale)))
    if not pictures:
        return None
    seen = [picture for picture in pictures if picture.size == pictures[-1].size]  # a stream may change its size
    return Clip(_telling(seen), size, orientation, _taken(container.metadata))


def _spread(container: "InputContainer", stream: Any) -> Iterator["av.VideoFrame"]:
    """One frame for each of ``FRAMES`` places; fewer where the file ends early or cannot be wound."""
    seconds = _seconds(container, stream)
    if seconds is None:
        yield from _first(container.decode(stream))
        return
    begins = float(stream.start_time * stream.time_base) if stream.start_time else 0.0
    before = None  # a clip shorter than its places shows a frame once
    for number in range(FRAMES):
        wanted = begins + seconds * (2 * number + 1) / (2 * FRAMES)
        frame = _frame_at(container, stream, wanted)
        if frame is not None and frame.pts != before:
            before = frame.pts
            yield frame


def _frame_at(container: "InputContainer", stream: Any, wanted: float) -> "av.VideoFrame | None":
    """The last frame up to ``wanted`` seconds that can be had without decoding too many."""
    import av  # noqa: PLC0415 - see open_video

    last = None
    try:
        container.seek(max(0, int(wanted / stream.time_base)), stream=stream)
        for count, frame in enumerate(container.decode(stream)):
            if last is not None and (count >= MOST_DECODED or (frame.time is not None and frame.time > wanted)):
                break
            last = frame
    except av.FFmpegError:  # cut off, or damaged from here on; what was seen before stands for it
        pass
    return last


def _first(frames: Iterator["av.VideoFrame"]) -> Iterator["av.VideoFrame"]:
    """Of a clip whose length nobody knows: evenly from its first frames."""
    step = MOST_DECODED // FRAMES
    for count, frame in enumerate(frames):
        if count >= MOST_DECODED:
            return
        if count % step == 0:
            yield frame


def _seconds(container: "InputContainer", stream: Any) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    seconds = (container.duration or 0) / 1_000_000  # FFmpeg's AV_TIME_BASE
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _is_cover(stream: Any) -> bool:
    """Whether a track is the still picture that music players show."""
    return "attached_pic" in str(stream.disposition).casefold()


def _telling(pictures: list[Image.Image]) -> tuple[Image.Image, ...]:
    """Without black frames and fades, unless there is nothing else."""
    bright = [picture for picture in pictures if contrast(picture) >= DARK]
    return tuple(bright or pictures[:1])


def contrast(picture: Image.Image) -> float:
    """Standard deviation of brightness, 0 to 127.5."""
    return float(np.asarray(picture.convert("L").resize((64, 64), Image.Resampling.BOX), np.float32).std())


def _taken(facts: dict[str, str]) -> datetime | None:
    """When it was recorded: with the zone of the camera (Apple), else UTC, brought to this machine's zone."""
    for name in ("com.apple.quicktime.creationdate", "creation_time", "DATE_RECORDED"):
        try:
            moment = datetime.fromisoformat(facts[name])
            if moment.year < 1971:  # a camera that did not know: containers count from 1904 or 1970
                continue
            if name == "creation_time":
                moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone()
        except (KeyError, ValueError, OverflowError, OSError):  # the last two: a year that no clock here reaches
            continue
        return moment.replace(tzinfo=None)
    return None
