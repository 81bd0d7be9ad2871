"""Screens: slides, chats, desktops, web pages, editors and phones."""

import random
from collections.abc import Sequence

from drawing import ENGLISH, FONTS, Inset, choose_colour, choose_font, choose_inset, choose_words, write_lines
from PIL import Image, ImageDraw, ImageFont


def slide(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    dark = rng.random() < 0.4
    picture = Image.new(
        "RGB", (640, rng.choice((360, 480))), choose_colour(rng, 10, 80) if dark else choose_colour(rng, 215, 255)
    )
    draw, ink = ImageDraw.Draw(picture), choose_colour(rng, 210, 255) if dark else choose_colour(rng, 0, 90)
    chinese = rng.random() < 0.3
    draw.rectangle((0, 0, 640, rng.choice((0, 8, 70))), fill=choose_colour(rng, 40, 220))
    draw.text(
        (40, 24),
        choose_words(rng, 3, chinese=chinese),
        font=choose_font(rng, rng.randint(28, 40), chinese=chinese),
        fill=ink,
    )
    font = choose_font(rng, rng.randint(17, 24), chinese=chinese)
    for number in range(rng.randint(2, 5)):
        draw.text(
            (56, 110 + number * 44), "• " + choose_words(rng, rng.randint(3, 5), chinese=chinese), font=font, fill=ink
        )
    if rng.random() < 0.4:
        for bar in range(5):
            draw.rectangle(
                (420 + bar * 34, picture.height - 40 - rng.randint(20, 150), 446 + bar * 34, picture.height - 40),
                fill=choose_colour(rng, 40, 220),
            )
    elif rng.random() < 0.6:
        picture.paste(choose_inset(rng, insets, 200, 150), (410, 150))
    return picture


def chat(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    dark, chinese = rng.random() < 0.35, rng.random() < 0.5
    picture = Image.new(
        "RGB", (300, rng.randint(480, 650)), choose_colour(rng, 12, 40) if dark else choose_colour(rng, 225, 250)
    )
    draw, mine = ImageDraw.Draw(picture), choose_colour(rng, 70, 230)
    font = choose_font(rng, rng.randint(12, 15), chinese=chinese)
    draw.rectangle((0, 0, 300, 44), fill=choose_colour(rng, 20, 60) if dark else choose_colour(rng, 200, 250))
    draw.text((110, 14), choose_words(rng, 1, chinese=chinese), font=font, fill=(230,) * 3 if dark else (20,) * 3)
    top = 58
    while top < picture.height - 70:
        own, height = rng.random() < 0.5, rng.choice((30, 30, 48, 66))
        width = rng.randint(70, 200)
        left = 290 - width if own else 44
        if rng.random() < 0.12:
            picture.paste(choose_inset(rng, insets, 120, 90), (left if not own else 170, top))
            top += 100
            continue
        draw.rounded_rectangle(
            (left, top, left + width, top + height), 10, fill=mine if own else ((60,) * 3 if dark else (255,) * 3)
        )
        for line in range(height // 18):
            text = choose_words(rng, max(1, width // (26 if chinese else 44)), chinese=chinese)
            draw.text(
                (left + 8, top + 6 + line * 17), text, font=font, fill=(20,) * 3 if own or not dark else (235,) * 3
            )
        if not own:
            picture.paste(choose_inset(rng, insets, 28, 28), (8, top))
        top += height + rng.randint(8, 22)
    draw.rounded_rectangle(
        (10, picture.height - 44, 290, picture.height - 10), 14, fill=(80,) * 3 if dark else (255,) * 3
    )
    return picture


def desktop(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    picture = (
        choose_inset(rng, insets, 800, 500)
        if rng.random() < 0.5
        else Image.new("RGB", (800, 500), choose_colour(rng, 20, 200))
    )
    draw, chinese = ImageDraw.Draw(picture), rng.random() < 0.3
    for _ in range(rng.randint(1, 3)):
        left, top = rng.randint(0, 260), rng.randint(0, 140)
        right, bottom = left + rng.randint(300, 520), top + rng.randint(200, 330)
        dark = rng.random() < 0.4
        draw.rectangle(
            (left, top, right, bottom),
            fill=choose_colour(rng, 20, 50) if dark else choose_colour(rng, 235, 255),
            outline=(120,) * 3,
        )
        draw.rectangle(
            (left, top, right, top + 22), fill=choose_colour(rng, 50, 90) if dark else choose_colour(rng, 190, 230)
        )
        for button, fill in enumerate(((230, 90, 80), (230, 190, 70), (90, 200, 90))):
            draw.ellipse((left + 8 + button * 18, top + 6, left + 18 + button * 18, top + 16), fill=fill)
        if rng.random() < 0.6:
            draw.rectangle(
                (left, top + 22, left + 90, bottom),
                fill=choose_colour(rng, 35, 60) if dark else choose_colour(rng, 215, 240),
            )
        write_lines(
            draw,
            rng,
            (left + 100, top + 32, right - 10, bottom - 8),
            rng.randint(9, 13),
            (220,) * 3 if dark else (40,) * 3,
            chinese=chinese,
        )
        if rng.random() < 0.4:
            picture.paste(choose_inset(rng, insets, 140, 100), (right - 160, bottom - 120))
    draw.rectangle(
        (0, 474, 800, 500), fill=choose_colour(rng, 15, 60) if rng.random() < 0.6 else choose_colour(rng, 200, 240)
    )
    for icon in range(rng.randint(4, 12)):
        draw.rectangle((10 + icon * 34, 478, 30 + icon * 34, 496), fill=choose_colour(rng, 40, 250))
    return picture


def web_page(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    width, height = rng.choice(((800, 520), (760, 900), (320, 640)))
    picture = Image.new(
        "RGB", (width, height), choose_colour(rng, 240, 255) if rng.random() < 0.8 else choose_colour(rng, 15, 45)
    )
    draw, chinese = ImageDraw.Draw(picture), rng.random() < 0.3
    ink = (40,) * 3 if picture.getpixel((0, 0))[0] > 128 else (220,) * 3  # type: ignore[index]
    draw.rectangle((0, 0, width, 46), fill=choose_colour(rng, 20, 230))
    for entry in range(rng.randint(2, 6)):
        draw.text(
            (20 + entry * 90, 14),
            choose_words(rng, 1, chinese=chinese),
            font=choose_font(rng, 14, chinese=chinese),
            fill=(255,) * 3,
        )
    draw.text(
        (30, 64),
        choose_words(rng, 3, chinese=chinese),
        font=choose_font(rng, rng.randint(20, 34), chinese=chinese),
        fill=ink,
    )
    columns = rng.randint(1, 4)
    for top in range(120, height - 60, 170):
        for column in range(columns):
            left, wide = 24 + column * (width - 48) // columns, (width - 48) // columns - 14
            if rng.random() < 0.6:
                picture.paste(choose_inset(rng, insets, wide, 96), (left, top))
            write_lines(draw, rng, (left, top + 102, left + wide, top + 158), rng.randint(10, 13), ink, chinese=chinese)
    return picture


def code_editor(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    dark = rng.random() < 0.75
    picture = Image.new(
        "RGB",
        (rng.randint(600, 820), rng.randint(380, 540)),
        choose_colour(rng, 8, 45) if dark else choose_colour(rng, 240, 255),
    )
    draw = ImageDraw.Draw(picture)
    mono = [path for path in FONTS if "Mono" in path.name and "CJK" not in path.name]
    font = ImageFont.truetype(str(rng.choice(mono)), rng.randint(11, 15)) if mono else choose_font(rng, 12)
    palette = [choose_colour(rng, 120, 255) if dark else choose_colour(rng, 0, 130) for _ in range(5)]
    side = rng.choice((0, 0, 120))
    draw.rectangle(
        (0, 0, side, picture.height), fill=choose_colour(rng, 25, 60) if dark else choose_colour(rng, 215, 235)
    )
    indent = 0
    for number, top in enumerate(range(10, picture.height - 14, 19)):
        draw.text((side + 8, top), str(number), font=font, fill=(120,) * 3)
        indent = max(0, min(4, indent + rng.choice((-1, 0, 0, 1))))
        left = side + 44 + indent * 26
        for word in rng.choices(
            (*ENGLISH, "=", "()", "return", "if", "for", "def", "class", "{", "}"), k=rng.randint(0, 7)
        ):
            draw.text((left, top), word, font=font, fill=rng.choice(palette))
            left += int(font.getlength(word)) + 8
    return picture


def phone_screen(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    picture = (
        choose_inset(rng, insets, 300, 620)
        if rng.random() < 0.5
        else Image.new("RGB", (300, 620), choose_colour(rng, 15, 250))
    )
    draw, chinese = ImageDraw.Draw(picture), rng.random() < 0.5
    font = choose_font(rng, 11, chinese=chinese)
    draw.text((12, 6), f"{rng.randint(0, 23)}:{rng.randint(10, 59)}", font=font, fill=(255,) * 3)
    if rng.random() < 0.5:  # home screen
        for row in range(rng.randint(3, 6)):
            for column in range(4):
                left, top = 18 + column * 70, 50 + row * 84
                draw.rounded_rectangle((left, top, left + 50, top + 50), 12, fill=choose_colour(rng, 30, 255))
                draw.text((left + 4, top + 54), choose_words(rng, 1, chinese=chinese)[:6], font=font, fill=(255,) * 3)
    else:  # settings list
        dark = rng.random() < 0.4
        for top in range(40, 600, rng.randint(42, 64)):
            draw.rectangle((0, top, 300, top + 40), fill=(38,) * 3 if dark else (248,) * 3)
            draw.text(
                (50, top + 12), choose_words(rng, 2, chinese=chinese), font=font, fill=(230,) * 3 if dark else (30,) * 3
            )
            draw.ellipse((12, top + 8, 36, top + 32), fill=choose_colour(rng, 40, 250))
    return picture
