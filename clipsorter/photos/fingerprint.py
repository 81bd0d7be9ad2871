"""Whether two thumbnails show the same picture: a re-save, a frame of one burst, or a part cut out of the other.

Models find all sailing boats alike and so do the usual hashes: a hash of 64 bits says where a picture is bright and
dark, and that is the same in every sunset. What two files of one picture share, and two pictures do not, is the fine
detail at its place. So brightness is compared after what is smooth in it has been taken away. Colour only tells apart:
a motorcycle photographed in red and in yellow has the same details.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipsorter.photos.sketch import opened_thumbnail
from clipsorter.photos.windows import Place, window_box

SIDE = 32  # places per side at which two pictures are compared
# Correlation of the details of two pictures; docs/measurements.md says which pairs were looked at.
SAME = 0.95
# Enough where the camera says that both were taken at one moment: people have moved a little.
SAME_MOMENT = 0.5
# Difference in colour at a place, as a distance in Cb and Cr (0 to 255), that no edit of the whole picture makes: of
# 250 photos saved brighter, warmer, with more contrast or more colour none differs by more than 29 at any place.
OTHER_COLOUR = 40.0
SAME_SHAPE = 0.05  # of the aspect ratio, as a logarithm: more has been cut off, so it is a crop
CROP = 0.9  # a crop is found to a fraction of a place only, which costs a little
NEARLY_ALL = 0.85  # size of a window (see ``windows``), 93 % of the side: from here on SAME has to be reached
MAYBE_CROP = 0.86  # correlation of the sketches' best window from which it pays to look closer

_REACH = 4  # places on each side that count as the surroundings of a place
_MOVES = 4  # per step: that many reach past the next of the places that were tried before
_COLOUR_SIDE = 8  # places per side
_SHARP_SIDE = 160  # px; smaller than any thumbnail's long side, so that size does not pass for sharpness
# Of the side, in which a crop is moved until it fits; and how well it has to fit by then for a closer look.
_STEPS = ((1 / 16, 0.25), (1 / 32, 0.45), (1 / 64, 0.7), (1 / 128, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What is compared of one picture."""

    grey: Image.Image  # brightness, the thumbnail's size
    detail: NDArray[np.float32]  # [SIDE * SIDE], of length 1; zeros where a picture has none
    colours: tuple[Image.Image, ...]  # Cb and Cr, SIDE px wide and high

    @property
    def shape(self) -> float:
        """The logarithm of width over height."""
        return float(np.log(self.grey.width / self.grey.height))


def look_at(thumbnail: bytes) -> Look:
    """Read a JPEG thumbnail."""
    with opened_thumbnail(thumbnail) as picture:
        grey, *colours = picture.convert("YCbCr").split()
    small = tuple(one.resize((SIDE, SIDE), Image.Resampling.BOX) for one in colours)
    return Look(grey, _detail(grey, _all_of(grey)), small)


def likeness(one: Look, other: Look) -> float:
    """How well the details of two pictures agree at their places, in [-1, 1]; size and brightness do not count."""
    return float(one.detail @ other.detail)


def is_one_picture(one: Look, other: Look) -> bool:
    """Whether both are the same picture, whole, in any size, quality and brightness."""
    return likeness(one, other) >= SAME and not have_other_colours(one, other)


def is_one_moment(one: Look, other: Look) -> bool:
    """Whether two pictures of one moment show the same."""
    return likeness(one, other) >= SAME_MOMENT


def have_other_colours(whole: Look, part: Look, place: Place = (1.0, 0.0, 0.0)) -> bool:
    """Whether something in a picture has another colour than in a window of the other one with the same details.

    A tint of everything does not count.
    """
    left, top, width, height = (SIDE * share for share in window_box(place, part.shape - whole.shape))
    window = left, top, min(SIDE, left + width), min(SIDE, top + height)
    shift = _colours(whole, window) - _colours(part, (0, 0, SIDE, SIDE))
    shift -= np.median(shift, axis=(0, 1))
    return bool(np.linalg.norm(shift, axis=2).max() > OTHER_COLOUR)


def crop_likeness(whole: Look, part: Look, place: Place) -> float:
    """How well one picture agrees with a window of the other, in [-1, 1], moved from ``place`` until it fits best.

    A part is at least ``SMALLEST_CROP`` of the whole on a side, and not turned or stretched. -1 where the window is
    nearly the whole and does not agree as a picture saved again does, and where colours differ.
    """
    best = _agreement(whole, part, place)
    for step, least in _STEPS:
        best, place = _climb(whole, part, best, place, step)
        if best < least:
            break
    is_cut = place[0] < NEARLY_ALL
    return best if (is_cut or best >= SAME) and not have_other_colours(whole, part, place) else -1.0


def sharpness(thumbnail: bytes) -> float:
    """How much fine detail a thumbnail holds: the variance of its Laplacian, for comparing near-duplicates.

    Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative study", 2000.
    """
    with opened_thumbnail(thumbnail) as picture:
        grey = _shrunk(picture.convert("L"), _all_of(picture), _SHARP_SIDE)
    inner = grey[1:-1, 1:-1]
    return float((grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner).var())


_Box = tuple[float, float, float, float]  # left, top, right, bottom in px


def _climb(whole: Look, part: Look, best: float, place: Place, step: float) -> tuple[float, Place]:
    """Move or resize the window by ``step`` as long as that fits better."""
    for _ in range(_MOVES):
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


def _agreement(whole: Look, part: Look, place: Place) -> float:
    across, down = whole.grey.size
    left, top, width, height = window_box(place, part.shape - whole.shape)
    box = left * across, top * down, min(across, (left + width) * across), min(down, (top + height) * down)
    return float(_detail(whole.grey, box) @ part.detail)


def _detail(grey: Image.Image, box: _Box) -> NDArray[np.float32]:
    """Brightness less that of the surroundings, at ``SIDE`` x ``SIDE`` places of a window."""
    bright = _shrunk(grey, box, SIDE)
    beyond: NDArray[np.float32] = bright - np.linalg.multi_dot([_SURROUNDINGS, bright, _SURROUNDINGS.T])
    return _unit(beyond)


def _colours(look: Look, box: _Box) -> NDArray[np.float32]:
    """Cb and Cr of a window, 0 to 255, at places [_COLOUR_SIDE, _COLOUR_SIDE, 2]."""
    return np.stack([_shrunk(colour, box, _COLOUR_SIDE) for colour in look.colours], axis=2)


def _mean_around() -> NDArray[np.float32]:
    """A matrix [SIDE, SIDE] that takes the mean of the places around each place; edges go on outside."""
    around = np.arange(SIDE)[:, None] + np.arange(-_REACH, _REACH + 1)
    result: NDArray[np.float32] = np.eye(SIDE, dtype=np.float32)[np.clip(around, 0, SIDE - 1)].mean(axis=1)
    return result


_SURROUNDINGS = _mean_around()


def _all_of(grey: Image.Image) -> _Box:
    return 0.0, 0.0, float(grey.width), float(grey.height)


def _shrunk(grey: Image.Image, box: _Box, side: int) -> NDArray[np.float32]:
    return np.asarray(grey.resize((side, side), Image.Resampling.BOX, box=box), dtype=np.float32)


def _unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """All values in a row of length 1; nothing but noise (below one step of brightness) is zeros."""
    flat = values.ravel()
    length = float(np.linalg.norm(flat))
    return np.zeros_like(flat) if length < np.sqrt(len(flat)) * 0.5 else flat / np.float32(length)
