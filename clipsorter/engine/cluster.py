"""An index run on many machines, written as shards instead of into a library. Needs Ray.

The machines see the photos under the same path, on a network drive, and have ClipSorter with the same model installed.
Ray Data moves batches between two kinds of actors that do exactly what an index run on one machine does: decode workers
(``photos.workers``) and an encoder (``encoders.opening``), one per graphics card or processor core. What a machine
loses is done again by another.
"""

import logging
import os
import time
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import ray
from ray.data import ActorPoolStrategy, DataContext

from clipsorter.encoders.opening import open_encoder
from clipsorter.encoders.sources import find_model
from clipsorter.engine.events import EntryFailed, PhotoFailed, Scanned
from clipsorter.engine.frames import join_rows
from clipsorter.engine.shards import schema, write_manifest
from clipsorter.errors import ModelError, ShardsError
from clipsorter.photos.prepared import PreparedPhoto, Unreadable
from clipsorter.photos.scan import Outcome, Passed, scan
from clipsorter.photos.workers import DecodeWorkers
from clipsorter.values import EncoderSpec, InputShape, Photo

LOCAL = "local"  # a cluster of this machine alone
PER_TASK = 64  # photos that one actor takes at a time: seconds of work, so that little is lost with it
PER_SHARD = 20_000  # photos, about 500 MB with thumbnails

PREPARED = pa.schema(
    [field for field in schema(1) if field.name != "embedding"] + [("pixels", pa.binary())]
)  # of all frames


@dataclass(frozen=True, slots=True)
class ClusterModel:
    """How every machine of the cluster finds the same model."""

    name: str
    spec: EncoderSpec
    models: Path  # folder of downloaded models, on each machine
    graphs: Path  # folder of ONNX graphs, on each machine
    device: str


@dataclass(frozen=True, slots=True)
class Sharded:
    """The run is over and its shards are complete."""

    photos: int
    embedded: int
    failed: int
    seconds: float


def index_on_cluster(
    folder: Path, shards: Path, model: ClusterModel, *, address: str = LOCAL, excluded: Collection[Path] = ()
) -> Generator[Scanned | EntryFailed | PhotoFailed | Sharded, None, None]:
    """Embed every photo below ``folder`` on the cluster at ``address`` into ``shards``, a new or empty folder.

    Both folders are where every machine finds them under these names. Yields Scanned while it walks, PhotoFailed for
    what could not be read, and Sharded at the end. Raises ShardsError where ``shards`` is not empty.
    """
    began = time.monotonic()
    shards.mkdir(parents=True, exist_ok=True)
    if any(shards.iterdir()):
        raise ShardsError(f"“{shards}” is not empty; choose a new folder for the shards.")
    photos: list[Photo] = []
    passed = 0
    for entry in scan(folder, excluded=excluded):
        if isinstance(entry, Photo):
            photos.append(entry)
        else:
            passed += 1
            if entry.outcome is Outcome.UNREADABLE:
                yield _failure(entry)
    yield Scanned(len(photos), passed, 0, done=True)
    with _cluster(address):
        _run(photos, folder, shards, model)
    written = write_manifest(shards, model.spec.id, model.spec.dimension)
    failed = 0
    for path, reason, refused in written.failures():
        failed += 1
        yield PhotoFailed(folder / os.fsdecode(path), reason, refused)
    yield Sharded(len(photos), len(photos) - failed, failed, time.monotonic() - began)


def _failure(entry: Passed) -> EntryFailed:
    return EntryFailed(entry.path, entry.reason)


