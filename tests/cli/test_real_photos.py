"""The main job as a script runs it: real pictures, the starter model, a process of its own."""

import shutil
from pathlib import Path

import pytest
import skimage

from tests.cli.conftest import CommandLine

# The pictures of scikit-image and where a person would put them.
EXPECTED = {
    "chelsea.png": "cat",
    "coffee.png": "cup of coffee",
    "rocket.jpg": "rocket",
    "page.png": "page of text",
    "text.png": "page of text",
    "motorcycle_left.png": "motorcycle",
    "horse.png": "horse",
    "color.png": None,  # a colour wheel: no category, wherever it goes
}
CATEGORIES = "cat, cup of coffee, rocket, page of text, motorcycle, horse"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    source = Path(skimage.data_dir)
    for name in EXPECTED:
        if (source / name).exists():
            shutil.copy(source / name, folder / name)
    return folder


@pytest.mark.slow
def test_real_pictures_land_where_a_person_would_put_them(clipsorter_process: CommandLine, pictures: Path) -> None:
    present = {path.name for path in pictures.iterdir()}
    assert {"chelsea.png", "coffee.png", "rocket.jpg", "page.png"} <= present
    outcome = clipsorter_process("sort", pictures, "--into", CATEGORIES, "--strictness", "0", "--json")
    assert outcome.status == 0, outcome.err
    landed = {line["file"]: line["bin"] for line in outcome.lines}
    assert landed.keys() == present
    for name in present - {"color.png"}:
        assert landed[name] == EXPECTED[name]
    found = clipsorter_process("search", pictures, "a kitten", "--limit", 1, "--json")
    assert found.lines[0]["file"] == "chelsea.png"
