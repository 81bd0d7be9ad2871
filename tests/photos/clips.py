"""Tiny videos, written by FFmpeg for a test."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
COLOURS = ((220, 40, 40), (40, 200, 40), (40, 40, 220), (220, 220, 220))  # of the quarters of a clip
# File name, FFmpeg's codec, pixel format: what phones, cameras, camcorders and browsers write.
KINDS = (
    ("phone.mp4", "libx264", "yuv420p"),
    ("iphone.mov", "libx265", "yuv420p"),
    ("camera.avi", "mjpeg", "yuvj420p"),
    ("screen.webm", "libvpx", "yuv420p"),
    ("film.mkv", "libx264", "yuv420p"),
    ("old.wmv", "wmv2", "yuv420p"),
    ("camcorder.mts", "mpeg2video", "yuv420p"),
)


def av() -> Any:
    """PyAV; a test that needs it is skipped where the optional part is not installed."""
    return pytest.importorskip("av", reason="the optional part clipsorter[video] is not installed")


def quarters(size: tuple[int, int] = (128, 96), each: int = 10) -> list[Frame]:
    """Four colours, one after the other, behind a pattern that never changes; ``size`` is width and height."""
    pattern = np.random.default_rng(0).integers(0, 100, (size[1] // 8, size[0] // 8, 3)).repeat(8, 0).repeat(8, 1)
    pictures = [np.clip(np.array(colour) * 0.7 + pattern, 0, 255).astype(np.uint8) for colour in COLOURS]
    return [picture for picture in pictures for _ in range(each)]


def write_clip(
    path: Path,
    frames: Sequence[Frame],
    codec: str = "libx264",
    pixels: str = "yuv420p",
    *,
    rate: int = 25,
    **facts: str,
) -> Path:
    """Write ``frames``; ``facts`` go into the container."""
    with av().open(str(path), "w", options={"movflags": "use_metadata_tags"} if facts else {}) as container:
        container.metadata.update(facts)
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pixels
        for frame in frames:
            for packet in stream.encode(av().VideoFrame.from_ndarray(frame, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path
