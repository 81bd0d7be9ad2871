"""More screens: terminals, programs with tools and panels, settings, maps and games."""

import random
from collections.abc import Sequence
from math import sin

from drawing import (
    ENGLISH,
    FONTS,
    Ink,
    Inset,
    choose_colour,
    choose_font,
    choose_inset,
    choose_words,
    write_lines,
)
from PIL import Image, ImageDraw, ImageFont

SHAPES = ((800, 500), (640, 480), (820, 460), (700, 700), (500, 640))


def terminal(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    """One or several text windows, sometimes on a desktop."""
    width, height = rng.choice(SHAPES)
    whole = rng.random() < 0.5
    picture = (
        Image.new("RGB", (width, height), choose_colour(rng, 0, 60))
        if whole
        else choose_inset(rng, insets, width, height)
    )
    draw = ImageDraw.Draw(picture)
    mono = [path for path in FONTS if "Mono" in path.name and "CJK" not in path.name]
    for _ in range(1 if whole else rng.randint(1, 3)):
        left, top = (0, 0) if whole else (rng.randint(0, width // 2), rng.randint(0, height // 2))
        right, bottom = (width, height) if whole else (left + rng.randint(220, 420), top + rng.randint(150, 300))
        ground = choose_colour(rng, 0, 50) if rng.random() < 0.8 else choose_colour(rng, 225, 255)
        dark = sum(ground) < 384
        draw.rectangle((left, top, right, bottom), fill=ground, outline=(90,) * 3)
        size = rng.randint(9, 14)
        font = ImageFont.truetype(str(rng.choice(mono)), size) if mono else choose_font(rng, size)
        inks = [choose_colour(rng, 130, 255) if dark else choose_colour(rng, 0, 120) for _ in range(3)]
        for line in range(top + 24, min(bottom, height) - size, size + 4):
            if rng.random() < 0.1:
                continue
            count = rng.choice((1, 2, 4, 6, 8))
            words = [
                f"{word}{rng.choice(('', '', ':', '/', '.txt', ' --', ' [ok]'))}"
                for word in rng.choices(ENGLISH, k=count)
            ]
            draw.text(
                (left + 8, line), " ".join(words)[: (right - left) // (size * 2 // 3)], font=font, fill=rng.choice(inks)
            )
        draw.rectangle((left, top, right, top + 18), fill=choose_colour(rng, 40, 220))
    return picture


def program(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    """A window that fills the screen: menus, a row of tools, panels, and a picture, text, a table or a diagram."""
    width, height = rng.choice(SHAPES)
    dark, chinese = rng.random() < 0.4, rng.random() < 0.25
    ground, ink = (choose_colour(rng, 30, 70), (215,) * 3) if dark else (choose_colour(rng, 215, 245), (35,) * 3)
    picture = Image.new("RGB", (width, height), ground)
    draw, font = ImageDraw.Draw(picture), choose_font(rng, rng.randint(10, 13), chinese=chinese)
    draw.rectangle((0, 0, width, 20), fill=choose_colour(rng, 20, 230))
    for entry in range(rng.randint(4, 8)):
        draw.text((8 + entry * 62, 23), choose_words(rng, 1, chinese=chinese)[:7], font=font, fill=ink)
    for tool in range(rng.randint(6, 24)):
        left = 8 + tool * 28
        if rng.random() < 0.5:
            draw.rectangle((left, 46, left + 18, 64), fill=choose_colour(rng, 40, 240))
        else:
            draw.ellipse((left, 46, left + 18, 64), outline=ink, width=2)
    side, other = rng.choice((0, 110, 170)), rng.choice((0, 0, 140))
    for edge, wide in ((0, side), (width - other, other)):
        for top in range(78, height - 24 if wide else 0, rng.randint(17, 26)):
            draw.rectangle((edge + 8, top + 2, edge + 18, top + 12), fill=choose_colour(rng, 60, 230))
            draw.text((edge + 24, top), choose_words(rng, 2, chinese=chinese)[: wide // 8], font=font, fill=ink)
    box = (side + 6, 74, width - other - 6, height - 22)
    field = choose_colour(rng, 15, 60) if dark else choose_colour(rng, 235, 255)
    draw.rectangle(box, fill=field, outline=(128,) * 3)
    _fill(draw, picture, rng, box, insets, ink=ink, chinese=chinese)
    draw.text((8, height - 17), choose_words(rng, 4, chinese=chinese), font=font, fill=ink)
    return picture


def _fill(
    draw: ImageDraw.ImageDraw, picture: Image.Image, rng: random.Random, box: tuple[int, int, int, int],
    insets: Sequence[Inset], *, ink: Ink, chinese: bool,
) -> None:  # fmt: skip
    left, top, right, bottom = box
    kind = rng.choice(("picture", "text", "table", "diagram", "thumbnails"))
    if kind == "picture":
        wide, high = int((right - left) * rng.uniform(0.5, 1)), int((bottom - top) * rng.uniform(0.5, 1))
        picture.paste(
            choose_inset(rng, insets, wide, high), (left + (right - left - wide) // 2, top + (bottom - top - high) // 2)
        )
    elif kind == "text":
        write_lines(draw, rng, (left + 10, top + 8, right - 8, bottom - 6), rng.randint(10, 14), ink, chinese=chinese)
    elif kind == "table":
        font, step, row = choose_font(rng, 10), rng.randint(60, 110), rng.randint(16, 24)
        for y in range(top, bottom - row, row):
            draw.line((left, y, right, y), fill=(150,) * 3)
            for x in range(left, right - 40, step):
                text = choose_words(rng, 1)[:9] if rng.random() < 0.5 else str(rng.randint(0, 99999))
                draw.text((x + 4, y + 2), text, font=font, fill=ink)
        for x in range(left, right, step):
            draw.line((x, top, x, bottom), fill=(150,) * 3)
    elif kind == "diagram":
        points = [
            (rng.randint(left + 20, right - 60), rng.randint(top + 10, bottom - 40)) for _ in range(rng.randint(3, 9))
        ]
        draw.line(points, fill=ink, width=rng.randint(1, 3))
        for x, y in points:
            draw.rectangle((x - 18, y - 9, x + 24, y + 12), fill=choose_colour(rng, 60, 240), outline=ink)
    else:
        size = rng.randint(56, 100)
        for y in range(top + 8, bottom - size, size + 14):
            for x in range(left + 8, right - size, size + 10):
                picture.paste(choose_inset(rng, insets, size, int(size * 0.75)), (x, y))


def settings(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    """A dialog with fields, boxes to tick and buttons; or a dashboard of figures and curves."""
    width, height = rng.choice(((480, 380), (640, 480), (420, 560)))
    dark, chinese = rng.random() < 0.35, rng.random() < 0.3
    ink = (220,) * 3 if dark else (30,) * 3
    picture = Image.new("RGB", (width, height), choose_colour(rng, 25, 60) if dark else choose_colour(rng, 225, 252))
    draw, font = ImageDraw.Draw(picture), choose_font(rng, rng.randint(11, 15), chinese=chinese)
    draw.rectangle((0, 0, width, 26), fill=choose_colour(rng, 40, 230))
    for top in range(44, height - 60, rng.randint(32, 52)):
        draw.text((20, top), choose_words(rng, rng.randint(1, 2), chinese=chinese), font=font, fill=ink)
        kind, left = rng.random(), width // 2 - 20
        if kind < 0.4:
            draw.rectangle(
                (left, top - 2, width - 24, top + 20), fill=(255,) * 3 if not dark else (45,) * 3, outline=(140,) * 3
            )
            draw.text((left + 6, top), choose_words(rng, 1, chinese=chinese), font=font, fill=ink)
        elif kind < 0.6:
            draw.rectangle((left, top, left + 15, top + 15), outline=ink, width=2)
        elif kind < 0.8:
            draw.rounded_rectangle((left, top + 5, width - 30, top + 11), 3, fill=choose_colour(rng, 60, 220))
        else:
            line = [(x, top + 10 + int(9 * sin(x / rng.uniform(6, 30)))) for x in range(left, width - 24, 6)]
            draw.line(line, fill=choose_colour(rng, 40, 220), width=2)
    for button in range(rng.randint(1, 3)):
        left = width - 100 * (button + 1)
        draw.rounded_rectangle((left, height - 40, left + 84, height - 12), 5, fill=choose_colour(rng, 60, 230))
        draw.text((left + 14, height - 35), choose_words(rng, 1, chinese=chinese)[:7], font=font, fill=(255,) * 3)
    return picture


def game(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    """Tiles seen from above or from the side, a row of figures, a score; or a street map with a search field."""
    width, height = rng.choice(SHAPES)
    tile = rng.randint(16, 48)
    colours = [choose_colour(rng, 20, 235) for _ in range(rng.randint(3, 6))]
    picture = Image.new("RGB", (width, height), colours[0])
    draw, font = ImageDraw.Draw(picture), choose_font(rng, rng.randint(12, 20))
    if rng.random() < 0.6:
        level = height
        for left in range(0, width, tile):
            level = max(tile * 2, min(height, level + rng.choice((-tile, 0, 0, tile))))
            for top in range(0, height, tile):
                if rng.random() < 0.25 or top > level - 3 * tile:
                    draw.rectangle((left, top, left + tile - 1, top + tile - 1), fill=rng.choice(colours))
        for _ in range(rng.randint(1, 12)):
            x, y, colour = rng.randint(0, width), rng.randint(0, height), choose_colour(rng, 60, 255)
            draw.ellipse((x, y, x + tile, y + tile), fill=colour)
            draw.rectangle((x + tile // 4, y + tile, x + tile * 3 // 4, y + tile * 2), fill=colour)
        draw.text((12, 10), f"{choose_words(rng, 1)} {rng.randint(0, 99999)}", font=font, fill=(255,) * 3)
    else:
        picture.paste(choose_colour(rng, 215, 245), (0, 0, width, height))
        for _ in range(rng.randint(3, 8)):
            x, y = rng.randint(0, width), rng.randint(0, height)
            draw.ellipse((x, y, x + rng.randint(60, 260), y + rng.randint(40, 200)), fill=choose_colour(rng, 150, 235))
        for _ in range(rng.randint(12, 40)):
            ends = [(rng.randint(-50, width + 50), rng.randint(-50, height + 50)) for _ in range(2)]
            draw.line(ends, fill=rng.choice(((255,) * 3, (250, 220, 120), (200,) * 3)), width=rng.randint(2, 9))
        for _ in range(rng.randint(5, 18)):
            draw.text((rng.randint(0, width), rng.randint(0, height)), choose_words(rng, 1), font=font, fill=(70,) * 3)
        draw.rounded_rectangle((14, 12, width // 2, 42), 6, fill=(255,) * 3, outline=(150,) * 3)
    return picture