@contextmanager
def _cluster(address: str) -> Iterator[None]:
    """Connected to a cluster, or a small one on this machine; Ray is told to report nothing to its makers."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    local = {"include_dashboard": False} if address == LOCAL else {}
    ray.init(address, log_to_driver=False, logging_level=logging.ERROR, **local)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield
    finally:
        ray.shutdown()


def _run(photos: Sequence[Photo], folder: Path, shards: Path, model: ClusterModel) -> None:
    cards = int(ray.cluster_resources().get("GPU", 0))
    cores = int(ray.cluster_resources().get("CPU", 1))
    share = {"num_gpus": 1} if cards else {"num_cpus": 1}
    decoders = ActorPoolStrategy(min_size=1, max_size=max(1, cores - 1))
    encoders = ActorPoolStrategy(min_size=1, max_size=cards or max(1, cores // 2))
    DataContext.get_current().enable_progress_bars = False
    tables = [_listed(photos[start : start + PER_TASK], folder) for start in range(0, len(photos), PER_TASK)]
    if not tables:
        return
    (
        ray.data.from_arrow(tables)
        .map_batches(
            Decoding,
            fn_constructor_args=(str(folder), model.spec.shape),
            batch_size=PER_TASK,
            batch_format="pyarrow",
            num_cpus=1,
            compute=decoders,
        )
        .map_batches(
            Encoding,
            fn_constructor_args=(model,),
            batch_size=PER_TASK,
            batch_format="pyarrow",
            compute=encoders,
            **share,
        )
        .write_parquet(str(shards), min_rows_per_file=PER_SHARD, ray_remote_args={"num_cpus": 0})
    )


def _listed(photos: Sequence[Photo], folder: Path) -> pa.Table:
    return pa.table(
        {
            "path": pa.array([os.fsencode(photo.path.relative_to(folder)) for photo in photos], pa.binary()),
            "size": pa.array([photo.size for photo in photos], pa.int64()),
        }
    )


class Decoding:
    """An actor that opens photos, in a child of its own that may crash or hang."""

    def __init__(self, folder: str, shape: InputShape) -> None:
        self._folder = Path(folder)
        self._workers = DecodeWorkers(shape, count=1)

    def __call__(self, listed: pa.Table) -> pa.Table:
        """``path`` and ``size`` [B] become rows of PREPARED [B]."""
        photos = [
            Photo(self._folder / os.fsdecode(path), size, 0, 0)
            for path, size in zip(listed["path"].to_pylist(), listed["size"].to_pylist(), strict=True)
        ]
        outcomes = (outcome for outcome in self._workers.prepare(photos) if outcome is not None)
        return pa.Table.from_pylist([_row(outcome, self._folder) for outcome in outcomes], schema=PREPARED)


def _row(outcome: PreparedPhoto | Unreadable, folder: Path) -> dict[str, Any]:
    photo = outcome.photo
    row: dict[str, Any] = {"path": os.fsencode(photo.path.relative_to(folder)), "size": photo.size}
    if isinstance(outcome, Unreadable):
        return row | {"error": outcome.reason, "refused": outcome.refused}
    facts = outcome.facts
    return row | {
        "digest": bytes.fromhex(outcome.digest),
        "width": facts.width,
        "height": facts.height,
        "taken": facts.taken,
        "latitude": facts.latitude,
        "longitude": facts.longitude,
        "thumbnail": outcome.thumbnail,
        "sketch": outcome.sketch,
        "error": "",
        "refused": False,
        "pixels": outcome.frames.tobytes(),
    }


class Encoding:
    """An actor that has the model; on a machine where its files are others, it refuses to begin."""

    def __init__(self, model: ClusterModel) -> None:
        source = find_model(model.name, model.models)
        if source.encoder_id != model.spec.id:
            raise ModelError(f"The model “{model.name}” is another one on one of the machines.")
        self._spec = model.spec
        self._encoder = open_encoder(source, model.device, graphs=model.graphs)

    def __call__(self, prepared: pa.Table) -> pa.Table:
        """Rows of PREPARED [B] become rows of a shard [B]."""
        side, dimension = self._spec.shape.side, self._spec.dimension
        pictures = [one for one in prepared["pixels"].to_pylist() if one is not None]
        pixels = np.frombuffer(b"".join(pictures), np.uint8).reshape(-1, side, side, 3)
        counts = [len(one) // (side * side * 3) for one in pictures]
        embeddings = iter(join_rows(counts, self._encoder.encode_images(pixels)))
        rows = [next(embeddings).tolist() if valid else None for valid in prepared["pixels"].is_valid().to_pylist()]
        column = pa.array(rows, pa.list_(pa.float32(), dimension))
        columns = [column if name == "embedding" else prepared[name] for name in schema(dimension).names]
        return pa.table(columns, schema=schema(dimension))
