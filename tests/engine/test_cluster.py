"""What a cluster of two workers finds is what one machine finds, and an import knows photos by their content."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from clipsorter.encoders.colour import ColourEncoder
from clipsorter.encoders.sources import find_model
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Indexed, PhotoFailed, Scanned
from clipsorter.engine.model import Model
from clipsorter.errors import ShardsError
from clipsorter.library.cache import Cache
from clipsorter.library.collection import Collection

pytest.importorskip("pyarrow", reason="the optional part clipsorter[cluster] is not installed")
pytest.importorskip("ray", reason="the optional part clipsorter[cluster] is not installed")

from clipsorter.engine.cluster import ClusterModel, Sharded, index_on_cluster
from clipsorter.engine.importing import Imported, import_shards

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Ray warns of much, none of it ours


@pytest.fixture(scope="module")
def shards(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a local cluster made of ``photos``."""
    folder = tmp_path_factory.mktemp("shards")
    place = tmp_path_factory.mktemp("data")
    model = ClusterModel("colour", ColourEncoder.spec, place / "models", place / "graphs", "cpu")
    events = list(index_on_cluster(photos, folder, model))
    assert [event.photos for event in events if isinstance(event, Scanned)] == [13]
    assert [event.path.name for event in events if isinstance(event, PhotoFailed)] == ["broken.jpg"]
    done = events[-1]
    assert isinstance(done, Sharded)
    assert (done.photos, done.embedded, done.failed) == (13, 12, 1)
    return folder


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    (folder / "trip").mkdir()
    for number, picture in enumerate(sorted(Path("resources/demo").glob("*.webp"))[:12]):
        shutil.copy(picture, folder / ("trip" if number % 2 else "") / picture.name)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff this is no photo")
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with Cache.open(tmp_path / "imported.db") as cache:
        yield cache


def run(shards: Path, folder: Path, cache: Cache) -> Imported:
    model = Model(find_model("colour", folder), "cpu", cache)
    with closing(import_shards(shards, folder, cache=cache, model=model, workers=1)) as events:
        *_, last = events
    assert isinstance(last, Imported)
    return last


def by_file(collection: Collection) -> dict[str, list[float]]:
    return {file: row.tolist() for file, row in zip(collection.files, collection.embeddings, strict=True)}


def indexed(data: Path, folder: Path) -> tuple[Collection, list[bytes | None]]:
    with closing(Engine(data, model="colour", workers=1)) as engine:
        *_, last = engine.index(folder)
        assert isinstance(last, Indexed)
        [recalled] = engine.recall(folder)
        return recalled.collection, [engine.thumbnail(digest) for digest in recalled.collection.digests]


def test_an_import_gives_what_an_index_run_on_this_machine_gives(
    shards: Path, photos: Path, cache: Cache, tmp_path: Path
) -> None:
    assert run(shards, photos, cache) == Imported(photos=13, known=0, taken=12, left=1)
    here, thumbnails = indexed(tmp_path / "data", photos)
    there = cache.collection(photos, ColourEncoder.spec.id)
    assert by_file(there) == by_file(here)
    assert {digest: cache.thumbnail(digest) for digest in here.digests} == dict(
        zip(here.digests, thumbnails, strict=True)
    )


def test_an_import_again_takes_nothing(shards: Path, photos: Path, cache: Cache) -> None:
    run(shards, photos, cache)
    assert run(shards, photos, cache) == Imported(photos=13, known=12, taken=0, left=1)


def test_photos_are_known_by_their_content_wherever_they_lie(
    shards: Path, photos: Path, cache: Cache, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(photos, moved / "elsewhere")
    first, second = sorted((moved / "elsewhere").glob("*.webp"))[:2]
    first.rename(moved / "renamed.webp")
    content = bytearray(second.read_bytes())
    content[-1] ^= 1
    second.write_bytes(content)  # the same name and size, another content
    assert run(shards, moved, cache) == Imported(photos=13, known=0, taken=11, left=2)
    files = cache.collection(moved, ColourEncoder.spec.id).files
    assert "renamed.webp" in files
    assert f"elsewhere/{second.name}" not in files


def test_shards_of_another_model_are_refused_before_anything_is_stored(
    shards: Path, photos: Path, cache: Cache, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign"
    shutil.copytree(shards, foreign)
    manifest = foreign / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace(ColourEncoder.spec.id, "other-1"), "utf-8")
    with pytest.raises(ShardsError, match="other-1"):
        run(foreign, photos, cache)
    assert cache.count(photos, ColourEncoder.spec.id) == 0


def test_a_folder_with_anything_in_it_is_no_place_for_shards(shards: Path, photos: Path) -> None:
    model = ClusterModel("colour", ColourEncoder.spec, photos, photos, "cpu")
    with pytest.raises(ShardsError, match="not empty"):
        list(index_on_cluster(photos, shards, model))
