"""Whether two thumbnails show the same picture: a re-save, a frame of one burst, or a part cut out of the other.

Models find all sailing boats alike and so do the usual hashes: a hash of 64 bits says where a picture is bright and
dark, and that is the same in every sunset. What two files of one picture share, and two pictures do not, is the fine
detail at its place. So brightness is compared after what is smooth in it has been taken away.
"""

import io
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 32  # places per side at which two pictures are compared
# Correlation of the details of two pictures. Of 7,515 photos, all pairs at 0.95 and more were looked at: re-saves all
# of them; from 0.80 to 0.90 most are different motorcycles before the same white wall.
SAME = 0.95
# Enough where the camera says that both were taken at one moment: people have moved a little.
SAME_MOMENT = 0.5
SAME_SHAPE = 0.05  # of the aspect ratio, as a logarithm: more has been cut off, so it is a crop
SMALLEST_CROP = 0.55  # of the side of the whole
CROP = 0.9  # a crop is found to a fraction of a place only, which costs a little
MAYBE_CROP = 0.75  # correlation of coarse brightness from which it pays to look closer

_COARSE = 12  # places per side for a first look
_REACH = 4  # places on each side that count as the surroundings of a place
_SMALL = 64  # px
_SHARP_SIDE = 160  # px; smaller than any thumbnail's long side, so that size does not pass for sharpness
_PLACES = tuple(product((0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 0.5, 1.0), (0.0, 0.5, 1.0)))  # of windows, for a first look
# Of the side, in which a crop is moved until it fits; and how well it has to fit by then for a closer look.
_STEPS = ((1 / 16, 0.25), (1 / 32, 0.45), (1 / 64, 0.7), (1 / 128, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What is compared of one picture."""

    grey: Image.Image  # brightness, the thumbnail's size
    small: Image.Image  # the same, _SMALL px on its longer side, for a first look
    detail: NDArray[np.float32]  # [SIDE * SIDE], of length 1; zeros where a picture has none
    coarse: NDArray[np.float32]  # [_COARSE * _COARSE], of length 1

    @property
    def shape(self) -> float:
        """The logarithm of width over height."""
        return float(np.log(self.grey.width / self.grey.height))


def look_at(thumbnail: bytes) -> Look:
    """Read a JPEG thumbnail."""
    with Image.open(io.BytesIO(thumbnail), formats=("JPEG",)) as picture:
        grey = picture.convert("L")
    small = grey.copy()
    small.thumbnail((_SMALL, _SMALL), Image.Resampling.BOX)
    return Look(grey, small, _detail(grey, _all_of(grey)), _coarse(small, _all_of(small)))


def first_look(look: Look) -> NDArray[np.float32]:
    """The details of a picture at 16 x 16 places, [256], of length 1: enough to tell most pictures apart."""
    quarters: NDArray[np.float32] = look.detail.reshape(SIDE // 2, 2, SIDE // 2, 2).mean(axis=(1, 3)).ravel()
    length = float(np.linalg.norm(quarters))
    return quarters / np.float32(length) if length > 0 else quarters


def likeness(one: Look, other: Look) -> float:
    """How well the details of two pictures agree at their places, in [-1, 1]; size and brightness do not count."""
    return float(one.detail @ other.detail)


def have_one_shape(one: Look, other: Look) -> bool:
    """Whether one can be the other at another size."""
    return abs(one.shape - other.shape) <= SAME_SHAPE


def crop_likeness(one: Look, other: Look) -> float:
    """How well one picture agrees with the best-fitting part of the other, in [-1, 1]; -1 where none comes near.

    A part is at least ``SMALLEST_CROP`` of the whole on a side, and not turned or stretched.
    """
    return max(_fit(one, other), _fit(other, one))


def sharpness(thumbnail: bytes) -> float:
    """How much fine detail a thumbnail holds: the variance of its Laplacian, for comparing near-duplicates.

    Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative study", 2000.
    """
    with Image.open(io.BytesIO(thumbnail), formats=("JPEG",)) as picture:
        grey = _shrunk(picture.convert("L"), _all_of(picture), _SHARP_SIDE)
    inner = grey[1:-1, 1:-1]
    return float((grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner).var())


_Box = tuple[float, float, float, float]  # left, top, right, bottom in px


_Place = tuple[float, float, float]  # size, across, down; each in [0, 1], see ``_window``


def _fit(whole: Look, part: Look) -> float:
    """How well the part agrees with the window of the whole that it fits best."""
    best, place = max(
        (float(_coarse(whole.small, _window(whole.small, part.shape, place)) @ part.coarse), place) for place in _PLACES
    )
    if best < MAYBE_CROP:
        return -1.0
    best = _agreement(whole, part, place)
    for step, least in _STEPS:
        best, place = _climb(whole, part, best, place, step)
        if best < least:
            break
    return best


def _climb(whole: Look, part: Look, best: float, place: _Place, step: float) -> tuple[float, _Place]:
    """Move or resize the window by ``step`` as long as that fits better."""
    for _ in range(8):
        size, across, down = place
        around = [
            *((size + way, across, down) for way in (-step, step)),
            *((size, across + way, down) for way in (-step, step)),
            *((size, across, down + way) for way in (-step, step)),
        ]
        found, where = max((_agreement(whole, part, one), one) for one in around)
        if found <= best:
            break
        best, place = found, where
    return best, place


def _agreement(whole: Look, part: Look, place: _Place) -> float:
    return float(_detail(whole.grey, _window(whole.grey, part.shape, place)) @ part.detail)


def _window(whole: Image.Image, shape: float, place: _Place) -> _Box:
    """The window of a shape, of a size (0: smallest, 1: as large as fits) at a place (0: left or top, 1: the other)."""
    size, across, down = (min(1.0, max(0.0, one)) for one in place)
    ratio = float(np.exp(shape))  # width over height
    width = min(whole.width, whole.height * ratio) * (SMALLEST_CROP + size * (1 - SMALLEST_CROP))
    height = min(float(whole.height), width / ratio)
    left, top = across * (whole.width - width), down * (whole.height - height)
    return left, top, left + width, top + height


def _detail(grey: Image.Image, box: _Box) -> NDArray[np.float32]:
    """Brightness less that of the surroundings, at ``SIDE`` x ``SIDE`` places of a window."""
    bright = np.pad(_shrunk(grey, box, SIDE), _REACH, mode="edge")
    span = 2 * _REACH + 1
    sums = np.pad(bright, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    around = (sums[span:, span:] - sums[:-span, span:] - sums[span:, :-span] + sums[:-span, :-span]) / span**2
    return _unit(bright[_REACH:-_REACH, _REACH:-_REACH] - around)


def _all_of(grey: Image.Image) -> _Box:
    return 0.0, 0.0, float(grey.width), float(grey.height)


def _coarse(grey: Image.Image, box: _Box) -> NDArray[np.float32]:
    bright = _shrunk(grey, box, _COARSE)
    return _unit(bright - bright.mean())


def _shrunk(grey: Image.Image, box: _Box, side: int) -> NDArray[np.float32]:
    return np.asarray(grey.resize((side, side), Image.Resampling.BOX, box=box), dtype=np.float32)


def _unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """All values in a row of length 1; nothing but noise (below one step of brightness) is zeros."""
    flat = values.ravel()
    length = float(np.linalg.norm(flat))
    return np.zeros_like(flat) if length < np.sqrt(len(flat)) * 0.5 else flat / np.float32(length)
