"""An engine over the colour encoder: red photos belong into the red bin, and nothing has to be loaded."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from clipsorter.engine.engine import Engine

COLOURS = {"red": (220, 30, 30), "green": (30, 180, 60), "blue": (40, 60, 220)}


@pytest.fixture
def paint() -> Callable[..., Path]:
    """Paint one photo: ``paint(path, "red", seed)``; the seed makes its content its own."""

    def paint_photo(path: Path, colour: str, seed: int = 0) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", (60, 40), COLOURS[colour])
        image.paste((seed % 256, 128, 128), (0, 0, 4, 4))
        image.save(path)
        return path

    return paint_photo


@pytest.fixture
def album(tmp_path: Path, paint: Callable[..., Path]) -> Path:
    """Nine photos: three red, three green, three blue, in two folders."""
    folder = tmp_path / "album"
    for number in range(3):
        paint(folder / f"red {number}.png", "red", number)
        paint(folder / f"green {number}.jpg", "green", number)
        paint(folder / "trip" / f"blue {number}.png", "blue", number)
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with closing(Engine(tmp_path / "data", model="colour", workers=1)) as engine:
        yield engine
