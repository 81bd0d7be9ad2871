"""The shipped double knows colours and nothing else."""

from pathlib import Path

import numpy as np
import pytest

from clipsorter.encoders.colour import COLOURS, SIDE, ColourEncoder
from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.values import Pixels


def paint(*rgb: tuple[int, int, int]) -> Pixels:
    return np.stack([np.full((SIDE, SIDE, 3), colour, np.uint8) for colour in rgb])


def test_every_named_colour_finds_its_own_photo_in_english_and_chinese() -> None:
    encoder = ColourEncoder()
    photos = encoder.encode_images(paint(*[rgb for rgb, _ in COLOURS]))
    for at in (0, -1):
        words = encoder.encode_texts([f"a photo of a {names[at]} thing" for _, names in COLOURS])
        assert (photos @ words.T).argmax(axis=1).tolist() == list(range(len(COLOURS)))


def test_a_word_without_colour_is_far_from_every_photo() -> None:
    encoder = ColourEncoder()
    photos = encoder.encode_images(paint((220, 30, 30), (250, 250, 250)))
    red, unknown = encoder.encode_texts(["red", "a credible dog"])
    assert photos[0] @ red > 0.9
    assert (photos @ unknown < 0.4).all()


def test_a_colour_is_a_whole_word() -> None:
    credit, nothing = ColourEncoder().encode_texts(["credit cards, greenery", "dog"])
    np.testing.assert_array_equal(credit, nothing)


def test_rows_are_normalised_float32_and_a_batch_may_be_empty() -> None:
    encoder = ColourEncoder()
    rows = encoder.submit_images(paint((1, 2, 3), (200, 100, 50)))()
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert encoder.encode_images(paint((0, 0, 0))[:0]).shape == (0, encoder.spec.dimension)
    assert encoder.encode_texts([]).shape == (0, encoder.spec.dimension)


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_a_photo_of_two_colours_is_near_both(share: float) -> None:
    encoder = ColourEncoder()
    photo = paint((40, 80, 220))
    photo[:, : int(SIDE * share)] = (220, 30, 30)
    red, blue, green = (encoder.encode_images(photo) @ encoder.encode_texts(["red", "blue", "green"]).T)[0]
    assert min(red, blue) > green + 0.2


def test_it_opens_by_name(tmp_path: Path) -> None:
    encoder = open_encoder(find_model("colour", tmp_path))
    assert encoder.spec.id == find_model("colour", tmp_path).encoder_id == "colour-1"
    encoder.close()
