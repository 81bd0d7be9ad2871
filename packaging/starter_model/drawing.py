"""What every rendered picture is drawn with: fonts, filler words, colours, paper, tables to lie on, insets."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from sentences import HERE

Inset = Image.Image
Ink = tuple[int, ...]
Painter = Callable[[random.Random, Sequence[Inset]], Image.Image]

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
_FONT_NAMES = ("DejaVu", "Noto", "Nimbus", "C059", "P052", "URW", "Z003", "Liberation", "Arial", "Times", "Courier")


def read_fillers(kind: str) -> tuple[str, ...]:
    """The filler words of a kind: "english", "chinese" or "goods"."""
    lines = (HERE / "filler_words.txt").read_text("utf-8").splitlines()
    return tuple(word for line in lines if line.startswith(f"{kind}:") for word in line.split()[1:])


def find_fonts() -> tuple[Path, ...]:
    """Font files of this machine that hold ordinary letters, in a stable order."""
    found = [
        path
        for folder in map(Path, _FONT_FOLDERS)
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in {".ttf", ".otf", ".ttc"} and path.name.startswith(_FONT_NAMES)
    ]
    return tuple(found)


FONTS = find_fonts()
CJK_FONTS = tuple(path for path in FONTS if "CJK" in path.name)
ENGLISH, CHINESE, GOODS = map(read_fillers, ("english", "chinese", "goods"))


def choose_font(
    rng: random.Random, size: int, *, chinese: bool = False
) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    choices = CJK_FONTS if chinese else FONTS
    return ImageFont.truetype(str(rng.choice(choices)), size) if choices else ImageFont.load_default(size)


def choose_words(rng: random.Random, count: int, *, chinese: bool = False) -> str:
    return "".join(rng.choices(CHINESE, k=count)) if chinese else " ".join(rng.choices(ENGLISH, k=count)).capitalize()


def choose_colour(rng: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return (rng.randint(low, high), rng.randint(low, high), rng.randint(low, high))


def lay_paper(rng: random.Random, width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    tint = rng.randint(228, 255)
    sheet = Image.new("RGB", (width, height), (tint, tint - rng.randint(0, 8), tint - rng.randint(0, 20)))
    return sheet, ImageDraw.Draw(sheet)


def write_lines(
    draw: ImageDraw.ImageDraw, rng: random.Random, box: tuple[int, int, int, int], size: int, ink: Ink, *,
    chinese: bool = False,
) -> None:  # fmt: skip
    """Fill a box with lines of text of different lengths, with paragraph gaps."""
    left, top, right, bottom = box
    font = choose_font(rng, size, chinese=chinese)
    per_line = max(2, int((right - left) / (size * (1.9 if chinese else 3.1))))
    while top < bottom - size:
        if rng.random() < 0.12:
            top += size
        text = choose_words(
            rng, max(1, int(per_line * (rng.uniform(0.3, 1) if rng.random() < 0.2 else 1))), chinese=chinese
        )
        draw.text((left, top), text, font=font, fill=ink)
        top += int(size * 1.45)


def photograph(rng: random.Random, sheet: Image.Image) -> Image.Image:
    """The sheet as a phone sees it: on a table, turned, in uneven light, sometimes soft."""
    if rng.random() < 0.35:
        return sheet  # a scan
    width, height = sheet.size
    table = weave_texture(rng, int(width * rng.uniform(1.05, 1.6)), int(height * rng.uniform(1.05, 1.5)))
    turned = sheet.convert("RGBA").rotate(rng.gauss(0, 6), expand=True, resample=Image.Resampling.BICUBIC)
    place = ((table.width - turned.width) // 2 + rng.randint(-20, 20), (table.height - turned.height) // 2)
    table.paste(turned, place, turned)
    light = Image.fromarray(
        np.linspace(rng.randint(120, 255), rng.randint(150, 255), table.width, dtype=np.uint8)[None].repeat(
            table.height, 0
        )
    )
    shown = ImageChops.multiply(table, light.rotate(rng.choice((0, 180))).convert("RGB"))
    return shown.filter(ImageFilter.GaussianBlur(rng.choice((0, 0, 0.6, 1.2))))


def weave_texture(rng: random.Random, width: int, height: int) -> Image.Image:
    """A table or cloth: a base colour with grain along one direction."""
    source = np.random.default_rng(rng.getrandbits(32))
    grain = source.normal(0, rng.uniform(2, 22), (height, 1, 1)) + source.normal(0, 5, (height, width, 1))
    values = np.asarray(choose_colour(rng, 40, 210), float) + grain.cumsum(1) * 0.02 + grain
    picture = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    return picture.transpose(Image.Transpose.ROTATE_90).resize((width, height)) if rng.random() < 0.5 else picture


def choose_inset(rng: random.Random, insets: Sequence[Inset], width: int, height: int) -> Image.Image:
    if not insets or rng.random() < 0.1:
        return Image.new("RGB", (width, height), choose_colour(rng, 60, 230))
    return rng.choice(insets).convert("RGB").resize((max(1, width), max(1, height)))
