"""Camera raw files: the preview that the camera put inside, else the sensor's picture at half size.

A preview is what the photographer saw on the camera, is there in milliseconds, and shows enough: model input and
thumbnail are small. Developing the sensor's data takes seconds and is done only where there is no usable preview.
"""

import io
import math
from dataclasses import dataclass

from PIL import ExifTags, Image

from clipsorter.photos.facts import read_exif, read_orientation
from clipsorter.photos.framing import Size

try:
    import rawpy
except ImportError:  # the optional part "raw"
    rawpy = None

SMALLEST_PREVIEW = 512  # px of the long side; cameras also store icons of 160 x 120
SAME_SHAPE = 0.02  # a preview may be cut a little differently from the sensor
# What LibRaw calls "flip" (libraw.h: 3 = 180°, 5 = 90° counterclockwise, 6 = 90° clockwise), as EXIF numbers it.
_ORIENTATION = {3: 3, 5: 8, 6: 6}
_TIFF_HEADERS = (b"II*\0", b"MM\0*")


class NoRawError(Exception):
    """LibRaw cannot make anything of a file."""


@dataclass(frozen=True, slots=True)
class RawPicture:
    """What there is to see of a raw file."""

    image: Image.Image  # opened, perhaps not loaded; as stored
    size: Size  # of the photo, px as stored
    orientation: int  # 1..8 as EXIF numbers it
    exif: Image.Exif


def is_installed() -> bool:
    """Whether the optional rawpy can be used in this process."""
    return rawpy is not None


def open_raw(data: bytes) -> RawPicture:
    """The picture in a raw file's bytes. Raises NoRawError, and what Pillow raises about a damaged preview."""
    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            sensor = (raw.sizes.width, raw.sizes.height)
            flip = _ORIENTATION.get(raw.sizes.flip, 1)
            preview = _preview(raw)
            if preview is None:
                return RawPicture(_develop(raw), sensor, flip, _exif(data, None))
    except rawpy.LibRawError as error:
        raise NoRawError(str(error)) from error
    exif = _exif(data, preview)
    turned = read_orientation(read_exif(preview))
    if turned == 1 and _alike(preview.size, sensor):
        turned = flip  # most cameras store the preview as the sensor saw it, some without a word on turning
    return RawPicture(preview, sensor if _alike(preview.size, sensor) else preview.size, turned, exif)


def _preview(raw: "rawpy.RawPy") -> Image.Image | None:
    """The largest JPEG the camera stored, if it is large enough to stand for the photo."""
    try:
        thumbnail = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return None
    if thumbnail.format != rawpy.ThumbFormat.JPEG:
        return None
    image = Image.open(io.BytesIO(thumbnail.data), formats=("JPEG",))
    return image if max(image.size) >= SMALLEST_PREVIEW else None


def _develop(raw: "rawpy.RawPy") -> Image.Image:
    return Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8, user_flip=0))


def _alike(size: Size, sensor: Size) -> bool:
    """Whether both show the same part of the scene, unturned."""
    return math.isclose(size[0] * sensor[1], size[1] * sensor[0], rel_tol=SAME_SHAPE)


def _exif(data: bytes, preview: Image.Image | None) -> Image.Exif:
    """What the camera noted: many raw files are TIFF files and say it themselves, else the preview does."""
    if data.startswith(_TIFF_HEADERS):
        exif = Image.Exif()
        try:
            exif.load(data)
            if ExifTags.IFD.Exif in exif or ExifTags.Base.DateTime in exif:
                return exif
        except Exception:  # as read_exif: broken metadata never costs the picture
            return Image.Exif() if preview is None else read_exif(preview)
    return Image.Exif() if preview is None else read_exif(preview)
