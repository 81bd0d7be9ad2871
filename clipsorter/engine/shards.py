"""What a cluster found, as Parquet files that any library imports and any other program reads. Needs pyarrow.

A folder of shards holds files of one schema and a manifest, written last: whose embeddings these are, and size and
SHA-256 of each file. Nothing in it is believed: names are looked for in the folder alone, files are compared with the
manifest, columns with the schema, and a row counts only if all its values are possible ones. Which photo a row is about
is decided by the digest of a file's content (``importing``), so paths in shards serve people, never the program.
"""

import hashlib
import io
import json
import math
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

from clipsorter.errors import ShardsError
from clipsorter.json_text import parse_json
from clipsorter.photos.framing import THUMBNAIL_SIDE
from clipsorter.photos.sketch import BYTES as SKETCH_BYTES
from clipsorter.values import PhotoFacts

FORMAT = 1
MANIFEST = "manifest.json"
SUFFIX = ".parquet"
BATCH = 256  # rows read at a time: 8 MB with thumbnails
LARGEST_THUMBNAIL = 128 * 1024  # bytes; 256 px at quality 85 make 25 KiB, noise makes 80
LARGEST_SIDE = 2**20  # px
UNIT_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class ShardedPhoto:
    """One photo as another machine saw it; checked."""

    digest: str  # as PreparedPhoto.digest
    facts: PhotoFacts
    thumbnail: bytes  # JPEG, long side at most 256 px
    sketch: bytes
    embedding: NDArray[np.float32]  # [D], of unit length


@dataclass(frozen=True, slots=True)
class Shards:
    """A folder of shards that is what its manifest says."""

    files: tuple[Path, ...]
    encoder_id: str
    dimension: int  # D

    def sizes(self) -> set[int]:
        """Sizes in bytes of all photos in here: a file of another size need not be hashed."""
        sizes: set[int] = set()
        for file in self.files:
            with _reading(file):
                sizes.update(pq.read_table(file, columns=["size"])["size"].to_pylist())
        return sizes

    def photos(self, digests: Collection[str]) -> Iterator[list[ShardedPhoto]]:
        """The embedded photos with one of these digests, some at a time; impossible rows are left out."""
        for file in self.files:
            with _reading(file), pq.ParquetFile(file) as opened:
                for batch in opened.iter_batches(BATCH):
                    wanted = [index for index, one in enumerate(batch["digest"].to_pylist()) if _hex(one) in digests]
                    rows = batch.take(pa.array(wanted, pa.int64())).to_pylist()
                    yield [photo for row in rows if (photo := _checked(row)) is not None]

    def failures(self) -> Iterator[tuple[bytes, str, bool]]:
        """Path, reason and whether it was a refusal, of every photo that could not be read."""
        for file in self.files:
            table = pq.read_table(file, columns=["path", "error", "refused"])
            yield from ((row["path"], row["error"], row["refused"]) for row in table.to_pylist() if row["error"])


def schema(dimension: int) -> pa.Schema:
    """The columns of a shard."""
    return pa.schema(
        [
            ("path", pa.binary()),  # below the folder, in the bytes of the file system
            ("size", pa.int64()),  # bytes
            ("digest", pa.binary(16)),  # xxh3_128 of the content
            ("width", pa.int32()),  # px, upright, as is the height
            ("height", pa.int32()),
            ("taken", pa.timestamp("us")),  # camera time, without a zone
            ("latitude", pa.float64()),  # degrees
            ("longitude", pa.float64()),
            ("thumbnail", pa.binary()),  # JPEG
            ("sketch", pa.binary()),
            ("embedding", pa.list_(pa.float32(), dimension)),  # of unit length; null, as all above, after an error
            ("error", pa.string()),  # a sentence, or empty
            ("refused", pa.bool_()),
        ]
    )


def write_manifest(folder: Path, encoder_id: str, dimension: int) -> Shards:
    """Say what the shards in ``folder`` are, now that they are complete."""
    files = sorted(folder.glob(f"*{SUFFIX}"))
    facts = {
        "format": FORMAT,
        "encoder": encoder_id,
        "dimension": dimension,
        "files": {file.name: [file.stat().st_size, _hash(file)] for file in files},
    }
    beside = folder / f"{MANIFEST}.new"
    beside.write_text(json.dumps(facts, indent=1), "utf-8")
    beside.replace(folder / MANIFEST)
    return Shards(tuple(files), encoder_id, dimension)


def open_shards(folder: Path) -> Shards:
    """Read the manifest and compare every file with it; raises ShardsError."""
    try:
        facts = parse_json((folder / MANIFEST).read_text("utf-8"))
        if facts["format"] != FORMAT:
            raise ShardsError(f"“{folder}” was written by another version of ClipSorter.")
        encoder_id, dimension, named = str(facts["encoder"]), int(facts["dimension"]), dict(facts["files"])
    except FileNotFoundError as error:
        raise ShardsError(f"“{folder}” holds no finished shards: there is no {MANIFEST}.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ShardsError(f"The {MANIFEST} in “{folder}” cannot be read.") from error
    files = []
    for name, expected in named.items():
        if Path(name).name != name or not name.endswith(SUFFIX):
            raise ShardsError(f"The {MANIFEST} in “{folder}” names something that is no shard.")
        file = folder / name
        with _reading(file):
            if file.is_symlink() or [file.stat().st_size, _hash(file)] != expected:
                raise ShardsError(f"“{file}” is not the file that was written; copy the shards again.")
            if not pq.read_schema(file).remove_metadata().equals(schema(dimension), check_metadata=False):
                raise ShardsError(f"“{file}” has other columns than a shard of ClipSorter's.")
        files.append(file)
    return Shards(tuple(files), encoder_id, dimension)


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Whatever a damaged file raises becomes ShardsError."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise ShardsError(f"“{file}” cannot be read.") from error


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _hex(digest: bytes | None) -> str:
    return "" if digest is None else digest.hex()


def _checked(row: dict[str, Any]) -> ShardedPhoto | None:
    """The photo of a row, or None where a value is impossible."""
    thumbnail, sketch, taken = row["thumbnail"], row["sketch"], row["taken"]
    if row["embedding"] is None or None in row["embedding"] or not _is_thumbnail(thumbnail):
        return None
    embedding = np.array(row["embedding"], np.float32)
    width, height = row["width"] or 0, row["height"] or 0
    places = (row["latitude"], 90.0), (row["longitude"], 180.0)
    is_possible = (
        abs(float(np.linalg.norm(embedding)) - 1) <= UNIT_TOLERANCE
        and len(sketch or b"") == SKETCH_BYTES
        and 0 < width <= LARGEST_SIDE
        and 0 < height <= LARGEST_SIDE
        and (taken is None or isinstance(taken, datetime))
        and all(angle is None or (math.isfinite(angle) and abs(angle) <= most) for angle, most in places)
    )
    if not is_possible:
        return None
    facts = PhotoFacts(width, height, taken, row["latitude"], row["longitude"])
    return ShardedPhoto(row["digest"].hex(), facts, thumbnail, sketch, embedding)


def _is_thumbnail(content: bytes | None) -> bool:
    if not content or len(content) > LARGEST_THUMBNAIL:
        return False
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
            return max(picture.size) <= THUMBNAIL_SIDE
    except Exception:  # what Pillow raises on a broken header is of many kinds
        return False
