"""Suggestions, look-alikes and duplicates on the command line, and the vocabulary behind them."""

import shutil
from pathlib import Path

import pytest
import skimage
from PIL import Image, ImageFilter

from clipsorter.engine.vocabulary import read_vocabulary
from clipsorter.languages import is_cjk
from tests.cli.conftest import CommandLine


def test_copies_are_found_by_content_and_look_alikes_by_eye(clipsorter: CommandLine, album: Path) -> None:
    shutil.copy(album / "red.png", album / "trip" / "copy.png")
    outcome = clipsorter("duplicates", album, "--json")
    assert outcome.status == 0
    assert {"kind": "copies", "files": ["red.png", "trip/copy.png"], "keep": "red.png"} in outcome.lines
    assert not [line for line in outcome.lines if "trip/蓝色.png" in line["files"]]


def test_of_copies_the_one_with_the_plain_name_is_kept(clipsorter: CommandLine, album: Path) -> None:
    shutil.copy(album / "red.png", album / "red (copy).png")
    shutil.copy(album / "red.png", album / "trip" / "Copy of red.png")
    groups = [line for line in clipsorter("duplicates", album, "--json").lines if line["kind"] == "copies"]
    assert groups == [
        {"kind": "copies", "files": ["red.png", "red (copy).png", "trip/Copy of red.png"], "keep": "red.png"}
    ]


def test_similar_photos_come_nearest_first_without_the_photo_itself(clipsorter: CommandLine, album: Path) -> None:
    lines = clipsorter("similar", album, "red.png", "--json").lines
    assert [line["file"] for line in lines] == ["trip/rouge, “1”.png", "trip/蓝色.png"]
    assert lines[0]["similarity"] > lines[1]["similarity"]
    assert clipsorter("similar", album, "none.png").status == 2


def test_suggestions_hold_both_languages_and_real_photos(clipsorter: CommandLine, album: Path) -> None:
    outcome = clipsorter("suggest", album, "--limit", 3, "--json")
    assert outcome.status == 0
    assert len(outcome.lines) <= 3
    for line in outcome.lines:
        assert is_cjk(line["name_zh"])
        assert all((album / file).exists() for file in line["files"])


def test_the_vocabulary_is_large_bilingual_and_free_of_twins() -> None:
    words = read_vocabulary()
    assert len(words) >= 400
    assert len({word.english for word in words}) == len(words)
    assert all(is_cjk(word.chinese) and not is_cjk(word.english) for word in words)
    assert words[0].name("zh_CN") == words[0].chinese
    assert words[0].name("en-GB") == words[0].english


def test_of_a_picture_saved_twice_the_larger_and_then_the_sharper_is_kept(
    clipsorter: CommandLine, tmp_path: Path
) -> None:
    cat = Image.open(Path(skimage.data_dir) / "chelsea.png")
    folder = tmp_path / "burst"
    folder.mkdir()
    cat.filter(ImageFilter.GaussianBlur(3)).save(folder / "a blurred.png")
    cat.save(folder / "b sharp.jpg", quality=90)
    cat.resize((300, 200)).save(folder / "c small.jpg")
    (group,) = clipsorter("duplicates", folder, "--json").lines
    assert (group["kind"], group["keep"]) == ("near", "b sharp.jpg")
    assert group["files"] == ["a blurred.png", "b sharp.jpg", "c small.jpg"]


def test_a_photo_may_be_named_by_its_whole_path_or_from_where_one_stands(
    clipsorter: CommandLine, album: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(album / "trip")
    linked = tmp_path / "linked"
    linked.symlink_to(album)
    elsewhere = tmp_path / "red.png"
    elsewhere.write_bytes((album / "red.png").read_bytes())

    ways = ("red.png", album / "red.png", "../red.png", linked / "red.png", "trip/../red.png")
    assert {clipsorter("why", album, way, "--into", "red", "--json").lines[0]["file"] for way in ways} == {"red.png"}
    assert clipsorter("similar", album, album / "red.png", "--json").status == 0
    assert clipsorter("similar", album, elsewhere).status == 2


def test_why_names_bin_similarity_cutoff_and_condition(clipsorter: CommandLine, album: Path) -> None:
    arguments = ("why", album, "red.png", "--into", "red, blue", "--query", "red bin:blue")
    (why,) = clipsorter(*arguments, "--json").lines
    assert (why["file"], why["bin"], why["decided"]) == ("red.png", "red", False)
    assert [one["name"] for one in why["categories"]] == ["red", "blue"]
    assert why["categories"][0]["similarity"] > why["categories"][0]["cutoff"]
    assert (why["query"]["hit"], why["query"]["conditions"][0]["met"]) == (False, False)
    text = clipsorter(*arguments).out
    assert "red.png: red, by its looks." in text
    assert "condition at character 5 is not met" in text
    assert clipsorter("why", album, "none.png", "--into", "red").status == 2


def test_a_crop_and_a_frame_of_the_same_burst_are_near_and_another_picture_is_not(
    clipsorter: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "roll"
    folder.mkdir()
    cat = Image.open(Path(skimage.data_dir) / "chelsea.png").convert("RGB")
    coffee = Image.open(Path(skimage.data_dir) / "coffee.png").convert("RGB")
    cat.save(folder / "cat.png")
    cat.crop((40, 30, 440, 290)).save(folder / "cat cropped.jpg", quality=90)
    for number, second in enumerate((0, 2, 59)):  # the third is the same scene a minute later
        exif = Image.Exif()
        exif[0x0132] = f"2024:05:01 10:00:{second:02}"
        moved = coffee.rotate(0.7 * number, resample=Image.Resampling.BICUBIC).crop((20, 20, 580, 380))
        moved.save(folder / f"cup {number}.jpg", quality=90, exif=exif)
    groups = [sorted(line["files"]) for line in clipsorter("duplicates", folder, "--json").lines]
    assert ["cat cropped.jpg", "cat.png"] in groups
    cups = next(group for group in groups if "cup 0.jpg" in group)
    assert cups[:2] == ["cup 0.jpg", "cup 1.jpg"]
    assert len(groups) == 2
