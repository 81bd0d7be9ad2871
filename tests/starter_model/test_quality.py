"""The quality benchmark measures what it says, with the colour encoder as the model."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.benchmarks.quality import main, read_photos


def save(folder: Path, name: str, colour: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 48), colour).save(folder / name)


@pytest.fixture
def coloured(tmp_path: Path) -> Path:
    for number in range(3):
        for colour in ("red", "green", "blue"):
            save(tmp_path / "photos" / colour, f"{number}.png", colour)
    return tmp_path / "photos"


def run(photos: Path, tmp_path: Path, *more: str) -> dict[str, dict[str, float]]:
    out = tmp_path / "quality.json"
    assert main(["--photos", str(photos), "--model", "colour", "--json", str(out), *more]) == 0
    return dict(json.loads(out.read_text("utf-8")))


def test_a_folder_per_label_is_sorted_and_counted(
    coloured: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(coloured, tmp_path, "--group", "warm=red")
    assert found["top1"] == {"value": 1.0, "n": 9, "chance": pytest.approx(1 / 3)}
    assert found["per_category"]["red"]["n"] == 3
    assert found["groups"]["warm"]["value"] == 1
    assert "top-1" in capsys.readouterr().out


def test_photos_of_other_labels_belong_into_unsorted(coloured: Path, tmp_path: Path) -> None:
    found = run(coloured, tmp_path, "--categories", "red, green")
    assert found["top1"]["n"] == 6
    assert found["unsorted_recall"]["n"] == 3


def test_names_may_be_in_another_language_than_labels(coloured: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.json"
    names.write_text(json.dumps({"red": "blue", "blue": "red", "green": "green"}), "utf-8")
    found = run(coloured, tmp_path, "--categories", str(names))
    assert found["top1"]["value"] == pytest.approx(1 / 3)  # red and blue were swapped on purpose


def test_captions_of_a_jsonl_find_their_photos(tmp_path: Path) -> None:
    lines = []
    for colour in ("red", "green", "blue"):
        save(tmp_path / "photos", f"{colour}.png", colour)
        lines.append(json.dumps({"file": f"{colour}.png", "category": colour, "captions": [f"something {colour}"]}))
    file = tmp_path / "gate.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    assert [one.label for one in read_photos(file)] == ["red", "green", "blue"]
    found = run(file, tmp_path)
    assert found["retrieval"]["R@1"] == {"value": 1.0, "n": 3, "chance": pytest.approx(1 / 3)}


def test_an_unknown_model_is_a_sentence_and_an_empty_folder_an_error(
    coloured: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--photos", str(coloured), "--model", "no-such-model"]) == 1
    assert "no-such-model" in capsys.readouterr().err
    with pytest.raises(ValueError, match="no labelled photos"):
        read_photos(tmp_path / "nothing")


def test_photos_of_a_category_that_is_left_out_are_looked_for_in_unsorted(coloured: Path, tmp_path: Path) -> None:
    found = run(coloured, tmp_path)
    assert found["left_out"]["n"] == 9  # each of three colours was left out once
    assert found["left_out"]["value"] == 1  # none of the other two describes it
    assert found["left_out"]["chance"] == pytest.approx(1 / 3)
    assert run(coloured, tmp_path, "--categories", "red")["left_out"]["n"] == 0
