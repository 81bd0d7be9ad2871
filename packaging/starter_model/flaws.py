"""Shots that failed: blurred, dark and blank."""

import random
from collections.abc import Sequence

import numpy as np
from drawing import Inset, choose_colour, choose_inset
from PIL import Image, ImageChops, ImageEnhance, ImageFilter


def blurred(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    photo = choose_inset(rng, insets, 300, 224)
    if rng.random() < 0.5:
        return photo.filter(ImageFilter.GaussianBlur(rng.uniform(5, 12)))
    steps, angle = rng.randint(12, 30), rng.choice(((1, 0), (0, 1), (1, 1)))  # shaken camera
    shifted = [np.asarray(ImageChops.offset(photo, angle[0] * s, angle[1] * s), float) for s in range(steps)]
    return Image.fromarray(np.mean(shifted, 0).astype(np.uint8))


def dark_frame(rng: random.Random, insets: Sequence[Inset]) -> Image.Image:
    photo = ImageEnhance.Brightness(choose_inset(rng, insets, 300, 224)).enhance(rng.uniform(0.02, 0.12))
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(1, 6), (224, 300, 3))
    return Image.fromarray((np.asarray(photo, float) + noise).clip(0, 255).astype(np.uint8))


def blank(rng: random.Random, _insets: Sequence[Inset]) -> Image.Image:
    if rng.random() < 0.5:
        return Image.new("RGB", (300, 224), choose_colour(rng, 0, 255))
    ramp = np.linspace(rng.randint(0, 255), rng.randint(0, 255), 300)[None, :, None].repeat(224, 0)
    return Image.fromarray((ramp * np.asarray(choose_colour(rng, 120, 255)) / 255).clip(0, 255).astype(np.uint8))
