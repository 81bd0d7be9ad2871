"""Skies and weather: sunsets, clouds, clear days, nights, and rain or snow over a photo.

Drawn because the open photo set of weather is a collection of agency pictures that should not teach what ships.
"""

import math
import random
from collections.abc import Sequence

import numpy as np
from drawing import Inset, choose_inset
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 320, 240
Colour = tuple[int, int, int]


def sunset(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    top = rng.choice(((40, 40, 90), (90, 50, 110), (60, 90, 150), (150, 70, 60), (30, 20, 40)))
    low = rng.choice(((255, 150, 40), (250, 110, 50), (255, 190, 90), (230, 80, 60), (255, 170, 130)))
    picture = _add_clouds(
        rng, _blend(top, low), (255, rng.randint(110, 190), rng.randint(70, 150)), rng.uniform(0, 0.6)
    )
    horizon = rng.randint(int(HEIGHT * 0.5), int(HEIGHT * 0.9))
    sun = (rng.randint(40, WIDTH - 40), horizon - rng.randint(-6, 60))
    picture = _add_glow(picture, sun, rng.randint(6, 20), rng.uniform(30, 90))
    if rng.random() < 0.5:  # over water: the sky again, upside down, broken by waves
        water = picture.crop((0, max(0, 2 * horizon - HEIGHT), WIDTH, horizon)).transpose(
            Image.Transpose.FLIP_TOP_BOTTOM
        )
        water = _ripple(rng, water.resize((WIDTH, HEIGHT - horizon)).point(lambda value: value * 0.75))
        picture.paste(water, (0, horizon))
    if rng.random() < 0.75:
        _draw_ridge(rng, picture, horizon if rng.random() < 0.5 else HEIGHT - rng.randint(10, 50))
    return picture


def clouds(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    grey = rng.random() < 0.6
    top, low = ((90, 95, 105), (190, 195, 200)) if grey else ((60, 110, 180), (170, 200, 230))
    cloud = (rng.randint(60, 140),) * 3 if grey and rng.random() < 0.6 else (245, 245, 250)
    picture = _add_clouds(rng, _blend(top, low), cloud, rng.uniform(0.6, 1.0))
    if rng.random() < 0.6:
        _draw_ridge(rng, picture, HEIGHT - rng.randint(5, 60))
    return picture


def clear_day(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    picture = _add_clouds(rng, _blend((30, 90, 190), (150, 205, 245)), (255, 255, 255), rng.uniform(0, 0.4))
    if rng.random() < 0.7:
        picture = _add_glow(
            picture, (rng.randint(40, 280), rng.randint(20, 100)), rng.randint(6, 14), rng.uniform(15, 50)
        )
    horizon = HEIGHT - rng.randint(20, 100)
    ground = rng.choice(
        ((70, 140, 40), (110, 170, 50), (30, 120, 170), (60, 170, 190), (220, 200, 150), (245, 245, 250))
    )
    field = _ripple(
        rng, _blend(ground, (ground[0] // 2, ground[1] // 2, ground[2] // 2)).resize((WIDTH, HEIGHT - horizon))
    )
    picture.paste(field, (0, horizon))
    return picture


def night(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    picture = _blend((4, 6, 20), (rng.randint(10, 50), rng.randint(15, 40), rng.randint(40, 90)))
    draw = ImageDraw.Draw(picture)
    if rng.random() < 0.5:
        for _ in range(rng.randint(100, 500)):
            draw.point((rng.randrange(WIDTH), rng.randrange(HEIGHT)), fill=(rng.randint(120, 255),) * 3)
        if rng.random() < 0.5:
            picture = _add_glow(picture, (rng.randint(40, 280), rng.randint(30, 110)), rng.randint(8, 22), 12)
        _draw_ridge(rng, picture, HEIGHT - rng.randint(10, 50))
        return picture
    left = 0  # a city by night
    while left < WIDTH:
        width, top = rng.randint(18, 50), rng.randint(60, 200)
        draw.rectangle((left, top, left + width, HEIGHT), fill=(12, 12, 20))
        for x in range(left + 3, left + width - 3, 6):
            for y in range(top + 4, HEIGHT, 8):
                if rng.random() < 0.45:
                    draw.rectangle((x, y, x + 2, y + 3), fill=(255, rng.randint(190, 240), rng.randint(90, 200)))
        left += width + rng.randint(0, 6)
    return picture


def rain(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    photo = choose_inset(rng, insets, WIDTH, HEIGHT).filter(ImageFilter.GaussianBlur(rng.uniform(0, 3)))
    dull = Image.blend(photo, Image.new("RGB", photo.size, (105, 115, 125)), rng.uniform(0.35, 0.65))
    streaks = Image.new("L", photo.size)
    draw, slope, length = ImageDraw.Draw(streaks), rng.uniform(-0.3, 0.3), rng.randint(8, 28)
    for _ in range(rng.randint(200, 700)):
        x, y = rng.randrange(WIDTH), rng.randrange(HEIGHT)
        draw.line((x, y, x + slope * length, y + length), fill=rng.randint(60, 200))
    if rng.random() < 0.4:  # drops on a window
        for _ in range(rng.randint(40, 160)):
            x, y, size = rng.randrange(WIDTH), rng.randrange(HEIGHT), rng.randint(1, 5)
            draw.ellipse((x, y, x + size, y + size * 1.3), fill=rng.randint(120, 240))
    return ImageChops.screen(dull, streaks.filter(ImageFilter.GaussianBlur(0.6)).convert("RGB"))


def snowfall(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    photo = choose_inset(rng, insets, WIDTH, HEIGHT)
    pale = Image.blend(photo, Image.new("RGB", photo.size, (225, 230, 238)), rng.uniform(0.35, 0.65))
    draw = ImageDraw.Draw(pale)
    for _ in range(rng.randint(150, 600)):
        x, y, size = rng.randrange(WIDTH), rng.randrange(HEIGHT), rng.randint(1, 4)
        draw.ellipse((x, y, x + size, y + size), fill=(250, 250, 255))
    return pale.filter(ImageFilter.GaussianBlur(0.5))


def _blend(top: Colour, low: Colour) -> Image.Image:
    ramp = np.linspace(0, 1, HEIGHT)[:, None, None]
    values = np.asarray(top) * (1 - ramp) + np.asarray(low) * ramp
    return Image.fromarray(values.repeat(WIDTH, 1).astype(np.uint8))


def _noise(rng: random.Random) -> NDArray[np.float64]:
    """Fractal noise [HEIGHT, WIDTH] in [0, 1], flatter than wide, as clouds are."""
    source = np.random.default_rng(rng.getrandbits(32))
    total = np.zeros((HEIGHT, WIDTH))
    for octave in range(6):
        cells = 2 ** (octave + 1)
        grid = Image.fromarray((source.random((cells + 1, cells)) * 255).astype(np.uint8))
        total += np.asarray(grid.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), float) / 255 / 1.8**octave
    low, high = total.min(), total.max()
    level: NDArray[np.float64] = (total - low) / (high - low)
    return level


def _add_clouds(rng: random.Random, sky: Image.Image, colour: tuple[int, ...], cover: float) -> Image.Image:
    mask = ((_noise(rng) - (1 - cover)) / max(0.15, rng.uniform(0.2, 0.5))).clip(0, 1)
    shade = 0.6 + 0.4 * _noise(rng)
    cloud = Image.fromarray((np.asarray(colour) * shade[..., None]).clip(0, 255).astype(np.uint8))
    return Image.composite(cloud, sky, Image.fromarray((mask * 255).astype(np.uint8)))


def _add_glow(picture: Image.Image, centre: tuple[int, int], radius: int, reach: float) -> Image.Image:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    distance = np.hypot(x - centre[0], y - centre[1])
    light = np.where(distance < radius, 1.0, np.exp(-(distance - radius) / reach))[..., None]
    values = np.asarray(picture, float) + light * np.asarray((255, 235, 180))
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def _ripple(rng: random.Random, picture: Image.Image) -> Image.Image:
    source = np.random.default_rng(rng.getrandbits(32))
    values = np.asarray(picture, float) * source.normal(1, 0.12, (picture.height, picture.width, 1))
    return Image.fromarray(values.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8))


def _draw_ridge(rng: random.Random, picture: Image.Image, level: int) -> None:
    """Dark hills, trees or roofs in front of the sky."""
    waves = [(rng.uniform(3, 18), rng.uniform(0.01, 0.08), rng.uniform(0, 6)) for _ in range(3)]
    dark = (rng.randint(0, 40), rng.randint(0, 40), rng.randint(0, 45))
    ridge = [(x, level + sum(a * math.sin(b * x + c) for a, b, c in waves)) for x in range(0, WIDTH + 4, 4)]
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, HEIGHT), *ridge, (WIDTH, HEIGHT)], fill=dark)
    if rng.random() < 0.3:  # trees
        for x, y in rng.sample(ridge, 12):
            draw.polygon([(x - 5, y + 4), (x, y - rng.randint(10, 30)), (x + 5, y + 4)], fill=dark)
