"""The geometry of model input and thumbnail: pure arithmetic on sizes, no pixels.

A ``Frame`` says which part of the upright photo is resized to which size. For model input the numbers are those of
open_clip's ``image_transform`` (torchvision's Resize, then CenterCrop) or of transformers' image processors, with
resize and crop fused into one step where that saves work.
"""

from dataclasses import dataclass

from clipsorter.values import InputShape

Box = tuple[float, float, float, float]  # left, top, right, bottom in px
Size = tuple[int, int]  # width, height in px

THUMBNAIL_SIDE = 256  # px, long side
# A draft of 1/8, 1/4, 1/2 keeps at least so many times the wanted side. Measured at 224 px on six pictures as JPEGs
# (1/4, 1/2): no pixel is off by more than 4 of 255 (5 among stars), on average 0.28; at 2.5 times, 1/2 is off by 8.
_DRAFT_MARGINS = {8: 2.7, 4: 2.7, 2: 3.3}
# A photo up to so many times the wanted side, and no longer than this, is resized whole and then cropped: Pillow rounds
# to bytes between its two passes and chooses their order by the sizes, so the fused step was off by up to 10 of 255.
_WHOLE_MARGIN = 4.0
_WHOLE_ASPECT = 4.0


@dataclass(frozen=True, slots=True)
class Frame:
    """``box`` of the upright photo becomes a picture of ``size``, of which ``crop`` is kept; None: all of it."""

    box: Box
    size: Size
    crop: tuple[int, int, int, int] | None = None  # px of the picture


def model_frame(size: Size, shape: InputShape, *, fused: bool = True) -> Frame:
    """What of an upright photo of ``size`` becomes model input; only ``longest`` yields less than [side, side].

    ``fused``: what the crop takes away is not even resized.
    """
    width, height = size
    side = shape.side
    if shape.resize == "squash":
        return Frame((0, 0, width, height), (side, side))
    if shape.resize == "longest":
        ratio = max(width, height) / side
        return Frame((0, 0, width, height), (max(1, round(width / ratio)), max(1, round(height / ratio))))
    short = min(width, height)
    resized = (int(side * width / short), int(side * height / short))
    halve = int if shape.middle == "down" else round
    left, top = (halve((length - side) / 2) for length in resized)
    if not fused:
        return Frame((0, 0, width, height), resized, (left, top, left + side, top + side))
    across, down = width / resized[0], height / resized[1]
    return Frame((left * across, top * down, (left + side) * across, (top + side) * down), (side, side))


def is_resized_whole(size: Size, shape: InputShape) -> bool:
    """Whether an upright photo of ``size`` is small enough to be resized as open_clip does it, to the bit."""
    short, long = sorted(size)
    return short <= _WHOLE_MARGIN * shape.side and long <= _WHOLE_ASPECT * short


def thumbnail_frame(size: Size) -> Frame:
    """The whole photo, long side ``THUMBNAIL_SIDE`` or its own if that is less."""
    width, height = size
    ratio = max(1.0, max(width, height) / THUMBNAIL_SIDE)
    return Frame((0, 0, width, height), (max(1, round(width / ratio)), max(1, round(height / ratio))))


def draft_scale(size: Size, shape: InputShape) -> int:
    """By how much (1, 2, 4 or 8) a photo of ``size`` may be decoded smaller without showing in either picture."""
    for scale, margin in _DRAFT_MARGINS.items():
        short, long = (length // scale for length in sorted(size))
        deciding = long if shape.resize == "longest" else short
        if deciding >= margin * shape.side and long >= THUMBNAIL_SIDE and short > 0:
            return scale
    return 1


def stored_box(box: Box, upright: Size, orientation: int) -> Box:
    """Where ``box`` of an upright photo lies in the picture as stored; ``orientation`` 1..8 as EXIF numbers it."""
    left, top, right, bottom = box
    width, height = upright
    if orientation in (2, 3, 6, 7):
        left, right = width - right, width - left
    if orientation in (3, 4, 7, 8):
        top, bottom = height - bottom, height - top
    return (top, left, bottom, right) if orientation >= 5 else (left, top, right, bottom)
