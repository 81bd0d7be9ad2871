"""One photo's bytes become digest, model input, thumbnail and facts. Runs in a decode worker.

Little is done at full size: a JPEG is decoded smaller where that suffices (``draft``), one crop-and-resize each makes
model input and thumbnail from the same pixels, and only these small pictures are freed of transparency, brought to
sRGB and turned upright. A truncated file is reported, not half shown: it would be sorted by its grey lower half.
"""

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray
from PIL import (  # the plugins of PILLOW_FORMATS: named here, Pillow need not import its forty
    AvifImagePlugin,  # noqa: F401
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    Jpeg2KImagePlugin,  # noqa: F401
    JpegImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

from clipsorter.errors import DecodeError
from clipsorter.photos import raw, video
from clipsorter.photos.facts import read_exif, read_facts, read_orientation
from clipsorter.photos.formats import (
    HEIF_FORMAT,
    HEIF_MISSING,
    PILLOW_FORMATS,
    RAW_MISSING,
    RAW_SUFFIXES,
    VIDEO_MISSING,
    is_video,
    looks_like_heif,
    video_is_installed,
)
from clipsorter.photos.framing import Size, draft_scale, is_resized_whole, model_frame, thumbnail_frame
from clipsorter.photos.negative import Negative
from clipsorter.photos.png import without_side_chunks
from clipsorter.photos.prepared import Digested, PreparedPhoto, Unreadable
from clipsorter.photos.raw import RawPicture
from clipsorter.photos.reasons import Reason
from clipsorter.photos.sketch import sketch
from clipsorter.regular_files import NotRegularError, open_regular
from clipsorter.values import InputShape, Photo, PhotoFacts

try:
    import pillow_heif
except ImportError:  # the optional part "heif"
    pillow_heif = None

BYTES_LIMIT = 512 * 2**20  # a file is held in memory whole; 200 MP phone photos have a tenth of this
VIDEO_BYTES_LIMIT = 16 * 2**30  # a video is read from its disk; to hash this much takes a minute or two
# Pixels by the file's header. A JPEG is decoded at down to an eighth of its sides, so 200 MP of a phone fit easily;
# other formats need 4 to 8 bytes for each pixel, and the limit is the one at which Pillow itself suspects a bomb.
JPEG_PIXELS_LIMIT = 300_000_000
PIXELS_LIMIT = 178_956_970
THUMBNAIL_QUALITY = 85
# As sharp as bicubic, from half as many pixels: 34 to 44 dB from it on eight pictures, as Lanczos is. It spares 0.7 of
# the 5.0 ms of a photo of 500 x 375 and 2.1 of the 38.4 ms of one of 12 megapixels.
FOR_THUMBNAILS = Image.Resampling.HAMMING

_CHUNK = 2**20  # bytes
_JPEG_START = b"\xff\xd8\xff"

Image.MAX_IMAGE_PIXELS = None  # our own limits replace Pillow's warning
if pillow_heif is not None:
    pillow_heif.register_heif_opener(thumbnails=False)


def attempt(photo: Photo, shape: InputShape) -> PreparedPhoto | Unreadable:
    """``prepare`` with failure as a value, which knows the digest if the file could be read at all."""
    content_digest = None
    try:
        if is_video(photo.path.name):
            content_digest = digest(photo).digest
            return _develop_video(photo, content_digest, shape)
        data = read_content(photo.path)
        content_digest = xxhash.xxh3_128_hexdigest(data)
        return _develop(photo, data, content_digest, shape)
    except DecodeError as error:
        return Unreadable(photo, str(error), error.refused, content_digest)


def prepare(photo: Photo, shape: InputShape) -> PreparedPhoto:
    """Read and decode one photo; raises DecodeError, whose ``refused`` tells a limit from damage."""
    if is_video(photo.path.name):
        return _develop_video(photo, digest(photo).digest, shape)
    data = read_content(photo.path)
    return _develop(photo, data, xxhash.xxh3_128_hexdigest(data), shape)


def attempt_digest(photo: Photo) -> Digested | Unreadable:
    """``digest`` with failure as a value."""
    try:
        return digest(photo)
    except DecodeError as error:
        return Unreadable(photo, str(error), error.refused, None)


def digest(photo: Photo) -> Digested:
    """Hash one photo's content without decoding it; raises DecodeError."""
    hasher = xxhash.xxh3_128()
    with _opened(photo.path) as file:
        while chunk := file.read(_CHUNK):
            hasher.update(chunk)
    return Digested(photo, hasher.hexdigest())


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Map whatever Pillow raises on a hostile or broken file to DecodeError; ours pass through."""
    try:
        with warnings.catch_warnings(action="ignore"):  # Pillow warns of oddities that the pixels do not show
            yield
    except DecodeError:
        raise
    except MemoryError as error:
        raise DecodeError(path, Reason.MEMORY.sentence(), refused=True) from error
    except UnidentifiedImageError as error:
        raise DecodeError(path, Reason.NO_IMAGE.sentence()) from error
    except Exception as error:  # a broken header makes plugins stumble over KeyError, IndexError, struct.error, ...
        raise DecodeError(path, Reason.DAMAGED.sentence()) from error


def read_content(path: Path) -> bytes:
    """All bytes of a photo's file; raises DecodeError where there are none, too many, or the disk does not let us."""
    with _opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > BYTES_LIMIT:
            raise _too_large(path, BYTES_LIMIT)
        data = file.read(size + 1)  # a file that grows is not followed: the next run looks at it again
    if not data:
        raise DecodeError(path, Reason.EMPTY.sentence())
    return data


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    """A regular file within the limit; what the disk raises becomes DecodeError with a sentence."""
    try:
        with open_regular(path) as file:
            limit = VIDEO_BYTES_LIMIT if is_video(path.name) else BYTES_LIMIT
            if os.fstat(file.fileno()).st_size > limit:
                raise _too_large(path, limit)
            yield file
    except MemoryError as error:
        raise DecodeError(path, Reason.MEMORY.sentence(), refused=True) from error
    except NotRegularError as error:
        raise DecodeError(path, Reason.NOT_REGULAR.sentence()) from error
    except FileNotFoundError as error:
        raise DecodeError(path, Reason.GONE.sentence()) from error
    except PermissionError as error:
        raise DecodeError(path, Reason.FORBIDDEN.sentence()) from error
    except OSError as error:
        raise DecodeError(path, Reason.DISK.sentence(error.strerror)) from error


def _too_large(path: Path, limit: int) -> DecodeError:
    return DecodeError(path, Reason.TOO_LARGE.sentence(limit >> 20), refused=True)


def _develop(photo: Photo, data: bytes, content_digest: str, shape: InputShape) -> PreparedPhoto:
    with decoding(photo.path):
        try:
            return _develop_once(photo, data, content_digest, shape)
        except (ValueError, SyntaxError, UnidentifiedImageError):
            if (data_alone := without_side_chunks(data)) is None:
                raise
            return _develop_once(photo, data_alone, content_digest, shape)


def _develop_once(photo: Photo, data: bytes, content_digest: str, shape: InputShape) -> PreparedPhoto:
    if (opened := open_camera_raw(photo.path, data)) is not None:
        with opened.image as image:
            check_pixels(photo.path, image)
            _load(image, shape)
            negative = Negative.of(image, opened.size, opened.size[0] / image.width, opened.orientation)
            return _print_all(photo, content_digest, negative, opened.exif, shape)
    with open_picture(photo.path, data) as image:
        check_pixels(photo.path, image)
        size, scale = _load(image, shape)
        exif = read_exif(image)
        return _print_all(photo, content_digest, Negative.of(image, size, scale, read_orientation(exif)), exif, shape)


def read_clip(path: Path, shape: InputShape) -> video.Clip:
    """What is seen of a video; raises DecodeError."""
    if not video_is_installed():
        raise DecodeError(path, VIDEO_MISSING)
    with decoding(path), _opened(path) as file:
        try:
            return video.open_video(file, shape)
        except video.NoVideoError as error:
            raise DecodeError(path, Reason.NO_VIDEO.sentence()) from error


def _develop_video(photo: Photo, content_digest: str, shape: InputShape) -> PreparedPhoto:
    clip = read_clip(photo.path, shape)
    negatives = [Negative.of(frame, clip.size, clip.size[0] / frame.width, clip.orientation) for frame in clip.frames]
    shown = negatives[clip.most_telling]
    upright = shown.upright
    picture = shown.print(thumbnail_frame(upright), FOR_THUMBNAILS)
    return PreparedPhoto(
        photo,
        content_digest,
        np.stack([_model_input(negative, shape) for negative in negatives]),
        _thumbnail(picture),
        sketch(picture),
        PhotoFacts(*upright, clip.taken),
    )


def open_camera_raw(path: Path, data: bytes) -> RawPicture | None:
    """The picture of a raw file; None for any other, and for one that is raw in name only."""
    if path.suffix[1:].lower() not in RAW_SUFFIXES or data.startswith(_JPEG_START):
        return None
    if not raw.is_installed():
        raise DecodeError(path, RAW_MISSING)
    try:
        return raw.open_raw(data)
    except raw.NoRawError:
        return None


def _print_all(
    photo: Photo, content_digest: str, negative: Negative, exif: Image.Exif, shape: InputShape
) -> PreparedPhoto:
    facts = read_facts(exif, negative.upright)
    picture = negative.print(thumbnail_frame(negative.upright), FOR_THUMBNAILS)
    return PreparedPhoto(
        photo, content_digest, _model_input(negative, shape), _thumbnail(picture), sketch(picture), facts
    )


def _load(image: Image.Image, shape: InputShape) -> tuple[Size, float]:
    """Load the pixels, smaller if that suffices; returns the photo's size as stored and by how much it is smaller."""
    size = image.size
    scale = draft_scale(size, shape)
    draft = image.draft(None, (size[0] // scale, size[1] // scale)) if scale > 1 else None
    image.load()
    if draft is None:
        return image.size, 1  # a TIFF turned upright while it was loaded
    return size, size[0] / draft[1][2]


def _model_input(negative: Negative, shape: InputShape) -> NDArray[np.uint8]:
    resampling = Image.Resampling.BICUBIC if shape.interpolation == "bicubic" else Image.Resampling.BILINEAR
    fused = negative.scale > 1 or not is_resized_whole(negative.upright, shape)
    picture = negative.print(model_frame(negative.upright, shape, fused=fused), resampling)
    pixels = np.full((shape.side, shape.side, 3), shape.fill, np.uint8)
    top, left = (shape.side - picture.height) // 2, (shape.side - picture.width) // 2
    pixels[top : top + picture.height, left : left + picture.width] = np.asarray(picture)
    return pixels


def _thumbnail(picture: Image.Image) -> bytes:
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=THUMBNAIL_QUALITY)
    return encoded.getvalue()


def open_picture(path: Path, data: bytes) -> Image.Image:
    """The picture in the bytes of any file but a raw one, opened and not loaded; to be used inside ``decoding``."""
    if looks_like_heif(data):
        if pillow_heif is None:
            raise DecodeError(path, HEIF_MISSING)
        try:
            return Image.open(io.BytesIO(data), formats=(HEIF_FORMAT,))
        except UnidentifiedImageError as error:  # it says that it is HEIF, so it is damaged
            raise DecodeError(path, Reason.DAMAGED.sentence()) from error
    return Image.open(io.BytesIO(data), formats=PILLOW_FORMATS)


def check_pixels(path: Path, image: Image.Image) -> None:
    """DecodeError where a picture, by its header, is larger than is read."""
    limit = JPEG_PIXELS_LIMIT if image.format in ("JPEG", "MPO") else PIXELS_LIMIT
    if image.width * image.height > limit:
        sentence = Reason.PIXELS.sentence(image.width, image.height, limit // 10**6)
        raise DecodeError(path, sentence, refused=True)
