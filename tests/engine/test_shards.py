"""Shards: what was written comes back, what was touched is refused, and no path or value in them is believed."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from clipsorter.errors import ShardsError

pa = pytest.importorskip("pyarrow", reason="the optional part clipsorter[cluster] is not installed")

from pyarrow import parquet as pq  # noqa: E402 - after the check

from clipsorter.engine.shards import MANIFEST, open_shards, schema, write_manifest  # noqa: E402

DIMENSION = 4


def jpeg(side: int = 32) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (side, side)).save(content, "JPEG")
    return content.getvalue()


def row(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "path": f"{number}.jpg".encode(),
        "size": 1000 + number,
        "digest": number.to_bytes(16, "big"),
        "width": 40,
        "height": 30,
        "taken": datetime(2024, 2, 29, 12),  # noqa: DTZ001 - camera time
        "latitude": 48.1,
        "longitude": 11.6,
        "thumbnail": jpeg(),
        "sketch": bytes(256),
        "embedding": [0.6, 0.8, 0, 0],
        "error": "",
        "refused": False,
    } | changed


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows), schema(DIMENSION)), folder / "a.parquet")
    write_manifest(folder, "tiny/1", DIMENSION)
    return folder


def digests(*numbers: int) -> set[str]:
    return {number.to_bytes(16, "big").hex() for number in numbers}


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    unreadable = {"path": b"broken.jpg", "size": 7, "error": "It is broken.", "refused": True}
    shards = open_shards(write(tmp_path / "s", row(1), row(2, taken=None, latitude=None), unreadable))
    assert (shards.encoder_id, shards.dimension, shards.sizes()) == ("tiny/1", DIMENSION, {7, 1001, 1002})
    [[photo]] = shards.photos(digests(2, 9))
    assert {photo.digest} == digests(2)
    assert (photo.facts.width, photo.facts.taken, photo.facts.longitude) == (40, None, 11.6)
    assert (photo.thumbnail, photo.sketch) == (jpeg(), bytes(256))
    np.testing.assert_allclose(photo.embedding, [0.6, 0.8, 0, 0], atol=1e-7)
    assert list(shards.failures()) == [(b"broken.jpg", "It is broken.", True)]


@pytest.mark.parametrize(
    "changed",
    [
        {"embedding": None},
        {"embedding": [0.6, 0.8, None, 0]},
        {"embedding": [float("nan"), 0.8, 0, 0]},
        {"embedding": [3, 4, 0, 0]},
        {"thumbnail": b"GIF89a"},
        {"thumbnail": b""},
        {"thumbnail": jpeg(300)},
        {"thumbnail": jpeg() + bytes(2**17)},
        {"sketch": b"short"},
        {"width": 0},
        {"height": None},
        {"latitude": 91.0},
        {"longitude": float("inf")},
        {"digest": None},
    ],
)
def test_a_row_with_an_impossible_value_is_left_out(tmp_path: Path, changed: dict[str, Any]) -> None:
    shards = open_shards(write(tmp_path / "s", row(1, **changed), row(2)))
    assert [photo.digest for batch in shards.photos(digests(1, 2)) for photo in batch] == list(digests(2))


@pytest.mark.parametrize("harm", ["longer", "another byte", "gone", "a link"])
def test_a_file_that_is_not_the_one_written_is_refused(tmp_path: Path, harm: str) -> None:
    file = write(tmp_path / "s", row(1)) / "a.parquet"
    content = file.read_bytes()
    match harm:
        case "longer":
            file.write_bytes(content + b"x")
        case "another byte":
            file.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
        case "gone":
            file.unlink()
        case "a link":
            file.rename(tmp_path / "elsewhere")
            file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ShardsError):
        open_shards(tmp_path / "s")


@pytest.mark.parametrize("name", ["../a.parquet", "/etc/passwd", "a.txt", "sub/a.parquet", ""])
def test_a_manifest_cannot_name_anything_outside_its_folder(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "s", row(1))
    facts = json.loads((folder / MANIFEST).read_text("utf-8"))
    facts["files"] = {name: facts["files"]["a.parquet"]}
    (folder / MANIFEST).write_text(json.dumps(facts), "utf-8")
    with pytest.raises(ShardsError, match="no shard"):
        open_shards(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 99, "files": {}}', '{"format": 1, "files": 3}'])
def test_a_strange_manifest_is_refused(tmp_path: Path, content: str) -> None:
    (write(tmp_path / "s", row(1)) / MANIFEST).write_text(content, "utf-8")
    with pytest.raises(ShardsError):
        open_shards(tmp_path / "s")


def test_shards_without_a_manifest_are_not_finished(tmp_path: Path) -> None:
    (write(tmp_path / "s", row(1)) / MANIFEST).unlink()
    with pytest.raises(ShardsError, match="no finished shards"):
        open_shards(tmp_path / "s")


def test_other_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    pq.write_table(pa.table({"digest": [b"x" * 16], "embedding": [[1.0]]}), tmp_path / "s" / "a.parquet")
    write_manifest(tmp_path / "s", "tiny/1", DIMENSION)
    with pytest.raises(ShardsError, match="columns"):
        open_shards(tmp_path / "s")


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.parquet").write_bytes(b"PAR1 this is not one PAR1")
    write_manifest(tmp_path / "s", "tiny/1", DIMENSION)
    with pytest.raises(ShardsError, match="cannot be read"):
        open_shards(tmp_path / "s")
