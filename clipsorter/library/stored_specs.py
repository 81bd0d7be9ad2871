"""What is known of an encoder, from JSON: the decode workers work by it before the encoder itself has been asked."""

import math
from collections.abc import Mapping
from typing import Any, get_args

from clipsorter.values import Calibration, EncoderSpec, InputShape, Interpolation, Middle, ResizeMode

LARGEST_SIDE = 4096  # px; models have 224 to 512


def spec_of(fields: Mapping[str, Any]) -> EncoderSpec:
    """The spec in these fields; ValueError, TypeError or KeyError for one that no encoder has."""
    shape = InputShape(**fields["shape"])
    side, fill = shape.side, shape.fill
    if not (_is_whole(side, 1, LARGEST_SIDE) and _is_whole(fill, 0, 255)):
        raise ValueError("no picture of a model")
    if shape.resize not in get_args(ResizeMode) or shape.interpolation not in get_args(Interpolation):
        raise ValueError("no way to resize a picture")
    if shape.middle not in get_args(Middle):
        raise ValueError("no way to cut a picture")
    spec = EncoderSpec(
        **{
            **fields,
            "shape": shape,
            "mean": _colour(fields["mean"]),
            "std": _colour(fields["std"]),
            "languages": _texts(fields["languages"]),
            "calibration": _calibration(fields.get("calibration")),
        }
    )
    if not isinstance(spec.name, str) or not _is_number(spec.logit_scale):
        raise ValueError("no encoder")
    if spec.logit_bias is not None and not _is_number(spec.logit_bias):
        raise ValueError("no bias")
    return spec


def _calibration(fields: Mapping[str, Any] | None) -> Calibration | None:
    if not fields:
        return None
    calibration = Calibration(**{**fields, "background": _texts(fields["background"])})
    numbers = (calibration.common, calibration.per_doubling, calibration.room, calibration.words)
    if not all(map(_is_number, numbers)) or calibration.room < 0 or calibration.words < 0:
        raise ValueError("no calibration")
    return calibration


def _colour(values: Any) -> tuple[float, float, float]:
    red, green, blue = values
    if not all(map(_is_number, (red, green, blue))):
        raise ValueError("no colour")
    return red, green, blue


def _texts(values: Any) -> tuple[str, ...]:
    texts = tuple(values)
    if isinstance(values, str) or not all(isinstance(text, str) for text in texts):
        raise TypeError("no list of texts")
    return texts


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
