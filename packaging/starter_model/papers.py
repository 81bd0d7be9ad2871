"""Paper: receipts, printed pages, forms, notes and tables."""

import random
from collections.abc import Sequence

from drawing import (
    FONTS,
    GOODS,
    Inset,
    choose_colour,
    choose_font,
    choose_inset,
    choose_words,
    lay_paper,
    photograph,
    write_lines,
)
from PIL import Image, ImageFont


def receipt(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    width, rows, size = rng.randint(200, 300), rng.randint(5, 26), rng.randint(11, 15)
    chinese = rng.random() < 0.25
    sheet, draw = lay_paper(rng, width, 150 + rows * (size + 6))
    font, ink = choose_font(rng, size, chinese=chinese), choose_colour(rng, 0, 90)
    draw.text(
        (width // 4, 14),
        choose_words(rng, 2, chinese=chinese).upper(),
        font=choose_font(rng, size + 6, chinese=chinese),
        fill=ink,
    )
    day = f"{rng.randint(1, 28):02}.{rng.randint(1, 12):02}.20{rng.randint(10, 26)}"
    draw.text((14, 44), f"{day} {rng.randint(8, 21)}:{rng.randint(10, 59)}", font=font, fill=ink)
    top, total = 70, 0.0
    for _ in range(rows):
        price = rng.uniform(0.5, 80)
        total += price
        name = choose_words(rng, 2, chinese=True) if chinese else rng.choice(GOODS).upper()
        draw.text((14, top), name, font=font, fill=ink)
        draw.text((width - 70, top), f"{price:.2f}", font=font, fill=ink)
        top += size + 6
    draw.line((10, top + 2, width - 10, top + 2), fill=ink)
    draw.text((14, top + 8), "合计" if chinese else "TOTAL", font=font, fill=ink)
    draw.text((width - 80, top + 8), f"{total:.2f}", font=font, fill=ink)
    for x in range(20, width - 20, 3):  # bar code
        if rng.random() < 0.55:
            draw.line((x, top + 36, x, top + 66), fill=ink, width=rng.randint(1, 2))
    return photograph(rng, sheet)


def page(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    width, height = rng.choice(((420, 594), (460, 600), (594, 420)))
    sheet, draw = lay_paper(rng, width, height)
    chinese, ink, size, margin = rng.random() < 0.3, choose_colour(rng, 0, 70), rng.randint(9, 17), rng.randint(24, 60)
    top = margin
    if rng.random() < 0.7:
        draw.text(
            (margin, top),
            choose_words(rng, rng.randint(2, 4), chinese=chinese),
            font=choose_font(rng, size * 2, chinese=chinese),
            fill=ink,
        )
        top += size * 3
    columns = rng.choice((1, 1, 2))
    for column in range(columns):
        left = margin + column * (width - 2 * margin) // columns
        write_lines(
            draw,
            rng,
            (left, top, left + (width - 2 * margin) // columns - 10, height - margin),
            size,
            ink,
            chinese=chinese,
        )
    if rng.random() < 0.2:
        sheet.paste(choose_inset(rng, insets, 120, 90), (width - margin - 120, height // 2))
    return photograph(rng, sheet)


def form(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    sheet, draw = lay_paper(rng, 430, rng.randint(480, 620))
    chinese, ink = rng.random() < 0.3, choose_colour(rng, 0, 90)
    label, hand = (
        choose_font(rng, rng.randint(10, 14), chinese=chinese),
        choose_font(rng, rng.randint(13, 18), chinese=chinese),
    )
    draw.text(
        (40, 24), choose_words(rng, 3, chinese=chinese).upper(), font=choose_font(rng, 22, chinese=chinese), fill=ink
    )
    for top in range(70, sheet.height - 50, rng.randint(26, 44)):
        draw.text((40, top), choose_words(rng, 1, chinese=chinese), font=label, fill=ink)
        draw.rectangle((150, top - 3, 390, top + 18), outline=ink)
        if rng.random() < 0.7:
            draw.text((156, top), choose_words(rng, 2, chinese=chinese), font=hand, fill=(20, 30, rng.randint(80, 190)))
    return photograph(rng, sheet)


def note(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    sheet, draw = lay_paper(rng, 400, rng.randint(300, 540))
    if rng.random() < 0.6:
        for top in range(40, sheet.height, 26):
            draw.line((0, top, 400, top), fill=(170, 190, 220))
    script = [path for path in FONTS if path.name.startswith(("Z003", "URWChancery"))]
    ink = (rng.randint(0, 60), rng.randint(0, 60), rng.randint(60, 170))
    font = ImageFont.truetype(str(rng.choice(script)), 22) if script else choose_font(rng, 20)
    for top in range(18, sheet.height - 30, 26):
        draw.text((rng.randint(20, 34), top), choose_words(rng, rng.randint(3, 6)), font=font, fill=ink)
    return photograph(rng, sheet)


def sheet_table(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    picture, draw = lay_paper(rng, rng.randint(480, 760), rng.randint(360, 520))
    chinese, font, cell = rng.random() < 0.3, None, rng.randint(56, 110)
    font = choose_font(rng, rng.randint(10, 13), chinese=chinese)
    for row, top in enumerate(range(30, picture.height, rng.randint(18, 28))):
        for left in range(10, picture.width, cell):
            draw.rectangle(
                (left, top, left + cell, top + 28), outline=(180, 180, 180), fill=(215, 225, 240) if row == 0 else None
            )
            text = choose_words(rng, 1, chinese=chinese) if row == 0 or left == 10 else f"{rng.uniform(0, 9999):.1f}"
            draw.text((left + 4, top + 4), text, font=font, fill=(40, 40, 40))
    return picture
