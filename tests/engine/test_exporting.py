"""A board leaves the program as a page or a table, complete and in its own order."""

import csv
from pathlib import Path

import pytest

from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Ranked
from clipsorter.engine.exporting import Export, Exported
from clipsorter.engine.requests import RankRequest
from clipsorter.errors import FilingError
from clipsorter.values import Category

CATEGORIES = (Category("red", colour="#aa0011"), Category("blue"))


@pytest.fixture
def ranked(engine: Engine, album: Path) -> Ranked:
    list(engine.index(album))
    *_, event = engine.rank(album, RankRequest(CATEGORIES))
    assert isinstance(event, Ranked)
    return event


def test_a_table_has_one_line_per_photo_bin_by_bin(engine: Engine, ranked: Ranked, album: Path, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    done = list(engine.export(Export("table", path, unsorted="未分类"), ranked, album, CATEGORIES))
    assert done == [Exported(path, 9)]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["bin"] for row in rows] == ["red"] * 3 + ["blue"] * 3 + ["未分类"] * 3
    assert {row["file"] for row in rows[3:6]} == {f"trip/blue {number}.png" for number in range(3)}
    assert all(float(row["similarity"]) == pytest.approx(float(row[row["bin"]])) for row in rows[:6])


def test_a_page_has_every_bin_with_its_thumbnails_in_the_chosen_language(
    engine: Engine, ranked: Ranked, album: Path, tmp_path: Path
) -> None:
    path = tmp_path / "sheet.html"
    list(engine.export(Export("sheet", path, language="zh"), ranked, album, CATEGORIES))
    page = path.read_text("utf-8")
    assert page.count("data:image/jpeg;base64,") == 9
    assert "#aa0011" in page
    assert page.index("red 0.png") < page.index("blue 0.png") < page.index("green 0.jpg")
    assert "未分类" in page


def test_a_photo_is_never_overwritten_by_an_export(engine: Engine, ranked: Ranked, album: Path) -> None:
    photo = album / "red 0.png"
    before = photo.read_bytes()
    with pytest.raises(FilingError):
        list(engine.export(Export("table", photo), ranked, album, CATEGORIES))
    assert photo.read_bytes() == before
