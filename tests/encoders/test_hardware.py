"""The estimate that people choose a model by: in the order that the catalogue's words promise, decoding included."""

import math

import pytest

from clipsorter.encoders.catalogue import CatalogueEntry, read_catalogue
from clipsorter.encoders.hardware import estimate_rate, measure_processor

QUIET = 204.0  # GFLOP/s of two cores, docs/measurements.md


def rate(entry: CatalogueEntry, processor: float = QUIET) -> float:
    """Photos per second."""
    return estimate_rate(entry.gflops, processor, is_convolutional=entry.is_convolutional)


def test_the_model_called_the_fastest_is_estimated_to_be_the_fastest() -> None:
    known = {entry.id: rate(entry) for entry in read_catalogue()}

    assert max(known, key=lambda one: known[one]) == "mobileclip2-s0"
    assert "fastest" in next(entry.good_for for entry in read_catalogue() if entry.id == "mobileclip2-s0")


def test_an_estimate_is_near_what_was_measured() -> None:
    """12.9 photos of 12 megapixels per second with ViT-B-32 on two cores (docs/measurements.md, "Whole machine")."""
    assert estimate_rate(8.8, QUIET) == pytest.approx(12.9, rel=0.5)


def test_a_small_model_waits_for_decoding() -> None:
    assert estimate_rate(0.01, QUIET) < QUIET / 3.7
    assert estimate_rate(0.0, QUIET) == 0.0


def test_a_processor_computes_something() -> None:
    assert 0.1 < measure_processor() < math.inf
