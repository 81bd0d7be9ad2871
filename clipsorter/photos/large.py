"""A photo as large as a screen shows it, for formats that the window cannot read itself. Runs in a decode worker."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from clipsorter.errors import DecodeError
from clipsorter.photos.decode import check_pixels, decoding, open_camera_raw, open_picture, read_clip, read_content
from clipsorter.photos.facts import read_exif, read_orientation
from clipsorter.photos.formats import is_video
from clipsorter.photos.framing import Frame, Size
from clipsorter.photos.negative import Negative
from clipsorter.photos.prepared import Unreadable
from clipsorter.values import InputShape, Photo

LONGEST_SIDE = 4096  # px; more than any screen shows without zooming


@dataclass(frozen=True, slots=True)
class LargePicture:
    """The first picture of a file, or the most telling one of a video, upright sRGB."""

    photo: Photo
    pixels: bytes  # rows of RGB without gaps between them
    size: Size  # px of ``pixels``; the long side is at most LONGEST_SIDE
    of: Size  # px of the photo itself, upright


def attempt_large(photo: Photo) -> LargePicture | Unreadable:
    """Decode a photo; failure is a value."""
    try:
        with decoding(photo.path):
            negative = _film(photo.path) if is_video(photo.path.name) else _load(photo.path)
            size = _shrunk(negative.upright, min(LONGEST_SIDE, max(negative.image.size)))
            frame = Frame((0, 0, *negative.upright), size)
            picture = negative.print(frame, Image.Resampling.BICUBIC)
            return LargePicture(photo, picture.tobytes(), picture.size, negative.upright)
    except DecodeError as error:
        return Unreadable(photo, str(error), error.refused, None)


def _film(path: Path) -> Negative:
    clip = read_clip(path, InputShape(LONGEST_SIDE, "longest"))
    frame = clip.frames[clip.most_telling]
    return Negative.of(frame, clip.size, clip.size[0] / frame.width, clip.orientation)


def _load(path: Path) -> Negative:
    data = read_content(path)
    if (opened := open_camera_raw(path, data)) is not None:
        with opened.image as image:
            check_pixels(path, image)
            image.load()
            return Negative.of(image, opened.size, opened.size[0] / image.width, opened.orientation)
    with open_picture(path, data) as image:
        check_pixels(path, image)
        size = image.size
        draft = image.draft(None, (LONGEST_SIDE, LONGEST_SIDE)) if max(size) > 2 * LONGEST_SIDE else None
        image.load()
        if draft is None:
            size = image.size  # a TIFF was turned upright while it was loaded
        return Negative.of(image, size, size[0] / image.width, read_orientation(read_exif(image)))


def _shrunk(size: Size, longest: int) -> Size:
    ratio = max(1.0, max(size) / longest)
    return max(1, round(size[0] / ratio)), max(1, round(size[1] / ratio))
