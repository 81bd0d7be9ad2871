"""Shared by the tests of the photo room: real pictures, and files made into photos."""

from collections.abc import Callable
from pathlib import Path

import pytest
import skimage
from PIL import Image

from clipsorter.values import InputShape, Photo

SHAPE = InputShape(224)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """The folder of real pictures inside scikit-image."""
    return Path(skimage.data_dir)


@pytest.fixture
def photo_of() -> Callable[[Path], Photo]:
    """A file as the scan would see it."""

    def look(path: Path) -> Photo:
        status = path.stat()
        return Photo(path, status.st_size, status.st_mtime_ns, status.st_ino)

    return look


@pytest.fixture(scope="session")
def astronaut(pictures: Path) -> Image.Image:
    """A real colour picture, 512 x 512 RGB."""
    with Image.open(pictures / "astronaut.png") as image:
        return image.convert("RGB")
