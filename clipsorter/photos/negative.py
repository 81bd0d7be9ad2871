"""A loaded picture as its file stores it, from which small upright sRGB prints are made."""

from dataclasses import dataclass

from PIL import Image

from clipsorter.photos.colour import can_be_reduced, resizable, to_srgb, white_level
from clipsorter.photos.facts import UPRIGHT
from clipsorter.photos.framing import Frame, Size, stored_box

# Measured on 12 MP: within 2 of 255 of the fair resampling at a third of its time; with Pillow's usual 3.0 the last row
# was off by up to 14.
_REDUCING_GAP = 4.0
_TURNED_AT_ONCE = 2**20  # px: 3 ms; with more, the small prints are turned


@dataclass(frozen=True, slots=True)
class Negative:
    """``image`` may be turned, and it may be a draft: smaller than the photo itself."""

    image: Image.Image
    size: Size  # of the photo, as stored
    scale: float  # photo px per image px: 1, or that of the draft
    orientation: int  # 1..8 as EXIF numbers it
    white: float  # the sample value that means white
    profile: bytes | None  # ICC

    @classmethod
    def of(cls, image: Image.Image, size: Size, scale: float, orientation: int) -> "Negative":
        """Take over a loaded ``image`` of a photo of ``size`` px as stored.

        A small one is turned upright here, so that its rows and columns are resized in the usual order.
        """
        if scale == 1 and orientation in UPRIGHT and image.width * image.height <= _TURNED_AT_ONCE:
            upright = image.transpose(UPRIGHT[orientation])
            return cls.of(upright, upright.size, 1, 1)
        return cls(resizable(image), size, scale, orientation, white_level(image), image.info.get("icc_profile"))

    @property
    def upright(self) -> Size:
        """The photo's width and height in px as a person sees it."""
        width, height = self.size
        return (height, width) if self.orientation >= 5 else (width, height)

    def print(self, frame: Frame, resampling: Image.Resampling) -> Image.Image:
        """The part of the upright photo that ``frame`` names, in its size, as RGB.

        Cropping and resizing are one step, and only the small result is turned.
        """
        left, top, right, bottom = stored_box(frame.box, self.upright, self.orientation)
        width, height = self.image.size
        picture = self.image.resize(
            frame.size[::-1] if self.orientation >= 5 else frame.size,
            resampling,
            # A draft's last row and column may be cut blocks, so its edge need not be the photo's; rounding may
            # leave the box a hair too large.
            box=(
                max(0, left / self.scale),
                max(0, top / self.scale),
                min(width, right / self.scale),
                min(height, bottom / self.scale),
            ),
            reducing_gap=_REDUCING_GAP if can_be_reduced(self.image) else None,
        )
        picture = to_srgb(picture, self.white, self.profile)
        if self.orientation in UPRIGHT:
            picture = picture.transpose(UPRIGHT[self.orientation])
        return picture.crop(frame.crop) if frame.crop else picture
