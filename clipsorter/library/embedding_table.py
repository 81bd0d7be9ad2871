"""Embeddings as rows: float16 on disk, float32 of unit length in memory.

Half precision keeps a cosine to within 0.001 and halves the file; rows are brought back to unit length on reading, so
ranking never sees the rounding as a change of length. Every row has a seal (``seal``) behind its numbers.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from clipsorter.json_text import parse_json
from clipsorter.library.seal import SEAL, sealed, unsealed
from clipsorter.library.stored_specs import spec_of
from clipsorter.values import NO_FRAMES, Embeddings, EncoderSpec, Frames

UNIT_TOLERANCE = 0.01  # bfloat16 rounding moves a norm by up to 0.004
STORED_TOLERANCE = 0.1  # float16 rounding moves it by 0.001; beyond this the bytes are damaged
BLOCK = 1024  # rows converted at a time, 2 MB at D = 512: stays in the processor's cache
MOST_DIMENSIONS = 1 << 16  # the largest CLIP has 1,280
MOST_FRAMES = 64  # of one video; more were not written by us
FEW = 500  # up to here asking digest by digest beats reading an encoder's whole index


def unit_embeddings(embeddings: NDArray[np.float32], rows: int) -> Embeddings:
    """Check ``[rows, D]`` embeddings before they are stored; ValueError for NaN, zero rows or any length but 1."""
    embeddings = np.asarray(embeddings, dtype=np.float32)
    if embeddings.ndim != 2 or embeddings.shape[0] != rows or embeddings.shape[1] == 0:
        raise ValueError(f"expected embeddings of shape [{rows}, D], got {list(embeddings.shape)}")
    norms = np.linalg.norm(embeddings, axis=1)
    if not np.all(np.abs(norms - 1) <= UNIT_TOLERANCE):  # false for NaN, too
        raise ValueError("embeddings must be finite and of unit length")
    unit: Embeddings = embeddings / norms[:, None]
    return unit


def unit_rows(halves: NDArray[np.float16]) -> tuple[Embeddings, NDArray[np.bool_]]:
    """Stored ``[N, D]`` float16 rows as float32 of unit length, and which of them are sound ``[N]``."""
    embeddings = np.empty(halves.shape, dtype=np.float32)
    sound = np.empty(len(halves), dtype=np.bool_)
    for start in range(0, len(halves), BLOCK):
        block = embeddings[start : start + BLOCK]
        block[:] = halves[start : start + BLOCK]
        with np.errstate(over="ignore", invalid="ignore"):  # whatever a damaged row holds
            norms = np.sqrt(np.einsum("nd,nd->n", block, block))
            good = np.abs(norms - 1) <= STORED_TOLERANCE
        block /= np.where(good, norms, 1)[:, None]
        sound[start : start + BLOCK] = good
    return embeddings, sound


class EmbeddingTable:
    """The tables ``encoders``, ``embeddings``, ``frames`` and ``text_embeddings``. Callers hold the transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def encoder(self, encoder_id: str) -> tuple[int, int] | None:
        """Number and dimension of a known encoder."""
        row = self._db.execute("SELECT encoder, dimension FROM encoders WHERE id = ?", [encoder_id]).fetchone()
        if row is None:
            return None
        if not 0 < row[1] <= MOST_DIMENSIONS:
            raise ValueError(f"{encoder_id} is stored with {row[1]} dimensions")
        return int(row[0]), int(row[1])

    def intern(self, encoder_id: str, dimension: int) -> int:
        """Number of an encoder, known from now on; ValueError when it was known with another dimension."""
        self._db.execute(
            "INSERT INTO encoders (id, dimension, epoch) VALUES (?, ?, randomblob(8)) ON CONFLICT DO NOTHING",
            [encoder_id, dimension],
        )
        known = self.encoder(encoder_id)
        assert known is not None
        number, stored_dimension = known
        if stored_dimension != dimension:
            raise ValueError(f"{encoder_id} has embeddings of {stored_dimension} numbers, not {dimension}")
        return number

    def epoch(self, encoder: int) -> bytes:
        """Changes whenever a stored row changes or goes, never when rows are added."""
        (epoch,) = self._db.execute("SELECT epoch FROM encoders WHERE encoder = ?", [encoder]).fetchone()
        return b"".join([epoch])  # TypeError for anything else

    def spec(self, encoder_id: str) -> EncoderSpec | None:
        """What was stored about an encoder; None when nothing or nothing readable was."""
        row = self._db.execute("SELECT spec, dimension FROM encoders WHERE id = ?", [encoder_id]).fetchone()
        if row is None or row[0] is None:
            return None
        try:
            spec = spec_of(parse_json(row[0]))
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        return spec if (spec.id, spec.dimension) == (encoder_id, row[1]) else None

    def put_spec(self, spec: EncoderSpec) -> None:
        """Remember an encoder."""
        encoder = self.intern(spec.id, spec.dimension)
        self._db.execute("UPDATE encoders SET spec = ? WHERE encoder = ?", [json.dumps(asdict(spec)), encoder])

    def put(self, encoder: int, contents: Sequence[int], digests: Sequence[bytes], embeddings: Embeddings) -> None:
        """Store checked rows of these contents; what is stored already stays, unless it is damaged."""
        changed = False
        for content, digest, half in zip(contents, digests, embeddings.astype(np.float16), strict=True):
            key = [encoder, content]
            row = self._db.execute("SELECT embedding FROM embeddings WHERE encoder = ? AND content = ?", key).fetchone()
            if row is None:
                self._db.execute("INSERT INTO embeddings VALUES (?, ?, ?)", [*key, sealed(half.tobytes(), digest)])
            elif not _is_sound(row[0], digest, len(half)):
                changed = True
                self._db.execute(
                    "UPDATE embeddings SET embedding = ? WHERE encoder = ? AND content = ?",
                    [sealed(half.tobytes(), digest), *key],
                )
        if changed:
            self._begin_epoch(encoder)

    def read(
        self, encoder: int, contents: NDArray[np.int64], digests: Sequence[bytes], dimension: int
    ) -> NDArray[np.float16]:
        """The stored rows ``[N, D]`` of these contents; all NaN where a row is absent or not as it was stored."""
        length = 2 * dimension
        halves = np.full((len(contents), dimension), np.nan, dtype=np.float16)
        for start in range(0, len(contents), BLOCK):
            wanted = contents[start : start + BLOCK]
            rows = self._db.execute(
                "SELECT j.key, e.embedding FROM json_each(?) j CROSS JOIN embeddings e "
                "WHERE e.encoder = ? AND e.content = j.value AND length(e.embedding) <= ?",
                [json.dumps(wanted.tolist()), encoder, length + SEAL],
            )
            found = [
                (start + place, blob)
                for place, row in rows
                if (blob := unsealed(row, digests[start + place], length)) is not None
            ]
            if found:
                positions, blobs = zip(*found, strict=True)
                block = np.frombuffer(b"".join(blobs), dtype=np.float16)
                halves[np.array(positions, dtype=np.intp)] = block.reshape(len(blobs), dimension)
        return halves

    def put_frames(self, encoder: int, content: int, digest: bytes, embeddings: Embeddings) -> None:
        """Store the checked rows [F, D] of a video."""
        halves = sealed(embeddings.astype(np.float16).tobytes(), digest)
        self._db.execute("INSERT OR REPLACE INTO frames VALUES (?, ?, ?)", [encoder, content, halves])

    def read_frames(
        self, encoder: int, contents: NDArray[np.int64], digests: Sequence[bytes], dimension: int
    ) -> tuple[Frames, list[int]]:
        """The frames of those of these contents [N] that have several, and the places of those that are damaged."""
        query = "SELECT content, CASE WHEN length(embeddings) <= ? THEN embeddings END FROM frames WHERE encoder = ?"
        stored = dict(self._db.execute(query, [2 * dimension * MOST_FRAMES + SEAL, encoder]))
        if not stored:
            return NO_FRAMES, []
        rows, pictures, damaged = [], [], []
        for row in np.flatnonzero(np.isin(contents, np.array(list(stored), dtype=np.int64))).tolist():
            frames = _frames(stored[int(contents[row])], digests[row], dimension)
            if frames is None:
                damaged.append(row)
            else:
                pictures.append(frames)
                rows += [row] * len(frames)
        if not rows:
            return NO_FRAMES, damaged
        embeddings = np.concatenate(pictures)
        return Frames(np.array(rows, dtype=np.intp), embeddings, np.zeros(len(rows), dtype=np.float32)), damaged

    def drop(self, encoder: int, contents: Iterable[int]) -> None:
        """Forget damaged rows, so that the next index run embeds these photos again."""
        self._db.conn.executemany(
            "DELETE FROM embeddings WHERE encoder = ? AND content = ?", [(encoder, content) for content in contents]
        )
        self._begin_epoch(encoder)

    def embedded(self, digests: Collection[bytes], encoder: int) -> set[bytes]:
        """Which of these contents have a row."""
        wanted = set(digests)
        if len(wanted) > FEW:
            rows = self._db.execute(
                "SELECT p.digest FROM embeddings e CROSS JOIN photos p USING (content) WHERE e.encoder = ?", [encoder]
            )
        else:
            rows = self._db.execute(
                f"SELECT p.digest FROM photos p CROSS JOIN embeddings e USING (content) "
                f"WHERE p.digest IN ({','.join('?' * len(wanted))}) AND e.encoder = ?",
                [*wanted, encoder],
            )
        return wanted.intersection(blob for (blob,) in rows)

    def put_texts(self, encoder: int, prompts: Sequence[str], embeddings: Embeddings) -> None:
        """Store checked rows, one per prompt, as float32: there are few, and they weigh on every photo."""
        self._db.conn.executemany(
            "INSERT OR REPLACE INTO text_embeddings VALUES (?, ?, ?)",
            [
                (encoder, key := _prompt_bytes(prompt), sealed(row.tobytes(), key))
                for prompt, row in zip(prompts, embeddings, strict=True)
            ],
        )

    def texts(self, encoder: int, prompts: Sequence[str], dimension: int) -> dict[str, NDArray[np.float32]]:
        """Those of the prompts that are stored and sound, each [D]."""
        found = {}
        for prompt in prompts:
            key = _prompt_bytes(prompt)
            row = self._db.execute(
                "SELECT embedding FROM text_embeddings WHERE encoder = ? AND prompt = ?", [encoder, key]
            ).fetchone()
            if row is not None and (blob := unsealed(row[0], key, 4 * dimension)) is not None:
                embedding = np.frombuffer(blob, dtype=np.float32)
                length = float(np.linalg.norm(embedding.astype(np.float64)))  # damaged ones may pass float32's end
                if abs(length - 1) <= UNIT_TOLERANCE:
                    found[prompt] = embedding
        return found

    def counts(self) -> dict[str, int]:
        """Encoder id -> number of rows."""
        query = "SELECT n.id, count(*) FROM encoders n CROSS JOIN embeddings e USING (encoder) GROUP BY n.encoder"
        return {str(name): int(rows) for name, rows in self._db.execute(query)}

    def forget(self, encoder: int) -> None:
        """Remove everything one encoder made."""
        for table in ("embeddings", "frames", "text_embeddings", "encoders"):
            self._db.execute(f"DELETE FROM {table} WHERE encoder = ?", [encoder])

    def _begin_epoch(self, encoder: int) -> None:
        self._db.execute("UPDATE encoders SET epoch = randomblob(8) WHERE encoder = ?", [encoder])


def _is_sound(stored: object, digest: bytes, dimension: int) -> bool:
    blob = unsealed(stored, digest, 2 * dimension)
    return blob is not None and bool(unit_rows(np.frombuffer(blob, dtype=np.float16)[None, :])[1][0])


def _frames(stored: object, digest: bytes, dimension: int) -> Embeddings | None:
    """The embeddings [F, D] of one video; None where they are damaged."""
    row = 2 * dimension
    if not isinstance(stored, bytes) or len(stored) < row:
        return None
    blob = unsealed(stored, digest, len(stored) // row * row)
    if blob is None:
        return None
    embeddings, sound = unit_rows(np.frombuffer(blob, dtype=np.float16).reshape(-1, dimension))
    return embeddings if sound.all() else None


def _prompt_bytes(prompt: str) -> bytes:
    return prompt.encode("utf-8", "surrogatepass")  # half an emoji from a clipboard is no reason to fail
